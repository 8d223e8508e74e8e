"""Starts the server as `streamlit run` does, and loads what the first page needs beforehand."""

from __future__ import annotations

import ctypes
import importlib
import os
import sys
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import streamlit as st

from cnnviz.ui.places import SITE
from cnnviz.ui.streamlit_internals import check_settings, is_serving, override, serve

_SHORT = {"--port": "--server.port", "--address": "--server.address"}
_GREETS = threading.Event()
"""Set where nobody asked for silence."""

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


def main(words: Sequence[str] = ()) -> None:
    """Serve the app until interrupted.

    Args:
        words: Options as `streamlit run` has them; `--port` and `--address` are short for two.

    Raises:
        SystemExit: the app cannot be started; one sentence says why.
    """
    _stand_somewhere()
    _share_memory()
    threading.Thread(target=_prepare, daemon=True).start()
    try:
        serve(SITE / "app.py", [_in_full(word) for word in words], _settle)
    except Exception as error:
        if is_serving():
            raise
        print(f"The app cannot be started. {_reason(error)}", file=sys.stderr)
        raise SystemExit(2 if isinstance(error, ValueError) else 1) from None


def _stand_somewhere() -> None:
    """Name a home and a folder to stand in where there is none: Streamlit looks into both.

    Users of containers often have no home.
    """
    try:
        has_home = not Path.home().is_file()
    except (RuntimeError, OSError):
        has_home = False
    if not has_home:
        os.environ["HOME"] = "/nonexistent"
    try:
        Path.cwd()
    except FileNotFoundError:
        os.chdir(SITE)


def _in_full(word: str) -> str:
    name, equals, value = word.partition("=")
    return _SHORT.get(name, name) + equals + value


def _reason(error: Exception) -> str:
    """One sentence; any of Streamlit’s settings can have caused the error."""
    said = str(error).strip() or type(error).__name__
    if isinstance(error, OSError) and error.strerror:
        address, port = map(st.get_option, ("server.address", "server.port"))
        said = f"{error.filename or f'Address {address}, port {port}'}: {error.strerror}"
    return said.rstrip(".") + "."


def _settle() -> None:
    """Have the last word on Streamlit’s settings, before they are heeded.

    Its greeting makes way for ours, which asks no server on the internet for this one’s address.
    """
    if not st.get_option("logger.hideWelcomeMessage"):
        override("logger.hideWelcomeMessage", True)
        _GREETS.set()
    check_settings()
    address = (st.get_option("server.address") or "").strip("[]")
    if ":" in address:  # IPv6, which Streamlit’s own addresses would lack the brackets of
        override("server.address", address)
        if address != "::" and st.get_option("browser.serverAddress") == "localhost":
            override("browser.serverAddress", f"[{address}]")


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
    if _GREETS.is_set():
        with suppress(OSError):  # nobody reads it
            print(importlib.import_module("cnnviz.ui.reach").welcome(), flush=True)
    for name in _OF_THE_FIRST_VIEW:
        importlib.import_module(name)
    text = importlib.import_module("cnnviz.ui.text")
    for language in importlib.import_module("cnnviz.ui.state").LANGUAGES:
        text.catalogue(language)
    importlib.import_module("cnnviz.ui.resources").warm(after_s=_TORCH_AFTER_S)
