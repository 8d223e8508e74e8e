"""What a browser remembers of a page's widgets: their values, fragments and bound parameters."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from streamlit.proto.Element_pb2 import Element
from streamlit.proto.WidgetStates_pb2 import WidgetState

_KINDS = ("button_group", "selectbox", "number_input", "file_uploader")


class Drawn(NamedTuple):
    """An element, and the fragment that drew it; "" for none."""

    element: Element
    fragment: str


class Widgets:
    """The widgets on one page, by the ids that the server gave them."""

    def __init__(self) -> None:
        self.states: dict[str, WidgetState] = {}
        self._bound: dict[str, str] = {}
        self._fragments: dict[str, str] = {}

    def find(self, key: str) -> str:
        """Return the id of the widget that the script gave this key, or one that begins so.

        Raises:
            LookupError: there is none.
        """
        keys = {each.split("-", 2)[2]: each for each in self.states if each.count("-") > 1}
        begun = (full for name, full in keys.items() if name.startswith(key))
        found = keys.get(key) or next(begun, None)
        if found is None:
            raise LookupError(f"no widget {key!r} among {sorted(keys)}")
        return found

    def parameter(self, widget_id: str) -> str | None:
        """Return the parameter of the address that a widget is bound to."""
        return self._bound.get(widget_id)

    def fragment(self, widget_id: str) -> str:
        """Return the fragment that runs when a widget changes; "" for the whole script."""
        return self._fragments.get(widget_id, "")

    def learn(self, drawn: Iterable[Drawn], *, is_whole: bool) -> None:
        """Take in what a run drew.

        Args:
            drawn: In order.
            is_whole: Whether the whole script ran: what it did not draw is gone. A fragment's run
                leaves the rest of the page as it was.
        """
        before = self.states
        self.states = {} if is_whole else dict(before)
        for element, fragment in drawn:
            kind = element.WhichOneof("type")
            if kind not in _KINDS:
                continue
            widget = getattr(element, kind)
            is_known = widget.id in before and not getattr(widget, "set_value", False)
            self.states[widget.id] = before[widget.id] if is_known else _state(kind, widget)
            self._fragments[widget.id] = fragment
            if parameter := getattr(widget, "query_param_key", ""):
                self._bound[widget.id] = parameter


def _state(kind: str, widget: Any) -> WidgetState:
    """What the frontend sends for a widget that nobody has touched."""
    state = WidgetState(id=widget.id)
    if kind == "button_group":
        chosen = [widget.options[n].content for n in widget.default]
        state.string_array_value.data[:] = widget.raw_values if widget.set_value else chosen
    elif kind == "selectbox":
        shown = widget.options[widget.default] if widget.HasField("default") else ""
        state.string_value = widget.raw_value if widget.set_value else shown
    elif kind == "number_input":
        state.double_value = widget.value if widget.set_value else widget.default
    else:
        state.file_uploader_state_value.SetInParent()
    return state
