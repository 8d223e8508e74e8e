"""The questions asked on the way back to the pixels: a trail that can be walked both ways."""

from __future__ import annotations

from dataclasses import dataclass

from cnnviz.core.networks.explanations import Asked
from cnnviz.ui import state

_MOST = 64


@dataclass(frozen=True, slots=True)
class Trail:
    """Questions in the order they were asked, and which of them is open.

    Attributes:
        asked: From the one that was started with, back towards the pixels.
        position: Of the open one.
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


def current(default: Asked) -> Trail:
    """Return this session's trail; at first the link's cell, else the default."""
    held: Trail | None = state.held(state.TRAIL_KEY)
    return held or Trail((_linked() or default,))


def keep(trail: Trail) -> None:
    """Keep the trail in this session."""
    state.hold(state.TRAIL_KEY, trail)


def link(cell: Asked) -> None:
    """Carry the open question in the page's link."""
    state.link("why", ",".join(map(str, cell)))


def _linked() -> Asked | None:
    layer, *numbers = (state.linked("why") or "").split(",")
    if len(numbers) != 3 or not all(n.isdecimal() and len(n) < 7 for n in numbers):
        return None
    return Asked(layer, *map(int, numbers))
