"""Starts the server, with what the first page needs on its way before the first person comes."""

from __future__ import annotations

import ctypes
import importlib
import sys
import threading
import time
from pathlib import Path

from cnnviz.ui.streamlit_internals import is_serving, serve

APP = Path(__file__).resolve().parents[2] / "app.py"

_OF_THE_FIRST_VIEW = (
    "cnnviz.ui.frame",
    "cnnviz.ui.nav",
    "cnnviz.ui.pictures.changing",
    "cnnviz.ui.pictures.choose",
    "cnnviz.ui.networks",
    "cnnviz.ui.layers",
    "cnnviz.ui.components.wall",
    "cnnviz.ui.components.browser",
    "PIL.BmpImagePlugin",  # which opening the page's icon would import, as the next four
    "PIL.GifImagePlugin",
    "PIL.JpegImagePlugin",
    "PIL.PngImagePlugin",
    "PIL.PpmImagePlugin",
    "numpy.ma",  # of the medians that prepare a digit
)
_M_ARENA_MAX = -8  # glibc's malloc.h
_TORCH_AFTER_S = 10.0
"""Unless somebody comes, who has it sooner: see `app.py`."""


def main(port: int | None = None) -> None:
    """Serve the app until interrupted; a port of None is Streamlit's own default, 8501."""
    if not APP.is_file():
        raise SystemExit("The app is started from a checkout of cnnviz: app.py is not beside it.")
    _share_memory()
    threading.Thread(target=_prepare, daemon=True).start()
    serve(APP, port)


def _share_memory() -> None:
    """Let all threads allocate in two arenas.

    Each session has threads of its own, and what one arena gives back, another cannot use.
    """
    if sys.platform == "linux":
        mallopt = getattr(ctypes.CDLL(None), "mallopt", None)  # glibc's
        if mallopt:
            mallopt(_M_ARENA_MAX, 2)


def _prepare() -> None:
    """Load what the first view is made of while the browser still fetches Streamlit's scripts."""
    while not is_serving():  # imports would keep the port shut
        time.sleep(0.02)
    for name in _OF_THE_FIRST_VIEW:
        importlib.import_module(name)
    text = importlib.import_module("cnnviz.ui.text")
    for language in importlib.import_module("cnnviz.ui.state").LANGUAGES:
        text.catalogue(language)
    importlib.import_module("cnnviz.ui.resources").warm(after_s=_TORCH_AFTER_S)
