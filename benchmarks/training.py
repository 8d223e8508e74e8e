"""How fast networks are trained, beside the loop of PyTorch's MNIST example in the same run.

The loop trains for one whole epoch in pieces, and between two pieces ours train: first with the
loop's own network, then with the network the app begins with. Then ours train for an accuracy.
Where there is a CUDA device, the accuracies that were asked of one are timed on it, too.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from itertools import islice
from time import perf_counter

import numpy as np
import torch
from numpy.typing import NDArray

from benchmarks import plain_loop
from benchmarks.measured import Comparison, Part, Table, median
from cnnviz.core.layer_specs import (
    ActivationLayer,
    BatchNormLayer,
    ConvLayer,
    DropoutLayer,
    FlattenLayer,
    LinearLayer,
    PoolLayer,
)
from cnnviz.core.models import MODELS
from cnnviz.core.network_spec import NetworkSpec
from cnnviz.core.train_config import TrainConfig
from cnnviz.nn.datasets import ImageData, load_dataset
from cnnviz.nn.datasets_files import places
from cnnviz.nn.device import describe_device
from cnnviz.nn.evaluation import evaluate
from cnnviz.nn.training import begin, follow, train

PIECES = 5
"""In which the loop's epoch is cut."""
LOOP = "PyTorch's example loop"
_RELU = ActivationLayer("relu")
LOOPS_OWN = replace(
    MODELS["mnist"],
    layers=(
        *(ConvLayer(32), _RELU, ConvLayer(64), _RELU, PoolLayer(), DropoutLayer(0.25)),
        *(FlattenLayer(), LinearLayer(128), _RELU, DropoutLayer(0.5), LinearLayer(10)),
    ),
)
"""`plain_loop.Net` as a spec."""
_NORM = BatchNormLayer()
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
_PLAIN = TrainConfig(epochs=1, augment="none", validation_share=0, batch_size=plain_loop.BATCH)


@dataclass(frozen=True, slots=True)
class Goal:
    """An accuracy on the whole test set, and the training that is to reach it.

    Attributes:
        dataset: Its id.
        spec: The network.
        accuracy: In [0, 1].
        config: How; chosen with held-out training pictures.
        at_most_s: What was asked of a CUDA device, in seconds.
    """

    dataset: str
    spec: NetworkSpec
    accuracy: float
    config: TrainConfig
    at_most_s: float


_FAST = replace(_PLAIN, optimizer="sgd", lr=0.1, weight_decay=5e-4, label_smoothing=0.1)
_OBJECTS = replace(_FAST, augment="objects", lr=0.4, batch_size=256)
GOALS = (
    Goal("mnist", SOON, 0.99, _FAST, 1),
    Goal("mnist", SOON, 0.994, replace(_FAST, epochs=6, augment="handwriting"), 3),
    Goal("fashion", MODELS["fashion"], 0.935, replace(_OBJECTS, epochs=16), 15),
    Goal("cifar10", MODELS["cifar10"], 0.9, replace(_OBJECTS, epochs=10, start="whitened"), 10),
)
"""The first was chosen on a sixth of the training pictures, held out: 99.03 % after one epoch of
the rest. On a processor only that one is timed."""


@dataclass(frozen=True, slots=True)
class Turns:
    """Seconds a picture, piece by piece: the loop, ours with its network, ours with our own."""

    loop: list[float]
    own: list[float]
    ours: list[float]


@dataclass(frozen=True, slots=True)
class Trained:
    """What several trainings for one accuracy came to, one after the other."""

    goal: Goal
    device: str
    seconds: tuple[float, ...]
    accuracies: tuple[float, ...]

    @property
    def name(self) -> str:
        """What was trained for what, and where."""
        where = "" if self.device == "cpu" else " on CUDA"
        return f"training to {100 * self.goal.accuracy:g} % of {self.goal.dataset}{where}"


def measure(runs: int, say: Callable[[str], None], *, is_quick: bool = False) -> Part:
    """Train in turns, then for each accuracy `runs` times, with different seeds."""
    turns = _in_turns(load_dataset("mnist"), say, pieces=1 if is_quick else PIECES)
    trained = [_for_accuracy(GOALS[0], "cpu", runs, say)]
    if torch.cuda.is_available():
        trained += [_for_accuracy(goal, "cuda", runs, say) for goal in GOALS]
    return _part(turns, trained, is_quick=is_quick)


