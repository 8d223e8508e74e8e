"""Who is asking: a random id kept in their browser, that owns their runs and nothing else.

Whoever knows the id is that person: it is never shown, linked or logged.
"""

from __future__ import annotations

import re
import secrets

from cnnviz.ui import state
from cnnviz.ui.components.wire import writer

_TOLD, _OWN = "app.person", "app.person.id"
_ID = re.compile(r"[0-9a-f]{32}")


def person() -> str:
    """Return this person's id: what their browser kept, else a new one for this session."""
    told = (state.held(_TOLD) or {}).get("id")
    if isinstance(told, str) and _ID.fullmatch(told):
        state.hold(_OWN, told)  # what a component told is lost when its page is left
    if state.held(_OWN) is None:
        state.hold(_OWN, secrets.token_hex(16))
    own: str = state.held(_OWN)
    return own


def is_known() -> bool:
    """Whether the browser has said who is asking, in this session."""
    return bool(state.held(_TOLD))


def agree_on_person(*, must_answer: bool = False) -> None:
    """Ask the browser which id it kept, or let it keep this one; a page starts over on another.

    Args:
        must_answer: Whether the page starts over in any case, because it waits for the answer.
    """
    data = {"id": person(), "must_answer": must_answer}
    writer("person")(key=_TOLD, data=data, height=1, on_id_change=lambda: None)
