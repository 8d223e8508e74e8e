"""A search: what it may choose from, how long, and what its runs have shown. Knows no Optuna."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from math import inf
from typing import Any, Protocol

import numpy as np

from cnnviz.core.networks.layer_specs import (
    ActivationLayer,
    ConvLayer,
    FlattenLayer,
    Layer,
    LinearLayer,
    PoolLayer,
    activation_kinds,
)
from cnnviz.core.networks.network_spec import NetworkSpec
from cnnviz.core.pictures.data_sets import DATA_SETS
from cnnviz.core.strict import choice, make_plain, many, real, whole, words
from cnnviz.core.training.train_config import TrainConfig

MOST_RUNS, MOST_MINUTES = 60, 120
"""Limits of a search begun on the page."""
LONGEST = 525_600
"""Minutes that anything may be given: a year."""
ENDLESS = 1_000_000
"""Runs of a search that the minutes alone end."""
BINS = 3
"""Groups into which a setting with many values is cut, each with as many runs."""


@dataclass(frozen=True, slots=True)
class Ranges:
    """What a search may choose from.

    Attributes:
        lr: Lowest and highest learning rate; chosen on a logarithmic scale.
        batch_size: Sizes to choose from.
        filters: Filters of the first block; each further block has twice as many.
        blocks: Fewest and most blocks of convolution, activation and pooling.
        kernel_size: Sides of the windows to choose from.
        activation: Kinds of `ActivationLayer` to choose from.
        epochs: Numbers of epochs to choose from; none: as the config has it.

    Raises:
        Explained: a range that holds nothing, or values that cannot be.
    """

    lr: tuple[float, float] = (3e-4, 3e-2)
    batch_size: tuple[int, ...] = (32, 64, 128)
    filters: tuple[int, ...] = (4, 8, 16, 32)
    blocks: tuple[int, int] = (1, 2)
    kernel_size: tuple[int, ...] = (3, 5)
    activation: tuple[str, ...] = ("relu",)
    epochs: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        make_plain(self)
        lowest, highest = many("lr", self.lr, 2, 2)
        real("lr", highest, 1e-8, 10)
        real("lr", lowest, 1e-8, highest)
        fewest, most = many("blocks", self.blocks, 2, 2)
        whole("blocks", most, 1, 4)
        whole("blocks", fewest, 1, most)
        for name, limit in (("batch_size", 8192), ("filters", 256), ("kernel_size", 31)):
            for each in many(name, getattr(self, name), 1, 100):
                whole(name, each, 1, limit)
        kinds = activation_kinds()
        for each in many("activation", self.activation, 1, len(kinds)):
            choice("activation", each, tuple(kinds))
        for each in many("epochs", self.epochs, 0, 100):
            whole("epochs", each, 1, 1000)


@dataclass(frozen=True, slots=True)
class Search:
    """What is searched for, and for how long.

    Attributes:
        id: "sweep-" and 12 hexadecimal digits.
        owner: As in `RunPlan`; so are `dataset` and `created`.
        config: What is not searched for; it holds out pictures to compare runs by.
        ranges: What is.
        most_runs: Runs to try, by all processes that work on it.
        most_minutes: Minutes after which no run is begun and the current one is given up.
        is_over: Whether its end was reached, or its owner ended it.

    Raises:
        Explained: values that cannot be.
    """

    id: str
    owner: str
    dataset: str
    config: TrainConfig
    ranges: Ranges
    created: str
    most_runs: int
    most_minutes: float
    is_over: bool = False

    def __post_init__(self) -> None:
        make_plain(self)
        words("owner", self.owner)
        words("dataset", self.dataset)
        whole("most_runs", self.most_runs, 1, ENDLESS)
        real("most_minutes", self.most_minutes, 0, inf)
        real("validation_share", self.config.validation_share, 0.01, 0.5)

    @property
    def is_late(self) -> bool:
        """Whether its minutes have passed."""
        began = datetime.fromisoformat(self.created).timestamp()
        return time.time() - began >= 60 * self.most_minutes


class Trial(Protocol):
    """Whatever chooses, one value after the other; `optuna.Trial` does."""

    def suggest_int(self, name: str, low: int, high: int) -> int:
        """Choose a whole number; both ends are included."""

    def suggest_float(self, name: str, low: float, high: float, *, log: bool) -> float:
        """Choose a number."""

    def suggest_categorical(self, name: str, choices: Sequence[Any]) -> Any:
        """Choose one of several."""


def suggest_config(trial: Trial, config: TrainConfig, ranges: Ranges) -> TrainConfig:
    """Choose how a network is trained; what is not searched for stays as it is."""
    epochs = config.epochs
    if ranges.epochs:
        epochs = trial.suggest_categorical("epochs", ranges.epochs)
    return replace(
        config,
        epochs=epochs,
        lr=trial.suggest_float("lr", *ranges.lr, log=True),
        batch_size=trial.suggest_categorical("batch_size", ranges.batch_size),
    )


def suggest_network(trial: Trial, dataset: str, ranges: Ranges) -> NetworkSpec:
    """Choose a network for a data set.

    Raises:
        Explained: what was chosen does not fit together.
    """
    side = trial.suggest_categorical("kernel_size", ranges.kernel_size)
    filters = trial.suggest_categorical("filters", ranges.filters)
    activation = "relu"
    if ranges.activation != ("relu",):
        activation = trial.suggest_categorical("activation", ranges.activation)
    layers: list[Layer] = []
    for block in range(trial.suggest_int("blocks", *ranges.blocks)):
        convolution = ConvLayer(filters * 2**block, (side, side), padding="same")
        layers += [convolution, ActivationLayer(activation), PoolLayer()]
    known = DATA_SETS[dataset]
    layers += [FlattenLayer(), LinearLayer(len(known.labels))]
    mean, std = (0.5,) * known.shape[0], (0.25,) * known.shape[0]
    return NetworkSpec(known.shape, mean, std, tuple(layers), known.labels)


def explained_variance(values: Sequence[float | str], scores: Sequence[float]) -> float:
    """Return which share of the scores' variance goes away within runs alike in one setting.

    The adjusted share (ε², Kelley 1935): 0 on average where the setting does not matter.

    Args:
        values: The setting, one a run.
        scores: One a run.

    Returns:
        In [0, 1]; 0 where there are too few runs, or no two that differ.
    """
    marks = np.asarray(scores, np.float64)
    groups = _groups(values)
    kinds = np.unique(groups)
    total = float(((marks - marks.mean()) ** 2).sum()) if len(marks) else 0.0
    free = len(marks) - len(kinds)
    if len(kinds) < 2 or free < 1 or total == 0:
        return 0.0
    within = sum(
        float(((part - part.mean()) ** 2).sum()) for k in kinds if len(part := marks[groups == k])
    )
    left = within / free * (len(marks) - 1)
    return float(np.clip(1 - left / total, 0, 1))


def _groups(values: Sequence[float | str]) -> np.ndarray:
    kinds, places = np.unique(np.asarray(values), return_inverse=True)
    if len(kinds) <= max(BINS, len(values) // 2) and len(kinds) < len(values):
        return places
    ranks = np.argsort(np.argsort(np.asarray(values), kind="stable"), kind="stable")
    return ranks * BINS // max(len(values), 1)
