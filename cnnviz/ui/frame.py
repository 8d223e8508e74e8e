"""What surrounds every page: name, language, device, and the buttons that take things back.

And the last resort: what goes wrong anywhere is one sentence where the person is, and a way on.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from cnnviz.core.messages import Explained
from cnnviz.ui import resources, show, state
from cnnviz.ui.pictures import album, prepared
from cnnviz.ui.streamlit_internals import CALM, answer_errors, fragment_at_work, start_over
from cnnviz.ui.text import _, number

_IN_PAGE = "_in_page"
"""Whether the page is being drawn, and it is no callback that runs."""
_UNTOLD = "_untold"
"""Why the last callback failed, until the page says it."""


def draw() -> None:
    """Draw the frame around a page."""
    st.html(CALM)
    with st.sidebar:
        st.selectbox(
            _("Language"),
            list(state.LANGUAGES),
            format_func=state.LANGUAGES.__getitem__,
            key=state.LANGUAGE_KEY,
        )
        st.caption(resources.device_label())
        st.button(
            _("Reset all"),
            key="app.reset",
            on_click=_reset,
            help=_("Every control back to where it started; your pictures stay in the tray."),
        )
        st.caption(
            _(
                "Your pictures stay in this server’s memory, for this session only: they are "
                "never written to disk, and let go about {minutes} minutes after you leave."
            ).format(minutes=number(session_minutes()))
        )
        st.button(_("Forget my pictures"), key="app.forget", on_click=_forget)
    _tell()


def session_minutes() -> int:
    """Return how long the server keeps a session whose browser has gone, in minutes."""
    return -(-int(st.get_option("server.disconnectedSessionTTL")) // 60)


def _reset() -> None:
    state.reset()
    album.undo_all()


def _forget() -> None:
    album.forget()
    prepared.forget()


@contextmanager
def answered() -> Iterator[None]:
    """Have errors answered, here and afterwards in fragments and callbacks."""
    answer_errors(_answer)
    state.hold(_IN_PAGE, True)
    try:
        yield
    except Exception:
        raise  # which `_answer` is asked about at once
    except BaseException:  # the page has stopped, or starts over
        state.hold(_IN_PAGE, False)
        raise
    state.hold(_IN_PAGE, False)


def _tell() -> None:
    """Show what went wrong in the callback before this run; once."""
    untold: Explained | None = state.held(_UNTOLD)
    state.hold(_UNTOLD, None)
    if untold is not None:
        show.refusal(untold)


def _answer(error: Exception) -> bool:
    """Show what went wrong; Streamlit has written it into the server's log.

    A callback comes before the page, of which nothing is drawn where it fails: the page starts over
    and says it.
    """
    why = _sentence(error)
    fragment = fragment_at_work()
    if fragment is None and not state.held(_IN_PAGE):
        state.hold(_UNTOLD, why)
        start_over()
        return True
    state.hold(_IN_PAGE, False)
    show.refusal(why)
    st.button(_("Try again"), key=f"app.again.{fragment}", icon=":material/refresh:")
    return True


def _sentence(error: Exception) -> Explained:
    if isinstance(error, Explained):
        return error
    if type(error) is LookupError:  # ours, of a run or a network that is asked for by its name
        return Explained("What was to be shown here is no longer on this server.")
    return Explained(
        "Something went wrong here, and stands in the server’s log for whoever runs it. What is "
        "kept is as it was: try again, or go on with something else."
    )
