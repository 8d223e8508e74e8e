"""What a worker writes into a run's folder: points, snapshots, and at the end all the rest.

Every file is whole or not there; a run is good once its manifest, the last file, is. A writer
holds the run's lock, which the system releases when the process dies.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from cnnviz.core.files import read_whole, saving, write_whole
from cnnviz.core.messages import Explained, Sentence
from cnnviz.core.records import TrainEvent
from cnnviz.core.training import reading, records
from cnnviz.core.training.cards import NetworkCard
from cnnviz.core.training.records import Manifest, Mistake, RunState, SnapshotNote
from cnnviz.nn.runs import files, start
from cnnviz.nn.runs.files import run_folder
from cnnviz.nn.runs.start import read_text
from cnnviz.nn.training.snapshot import Snapshot, pack_snapshot, unpack_snapshot


class RunWriter:
    """A run while it is trained: its `folder`, and its `plan`, `spec` and `config` in a `with`.

    Raises:
        LookupError: there is no such run.
        Explained: its first files are damaged, or the disk is full; nothing that was there
            before is harmed. Any of its methods may raise it.
        TimeoutError: another process holds the run.
    """

    def __init__(self, run_id: str) -> None:
        self.folder = run_folder(run_id)
        self._held = files.held(run_id)

    def __enter__(self) -> RunWriter:
        with saving():
            self._held.__enter__()
        try:
            run_folder(self.folder.name)  # it may have been deleted meanwhile
            self.plan = start.plan(self.folder)
            self.spec = start.spec(self.folder)
            self.config = start.config(self.folder)
            for leftover in self.folder.glob(".*"):
                _drop(leftover)
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_error: object) -> None:
        self._held.__exit__(None, None, None)

    @property
    def is_done(self) -> bool:
        """Whether nothing is left to do for it."""
        return files.state_of(self.folder).state in records.DONE

    def start(self) -> Snapshot | None:
        """Say that it is running; return the last snapshot, and cut the points off behind it.

        A snapshot that is not what was written is not used: the run begins anew.
        """
        snapshot = read_snapshot(self.folder)
        step = 0 if snapshot is None else snapshot.step
        kept = (event for event in files.events_of(self.folder) if event.step <= step)
        with saving():
            write_whole(self.folder / "points.jsonl", _lines(kept))
        self._state(RunState("running"))
        return snapshot

    def add(self, event: TrainEvent) -> None:
        """Append one event; those at the end of an epoch are flushed to the disk."""
        with saving(), (self.folder / "points.jsonl").open("ab") as file:
            file.write(_lines([event]))
            if event.accuracy is not None:
                file.flush()
                os.fsync(file.fileno())

    def keep(self, snapshot: Snapshot) -> None:
        """Write a snapshot; the one before goes only when this one can be found."""
        data = pack_snapshot(snapshot)
        name = f"snapshot-{snapshot.step}.safetensors"
        with saving():
            write_whole(self.folder / name, data)
            note = SnapshotNote(name, *records.fingerprint(data))
            write_whole(self.folder / "snapshot.json", records.to_json(note).encode())
            self._drop_snapshots(but=name)

    def pause(self, reason: Sentence | None = None) -> None:
        """Say that it waits for its owner, and why they did not ask; what has been kept stays."""
        if reason is not None:
            with saving():
                write_whole(self.folder / "pause", b"")
        self._state(RunState("paused", reason))

    def fail(self, reason: Sentence) -> None:
        """Mark the run as failed, with the reason."""
        with suppress(Explained):
            self._state(RunState("failed", reason))
        self._drop_snapshots()  # which makes room on a full disk
        self._state(RunState("failed", reason))

    def finish(
        self,
        weights: bytes,
        *,
        state: RunState = RunState("finished"),  # noqa: B008 - frozen
        card: NetworkCard | None = None,
        mistakes: Iterable[Mistake] = (),
    ) -> None:
        """Write what is left of a run when its training is over; the manifest comes last.

        Args:
            weights: safetensors.
            state: "finished", with a card; or "stopped" or "pruned" and why, without: it is not
                tested.
            card: How good it is.
            mistakes: Test pictures it names wrong.
        """
        texts = {"weights.safetensors": weights}
        if card is not None:
            texts["card.json"] = card.to_json().encode()
            texts["mistakes.jsonl"] = _lines(mistakes)
        texts["state.json"] = records.to_json(state).encode()
        with saving():
            for name, data in texts.items():
                write_whole(self.folder / name, data)
            written = {
                name: records.fingerprint(read_whole(self.folder / name, files.LARGEST))
                for name in {*files.ALWAYS, *texts}
            }
            write_whole(self.folder / "manifest.json", Manifest(written).to_json().encode())
        self._drop_snapshots()
        for control in files.CONTROLS:
            _drop(self.folder / control)

    def _state(self, state: RunState) -> None:
        with saving():
            write_whole(self.folder / "state.json", records.to_json(state).encode())

    def _drop_snapshots(self, but: str = "") -> None:
        for path in self.folder.glob("snapshot*"):
            if path.name != but and (not but or path.name != "snapshot.json"):
                _drop(path)


def _drop(path: Path) -> None:
    """Delete a file that is of no more use; one that cannot be deleted does no harm."""
    with suppress(OSError):
        path.unlink()


def _lines(kept: Iterable[TrainEvent | Mistake]) -> bytes:
    return "".join(f"{records.to_json(each)}\n" for each in kept).encode()


def read_snapshot(folder: Path) -> Snapshot | None:
    """Return a run's last snapshot; None where there is none that is what was written."""
    try:
        note = reading.read(SnapshotNote, read_text(folder / "snapshot.json"))
        data = read_whole(folder / note.name, files.LARGEST)
        is_whole = records.fingerprint(data) == (note.size, note.sha256)
        return unpack_snapshot(data) if is_whole else None
    except (Explained, OSError):
        return None
