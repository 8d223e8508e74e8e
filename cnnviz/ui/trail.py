"""The questions asked on the way back to the pixels: a trail that can be walked both ways."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cnnviz import nn
from cnnviz.core.networks.explanations import Asked
from cnnviz.core.records import Floats, LayerActivation
from cnnviz.ui import state
from cnnviz.ui.text import number

if TYPE_CHECKING:
    from torch.nn import Sequential

Field = tuple[int, int, int, int]
"""(top, left, height, width) in pixels; may reach outside the picture."""
_MOST = 64


@dataclass(frozen=True, slots=True)
class Trail:
    """Questions in the order they were asked, and which of them is open.

    Attributes:
        asked: From the first one, back towards the pixels.
        position: Index of the open one.
    """

    asked: tuple[Asked, ...]
    position: int = 0

    @property
    def open(self) -> Asked:
        """The question that is answered."""
        return self.asked[self.position]

    def ask(self, cell: Asked) -> Trail:
        """Return the trail with one more question behind the open one.

        Another cell of the same layer takes the open one's place. What lay further back is let
        go, unless it is the very cell that is asked about.
        """
        if cell.layer == self.open.layer:
            return Trail((*self.asked[: self.position], cell), self.position)
        kept = self.asked[: self.position + 1]
        if self.asked[len(kept) : len(kept) + 1] == (cell,):
            return self.go(len(kept))
        return Trail((*kept, cell)[-_MOST:], min(len(kept), _MOST - 1))

    def go(self, position: int) -> Trail:
        """Return the trail with another of its questions open."""
        return Trail(self.asked, max(0, min(position, len(self.asked) - 1)))

    def fits(self, activations: Sequence[LayerActivation]) -> bool:
        """Whether all its cells are there: a link, or another network's trail, may name others."""
        shapes = {each.name: (*each.values.shape, 1, 1)[:3] for each in activations}
        return all(
            cell.layer in shapes
            and all(n < side for n, side in zip(cell[1:], shapes[cell.layer], strict=True))
            for cell in self.asked
        )


def current(
    key: str, activations: Sequence[LayerActivation], default: Asked, linked: Asked | None = None
) -> Trail:
    """Return the trail held under a key, at first the linked cell's; a new one where none fits."""
    walked: Trail = state.held(key) or Trail((linked or default,))
    return walked if walked.fits(activations) else Trail((default,))


def keep(trail: Trail) -> None:
    """Keep the trail in this session."""
    state.hold(state.TRAIL_KEY, trail)


def link(cell: Asked) -> None:
    """Carry the open question in the page's link."""
    state.link("why", ",".join(map(str, cell)))


def linked() -> Asked | None:
    """Return the question that the page's link carries."""
    layer, *numbers = (state.linked("why") or "").split(",")
    if len(numbers) != 3 or not all(n.isdecimal() and len(n) < 7 for n in numbers):
        return None
    return Asked(layer, *map(int, numbers))


def busiest(layer: LayerActivation, channel: int) -> Asked:
    """Return the largest number of a map, by amount; of a flat layer the largest of all."""
    values = np.abs(layer.values)
    if values.ndim == 1:
        return Asked(layer.name, int(values.argmax()), 0, 0)
    row, col = np.unravel_index(int(values[channel].argmax()), values[channel].shape)
    return Asked(layer.name, channel, int(row), int(col))


def cell_title(layer: LayerActivation, name: str, cell: Asked) -> str:
    """Return layer and cell, short: "Convolution 2 · 3, (5, 7)"."""
    if layer.values.ndim == 1:
        return f"{name} · {number(cell.channel)}"
    return f"{name} · {number(cell.channel)} ({number(cell.row)}, {number(cell.col)})"


def sight(
    network: Sequential, activations: Sequence[LayerActivation], cell: Asked
) -> tuple[Field, Floats]:
    """Return the pixels that a cell can see, and how strongly each moves it, (H, W) in [0, 1]."""
    field = nn.seen_pixels(network, activations, cell.layer, cell.row, cell.col)
    strength = nn.influence(network, activations, *cell)
    most = float(strength.max())
    return field, strength / np.float32(most) if most else strength
