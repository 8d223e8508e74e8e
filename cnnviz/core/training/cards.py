"""What is known about a trained network: its card, and what it makes of the default picture.

Both are files beside the weights, read without torch, so that a first page can be painted
before torch is loaded. `nn.networks.store` writes them.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from io import BytesIO
from pathlib import Path

import numpy as np

from cnnviz.core.files import read_arrays, read_whole
from cnnviz.core.messages import Explained
from cnnviz.core.networks.models import MODELS, TRAINABLE
from cnnviz.core.networks.network_spec import MOST_LAYERS, NetworkSpec
from cnnviz.core.records import LayerActivation
from cnnviz.core.strict import LONGEST_TEXT, entries, many, mapping, parse, real, whole, words
from cnnviz.core.training.train_config import TrainConfig

SHIPPED = tuple(MODELS)
"""Networks that come with this package; there are no others to load by name."""

LARGEST_ACTIVATIONS = 64_000_000
"""Bytes that stored activations may take once unpacked."""

Confusion = tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True)
class NetworkCard:
    """Where a network comes from and how good it is.

    Attributes:
        id: "mnist", or another name of its own.
        dataset: Id of the data set it was trained and tested on.
        train_images: Pictures it was trained on.
        accuracy: Share of the test pictures that it names right, in [0, 1].
        confusion_matrix: Test pictures counted by true class (rows) and answer (columns).
        seconds: Wall-clock time of the training.
        device: What trained it, in words.
        versions: (package, version) pairs it was trained with.
        date: Day of the training, as in 2026-11-23.
        sha256: Digest of the file with the weights, 64 hexadecimal digits.
        command: What trains it again, bit for bit on the same processor; empty for a run of the
            page, whose network has no name.

    Raises:
        Explained: values that cannot be, or that contradict each other.
    """

    id: str
    dataset: str
    spec: NetworkSpec
    parameters: int
    config: TrainConfig
    train_images: int
    accuracy: float
    confusion_matrix: Confusion
    seconds: float
    device: str
    versions: tuple[tuple[str, str], ...]
    date: str
    sha256: str
    command: str = ""

    def __post_init__(self) -> None:
        for name in ("id", "dataset", "device", "date", "sha256"):
            words(name, getattr(self, name))
        whole("train_images", self.train_images, 1, 10**9)
        real("accuracy", self.accuracy, 0, 1)
        real("seconds", self.seconds, 0, 1e9)
        for pair in many("versions", self.versions, 0, 100):
            for word in many("versions", pair, 2, 2):
                words("versions", word)
        if self.command != "":
            words("command", self.command, 1000)
        classes = self.spec.shapes()[-1].shape[0]
        for row in many("confusion_matrix", self.confusion_matrix, classes, classes):
            for count in many("confusion_matrix", row, classes, classes):
                whole("confusion_matrix", count, 0, 10**9)
        self._check_agreement()

    def _check_agreement(self) -> None:
        right = sum(row[idx] for idx, row in enumerate(self.confusion_matrix))
        total = sum(map(sum, self.confusion_matrix))
        if abs(right - self.accuracy * total) > 1e-6 * total or not total:
            raise Explained(
                "The card says {accuracy} of the answers are right, but counts {right} of {total}.",
                accuracy=self.accuracy,
                right=right,
                total=total,
            )
        if self.parameters != self.spec.parameters():
            raise Explained(
                "The card says the network learnt {parameters} numbers; its layers have {counted}.",
                parameters=self.parameters,
                counted=self.spec.parameters(),
            )
        try:
            date.fromisoformat(self.date)
            is_digest = len(bytes.fromhex(self.sha256)) == 32
        except ValueError:
            is_digest = False
        if not is_digest:
            raise Explained("The card has no readable date and SHA-256 of the weights.")

    @property
    def recalls(self) -> tuple[float, ...]:
        """Share of each class's test pictures that are named right; NaN where it has none."""
        return tuple(
            row[idx] / sum(row) if sum(row) else float("nan")
            for idx, row in enumerate(self.confusion_matrix)
        )

    def to_json(self) -> str:
        """Return the card as JSON for people to read too: a line an entry."""
        plain: dict[str, object] = {name: getattr(self, name) for name in self.__slots__}
        plain |= {
            "spec": self.spec.to_plain(),
            "config": asdict(self.config),
            "versions": dict(self.versions),
        }
        lines = (f" {json.dumps(name)}: {json.dumps(value)}" for name, value in plain.items())
        return "{\n" + ",\n".join(lines) + "\n}\n"

    @classmethod
    def from_json(cls, text: str) -> NetworkCard:
        """Read what `to_json` wrote.

        Raises:
            Explained: anything that is not exactly a card.
        """
        data = mapping(cls.__name__, parse(text))
        parts = {
            "spec": NetworkSpec.from_plain(data.get("spec")),
            "config": TrainConfig(**entries(data.get("config"), TrainConfig)),
            "versions": tuple(mapping("versions", data.get("versions")).items()),
        }
        return cls(**entries(data, cls, **parts))


def weights_folder() -> Path:
    """Return where the shipped networks lie: <id>.safetensors, <id>.json and <id>.npz."""
    return Path(__file__).parents[2] / "weights"


def load_card(network_id: str) -> NetworkCard:
    """Return the card of a shipped network.

    Raises:
        LookupError: no network has this id; it names those there are.
    """
    if network_id in TRAINABLE and network_id not in SHIPPED:
        raise LookupError(
            f"no network of {network_id!r} comes along: `cnnviz train {network_id}` trains one, "
            "and says how good it is"
        )
    if network_id not in SHIPPED:
        raise LookupError(f"no network {network_id!r}; there are {', '.join(SHIPPED)}")
    return read_card(weights_folder() / f"{network_id}.json")


def read_card(path: Path) -> NetworkCard:
    """Return the card in a file.

    Raises:
        Explained: there is none, it is no card, or contradicts itself.
    """
    try:
        return NetworkCard.from_json(read_whole(path, LONGEST_TEXT).decode())
    except (OSError, UnicodeDecodeError) as error:
        raise Explained("The card “{name}” is damaged or missing.", name=path.name) from error


def pack_activations(activations: Sequence[LayerActivation]) -> bytes:
    """Return activations as an .npz: one float32 array a layer, named "name:kind", in order."""
    arrays = {f"{each.name}:{each.kind}": each.values for each in activations}
    file = BytesIO()
    np.savez_compressed(file, allow_pickle=False, **arrays)
    return file.getvalue()


def read_activations(path: Path) -> tuple[LayerActivation, ...]:
    """Return the activations that `pack_activations` put into a file; nothing in it is code.

    Raises:
        Explained: the file is missing or damaged, or holds something else.
    """
    try:
        arrays = read_arrays(path, LARGEST_ACTIVATIONS)
        if len(arrays) > MOST_LAYERS + 2:
            raise ValueError(f"{len(arrays)} arrays")
        return tuple(_activation(key, values) for key, values in arrays.items())
    except (OSError, ValueError) as error:
        raise Explained(
            "The activations in “{name}” are damaged or missing.", name=path.name
        ) from error


def _activation(key: str, values: np.ndarray) -> LayerActivation:
    name, kind = key.split(":")
    if values.dtype != np.float32 or values.ndim not in (1, 3) or not np.isfinite(values).all():
        raise ValueError(f"{key} is {values.dtype} of {values.shape}")
    return LayerActivation(name, kind, values)
