"""The files of a run, read with suspicion: where they are, whether whole, and who holds them."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

from cnnviz.core.messages import Explained, Sentence
from cnnviz.core.records import TrainEvent
from cnnviz.core.strict import LONGEST_TEXT
from cnnviz.core.training import records
from cnnviz.core.training.records import Manifest, RunLabel, RunState
from cnnviz.nn.data.files import home_folder

CONTROLS = ("stop", "pause")
NICE_WORKER = "app-worker"
"""What a worker that makes way for others holds: one at a time on a machine."""
ALWAYS = (
    "run.json",
    "spec.json",
    "config.json",
    "state.json",
    "points.jsonl",
    "weights.safetensors",
)
"""Files that every run with a manifest has."""
_AS_ASKED = {
    "stop": RunState("stopped", records.BY_HAND),
    "pause": RunState("paused"),
    None: RunState("waiting"),
}
"""Where a run stands that nobody trains."""
_TAIL = 4096
"""Bytes in which the last event of a run is looked for; one has about 200."""


def runs_folder() -> Path:
    """Return where the runs are; there need not be any."""
    return home_folder() / "runs"


def run_folder(run_id: str) -> Path:
    """Return a run's folder.

    Raises:
        LookupError: there is no such run; nothing else is ever looked for on the disk.
    """
    folder = runs_folder() / run_id
    if not records.is_run_id(run_id) or not folder.is_dir():
        raise LookupError(f"no run {run_id[:60]!r}")
    return folder


@contextmanager
def disk_explained() -> Iterator[None]:
    """Turn the error of a full disk into a sentence; others pass."""
    try:
        yield
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        raise Explained(
            "The disk is full: nothing more could be saved. What was saved before is whole."
        ) from error


def asked(folder: Path) -> str | None:
    """Return "stop" or "pause" where a run's owner asks for it; stopping goes first."""
    return next((each for each in CONTROLS if (folder / each).exists()), None)


@contextmanager
def held(run_id: str, patience_s: float = 1.0) -> Iterator[None]:
    """Hold a run, as its only writer, by a lock that the system takes from the dead.

    Args:
        run_id: Of the run.
        patience_s: Seconds to wait: `is_held` holds it for a blink, too.

    Raises:
        TimeoutError: a living process holds it.
    """
    from filelock import FileLock, Timeout

    folder = runs_folder() / ".locks"
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(folder / run_id).acquire(timeout=patience_s):
            yield
    except Timeout as error:
        raise TimeoutError(f"{run_id} is held") from error


def is_held(run_id: str) -> bool:
    """Whether a living process is at the run; yes, where that cannot be told."""
    if not (runs_folder() / ".locks" / run_id).exists():
        return False
    try:
        with held(run_id, patience_s=0):
            return False
    except TimeoutError:
        return True
    except OSError as error:
        return error.errno != errno.EROFS  # where nothing can be written, nobody is at it


def manifest_of(folder: Path) -> Manifest:
    """Return the manifest of a run that is done; an empty one where it is not.

    Raises:
        Explained: it is damaged, or a file that every run has is not in it.
    """
    if not (folder / "manifest.json").exists():
        return Manifest()
    try:
        manifest = Manifest.from_json(read_text(folder / "manifest.json"))
    except Explained as error:
        raise broken("manifest.json") from error
    if not set(ALWAYS) <= manifest.files.keys():
        raise broken("manifest.json")
    return manifest


def read_text(path: Path) -> str:
    """Return a small text file; raises `Explained` where it is missing or no text."""
    try:
        with path.open("rb") as file:
            return file.read(LONGEST_TEXT + 1).decode()
    except (OSError, UnicodeDecodeError) as error:
        raise broken(path.name) from error


def state_of(folder: Path) -> RunState:
    """Return where a run stands, with every file of its manifest checked.

    A run is running only while a living process holds it: whatever became of its worker, without
    one it waits. A file is read again only when its size or time has changed: a table of runs
    stays fast.
    """
    try:
        manifest = manifest_of(folder)
        for name, expected in manifest.files.items():
            if _fingerprint(folder / name) != expected:
                raise broken(name)
        state, written = RunState("waiting"), folder / "state.json"
        if written.exists():
            state = records.read_state(read_text(written))
    except Explained as error:
        return RunState("broken", Sentence(error.message, error.numbers))
    if state.state in ("finished", "stopped", "pruned") and not manifest.files:
        state = RunState("running")  # its last files were being written
    if state.state == "running" and is_held(folder.name):
        return state
    if state.state in ("waiting", "running", "paused"):
        return _AS_ASKED[asked(folder)]
    return state


def sound_manifest(folder: Path) -> Manifest:
    """Return `manifest_of` a run, every file checked; raises `Explained` with the broken one."""
    state = state_of(folder)
    if state.state == "broken" and state.reason is not None:
        raise Explained(state.reason.message, **state.reason.numbers)
    return manifest_of(folder)


def read_sound(run_id: str, name: str) -> bytes | None:
    """Return a file of a run that is done; None where the run is not, or has no such file.

    Raises:
        LookupError: there is no such run.
        Explained: one of its files is missing, or not, byte by byte, what was written.
    """
    folder = run_folder(run_id)
    expected = sound_manifest(folder).files.get(name)
    if expected is None:
        return None
    try:
        data = (folder / name).read_bytes()
    except OSError as error:
        raise broken(name) from error
    if records.fingerprint(data) != expected:
        raise broken(name)
    return data


def _fingerprint(path: Path) -> tuple[int, str]:
    try:
        status = path.stat()
        return _cached(str(path), status.st_size, status.st_mtime_ns, status.st_ino)
    except OSError as error:
        raise broken(path.name) from error


@lru_cache(maxsize=8192)
def _cached(path: str, *_status: int) -> tuple[int, str]:
    return records.fingerprint(Path(path).read_bytes())


def broken(name: str) -> Explained:
    """Return the sentence for a file of a run that is not what was written."""
    return Explained("The run is broken: its file “{name}” is damaged or missing.", name=name)


def label_of(folder: Path) -> RunLabel:
    """Return what the owner calls a run; nothing where that cannot be read."""
    try:
        return records.read(RunLabel, read_text(folder / "label.json"))
    except Explained:
        return RunLabel()


def events_of(folder: Path) -> tuple[TrainEvent, ...]:
    """Return the events of a run's training so far."""
    path = folder / "points.jsonl"
    text = path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""
    return records.read_events(text)


def last_event(folder: Path) -> TrainEvent | None:
    """Return the last event of a run's training, reading the end of the file alone."""
    try:
        with (folder / "points.jsonl").open("rb") as file:
            size = file.seek(0, 2)
            file.seek(max(0, size - _TAIL))
            text = file.read().decode(errors="replace")
    except OSError:
        return None
    whole = text if size <= _TAIL else text.partition("\n")[2]
    events = records.read_events(whole)
    return events[-1] if events else None
