"""Training for an accuracy: which network, how, and how long it took with several seeds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from benchmarks.measured import Table, median
from cnnviz.core.networks.layer_specs import (
    ActivationLayer,
    BatchNormLayer,
    ConvLayer,
    FlattenLayer,
    LinearLayer,
    PoolLayer,
)
from cnnviz.core.networks.models import MODELS
from cnnviz.core.networks.network_spec import NetworkSpec
from cnnviz.core.training.train_config import TrainConfig
from cnnviz.nn.data import ImageData, load_dataset
from cnnviz.nn.networks.evaluation import evaluate
from cnnviz.nn.training import begin, follow, train

_RELU, _NORM = ActivationLayer("relu"), BatchNormLayer()
SOON = replace(
    MODELS["mnist"],
    layers=(
        *(ConvLayer(16, (5, 5), (2, 2), (2, 2)), _NORM, _RELU),
        *(ConvLayer(32, padding="same"), PoolLayer(), _NORM, _RELU),
        *(ConvLayer(64, padding="same"), PoolLayer(), _NORM, _RELU),
        *(FlattenLayer(), LinearLayer(10)),
    ),
)
"""Learns digits in one epoch: it halves the picture at once, and normalises batches."""
WARMING_STEPS = 10
FAST = TrainConfig(
    epochs=1, augment="none", validation_share=0, batch_size=64,
    optimizer="sgd", lr=0.1, weight_decay=5e-4, label_smoothing=0.1,
)  # fmt: skip
"""One epoch of plain steps."""


@dataclass(frozen=True, slots=True)
class Goal:
    """An accuracy on the whole test set, and the training that is to reach it.

    Attributes:
        dataset: Its id.
        spec: The network.
        accuracy: In [0, 1].
        config: How; chosen with held-out training pictures.
        at_most_s: What was asked for, in seconds; None for a share of something else.
    """

    dataset: str
    spec: NetworkSpec
    accuracy: float
    config: TrainConfig
    at_most_s: float | None = None


@dataclass(frozen=True, slots=True)
class Trained:
    """Results of several trainings for one accuracy, one after the other."""

    goal: Goal
    device: str
    seconds: tuple[float, ...]
    accuracies: tuple[float, ...]

    @property
    def name(self) -> str:
        """What was trained for what, and where."""
        where = "" if self.device == "cpu" else " on CUDA"
        return f"training to {100 * self.goal.accuracy:g} % of {self.goal.dataset}{where}"

    @property
    def is_reached(self) -> bool:
        """Whether half of the trainings or more reached the accuracy."""
        return median(self.accuracies) >= self.goal.accuracy

    def missed(self) -> tuple[str, ...]:
        """One sentence for each training that did not reach the accuracy."""
        return tuple(
            f"{self.name}: {accuracy:.2%} of the test pictures only"
            for accuracy in self.accuracies
            if accuracy < self.goal.accuracy
        )


def for_accuracy(goal: Goal, device: str, runs: int, say: Callable[[str], None]) -> Trained:
    """Train with one seed after the other, after a short training that warms everything up."""
    data, timed = load_dataset(goal.dataset), []
    config = replace(goal.config, device=device)
    count = WARMING_STEPS * config.batch_size
    few = ImageData(data.train_images[:count], data.train_labels[:count], *_tests(data))
    list(train(goal.spec, few, replace(config, epochs=1)))
    for seed in range(runs):
        say(f"training: {goal.dataset} to {goal.accuracy:.1%} on {device}, {seed + 1} of {runs}")
        start = perf_counter()
        run = begin(goal.spec, data, replace(config, seed=seed))
        for _event in follow(run):
            pass
        timed.append((perf_counter() - start, evaluate(run.network, *_tests(data)).accuracy))
    return Trained(goal, device, tuple(each[0] for each in timed), tuple(each[1] for each in timed))


def _tests(data: ImageData) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    return data.test_images, data.test_labels


def accuracies(trained: Sequence[Trained]) -> Table:
    head = ("training", "epochs", "runs", "seconds", "least accuracy", "most")
    rows = tuple(
        (
            each.name, each.goal.config.epochs, len(each.seconds), median(each.seconds),
            f"{min(each.accuracies):.2%}", f"{max(each.accuracies):.2%}",
        )
        for each in trained
    )  # fmt: skip
    return Table("Training for an accuracy: medians", head, rows)
