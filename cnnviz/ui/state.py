"""What a session and its address hold besides pictures; with `album`, all that spells session keys.

Links carry what can be named: language, sample, changes, kernel, settings, chosen cell.
"""

from __future__ import annotations

from contextvars import ContextVar
from typing import Any, Literal

import streamlit as st

LANGUAGES = {"en": "English", "pt_BR": "Português (Brasil)"}
LANGUAGE_KEY = "app.language"
SOURCE_KEY = "picture.source"
SAMPLE_KEY = "picture.sample"
BROWSER_KEY = "app.browser"

_language: ContextVar[str | None] = ContextVar("language", default=None)
"""Language of this thread's script run: session state is too slow to be asked for each word."""

_FRAMED = "_framed"
_LINK = "_link"
_IS_LINK_VOID = "_is_link_void"
TRAIL_KEY = "network.trail"
WANTED_KEY = "network.wanted"
"""The network that a link or another page asks for, until it is shown or another is chosen."""
_PINNED = "_pinned"
_DEFAULTS = "_defaults"
_IS_LINK_TAKEN = "_is_link_taken"
_GENERATION = "_generation"


def mark_framed() -> None:
    """Say that `app.py` drew the frame of this run."""
    st.session_state[_FRAMED] = True


def take_framed() -> bool:
    """Return whether the frame was drawn in this run, and clear the mark."""
    return bool(st.session_state.pop(_FRAMED, False))


def settle_language() -> None:
    """Decide the language of this run: the reader's choice, else the link's, else the browser's."""
    if LANGUAGE_KEY not in st.session_state:
        asked = st.query_params.get("lang")
        if asked not in LANGUAGES:
            asked = "pt_BR" if (st.context.locale or "").lower().startswith("pt") else "en"
        st.session_state[LANGUAGE_KEY] = asked
    _language.set(str(st.session_state[LANGUAGE_KEY]))


def language() -> str:
    """Return the language of this run, a key of `LANGUAGES`; every word asks for it."""
    settled = _language.get()
    if settled is None:  # the run of a fragment alone
        settled = str(st.session_state.get(LANGUAGE_KEY, "en"))
        _language.set(settled)
    return settled


def appearance() -> Literal["light", "dark"]:
    """Return the appearance in force: the browser's word, else what Streamlit knows."""
    told = (st.session_state.get(BROWSER_KEY) or {}).get("appearance")
    return "dark" if (told or st.context.theme.type) == "dark" else "light"


def linked(param: str) -> str | None:
    """Return what the address said, when it was opened, for a parameter no widget is bound to."""
    return None if st.session_state.get(_IS_LINK_VOID) else st.query_params.get(param)


def link(param: str, value: str | None) -> None:
    """Carry a parameter in this page's link; None leaves it out."""
    st.session_state.setdefault(_LINK, {})[param] = value


def whole_link() -> dict[str, str | None]:
    """Return this run's link for the browser to write; None takes a parameter out.

    Streamlit would make a step for the browser's Back of each change to `st.query_params`.
    """
    return {**st.session_state.pop(_LINK, {}), "lang": language()}


def shared_link() -> dict[str, str | None]:
    """Return the address of what is on screen: what it says already, and what is to be written."""
    return {**st.query_params.to_dict(), **st.session_state.get(_LINK, {}), "lang": language()}


def href(page: str) -> str:
    """Return the address of a page, for links that the browser may open by itself."""
    return f"{'' if page == 'start' else page}?lang={language()}"


def linked_cell(param: str) -> tuple[int, int] | None:
    """Return the pair of whole numbers that the address carries as `param`, like `cell=8,17`."""
    parts = (linked(param) or "").split(",")
    if len(parts) != 2 or not all(part.isdecimal() and len(part) < 6 for part in parts):
        return None
    return int(parts[0]), int(parts[1])


def held(key: str) -> Any:
    """Return what a widget or component holds, for a callback that runs before the page."""
    return st.session_state.get(key)


def hold(key: str, value: Any) -> None:
    """Set what a widget holds, or keep a plain value under that key; before the widget is drawn."""
    st.session_state[key] = value


def take_linked_edits() -> str | None:
    """Return the changes that the link asks for; only once, for later ones are made here."""
    if st.session_state.get(_IS_LINK_TAKEN):
        return None
    st.session_state[_IS_LINK_TAKEN] = True
    return linked("edits")


def pinned() -> tuple[int, int] | None:
    """Return the (row, col) pinned in this session, else the link's."""
    if _PINNED in st.session_state:
        held: tuple[int, int] | None = st.session_state[_PINNED]
        return held
    return linked_cell("cell")


def pin(cell: tuple[int, int] | None) -> None:
    """Keep which cell is pinned, here and in the link."""
    st.session_state[_PINNED] = cell
    link("cell", None if cell is None else f"{cell[0]},{cell[1]}")


def remember_default(key: str, default: Any) -> None:
    """Know what a control starts from, for `reset`."""
    st.session_state.setdefault(_DEFAULTS, {})[key] = default


def instance(key: str) -> str:
    """Return the key of a component: another one after each reset, so that it starts anew."""
    return f"{key}.{st.session_state.get(_GENERATION, 0)}"


def reset() -> None:
    """Put every control back to where it started; the language stays."""
    for key, default in st.session_state.get(_DEFAULTS, {}).items():
        st.session_state[key] = default
    st.session_state[_PINNED] = None
    st.session_state.pop(TRAIL_KEY, None)
    st.session_state[_GENERATION] = st.session_state.get(_GENERATION, 0) + 1
    st.session_state[_IS_LINK_VOID] = True
