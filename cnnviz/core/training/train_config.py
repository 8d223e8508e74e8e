"""How a network is trained, as a small frozen value. Knows no torch."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

from cnnviz.core.strict import choice, entries, parse, real, whole

OPTIMIZERS = ("adamw", "sgd")
SCHEDULES = ("onecycle", "constant")
AUGMENTATIONS = ("none", "handwriting", "objects", "cutout")
STARTS = ("random", "whitened")
DEVICES = ("auto", "cpu", "cuda")
PRECISIONS = ("auto", "fp32", "bf16")


@dataclass(frozen=True, slots=True)
class TrainConfig:
    """Everything a training run depends on, beside network and data.

    Attributes:
        epochs: Times every training picture is seen.
        batch_size: Pictures a step.
        lr: Learning rate; the highest one where the schedule changes it.
        weight_decay: Pull of every weight towards 0; as AdamW's, or SGD's L2.
        optimizer: "adamw", or "sgd" with Nesterov momentum 0.9.
        schedule: "onecycle" (up for a fifth of the steps, then down to nothing) or "constant".
        augment: How pictures are changed a little, anew in every epoch: "handwriting" shifts,
            turns, scales and redraws them thicker or thinner; "objects" mirrors and shifts
            them; "cutout" covers a square of them, too; "none" leaves them. True and False, as
            older configs have it, mean the first and the last.
        label_smoothing: Share of the wished-for probability that all classes share alike,
            0 to 0.5: the network need not be surer than that.
        start: What weights are before the first step: "random", or "whitened", which prepares
            convolutions: the first by what little pieces of the training pictures look like, for
            good; the others to hand on what they get. A network given in place keeps its own.
        validation_share: Part of the training pictures held out to measure with, 0 to 0.5.
        seed: Seed of weights, order, augmentation and dropout.
        device: "cpu", "cuda", or "auto": CUDA where there is one.
        precision: "fp32", "bf16" (matrix products in half the digits), or "auto": bf16 where
            it is faster.

    Raises:
        Explained: a value outside its range; it has name, range and value.
    """

    epochs: int = 4
    batch_size: int = 64
    lr: float = 3e-3
    weight_decay: float = 0.05
    optimizer: str = "adamw"
    schedule: str = "onecycle"
    augment: str = "handwriting"
    label_smoothing: float = 0.0
    start: str = "random"
    validation_share: float = 0.1
    seed: int = 0
    device: str = "auto"
    precision: str = "auto"

    def __post_init__(self) -> None:
        whole("epochs", self.epochs, 1, 1000)
        whole("batch_size", self.batch_size, 1, 8192)
        real("lr", self.lr, 1e-8, 10)
        real("weight_decay", self.weight_decay, 0, 1)
        choice("optimizer", self.optimizer, OPTIMIZERS)
        choice("schedule", self.schedule, SCHEDULES)
        if isinstance(self.augment, bool):
            object.__setattr__(self, "augment", "handwriting" if self.augment else "none")
        choice("augment", self.augment, AUGMENTATIONS)
        real("label_smoothing", self.label_smoothing, 0, 0.5)
        choice("start", self.start, STARTS)
        real("validation_share", self.validation_share, 0, 0.5)
        whole("seed", self.seed, 0, 2**32 - 1)
        choice("device", self.device, DEVICES)
        choice("precision", self.precision, PRECISIONS)

    def command(self, dataset: str) -> str:
        """Return the command that trains the network of a data set in just this way."""
        options = (f"--{name.replace('_', '-')} {value}" for name, value in asdict(self).items())
        return " ".join(("cnnviz train", dataset, *options))

    def to_json(self) -> str:
        """Return the config as JSON."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> TrainConfig:
        """Read what `to_json` wrote.

        Raises:
            Explained: anything that is not exactly a config.
        """
        return cls.from_plain(parse(text))

    @classmethod
    def from_plain(cls, data: object) -> TrainConfig:
        """Build the config from parsed JSON; raises as `from_json` does."""
        return cls(**entries(data, cls))
