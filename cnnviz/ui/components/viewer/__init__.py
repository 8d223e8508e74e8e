"""The sliding window over a trace: hover or arrow keys, every number of the sum on screen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NotRequired, TypedDict

import numpy as np

from cnnviz.core.lab.traces import ConvTrace, PoolTrace
from cnnviz.core.records import Floats
from cnnviz.ui import state
from cnnviz.ui.components.viewer import words as words
from cnnviz.ui.components.viewer.axes import conv_axes, pool_axes
from cnnviz.ui.components.viewer.words import weight_label
from cnnviz.ui.components.wire import (
    pack,
    peak_of,
    pixels_or_floats,
    renderer,
    sent_cell,
    signed_levels,
)
from cnnviz.ui.text import browser_locale

__all__ = ["Cell", "conv_viewer", "pool_viewer", "weight_label"]

Cell = tuple[int, int]

MOST_SENT = 62_000
"""Cells up to which a map is sent: those of every direct convolution of 224 × 224 pixels.

A transposed one has up to 900 × 900, 3 MB. `nn.convolve` adds them up in float64 and rounds once;
the browser does the same (sums.js), and gets the same numbers.
"""
_MOST_EXACT = 64 * 64
"""Cells of the map before an activation above which none has room for its number: bytes do."""


class ViewerHeader(TypedDict):
    """What the browser is told of an operation; from `unit` on, how it is shown."""

    op: str
    is_picture: bool
    border: str
    axes: list[dict[str, Any]]
    planes: list[dict[str, str]]
    words: dict[str, Any]
    bias: NotRequired[float]
    weight_labels: NotRequired[list[str]]
    short_labels: NotRequired[list[str]]
    norm: NotRequired[float]
    before_peak: NotRequired[float]
    unit: NotRequired[int]
    digits: NotRequired[int]
    locale: NotRequired[str]
    cell: NotRequired[Cell]
    pinned: NotRequired[bool]


def conv_viewer(
    trace: ConvTrace, *, key: str, unit: int, cell: Cell | None, channel: int = 0
) -> Cell | None:
    """Show one filter sliding over a picture; return the pinned cell, or None.

    Args:
        trace: Trace of one filter or many.
        key: Key of the mounted component.
        unit: 255 to show pixels as 0…255, 1 to show them as computed.
        cell: (row, col) of the output to start from, pinned; None starts in the busiest place.
        channel: Output channel whose filter is shown.
    """
    header, arrays = conv_data(trace, channel=channel)
    return _mount(header, arrays, trace.output[channel], key=key, unit=unit, cell=cell)


def pool_viewer(
    trace: PoolTrace,
    *,
    key: str,
    unit: int,
    input_title: str,
    before: Floats | None = None,
    before_title: str = "",
    cell: Cell | None = None,
    channel: int = 0,
) -> Cell | None:
    """Show a pooling window sliding over a map or a picture; return the pinned cell, or None.

    Args:
        trace: Trace of any kind of pooling.
        key: Key of the mounted component.
        unit: 255 to show pixels as 0…255, 1 to show them as computed.
        input_title: Heading of the trace's image.
        before: (C, H, W) the map before its activation, same size as the trace's image, shown
            beside it; None where there is none.
        before_title: Heading of `before`.
        cell: As in `conv_viewer`.
        channel: Channel of the trace that is shown.
    """
    header, arrays = pool_data(trace, channel=channel, input_title=input_title)
    if before is not None:
        shown = before[channel : channel + 1]
        header["words"] |= words.before(before_title, shown.shape)
        header["is_picture"] = False
        if shown.size > _MOST_EXACT:
            peak = header["before_peak"] = peak_of(shown)
            shown = signed_levels(shown, peak)
        arrays["before"] = shown
    return _mount(header, arrays, trace.output[channel], key=key, unit=unit, cell=cell)


def conv_data(trace: ConvTrace, *, channel: int) -> tuple[ViewerHeader, dict[str, np.ndarray]]:
    """Return what the browser needs to know of one filter: header and arrays."""
    spec, weights, axes = trace.spec, trace.kernels[channel], conv_axes(trace)
    depth = len(weights)
    group = channel // (len(trace.kernels) // spec.groups)
    channels = slice(group * depth, (group + 1) * depth)
    planes = words.planes(trace.image)[channels]
    header: ViewerHeader = {
        "op": "conv",
        "is_picture": words.is_picture(trace.image),
        "border": spec.padding_mode,
        "axes": [axis.told() for axis in axes],
        "bias": float(trace.bias[channel]) if trace.bias is not None else 0.0,
        "weight_labels": [weight_label(weight) for weight in weights.ravel().tolist()],
        "short_labels": [words.short_label(weight) for weight in weights.ravel().tolist()],
        "planes": planes,
        "words": words.of_conv(trace, axes, channel=channel),
    }
    arrays = {"input": pixels_or_floats(trace.image[channels]), "weight": weights}
    if not spec.transposed or trace.output[0].size <= MOST_SENT:
        arrays["output"] = trace.output[channel : channel + 1]
    return header, arrays


def pool_data(
    trace: PoolTrace, *, channel: int, input_title: str
) -> tuple[ViewerHeader, dict[str, np.ndarray]]:
    """Return what the browser needs to know of a pooling: header and arrays."""
    spec, axes = trace.spec, pool_axes(trace)
    image = trace.image[channel : channel + 1]
    header: ViewerHeader = {
        "op": spec.kind.removeprefix("adaptive_"),
        "is_picture": words.is_picture(image),
        "border": "empty",
        "axes": [axis.told() for axis in axes],
        "norm": spec.norm,
        "planes": words.planes(trace.image)[channel : channel + 1],
        "words": words.of_pool(trace, axes, input_title),
    }
    room = [(axis.before, axis.after) for axis in axes]
    arrays = {
        "input": pixels_or_floats(np.pad(image, [(0, 0), *room])),
        "output": trace.output[channel : channel + 1],
    }
    return header, arrays


def _mount(
    header: ViewerHeader,
    arrays: Mapping[str, np.ndarray],
    output: Floats,
    *,
    key: str,
    unit: int,
    cell: Cell | None,
) -> Cell | None:
    pinned = cell if cell and cell[0] < output.shape[0] and cell[1] < output.shape[1] else None
    told: ViewerHeader = {
        **header,
        "unit": unit,
        "digits": 2 if unit == 255 else 3,
        "locale": browser_locale(),
        "cell": pinned or _busiest(output),
        "pinned": pinned is not None,
    }
    key = state.instance(key)
    renderer("viewer")(key=key, data=pack(told, arrays), on_cell_change=lambda: None)
    return sent_cell(key, "cell", output.shape, default=pinned)


def _busiest(output: Floats) -> Cell:
    """Where the largest number is; a window over nothing but border counts for nothing."""
    finite = np.where(np.isfinite(output), np.abs(output), 0)
    row, col = np.unravel_index(int(finite.argmax()), output.shape)
    return int(row), int(col)
