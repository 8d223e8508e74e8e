"""The pages, the frame around them, and the guard that puts a page into its frame.

With a `pages/` folder Streamlit starts in its old multipage mode, and the first visitor who
follows a deep link to a fresh server would get the bare page. Each page therefore begins with
`guard()`, which, when `app.py` has not framed this run, declares the navigation and starts over.
"""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from cnnviz.core.messages import N_
from cnnviz.ui import resources, state
from cnnviz.ui.pictures import album, prepared
from cnnviz.ui.text import _, number

_FOLDER = Path(__file__).resolve().parents[2] / "pages"

ICON = str(Path(__file__).with_name("icon.png"))

PAGES: dict[str, tuple[str, str]] = {
    "start": (N_("Start"), ":material/home:"),
    "pixels": (N_("Pixels"), ":material/apps:"),
    "convolution": (N_("Convolution"), ":material/grid_on:"),
    "pooling": (N_("Pooling"), ":material/compress:"),
    "network": (N_("Network"), ":material/account_tree:"),
    "train": (N_("Training"), ":material/model_training:"),
    "classify": (N_("Photographs"), ":material/photo_camera:"),
}
"""File name = URL path → (title, icon), in order; the first is `/`."""

_CALM = (
    '<style>[data-testid="stElementContainer"][data-stale="true"]'
    "{ opacity: 1 !important; transition: none !important }</style>"
)
"""Nothing fades while a run goes on. Streamlit gives every element that waits for its turn a
transition, hence a layer of its own in the browser, and paints the page anew when they come and
when they go: a third of the time from a click to its answer on `/convolution`."""


def pages() -> list[st.Page]:
    """Return the pages with their titles in the reader's language."""
    return [
        st.Page(_path(name), title=_(title), icon=icon, url_path=name, default=name == "start")
        for name, (title, icon) in PAGES.items()
    ]


def _path(name: str) -> Path:
    return _FOLDER / f"{name}.py"


def navigate() -> st.Page:
    """Settle language, layout and navigation; returns the page that was asked for.

    The icon comes before the navigation, which would otherwise fetch the page's from the web.
    """
    state.settle_language()
    st.set_page_config(page_icon=ICON, layout="wide", initial_sidebar_state=230)
    page = st.navigation(pages())
    st.set_page_config(page_title=f"{page.title} · cnnviz", initial_sidebar_state=230)
    return page


def guard() -> None:
    """Start over inside the frame if this page is running bare."""
    if not state.take_framed():
        navigate()
        st.rerun()


def frame() -> None:
    """Draw what surrounds every page: name, language, device."""
    st.html(_CALM)
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


def go(name: str, **query: str) -> None:
    """Walk to another page, keeping the language in the address."""
    st.switch_page(_path(name), query_params={"lang": state.language(), **query})


def href(name: str) -> str:
    """Return the address of a page, for links that the browser may open by itself."""
    return f"{'' if name == 'start' else name}?lang={state.language()}"
