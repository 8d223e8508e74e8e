"""Training runs as folders: asked for, listed, labelled, stopped, deleted, opened again.

One folder a run in `CNNVIZ_HOME`/runs/<run_id>/. The worker alone writes there (`nn.runs.writer`),
but for the label and the control files `stop` and `pause`. A run that is done has a manifest with
the SHA-256 of each of its files, written last; what does not match it is broken, never good.

Every function that takes a run's id raises `LookupError` where there is no such run, or where it
is another person's; every one that writes raises `Explained` where that cannot be done.
"""

from __future__ import annotations

import secrets
import shutil
import time
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from cnnviz.core.files import disk_full, saving, sync_folder, write_whole
from cnnviz.core.messages import Explained
from cnnviz.core.networks.network_spec import NetworkSpec
from cnnviz.core.records import TrainEvent
from cnnviz.core.strict import choice
from cnnviz.core.training import records
from cnnviz.core.training.cards import NetworkCard
from cnnviz.core.training.records import RunLabel, RunPlan, RunRecord
from cnnviz.core.training.train_config import TrainConfig
from cnnviz.nn.runs import files, start
from cnnviz.nn.runs.files import run_folder, runs_folder
from cnnviz.nn.runs.start import read_text

ROOM = 1_000_000
"""Bytes that must be free: fewer are not enough for a run."""
STALE_S = 3600
"""Age from which half-made folders are left-overs."""


class BrokenRun(NamedTuple):
    """A run that its owner had, of which it can no longer be told what it was, and why."""

    id: str
    name: str
    reason: Explained


def create_run(
    spec: NetworkSpec,
    config: TrainConfig,
    plan: RunPlan,
    label: RunLabel = RunLabel(),  # noqa: B008 - frozen
) -> str:
    """Make the folder of a run that waits for a worker, whole or not at all; return its id."""
    run_id, root = records.new_run_id(), runs_folder()
    with saving():
        root.mkdir(parents=True, exist_ok=True)
        half = root / f".new-{run_id}"
        half.mkdir()
        try:
            write_whole(half / "spec.json", spec.to_json().encode())
            write_whole(half / "config.json", config.to_json().encode())
            write_whole(half / "label.json", records.to_json(label).encode())
            write_whole(half / "run.json", records.to_json(plan).encode())
            half.rename(root / run_id)
        except BaseException:
            shutil.rmtree(half, ignore_errors=True)
            raise
        sync_folder(root)
    return run_id


def plan_run(dataset: str, owner: str, *, search: str = "") -> RunPlan:
    """Return the plan of a run asked for now."""
    return RunPlan(dataset, owner, records.now(), search)


def read_run(run_id: str, viewer: str | None = None) -> RunRecord:
    """Return a run, every file of it checked where it is done.

    Args:
        run_id: "run-" and hexadecimal digits.
        viewer: A person: others' runs are not there for them unless shared. None: whoever asks.

    Raises:
        Explained: it cannot even be told what run it was.
    """
    folder = run_folder(run_id)
    plan = start.plan(folder)
    label = start.label(folder)
    if viewer is not None and viewer != plan.owner and not label.shared:
        raise LookupError(f"no run {run_id!r}")
    state, card = files.state_of(folder), None
    if state.state == "finished":
        card = NetworkCard.from_json(read_text(folder / "card.json"))
    return RunRecord(
        run_id,
        plan,
        start.spec(folder),
        start.config(folder),
        label,
        state.state,
        state.reason,
        files.last_event(folder),
        card,
    )


def list_runs(viewer: str | None = None, *, by: str = "created") -> tuple[RunRecord, ...]:
    """Return the runs that a viewer may see (as in `read_run`), the largest or newest first.

    Sorted `by` one of `core.training.records.SORTS`. Folders of which nothing can be told are left
    out; nothing on the disk makes this raise.
    """
    found = []
    for folder in runs_folder().glob("run-*"):
        with suppress(LookupError, Explained, OSError):
            found.append(read_run(folder.name, viewer))
    return tuple(sorted(found, key=lambda run: run.key(by), reverse=True))


def broken_runs(owner: str) -> tuple[BrokenRun, ...]:
    """Return a person's runs that `list_runs` has to leave out, so that none goes without a word.

    Their folders stay as they are; `delete_run` takes them.
    """
    found = []
    for folder in sorted(runs_folder().glob("run-*")):
        try:
            start.check(run_folder(folder.name))
        except Explained as why:
            with suppress(Explained):
                plan, label = start.plan(folder), start.label(folder)
                if plan.owner == owner:
                    found.append(BrokenRun(folder.name, label.name or folder.name, why))
        except LookupError:
            continue
    return tuple(found)


def check_room() -> None:
    """Raise `Explained` unless a file can be saved where runs are kept, and there is room."""
    with saving():
        runs_folder().mkdir(parents=True, exist_ok=True)
        write_whole(runs_folder() / ".room", b"")
        if shutil.disk_usage(runs_folder()).free < ROOM:
            raise disk_full()


def read_points(run_id: str) -> tuple[TrainEvent, ...]:
    """Return the events of a run's training so far."""
    return files.events_of(run_folder(run_id))


def relabel(run_id: str, owner: str, label: RunLabel) -> None:
    """Write name, note and sharing anew."""
    with saving():
        write_whole(owned(run_id, owner) / "label.json", records.to_json(label).encode())


def delete_run(run_id: str, owner: str) -> None:
    """Delete a run, at once or not at all; raises `Explained` while it is being trained."""
    folder = owned(run_id, owner)
    trash = folder.with_name(f".deleted-{secrets.token_hex(4)}-{run_id}")
    try:
        with files.held(run_id), saving():
            folder.rename(trash)
            sync_folder(trash.parent)
    except TimeoutError:
        raise Explained("The run is being trained: stop it before deleting it.") from None
    shutil.rmtree(trash, ignore_errors=True)


def owned(run_id: str, owner: str) -> Path:
    """Return the folder of a person's own run."""
    folder = run_folder(run_id)
    if start.plan(folder).owner != owner:
        raise LookupError(f"no run {run_id!r}")
    return folder


def ask(run_id: str, owner: str, control: str) -> None:
    """Ask whoever trains a run to "stop" or to "pause"; heeded within a second or two."""
    choice("control", control, files.CONTROLS)
    with saving():
        write_whole(owned(run_id, owner) / control, b"")


def withdraw(run_id: str, owner: str, control: str) -> None:
    """Take back what `ask` asked for."""
    choice("control", control, files.CONTROLS)
    with saving():
        (owned(run_id, owner) / control).unlink(missing_ok=True)


def tidy_runs() -> None:
    """Remove what deletions left behind, and interrupted creations an hour ago or more."""
    for folder in runs_folder().glob(".deleted-*"):
        shutil.rmtree(folder, ignore_errors=True)
    for folder in runs_folder().glob(".new-*"):
        with suppress(OSError):  # it has got its name meanwhile
            if time.time() - folder.stat().st_mtime > STALE_S:
                shutil.rmtree(folder, ignore_errors=True)
