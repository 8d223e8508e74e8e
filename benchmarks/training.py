"""How fast networks are trained, beside the loop of PyTorch's MNIST example in the same run.

The loop trains for one whole epoch in pieces, and between two pieces ours train: first with the
loop's own network, then with the network the app begins with. Then ours train for an accuracy.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, replace
from itertools import islice

import torch

from benchmarks import plain_loop
from benchmarks.goals import FAST, SOON, Goal, Trained, accuracies, for_accuracy
from benchmarks.measured import Comparison, Part, median
from cnnviz.core.networks.layer_specs import (
    ActivationLayer,
    ConvLayer,
    DropoutLayer,
    FlattenLayer,
    LinearLayer,
    PoolLayer,
)
from cnnviz.core.networks.models import MODELS
from cnnviz.core.networks.network_spec import NetworkSpec
from cnnviz.core.training.train_config import TrainConfig
from cnnviz.nn.data import ImageData, load_dataset
from cnnviz.nn.data.files import places
from cnnviz.nn.device import describe_device
from cnnviz.nn.training import train

PIECES = 5
"""Pieces in which the loop's epoch is cut."""
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
GOAL = Goal("mnist", SOON, 0.99, FAST)
"""Chosen on a sixth of the training pictures, held out: 99.03 % after one epoch of the rest."""
_PLAIN = TrainConfig(epochs=1, augment="none", validation_share=0, batch_size=plain_loop.BATCH)


@dataclass(frozen=True, slots=True)
class Turns:
    """Seconds a picture, piece by piece: the loop, ours with its network, ours with our own."""

    loop: list[float]
    own: list[float]
    ours: list[float]


def measure(runs: int, say: Callable[[str], None], *, is_quick: bool = False) -> Part:
    """Train in turns, then for the accuracy `runs` times, with different seeds."""
    turns = _in_turns(load_dataset("mnist"), say, pieces=1 if is_quick else PIECES)
    return _part(turns, for_accuracy(GOAL, "cpu", runs, say), is_quick=is_quick)


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


def _part(turns: Turns, trained: Trained, *, is_quick: bool) -> Part:
    loop, own, ours = (1e6 * median(each) for each in (turns.loop, turns.own, turns.ours))
    epoch_s = 60_000 * sum(turns.loop) / len(turns.loop)
    return Part(
        "training",
        (
            Comparison("training the app's network, a picture", "µs", ours, loop, LOOP, 1 / 10),
            Comparison("training the loop's network, a picture", "µs", own, loop, LOOP, 0.667),
            Comparison(
                trained.name, "s", median(trained.seconds), epoch_s, f"{LOOP}, one epoch", 1 / 8
            ),
        ),
        (accuracies([trained]),),
        _notes(is_quick),
        trained.missed(),
        {
            "s a picture, the loop": turns.loop,
            "s a picture, the loop's network": turns.own,
            "s a picture, the app's network": turns.ours,
            f"s, {trained.name}": list(trained.seconds),
        },
    )


def _notes(is_quick: bool) -> tuple[str, ...]:
    cut = ("Quick: the loop was cut off after 50 batches; its epoch is a guess.",) * is_quick
    return (
        *cut,
        f"The loop and ours take turns, in {PIECES} pieces of one epoch of the loop, on "
        f"{describe_device(torch.device('cpu'))}; training goes from the first weights to the "
        "last, the data in memory; the test set is asked afterwards, untimed.",
    )
