"""A network as a strip of its layers, from input to answer; a click shows a layer on the wall."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypedDict

from cnnviz.ui.components.wire import pack, renderer


class Box(TypedDict):
    """One layer, in the reader's words.

    Attributes:
        name: As in `LayerActivation`.
        shows: The stage of a wall that a click brings into view.
        title: What it is.
        shape: (C, H, W) or (N,), for the drawing.
        size: The same in words.
        learns: Its number of trained parameters, in words; empty: none.
        sees: How much of the picture a cell of it sees, in words.
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
