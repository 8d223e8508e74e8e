"""Steps that were taken, those undone that can be taken again, and the buttons for both."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import streamlit as st

from cnnviz.ui.text import _

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


def buttons(
    prefix: str, changes: Changes[Any], keep: Callable[[Changes[Any]], None], over: str
) -> None:
    """Draw the buttons that take steps back, take them again, and start over, labelled `over`.

    `keep` is given the changes that are left, before the page runs.
    """
    for name, label, then, is_there in (
        ("undo", _("Undo"), changes.undo(), changes.done),
        ("redo", _("Redo"), changes.redo(), changes.undone),
        ("over", over, Changes(), changes.done),
    ):
        st.button(label, key=f"{prefix}.{name}", disabled=not is_there, on_click=keep, args=(then,))
