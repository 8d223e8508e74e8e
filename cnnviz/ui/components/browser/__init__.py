"""What page and browser must tell each other: language, appearance, address, who is asking.

Streamlit leaves `<html lang>` at "en", says nothing to the server when a reader switches between
light and dark (charts drawn there would keep the colours of before), and makes a step for the
browser's Back of every change of a control.

A person is a random id kept in their browser, that owns their runs and nothing else. Whoever knows
the id is that person: it is never shown, linked or logged.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from typing import TypedDict

from cnnviz.ui import state
from cnnviz.ui.components.wire import pack, renderer, sent, writer
from cnnviz.ui.text import _, browser_locale

_TOLD, _OWN = "app.person", "app.person.id"
_ID = re.compile(r"[0-9a-f]{32}")


class BrowserHeader(TypedDict):
    """What the browser is told; `lost` is said while there is no connection."""

    lang: str
    appearance: str
    lost: str


def write_link(link: Mapping[str, str | None], *, key: str) -> None:
    """Let the browser write parameters into the address; None takes one out."""
    writer("browser/address")(key=key, data=dict(link), height=1)


def agree_with_browser() -> None:
    """Set `<html lang>`, and start over when the browser's appearance is not the one assumed."""
    header: BrowserHeader = {
        "lang": browser_locale(),
        "appearance": state.appearance(),
        "lost": _(
            "The connection to the server is lost. What you see stays; the controls wait until "
            "it is back."
        ),
    }
    renderer("browser")(
        key=state.BROWSER_KEY, data=pack(header, {}), height=1, on_appearance_change=lambda: None
    )


def person() -> str:
    """Return this person's id: what their browser kept, else a new one for this session."""
    told = sent(_TOLD, "id")
    is_id = isinstance(told, str) and _ID.fullmatch(told)
    own: str = told if is_id else state.held(_OWN) or secrets.token_hex(16)
    state.hold(_OWN, own)  # what a component told is lost when its page is left
    return own


def is_known() -> bool:
    """Whether the browser has said who is asking, in this session."""
    return bool(state.held(_TOLD))


def agree_on_person(*, must_answer: bool = False) -> None:
    """Ask the browser which id it kept, or let it keep this one; a page starts over on another.

    One that waits for the answer, which it `must_answer`, starts over in any case.
    """
    data = {"id": person(), "must_answer": must_answer}
    writer("browser/person")(key=_TOLD, data=data, height=1, on_id_change=lambda: None)
