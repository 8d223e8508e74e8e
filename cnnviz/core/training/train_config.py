"""How a network is trained, as a small frozen value whose fields say how each is asked for.

Pages, commands, comparisons and exported programs read them there. Knows no torch.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any, TypeVar

from cnnviz.core.messages import N_
from cnnviz.core.strict import choice, entries, make_plain, parse, real, whole

OPTIMIZERS = {"adamw": "AdamW", "sgd": "SGD"}
SCHEDULES = {"onecycle": N_("Up, then down"), "constant": N_("Constant")}
AUGMENTATIONS = {
    "none": N_("No"),
    "handwriting": N_("Handwriting"),
    "objects": N_("Objects"),
    "cutout": N_("Objects, partly covered"),
}
STARTS = {"random": N_("By chance"), "whitened": N_("Prepared")}
DEVICES = {"auto": "auto", "cpu": "cpu", "cuda": "cuda"}
PRECISIONS = {"auto": N_("Automatic"), "fp32": "float32", "bf16": "bfloat16"}

IN_SIGHT = 5

Value = TypeVar("Value", int, float, str)


@dataclass(frozen=True, slots=True)
class Asked:
    """How a setting is asked for, on the page and by the command, and what it may be.

    Attributes:
        label: What people call it; translated where it is shown.
        help: What it does; translated, too; may be empty.
        bounds: Lowest and highest value of a number, ints for a whole one; () for a choice.
        words: Id → name for people, of a choice.
        place: Where it stands on the page, from 1; those after `IN_SIGHT` are folded away. None:
            the page does not ask for it.
        offered: Bounds on the page, where they are narrower.
        step: Step of the page's field for a number.
        form: How that field writes it, as in `%.2f`.
    """

    label: str
    help: str = ""
    bounds: tuple[float, ...] = ()
    words: Mapping[str, str] = field(default_factory=dict)
    place: int | None = None
    offered: tuple[float, ...] = ()
    step: float = 1
    form: str | None = None

    @property
    def is_whole(self) -> bool:
        """Whether it is a whole number."""
        return bool(self.bounds) and isinstance(self.bounds[0], int)

    def check(self, name: str, value: object) -> None:
        """Refuse a value that cannot be; it has name, range and value."""
        if self.words:
            choice(name, value, tuple(self.words))
        elif self.is_whole:
            whole(name, value, *map(int, self.bounds))
        else:
            real(name, value, *self.bounds)


def setting(default: Value, *asked: Any, **more: Any) -> Value:
    """Return a field of `TrainConfig` with what `Asked` says of it."""
    made: Value = field(default=default, metadata={"asked": Asked(*asked, **more)})
    return made


@dataclass(frozen=True, slots=True)
class TrainConfig:
    """Everything a training run depends on, beside network and data; each field has its help.

    Attributes:
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

    epochs: int = setting(
        4, N_("Epochs"), N_("Times every training picture is seen."),
        (1, 1000), place=1, offered=(1, 200),
    )  # fmt: skip
    batch_size: int = setting(
        64, N_("Batch size"), N_("Pictures a step."), (1, 8192), place=2, step=16
    )
    lr: float = setting(
        3e-3, N_("Learning rate"), N_("How far each step goes."),
        (1e-8, 10.0), place=3, offered=(0.00001, 10.0), step=0.001, form="%.5f",
    )  # fmt: skip
    weight_decay: float = setting(
        0.05, N_("Weight decay"), N_("Pull of every weight towards 0."),
        (0.0, 1.0), place=6, step=0.01, form="%.3f",
    )  # fmt: skip
    optimizer: str = setting("adamw", N_("Optimiser"), words=OPTIMIZERS, place=5)
    schedule: str = setting("onecycle", N_("Learning rate over time"), words=SCHEDULES, place=9)
    augment: str = setting(
        "handwriting", N_("Change the pictures a little"),
        N_(
            "Anew in every epoch. Handwriting is shifted, turned, scaled and drawn thicker "
            "or thinner; clothes and photographs are mirrored and shifted, and with the last "
            "choice partly covered by a grey square, so that no single part decides."
        ),
        words=AUGMENTATIONS, place=11,
    )  # fmt: skip
    label_smoothing: float = setting(
        0.0, N_("Label smoothing"),
        N_("Share of the wished-for probability that is spread over all classes."),
        (0.0, 0.5), place=8, step=0.05, form="%.2f",
    )  # fmt: skip
    start: str = setting(
        "random", N_("First weights"),
        N_(
            "Prepared: the first convolution is made to fit the training pictures, the "
            "others to hand on what they get. Photographs are then learnt in fewer epochs."
        ),
        words=STARTS, place=10,
    )  # fmt: skip
    validation_share: float = setting(
        0.1, N_("Held out"),
        N_("Share of the training pictures that accuracy is measured on after each epoch."),
        (0.0, 0.5), place=7, step=0.05, form="%.2f",
    )  # fmt: skip
    seed: int = setting(
        0, N_("Seed"), N_("The same seed, the same network."),
        (0, 2**32 - 1), place=4, offered=(0, 2**31 - 1),
    )  # fmt: skip
    device: str = setting("auto", N_("Device"), words=DEVICES)
    precision: str = setting(
        "auto", N_("Precision"),
        N_(
            "What products are computed in. bfloat16 keeps two to three digits in place of "
            "float32’s seven, which is faster on CUDA devices and some processors: there, "
            "“Automatic” takes it."
        ),
        words=PRECISIONS, place=12,
    )  # fmt: skip

    def __post_init__(self) -> None:
        make_plain(self)
        if isinstance(self.augment, bool):
            object.__setattr__(self, "augment", "handwriting" if self.augment else "none")
        for name, asked in self.asked().items():
            asked.check(name, getattr(self, name))

    @classmethod
    def asked(cls) -> dict[str, Asked]:
        """Return how each setting is asked for, by its name, in order."""
        return {each.name: each.metadata["asked"] for each in fields(cls)}

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
        return cls(**entries(parse(text), cls))
