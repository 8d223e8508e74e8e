"""The boards of a window: a plane each, what lay under it, its weights, and what that adds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypedDict

import numpy as np

from cnnviz.core.networks.explanations import Explanation
from cnnviz.ui.text import _, number


class WhyPlane(TypedDict):
    """One board: what lay under the window in one map, and what that adds."""

    channel: int
    name: str
    adds: str
    is_first: bool
    label: str


class PlanesHeader(TypedDict, total=False):
    """What the browser is told of a window: which rows and columns lie under it, plane by plane."""

    before: str
    rows: list[int]
    cols: list[int]
    winner: list[int] | None
    is_pixels: bool
    patch_peak: float
    kernel_peak: float
    planes: list[WhyPlane]


def planes_of(answer: Explanation, *, has_colours: bool) -> PlanesHeader:
    """The boards of a window: a plane each, and which rows and columns lie under it."""
    sources = answer.sources.reshape(-1, *answer.sources.shape[-3:])
    sums = answer.channel_sums if answer.kind == "conv" else [answer.value]
    most = int(np.argmax(np.abs(sums))) if len(sums) > 1 else -1
    channels = [int(plane[..., 0].max()) for plane in sources]
    before = answer.before
    winner = getattr(answer.numbers, "winner", None)
    found = None
    if winner is not None:
        found = np.argwhere((sources[0] == winner).all(axis=-1))[0].tolist()
    has_colours = has_colours and before in ("input", "normalize")
    names = _names(channels, has_colours=has_colours)
    weights = answer.weights
    return {
        "before": before,
        "rows": sources[0, :, :, 1].max(axis=1).tolist(),
        "cols": sources[0, :, :, 2].max(axis=0).tolist(),
        "winner": found,
        "is_pixels": before == "input",
        "patch_peak": float(np.nanmax(np.abs(answer.inputs), initial=0.0)) or 1.0,
        "kernel_peak": 1.0 if weights is None else float(np.abs(weights).max()) or 1.0,
        "planes": [
            {
                "channel": channel,
                "name": name,
                "adds": number(float(total)) if answer.kind == "conv" else "",
                "is_first": index == most,
                "label": _(
                    "{name}: the numbers under the window. Arrow keys walk over them, "
                    "Enter asks where one comes from."
                ).format(name=name),
            }
            for index, (channel, name, total) in enumerate(zip(channels, names, sums, strict=True))
        ],
    }


def _names(channels: Sequence[int], *, has_colours: bool) -> list[str]:
    if has_colours:
        colours = (_("Red"), _("Green"), _("Blue"))
        return [colours[channel] if channel >= 0 else "" for channel in channels]
    return [_("map {channel}").format(channel=channel) for channel in channels]


def taps_of(answer: Explanation) -> dict[str, np.ndarray]:
    """Arrays (C, h, w): what lay under the window; of a convolution its weights, too."""
    patch = np.nan_to_num(answer.inputs.reshape(-1, *answer.inputs.shape[-2:]))
    taps = {"patch": patch.astype(np.float32)}
    if answer.kind == "conv" and answer.weights is not None:
        taps["kernel"] = answer.weights.reshape(patch.shape)
    return taps
