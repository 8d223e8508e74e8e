"""A network as a strip of its layers, from input to answer; a click shows a layer on the wall."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypedDict

from cnnviz.ui.components.wire import pack, renderer


class Box(TypedDict):
    """One layer, in the reader's words.

    It has the name of its `LayerActivation` and `shows` a stage of the wall when it is clicked. Its
    shape is (C, H, W) or (N,), `size` says the same; `learns` counts trained parameters, empty for
    none, and `sees` tells how much of the picture a cell of it sees.
    """

    name: str
    shows: str
    title: str
    shape: tuple[int, ...]
    size: str
    learns: str
    sees: str


class DiagramHeader(TypedDict):
    """What the browser is told; `chosen` is the layer that is asked about."""

    boxes: Sequence[Box]
    label: str
    chosen: str


def diagram(boxes: Sequence[Box], *, key: str, label: str, chosen: str) -> None:
    """Mount the strip, from input to answer; `label` is read to those who do not see it."""
    header: DiagramHeader = {"boxes": boxes, "label": label, "chosen": chosen}
    renderer("diagram")(key=key, data=pack(header, {}))