def _in_turns(data: ImageData, say: Callable[[str], None], pieces: int) -> Turns:
    """Take the loop's epoch in pieces, and train the others between them."""
    folder = next(each for each in places() if (each / "MNIST" / "raw").is_dir())
    total = -(-len(data.train_images) // plain_loop.BATCH)
    batches = -(-total // pieces) if pieces > 1 else 50  # one piece is a look, and no epoch
    turns = Turns([], [], [])
    with closing(plain_loop.epoch(folder)) as steps:
        for n in range(pieces):
            say(f"training: piece {n + 1} of {pieces}")
            done = list(islice(steps, batches))
            turns.loop.append(sum(took for _, took in done) / sum(count for count, _ in done))
            turns.own.append(_a_picture(LOOPS_OWN, data, batches))
            turns.ours.append(_a_picture(MODELS["mnist"], data, 2 * batches))
    return turns


def _a_picture(spec: NetworkSpec, data: ImageData, batches: int) -> float:
    """Train for some steps; return seconds a picture, as the page and the command count them."""
    count = batches * _PLAIN.batch_size
    part = ImageData(
        data.train_images[:count], data.train_labels[:count], data.test_images, data.test_labels
    )
    *_, last = train(spec, part, replace(_PLAIN, device="cpu"))
    return 1 / last.images_per_s


def _for_accuracy(goal: Goal, device: str, runs: int, say: Callable[[str], None]) -> Trained:
    """Train with one seed after the other, after a short training that warms everything up."""
    data, timed = load_dataset(goal.dataset), []
    config = replace(goal.config, device=device)
    few = ImageData(data.train_images[:2000], data.train_labels[:2000], *_tests(data))
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


def _part(turns: Turns, trained: Sequence[Trained], *, is_quick: bool) -> Part:
    loop, own, ours = (1e6 * median(each) for each in (turns.loop, turns.own, turns.ours))
    epoch_s = 60_000 * sum(turns.loop) / len(turns.loop)
    comparisons = [
        Comparison("training the app's network, a picture", "µs", ours, loop, LOOP, 1 / 10),
        Comparison("training the loop's network, a picture", "µs", own, loop, LOOP, 0.667),
    ]
    for each in trained:
        seconds = median(each.seconds)
        if each.device == "cpu":
            reference, target = (epoch_s, f"{LOOP}, one epoch"), 1 / 8
            comparisons.append(Comparison(each.name, "s", seconds, *reference, target))
        else:
            comparisons.append(Comparison(each.name, "s", seconds, at_most=each.goal.at_most_s))
    return Part(
        "training",
        tuple(comparisons),
        (_accuracies(trained),),
        _notes(is_quick),
        tuple(
            f"{each.name}: {accuracy:.2%} of the test pictures only"
            for each in trained
            for accuracy in each.accuracies
            if accuracy < each.goal.accuracy
        ),
        {
            "s a picture, the loop": turns.loop,
            "s a picture, the loop's network": turns.own,
            "s a picture, the app's network": turns.ours,
            **{f"s, {each.name}": list(each.seconds) for each in trained},
        },
    )


def _accuracies(trained: Sequence[Trained]) -> Table:
    head = ("training", "epochs", "runs", "seconds", "least accuracy", "most")
    rows = tuple(
        (
            each.name, each.goal.config.epochs, len(each.seconds), median(each.seconds),
            f"{min(each.accuracies):.2%}", f"{max(each.accuracies):.2%}",
        )
        for each in trained
    )  # fmt: skip
    return Table("Training for an accuracy: medians", head, rows)


def _notes(is_quick: bool) -> tuple[str, ...]:
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    cuda = describe_device(device) if device.type == "cuda" else "no CUDA device: not measured"
    cut = ("Quick: the loop was cut off after 50 batches; its epoch is a guess.",) * is_quick
    return (
        *cut,
        f"The loop and ours take turns, in {PIECES} pieces of one epoch of the loop, on "
        f"{describe_device(torch.device('cpu'))}; training goes from the first weights to the "
        "last, the data in memory; the test set is asked afterwards, untimed.",
        f"On CUDA: {cuda}.",
    )
