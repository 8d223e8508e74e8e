"""Controls that give specs, and the fields of forms: one set of widgets for every page.

Small whole numbers are bound to the address under their own names. Words are not: Streamlit
binds what is displayed, and that changes with the language, so their ids are linked here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal, TypeVar

import streamlit as st

from cnnviz.ui import state, text
from cnnviz.ui.streamlit_internals import set_anew
from cnnviz.ui.text import _

Number = TypeVar("Number", int, float)
Name = TypeVar("Name", bound=str)


def small_number(label: str, param: str, options: Sequence[int], default: int, help: str) -> int:
    """Return a small whole number that the address carries as `param`."""
    state.remember_default(param, default)
    chosen = st.segmented_control(
        label,
        options,
        default=default,
        required=True,
        key=param,
        bind="query-params",
        help=help,
        wrap=True,
    )
    return default if chosen is None else chosen  # an address may say `stride=`


def stepper(
    label: str,
    param: str,
    bounds: tuple[Number, Number],
    default: Number,
    help: str | None = None,
    *,
    step: Number = 1,
) -> Number:
    """Return a number out of many, with a step up and a step down, carried as `param`."""
    state.remember_default(param, default)
    chosen: Number | None = st.number_input(
        label, *bounds, default, step, key=param, bind="query-params", width=130, help=help
    )
    return default if chosen is None else chosen  # an address may say `kernel_size=`


@dataclass(frozen=True, slots=True)
class Setting:
    """A choice of a word, by its id; the address carries it, and it holds while folded away, too.

    `names` are the ids with what people call them.
    """

    param: str
    names: Mapping[str, str]
    default: str

    @property
    def key(self) -> str:
        """Key of the widget, and of its value while it is not drawn."""
        return f"word.{self.param}"

    def draw(self, label: str, *, is_long: bool = False) -> str:
        """Draw the control, a select box where the names are many; returns the id chosen."""
        state.remember_default(self.key, self.default)
        draw = partial(select, width=340) if is_long else words
        start = self._start(state.linked(self.param))
        chosen = draw(label, self.key, self.names, start=start)
        self._link(chosen)
        return chosen

    def value(self) -> str:
        """Return the id chosen, else the link's, else the default."""
        chosen = self._start(state.held(self.key) or state.linked(self.param))
        state.remember_default(self.key, self.default)
        self._link(chosen)
        return chosen

    def _start(self, asked: str | None) -> str:
        return asked if asked is not None and asked in self.names else self.default

    def _link(self, chosen: str) -> None:
        state.link(self.param, chosen if chosen != self.default else None)


def choose_section(
    param: str, sections: Mapping[str, tuple[str, Callable[..., None]]]
) -> Callable[..., None]:
    """Draw the choice of what the page goes on with; return what draws the section chosen.

    A section has an id, an English name, and what draws it; the first is the default.
    """
    st.header(_("And then"), anchor=False)
    names = {each: name for each, (name, _draw) in sections.items()}
    return sections[Setting(param, names, next(iter(names))).draw(_("Go on with"))][1]


def slider(
    label: str, low: Number, high: Number, default: Number, step: Number, *, key: str
) -> Number:
    """Return a number that is dragged; `Reset all` knows what it starts from."""
    state.remember_default(key, default)
    chosen: Number = st.slider(label, low, high, default, step, key=key, width=200)
    return chosen


def index(label: str, count: int, default: int, *, key: str) -> int:
    """Return which of `count` things, counted from 0; `Reset all` knows what it starts from."""
    state.remember_default(key, default)
    return int(st.number_input(label, 0, count - 1, default, key=key, width=130))


# ---------------------------------------------- fields: their session keys hold what they show


def start_from(values: Mapping[str, Any]) -> None:
    """Fill fields that hold nothing yet, by their keys; `Reset all` puts these values back."""
    for key, value in values.items():
        state.remember_default(key, value)
        if state.held(key) is None:
            state.hold(key, value)


def words(
    label: str,
    key: str,
    names: Mapping[Name, str],
    *,
    start: Name | None = None,
    help: str | None = None,
) -> Name:
    """Draw a choice of few words beside each other; return the id chosen.

    `names` are ids with their English names. The choice starts from the id `start`, unless a value
    is held already, which outlasts a change of page.
    """
    _start(key, names, start)
    chosen: Name | None = st.segmented_control(
        label,
        list(names),
        required=True,
        format_func=_shown(names),
        key=key,
        persist_state="session",
        wrap=True,
        help=help,
    )
    return chosen or next(iter(names))


def select(
    label: str,
    key: str,
    names: Mapping[str, str],
    *,
    start: str | None = None,
    width: int | Literal["stretch"] = "stretch",
    persists: bool = True,
) -> str:
    """Draw a choice of many words as a select box; return the id chosen.

    As `words`, but a value that does not persist is gone with its page.
    """
    _start(key, names, start)
    set_anew(key, names)
    chosen: str = st.selectbox(
        label,
        list(names),
        format_func=_shown(names),
        key=key,
        persist_state="session" if persists else None,
        width=width,
    )
    return chosen


def number(
    label: str,
    key: str,
    bounds: tuple[Number, Number],
    *,
    step: Number = 1,
    help: str | None = None,
    form: str | None = None,
    width: int = 124,
    persists: bool = True,
) -> None:
    """Draw a field for a number between bounds, shown as `form` says (`%.2f`); as `select`."""
    st.number_input(
        label,
        *bounds,
        step=step,
        format=form,
        key=key,
        persist_state="session" if persists else None,
        width=width,
        help=help,
    )


def several(label: str, key: str, options: Sequence[Any], names: Mapping[Any, str] = {}) -> None:
    """Draw pills of which any number can be chosen; `names` says English names of options."""
    st.pills(
        label,
        options,
        selection_mode="multi",
        format_func=lambda each: _(names[each]) if each in names else str(each),
        key=key,
        persist_state="session",
    )


def among(label: str, key: str, values: Sequence[float]) -> None:
    """Draw a slider over a few numbers, written with up to five decimals."""
    st.select_slider(
        label,
        values,
        format_func=lambda each: text.number(each, 5),
        key=key,
        persist_state="session",
    )


def _start(key: str, names: Mapping[Name, str], start: Name | None) -> None:
    if start is not None and state.held(key) not in names:
        state.hold(key, start)


def _shown(names: Mapping[Name, str]) -> Callable[[Name], str]:
    return {each: _(name) for each, name in names.items()}.__getitem__
