"""Training runs as folders: asked for, listed, labelled, stopped, deleted, opened again.

One folder a run in `CNNVIZ_HOME`/runs/<run_id>/. The worker alone writes there (`nn.runs.writer`),
but for the label and the control files `stop` and `pause`. A run that is done has a manifest with
the SHA-256 of each of its files, written last; what does not match it is broken, never good.

Every function that takes a run's id raises `LookupError` where there is no such run, or where it
is another person's; every one that writes raises `Explained` where the disk is full.
"""

from __future__ import annotations

import secrets
import shutil
import time
from contextlib import suppress
from pathlib import Path

from cnnviz.core.files import sync_folder, write_whole
from cnnviz.core.messages import Explained
from cnnviz.core.networks.network_spec import NetworkSpec
from cnnviz.core.records import TrainEvent
from cnnviz.core.strict import choice
from cnnviz.core.training import records
from cnnviz.core.training.cards import NetworkCard
from cnnviz.core.training.records import RunLabel, RunPlan, RunRecord
from cnnviz.core.training.train_config import TrainConfig
from cnnviz.nn.runs import files
from cnnviz.nn.runs.files import disk_explained, read_text, run_folder, runs_folder

STALE_S = 3600
"""Age from which half-made folders are left-overs."""


def create_run(
    spec: NetworkSpec,
    config: TrainConfig,
    plan: RunPlan,
    label: RunLabel = RunLabel(),  # noqa: B008 - frozen
) -> str:
    """Make the folder of a run that waits for a worker, whole or not at all; return the run's id.

    Raises:
        OSError: the folder cannot be written.
    """
    run_id, root = records.new_run_id(), runs_folder()
    with disk_explained():
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
    plan = records.read(RunPlan, read_text(folder / "run.json"))
    label = files.label_of(folder)
    if viewer is not None and viewer != plan.owner and not label.shared:
        raise LookupError(f"no run {run_id!r}")
    state, card = files.state_of(folder), None
    if state.state == "finished":
        card = NetworkCard.from_json(read_text(folder / "card.json"))
    return RunRecord(
        run_id,
        plan,
        NetworkSpec.from_json(read_text(folder / "spec.json")),
        TrainConfig.from_json(read_text(folder / "config.json")),
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


def read_points(run_id: str) -> tuple[TrainEvent, ...]:
    """Return the events of a run's training so far."""
    return files.events_of(run_folder(run_id))


def relabel(run_id: str, owner: str, label: RunLabel) -> None:
    """Write name, note and sharing anew."""
    with disk_explained():
        write_whole(owned(run_id, owner) / "label.json", records.to_json(label).encode())


def delete_run(run_id: str, owner: str) -> None:
    """Delete a run, at once or not at all; raises `Explained` while it is being trained."""
    folder = owned(run_id, owner)
    trash = folder.with_name(f".deleted-{secrets.token_hex(4)}-{run_id}")
    try:
        with files.held(run_id):
            folder.rename(trash)
    except TimeoutError:
        raise Explained("The run is being trained: stop it before deleting it.") from None
    sync_folder(trash.parent)
    shutil.rmtree(trash, ignore_errors=True)


def owned(run_id: str, owner: str) -> Path:
    """Return the folder of a person's own run."""
    folder = run_folder(run_id)
    if records.read(RunPlan, read_text(folder / "run.json")).owner != owner:
        raise LookupError(f"no run {run_id!r}")
    return folder


def ask(run_id: str, owner: str, control: str) -> None:
    """Ask whoever trains a run to "stop" or to "pause"; heeded within a second or two."""
    choice("control", control, files.CONTROLS)
    with disk_explained():
        write_whole(owned(run_id, owner) / control, b"")


def withdraw(run_id: str, owner: str, control: str) -> None:
    """Take back what `ask` asked for."""
    choice("control", control, files.CONTROLS)
    (owned(run_id, owner) / control).unlink(missing_ok=True)


def tidy_runs() -> None:
    """Remove what deletions left behind, and interrupted creations an hour ago or more."""
    for folder in runs_folder().glob(".deleted-*"):
        shutil.rmtree(folder, ignore_errors=True)
    for folder in runs_folder().glob(".new-*"):
        with suppress(OSError):  # it has got its name meanwhile
            if time.time() - folder.stat().st_mtime > STALE_S:
                shutil.rmtree(folder, ignore_errors=True)
