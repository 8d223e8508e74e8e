"""A chain of operations: every map of it, and what any cell sees of all maps before its own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, TypedDict

import numpy as np

from cnnviz.core.lab.activations import ACTIVATIONS
from cnnviz.core.lab.chain import ActivationStep, Chain, ChainStep
from cnnviz.core.lab.receptive_field import window
from cnnviz.core.records import Floats
from cnnviz.ui import state
from cnnviz.ui.components.wire import pack, pixels_or_floats, renderer
from cnnviz.ui.text import _, browser_locale, size


class ChainStage(TypedDict):
    """The picture or one map, and how the window moved that made it.

    `windows` are (stride, padding before, extent) down and across; `unit` multiplies what is shown.
    """

    title: str
    kind: Literal["pixels", "signed"]
    shape: str
    rows: int
    cols: int
    unit: int
    peak: float
    windows: list[tuple[int, int, int]]
    label: str


class ChainHeader(TypedDict):
    """What the browser is told; `start` is the cell pointed at first."""

    locale: str
    start: dict[str, int]
    stages: list[ChainStage]
    words: dict[str, str]


def chain_viewer(
    chain: Chain, maps: Sequence[Floats], titles: Sequence[str], *, key: str, unit: int
) -> None:
    """Mount the picture and what each step made of it.

    Args:
        chain: Operations whose maps are shown.
        maps: (1, H, W) the picture in [0, 1], then what each step put out.
        titles: Titles of the picture and of each step, in the reader's language.
        key: Key of the mounted component.
        unit: 255 to show pixels as 0…255, 1 to show them as computed.
    """
    last = maps[-1][0]
    row, col = np.unravel_index(np.abs(last).argmax(), last.shape)
    units = _units(chain, unit)
    header: ChainHeader = {
        "locale": browser_locale(),
        "start": {"stage": len(chain.steps), "row": int(row), "col": int(col)},
        "stages": [
            _described(*each)
            for each in zip((None, *chain.steps), maps, titles, units, strict=True)
        ],
        "words": {
            "cell": _(
                "Row {row}, column {col} (counted from 0) after step {step} is {value}; it sees "
                "{tall} × {wide} pixels of the picture: rows {top} to {bottom}, columns {left} to "
                "{right}."
            ),
            "pixel": _("Row {row}, column {col} (counted from 0) of the picture is {value}."),
            "border": _(
                "Row {row}, column {col} (counted from 0) after step {step} is {value}; it sees no "
                "pixel of the picture, only padding."
            ),
            "over": _("Its whole field is {tall} × {wide}: the rest lies on the padding."),
            "enlarge": _("Enlarge"),
        },
    }
    arrays = {f"stage{n}": pixels_or_floats(values[0]) for n, values in enumerate(maps)}
    renderer("chain")(key=state.instance(key), data=pack(header, arrays))


def _described(step: ChainStep | None, values: Floats, title: str, unit: int) -> ChainStage:
    label = _("{title}, size {size}. Arrow keys move over its cells.")
    return {
        "title": title,
        "kind": "pixels" if step is None else "signed",
        "shape": size(values.shape[1:]),
        "rows": values.shape[1],
        "cols": values.shape[2],
        "unit": unit,
        "peak": float(np.abs(values).max()) or 1.0,
        "windows": _windows(step),
        "label": label.format(title=title, size=size(values.shape[1:])),
    }


def _windows(step: ChainStep | None) -> list[tuple[int, int, int]]:
    """(stride, padding before, extent) down and across."""
    if step is None or isinstance(step, ActivationStep):
        return [(1, 0, 1)] * 2
    return [window(step.spec, axis) for axis in (0, 1)]


def _units(chain: Chain, unit: int) -> list[int]:
    """What each map is multiplied with to be shown; 1 from the first function that is bent."""
    units = [unit]
    for step in chain.steps:
        is_bent = isinstance(step, ActivationStep) and not ACTIVATIONS[step.activation].keeps_unit
        units.append(1 if is_bent else units[-1])
    return units
