"""What all sessions share: torch itself, loaded in the background, and the networks.

Streamlit collects garbage after every run; with torch loaded that walks over a million objects.
`settle_garbage` moves what heavy imports and network loads left behind out of its sight.
"""

from __future__ import annotations

import atexit
import gc
import os
import sys
import threading
from typing import TYPE_CHECKING

import streamlit as st

from cnnviz import nn
from cnnviz.core.training.cards import NetworkCard, load_card
from cnnviz.core.training.records import is_run_id
from cnnviz.ui.text import _

if TYPE_CHECKING:
    from torch.nn import Sequential

_GARBAGE = threading.Lock()
_STARTING = threading.Lock()
_WARM = threading.Event()
_USED_FIRST = "activate", "capture", "convolve", "explain", "load_network", "pool"
atexit.register(gc.unfreeze)  # libraries that count their objects at the end find none left


def settle_garbage() -> None:
    """Collect once, then exempt everything alive from later collections."""
    with _GARBAGE:
        gc.collect()
        gc.freeze()


def _import_torch() -> None:
    with _STARTING:
        if not is_warm():
            nn.use_threads(1)
            for name in _USED_FIRST:
                getattr(nn, name)  # which imports its module
            settle_garbage()
            _WARM.set()


def warm(after_s: float = 0.0) -> None:
    """Load torch in the background, once a server; who asks for it soonest gets it.

    It waits because imports hold the interpreter: beside them the first view, which needs no
    torch, would take twice as long to be painted.
    """
    if not is_warm():
        timer = threading.Timer(after_s, _import_torch)
        timer.daemon = True
        timer.start()


def is_warm() -> bool:
    """Whether torch is there, so that an answer needs no waiting."""
    return _WARM.is_set()


@st.cache_resource(max_entries=16, show_spinner=False)
def network(name: str) -> Sequential:
    """Return a shipped network or a run's, shared by all sessions: frozen, without hooks.

    Whether a person may see the run is asked before, in `ui.networks.choose`.
    """
    loaded = nn.load_network(name)
    settle_garbage()
    return loaded


@st.cache_resource(max_entries=64, show_spinner=False)
def card(name: str) -> NetworkCard:
    """Return what is known about a shipped network, without torch, or about a finished run.

    Raises:
        LookupError: there is no such network.
        Explained: the run's files are damaged.
    """
    return nn.load_card(name) if is_run_id(name) else load_card(name)


def device_label() -> str:
    """Return what computes here: the CUDA device's name, or the processor's cores."""
    torch = sys.modules.get("torch")
    if torch is not None and is_warm() and torch.cuda.is_available():
        return f"CUDA · {torch.cuda.get_device_name()}"
    return _("CPU · {cores} cores").format(cores=os.cpu_count())
