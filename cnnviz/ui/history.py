"""Steps that were taken, and those undone that can be taken again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

Step = TypeVar("Step")


@dataclass(frozen=True, slots=True)
class Changes(Generic[Step]):
    """What was done, in order, and what was undone, the last one last."""

    done: tuple[Step, ...] = ()
    undone: tuple[Step, ...] = ()

    def plus(self, *steps: Step) -> Changes[Step]:
        """Return these changes and more; what had been undone is forgotten."""
        return Changes((*self.done, *steps))

    def undo(self) -> Changes[Step]:
        """Return all but the last."""
        return Changes(self.done[:-1], (*self.undone, *self.done[-1:]))

    def redo(self) -> Changes[Step]:
        """Return these and the one undone last."""
        return Changes((*self.done, *self.undone[-1:]), self.undone[:-1])
