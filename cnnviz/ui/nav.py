"""The pages, the way from one to another, and the guard that puts a page into its frame.

With a `pages/` folder Streamlit starts in its old multipage mode, and the first visitor who
follows a deep link to a fresh server would get the bare page. Each page therefore begins with
`guard()`, which, when `app.py` has not framed this run, declares the navigation and starts over.
"""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from cnnviz.core.messages import N_
from cnnviz.ui import state
from cnnviz.ui.places import SITE
from cnnviz.ui.text import _

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


def pages() -> list[st.Page]:
    """Return the pages with their titles in the reader's language."""
    return [
        st.Page(_path(name), title=_(title), icon=icon, url_path=name, default=name == "start")
        for name, (title, icon) in PAGES.items()
    ]


def _path(name: str) -> Path:
    return SITE / "pages" / f"{name}.py"


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


def go(name: str, **query: str) -> None:
    """Walk to another page, keeping the language in the address."""
    st.switch_page(_path(name), query_params={"lang": state.language(), **query})
