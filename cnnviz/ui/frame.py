"""What surrounds every page: name, language, device, and the buttons that take things back."""

from __future__ import annotations

import streamlit as st

from cnnviz.ui import resources, state
from cnnviz.ui.pictures import album, prepared
from cnnviz.ui.streamlit_internals import CALM
from cnnviz.ui.text import _, number


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


def session_minutes() -> int:
    """Return how long the server keeps a session whose browser has gone, in minutes."""
    return -(-int(st.get_option("server.disconnectedSessionTTL")) // 60)


def _reset() -> None:
    state.reset()
    album.undo_all()


def _forget() -> None:
    album.forget()
    prepared.forget()
