"""A person's runs and the worker that trains them; torch and Optuna are imported late."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import streamlit as st

from cnnviz import nn
from cnnviz.core.messages import Explained
from cnnviz.core.pictures.data_sets import DATA_SETS
from cnnviz.core.training.records import RunLabel, RunRecord
from cnnviz.core.training.train_config import TrainConfig
from cnnviz.ui import resources, show, state
from cnnviz.ui.components.browser import person
from cnnviz.ui.text import _, number
from cnnviz.ui.training.presets import Design

_REFUSED = "train.refused"
_OPENING = threading.Lock()
_CALM_S = 20.0
"""Seconds before a worker that ended in an error is followed by another one."""
_ROOT = str(Path(__file__).resolve().parents[3])


@contextmanager
def refusals() -> Iterator[None]:
    """In a callback, keep why something could not be done, for `take_refusal`."""
    try:
        yield
    except Explained as why:
        refuse(why)
    except LookupError:
        refuse(gone())


@contextmanager
def shown() -> Iterator[None]:
    """While runs are drawn, say what befell one meanwhile in place of what would have followed."""
    with show.explained():
        try:
            yield
        except LookupError as error:
            raise gone() from error


def refuse(why: Explained) -> None:
    """Keep a refusal for `take_refusal`."""
    state.hold(_REFUSED, why)


def gone() -> Explained:
    """Return the sentence for a run whose folder has been deleted."""
    return Explained("This run is no longer there.")


def take_refusal() -> Explained | None:
    """Return why the last callback could not do what it was to do; only once."""
    why: Explained | None = state.held(_REFUSED)
    state.hold(_REFUSED, None)
    return why


@contextmanager
def queue() -> Iterator[nn.RunQueue]:
    """Open the queue for a moment."""
    with _OPENING:  # who opens it first makes its tables, and two at once would get in the way
        opened = nn.RunQueue()
    with opened:
        yield opened


def submit(design: Design, config: TrainConfig, dataset: str) -> None:
    """Ask for a run in this person's name, and see to it that somebody trains it; a callback."""
    with refusals():
        spec = design.spec(dataset, DATA_SETS[dataset].labels)
        name = _("Run {number}").format(number=number(len(own_runs()) + 1))
        nn.check_room()
        with queue() as opened:
            opened.submit(spec, config, dataset, person(), RunLabel(name))
        ensure_worker()


def seen_runs() -> tuple[RunRecord, ...]:
    """Return this person's runs and those that others share, the newest first."""
    return nn.list_runs(person())


def own_runs(seen: tuple[RunRecord, ...] | None = None) -> tuple[RunRecord, ...]:
    """Return this person's runs, the newest first; out of those seen, if they were listed."""
    me = person()
    return tuple(run for run in (seen_runs() if seen is None else seen) if run.plan.owner == me)


def plain_name(run: RunRecord) -> str:
    """Return what a run is called, for places that read Markdown."""
    return plain_text(run.name)


def plain_text(text: str) -> str:
    """Return a person's words so that Markdown shows them as they are."""
    special = "\\`*_{}[]()#+-.!|<>$:~"
    return "".join(f"\\{each}" if each in special else each for each in text)


def ask(run_id: str, control: str) -> None:
    """Stop or pause a run; a callback."""
    with refusals():
        nn.ask(run_id, person(), control)


def resume(run_id: str) -> None:
    """Let a paused run go on; a callback."""
    with refusals():
        nn.check_room()
        with queue() as opened:
            opened.resume(run_id, person())
        ensure_worker()


def rename(run_id: str, key: str) -> None:
    """Call a run what the widget `key` says; a callback."""
    _relabel(run_id, name=str(state.held(key) or "").strip())


def share(run_id: str, key: str) -> None:
    """Let everybody see a run on the board, or nobody, as the widget `key` says; a callback."""
    _relabel(run_id, shared=bool(state.held(key)))


def _relabel(run_id: str, **changes: Any) -> None:
    with refusals():
        label = nn.read_run(run_id, person()).label
        nn.relabel(run_id, person(), replace(label, **changes))


def delete(run_id: str) -> None:
    """Delete a run that is done; a callback."""
    with refusals():
        nn.delete_run(run_id, person())


@st.cache_resource(max_entries=1, show_spinner=False)
def prepare() -> None:
    """Load what the first click will need, once, while the page is being looked at."""
    threading.Thread(target=_import_queue, daemon=True).start()


def _import_queue() -> None:
    from cnnviz.nn.runs import queue, storage  # noqa: F401

    storage.import_storage()  # opens no database
    resources.settle_garbage()


@dataclass(slots=True)
class _Office:
    """The worker that this server started last."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    process: subprocess.Popen[bytes] | None = None
    started: float = float("-inf")


@st.cache_resource(max_entries=1, show_spinner=False)
def _office() -> _Office:
    return _Office()


def ensure_worker() -> None:
    """Start a worker unless there is one; it outlives this server, and goes when it is idle.

    Raises:
        Explained: none can work here, for nothing can be saved.
    """
    from cnnviz.nn.runs.files import NICE_WORKER, is_held

    office = _office()
    with office.lock:
        if office.process is not None:
            code = office.process.poll()
            if code is None:
                return
            if code and time.monotonic() - office.started < _CALM_S:
                nn.check_room()
                return
        if is_held(NICE_WORKER):
            return
        nn.check_room()
        office.process = start_worker()
        office.started = time.monotonic()


def start_worker() -> subprocess.Popen[bytes]:
    """Start a worker as a process of its own session, at low priority: pages come first."""
    paths = [_ROOT, *filter(None, [os.environ.get("PYTHONPATH")])]
    return subprocess.Popen(
        [sys.executable, "-m", "cnnviz", "worker", "--until-idle", "--nice"],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=os.name == "posix",
    )
