"""A training run as plain records, and the form of its files. Knows no torch and no folder.

`nn.runs` keeps them in a folder a run. What a person wrote (a name, a note) is text and nothing
else; identifiers are made here and never become a path unless they look like one of ours.
"""

from __future__ import annotations

import hashlib
import json
import re
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import TypeVar

from cnnviz.core.messages import N_, Explained, Sentence
from cnnviz.core.networks.network_spec import NetworkSpec
from cnnviz.core.records import TrainEvent
from cnnviz.core.strict import choice, entries, many, mapping, parse, whole, words
from cnnviz.core.training.cards import NetworkCard
from cnnviz.core.training.train_config import TrainConfig

LONGEST_NAME, LONGEST_NOTE = 80, 2000
STATES = {
    "waiting": N_("Waiting"),
    "running": N_("Being trained"),
    "paused": N_("Paused"),
    "stopped": N_("Stopped"),
    "pruned": N_("Given up"),
    "finished": N_("Finished"),
    "failed": N_("Failed"),
    "broken": N_("Broken"),
}
"""Names for people; `broken` is never written: it is what a reader finds."""
DONE = ("stopped", "pruned", "finished", "failed", "broken")
"""States that a run does not leave again."""
MOST_MISTAKES = 60
"""Wrong answers of a network that are written down, the surest first."""
SORTS = ("created", "name", "accuracy", "parameters", "seconds")

Record = TypeVar("Record")

_RUN_ID = re.compile(r"run-[0-9a-f]{8,32}")


def new_run_id() -> str:
    """Return an id that no run has: "run-" and 12 hexadecimal digits."""
    return f"run-{secrets.token_hex(6)}"


def is_run_id(text: object) -> bool:
    """Whether a text has the form of a run's id, and so can be no path."""
    return isinstance(text, str) and _RUN_ID.fullmatch(text) is not None


@dataclass(frozen=True, slots=True)
class RunPlan:
    """What is settled when a run is asked for, beside its network and its config.

    Attributes:
        dataset: Id of the data set.
        owner: The person's random id; they alone rename, share, stop and delete it.
        created: Time in UTC, as in 2026-11-23T10:15:30+00:00.
        search: Id of the search it belongs to, or "".
    """

    dataset: str
    owner: str
    created: str
    search: str = ""

    def __post_init__(self) -> None:
        words("dataset", self.dataset)
        words("owner", self.owner)
        try:
            is_time = datetime.fromisoformat(self.created).isoformat() == self.created
        except (TypeError, ValueError):
            is_time = False
        if not is_time:
            words("created", None)
        if self.search:
            words("search", self.search)


@dataclass(frozen=True, slots=True)
class RunLabel:
    """What the owner may change at any time; texts are shown as they are, never as markup."""

    name: str = ""
    note: str = ""
    shared: bool = False

    def __post_init__(self) -> None:
        if self.name != "":
            words("name", self.name, LONGEST_NAME)
        if self.note != "":
            words("note", self.note, LONGEST_NOTE)
        if not isinstance(self.shared, bool):
            words("shared", self.shared)


@dataclass(frozen=True, slots=True, eq=False)
class RunState:
    """Where a run stands; where it failed, was stopped or given up, or had to pause, with why."""

    state: str
    reason: Sentence | None = None

    def __post_init__(self) -> None:
        choice("state", self.state, tuple(STATES))


@dataclass(frozen=True, slots=True, eq=False)
class RunRecord:
    """A run as it is shown in a table.

    Attributes:
        id: "run-" and hexadecimal digits.
        state: One of `STATES`.
        reason: Why it failed, was stopped or given up, had to pause, or is broken.
        last: The last event of its training, or None.
        card: Card of a finished run: accuracy, confusion matrix, device, versions; else None.
    """

    id: str
    plan: RunPlan
    spec: NetworkSpec
    config: TrainConfig
    label: RunLabel
    state: str
    reason: Sentence | None = None
    last: TrainEvent | None = None
    card: NetworkCard | None = None

    @property
    def name(self) -> str:
        """What it is called: the name it was given, else its day and time."""
        return self.label.name or self.plan.created[:16].replace("T", " ")

    def key(self, by: str) -> tuple[bool, float | str]:
        """Return what a table sorted by one of `SORTS` compares; runs without it come first."""
        choice("by", by, SORTS)
        if by == "created":
            return True, self.plan.created
        if by == "name":
            return True, self.label.name.casefold()
        if by == "parameters":
            return True, self.spec.parameters()
        return self.card is not None, getattr(self.card, by, 0.0)


@dataclass(frozen=True, slots=True)
class Mistake:
    """A test picture that a network names wrong, with how sure it is, in [0, 1]."""

    index: int
    truth: int
    answer: int
    probability: float


@dataclass(frozen=True, slots=True)
class Manifest:
    """The size and the SHA-256 of every file of a run that is done."""

    files: Mapping[str, tuple[int, str]] = field(default_factory=dict)

    def to_json(self) -> str:
        """Return it as JSON without a byte that could be another one."""
        return json.dumps({"files": dict(self.files)}, separators=(",", ":"), sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> Manifest:
        """Read what `to_json` wrote; raises `Explained` for anything else."""
        manifest = cls(mapping("files", entries(parse(text), cls).get("files")))
        for name, entry in manifest.files.items():
            words("name", name)
            size, sha256 = many("files", entry, 2, 2)
            whole("size", size, 0, 2**40)
            words("sha256", sha256)
        if manifest.to_json() != text:
            raise Explained("The snapshot of the run is damaged.")
        return manifest


@dataclass(frozen=True, slots=True)
class SnapshotNote:
    """Which file holds a run's last snapshot, its size and its SHA-256."""

    name: str
    size: int
    sha256: str

    def __post_init__(self) -> None:
        words("name", self.name)
        if "/" in self.name or not self.name.startswith("snapshot-"):
            raise Explained("The snapshot of the run is damaged.")


def fingerprint(data: bytes) -> tuple[int, str]:
    """Return a file's line in the manifest."""
    return len(data), hashlib.sha256(data).hexdigest()


def now() -> str:
    """Return the time as runs write it."""
    return datetime.now(UTC).isoformat()


def to_json(record: RunPlan | RunLabel | RunState | TrainEvent | Mistake | SnapshotNote) -> str:
    """Return a record as one line of JSON."""
    if isinstance(record, RunState):
        plain = record.reason and [record.reason.message, dict(record.reason.numbers)]
        return json.dumps({"state": record.state, "reason": plain})
    return json.dumps(asdict(record))
