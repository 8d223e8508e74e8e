"""The files of a run, read with suspicion: where they are, whether whole, and who holds them."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

from cnnviz.core.files import is_folder, is_there, opened, read_whole, saving
from cnnviz.core.messages import N_, Explained, Sentence
from cnnviz.core.records import TrainEvent
from cnnviz.core.training import reading, records
from cnnviz.core.training.records import Manifest, RunState
from cnnviz.nn.data.files import home_folder
from cnnviz.nn.runs import start
from cnnviz.nn.runs.start import broken, read_text

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
BY_HAND = Sentence(N_("It was stopped by hand."))
_AS_ASKED = {
    "stop": RunState("stopped", BY_HAND),
    "pause": RunState("paused"),
    None: RunState("waiting"),
}
"""Where a run stands that nobody trains."""
_TAIL = 4096
"""Bytes in which the last event of a run is looked for; one has about 200."""
LARGEST = 100_000_000
"""Bytes of a file that are read at most; weights have 50 MB at most."""


def runs_folder() -> Path:
    """Return where the runs are; there need not be any."""
    return home_folder() / "runs"


def run_folder(run_id: str) -> Path:
    """Return a run's folder.

    Raises:
        LookupError: there is no such run; nothing else is ever looked for on the disk.
    """
    folder = runs_folder() / run_id
    if not records.is_run_id(run_id) or not is_folder(folder):
        raise LookupError(f"no run {run_id[:60]!r}")
    return folder


def asked(folder: Path) -> str | None:
    """Return "stop" or "pause" where a run's owner asks for it; stopping goes first."""
    return next((each for each in CONTROLS if is_there(folder / each)), None)


@contextmanager
def held(run_id: str, patience_s: float = 1.0) -> Iterator[None]:
    """Hold a run, as its only writer, by a lock that the system takes from the dead.

    Args:
        run_id: Its id.
        patience_s: Seconds to wait: `is_held` holds it for a blink, too.

    Raises:
        TimeoutError: a living process holds it.
        Explained: locks cannot be written.
    """
    from filelock import FileLock

    folder = runs_folder() / ".locks"
    with saving():
        folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(folder / run_id).acquire(timeout=patience_s)  # or a `TimeoutError`
    with lock:
        yield


def is_held(run_id: str) -> bool:
    """Whether a living process is at the run; yes, where that cannot be told."""
    if not is_there(runs_folder() / ".locks" / run_id):
        return False
    try:
        with held(run_id, patience_s=0):
            return False
    except TimeoutError:
        return True
    except Explained as error:  # where nothing can be written, nobody is at it
        return getattr(error.__cause__, "errno", None) != errno.EROFS


def manifest_of(folder: Path) -> Manifest:
    """Return the manifest of a run that is done; an empty one where it is not.

    Raises:
        Explained: it is damaged, or a file that every run has is not in it.
    """
    if not is_there(folder / "manifest.json"):
        return Manifest()
    try:
        manifest = Manifest.from_json(read_text(folder / "manifest.json"))
    except Explained as error:
        raise broken("manifest.json") from error
    if not set(ALWAYS) <= manifest.files.keys():
        raise broken("manifest.json")
    return manifest


def state_of(folder: Path) -> RunState:
    """Return where a run stands; what it began with and its manifest's files are checked.

    A run is running only while a living process holds it: whatever became of its worker, without
    one it waits. A file is read again only when its size or time has changed: a table of runs
    stays fast.
    """
    try:
        start.check(folder)
        manifest = manifest_of(folder)
        for name, expected in manifest.files.items():
            _check(folder / name, expected)
        state, written = RunState("waiting"), folder / "state.json"
        if is_there(written):
            state = reading.read_state(read_text(written))
        if state.state in ("finished", "stopped", "pruned") and not manifest.files:
            _check_that_it_was_being_written(folder)
            state = RunState("running")
    except Explained as error:
        return RunState("broken", Sentence(error.message, error.numbers))
    if state.state == "running" and is_held(folder.name):
        return state
    if state.state in ("waiting", "running", "paused"):
        wish = _AS_ASKED[asked(folder)]
        return state if wish.state == state.state == "paused" else wish
    return state


def _check_that_it_was_being_written(folder: Path) -> None:
    """Raise `broken` for a manifest that is missing though nobody was just about to write it.

    Whoever dies over it leaves the snapshot, which goes last, or what asked for the end.
    """
    is_cut_short = is_there(folder / "snapshot.json") or asked(folder) is not None
    has_weights = is_there(folder / "weights.safetensors")
    if has_weights and not is_cut_short and not is_held(folder.name):
        raise broken("manifest.json")


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
        data = read_whole(folder / name, LARGEST)
    except OSError as error:
        raise broken(name) from error
    if records.fingerprint(data) != expected:
        raise broken(name)
    return data


def _check(path: Path, expected: tuple[int, str]) -> None:
    """Raise `broken` unless a file has the size and the SHA-256 that its manifest says."""
    try:
        status = path.stat()
        found = _cached(str(path), status.st_size, status.st_mtime_ns, status.st_ino)
    except (OSError, ValueError) as error:
        raise broken(path.name) from error
    if found != expected:
        raise broken(path.name)


@lru_cache(maxsize=8192)
def _cached(path: str, *_status: int) -> tuple[int, str]:
    return records.fingerprint(read_whole(Path(path), LARGEST))


def events_of(folder: Path) -> tuple[TrainEvent, ...]:
    """Return the events of a run's training so far."""
    try:
        text = read_whole(folder / "points.jsonl", LARGEST).decode(errors="replace")
    except OSError:
        return ()
    return reading.read_events(text)


def last_event(folder: Path) -> TrainEvent | None:
    """Return the last event of a run's training, reading the end of the file alone."""
    try:
        with opened(folder / "points.jsonl") as file:
            size = file.seek(0, 2)
            file.seek(max(0, size - _TAIL))
            text = file.read().decode(errors="replace")
    except OSError:
        return None
    whole = text if size <= _TAIL else text.partition("\n")[2]
    events = reading.read_events(whole)
    return events[-1] if events else None
