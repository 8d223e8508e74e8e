"""Starts the server, with what the first page needs on its way before the first person comes."""

from __future__ import annotations

import ctypes
import importlib
import sys
import threading
import time
from pathlib import Path

from streamlit import runtime
from streamlit.runtime import RuntimeState
from streamlit.runtime.pages_manager import PagesManager
from streamlit.web import bootstrap

APP = Path(__file__).resolve().parents[2] / "app.py"

_OF_THE_FIRST_VIEW = (
    "cnnviz.ui.frame",
    "cnnviz.ui.pictures.choose",
    "cnnviz.ui.networks.results",
    "cnnviz.ui.layers",
    "cnnviz.ui.components.wall",
    "cnnviz.ui.components.browser",
    "numpy.ma",  # of the medians that prepare a digit
)
_M_ARENA_MAX = -8  # glibc's malloc.h
_TORCH_AFTER_S = 10.0
"""Unless somebody comes, who has it sooner: see `app.py`."""


def main(port: int | None = None) -> None:
    """Serve the app until interrupted.

    Args:
        port: TCP port; None for Streamlit's own default, 8501.
    """
    if not APP.is_file():
        raise SystemExit("The app is started from a checkout of cnnviz: app.py is not beside it.")
    _share_memory()
    threading.Thread(target=_prepare, daemon=True).start()
    # As `st.navigation` says in the first run. Until then Streamlit takes the files in pages/ for
    # the pages, and draws their sidebar, before ours has said how wide it is.
    PagesManager.uses_pages_directory = False
    options = {"server.port": port} if port else {}
    bootstrap.load_config_options(options)
    bootstrap.run(str(APP), False, [], options)


def _share_memory() -> None:
    """Let all threads allocate in two arenas.

    Each session has threads of its own, and what one arena gives back, another cannot use.
    """
    if sys.platform == "linux":
        mallopt = getattr(ctypes.CDLL(None), "mallopt", None)  # glibc's
        if mallopt:
            mallopt(_M_ARENA_MAX, 2)


def _is_serving() -> bool:
    return runtime.exists() and runtime.get_instance().state is not RuntimeState.INITIAL


def _prepare() -> None:
    """Load what the first view is made of while the browser still fetches Streamlit's scripts."""
    while not _is_serving():  # imports would keep the port shut
        time.sleep(0.02)
    for name in _OF_THE_FIRST_VIEW:
        importlib.import_module(name)
    text = importlib.import_module("cnnviz.ui.text")
    for language in importlib.import_module("cnnviz.ui.state").LANGUAGES:
        text.catalogue(language)
    importlib.import_module("cnnviz.ui.resources").warm(after_s=_TORCH_AFTER_S)
