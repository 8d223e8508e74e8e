"""How long training for an accuracy takes on a CUDA device, warmed up, with several seeds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import torch

from benchmarks.goals import FAST, SOON, Goal, accuracies, for_accuracy
from benchmarks.measured import Comparison, Part, median
from cnnviz.core.networks.layer_specs import (
    ActivationLayer,
    BatchNormLayer,
    ConvLayer,
    FlattenLayer,
    LinearLayer,
    PoolLayer,
)
from cnnviz.core.networks.models import MODELS
from cnnviz.core.training.train_config import TrainConfig
from cnnviz.nn.data import load_dataset
from cnnviz.nn.device import describe_device, driver_version
from cnnviz.nn.training import steps, train

_RELU, _NORM = ActivationLayer("relu"), BatchNormLayer()
SURE = replace(
    SOON,
    layers=(
        *(ConvLayer(32, (5, 5), (2, 2), (2, 2)), _NORM, _RELU),
        *(ConvLayer(64, padding="same"), PoolLayer(), _NORM, _RELU),
        *(ConvLayer(128, padding="same"), PoolLayer(), _NORM, _RELU),
        *(FlattenLayer(), LinearLayer(10)),
    ),
)
"""`SOON` with twice the filters."""
_LARGE = replace(FAST, batch_size=256, lr=0.3)
_OBJECTS = replace(_LARGE, augment="objects", lr=0.4)
_COLOUR = replace(
    FAST, augment="cutout", start="whitened", batch_size=1024, lr=1.0, weight_decay=1e-3
)
NEVER = 10**9
"""Steps before one is recorded."""
GOALS = (
    Goal("mnist", SOON, 0.99, replace(_LARGE, epochs=4), 1),
    Goal("mnist", SURE, 0.994, replace(_LARGE, epochs=12, augment="handwriting"), 3),
    Goal("fashion", MODELS["fashion"], 0.935, replace(_OBJECTS, epochs=16), 15),
    Goal("cifar10", MODELS["cifar10"], 0.9, replace(_COLOUR, epochs=40), 10),
)
"""Chosen on held-out training pictures; the seconds are those asked of an H200."""


def measure(runs: int, say: Callable[[str], None]) -> Part:
    """Train for each accuracy `runs` times; without a CUDA device nothing is measured."""
    if not torch.cuda.is_available():
        return Part("cuda", (), notes=("No CUDA device: not measured.",))
    trained = [for_accuracy(goal, "cuda", runs, say) for goal in GOALS]
    played, plain = _steps(say)
    return Part(
        "cuda",
        (
            *(
                Comparison(
                    each.name,
                    "s",
                    median(each.seconds),
                    at_most=each.goal.at_most_s,
                    is_reached=each.is_reached,
                )
                for each in trained
            ),
            Comparison("a training step of the app's network", "ms", played, plain, "one by one"),
        ),
        (accuracies(trained),),
        (
            f"{describe_device(torch.device('cuda'))}, driver {driver_version()}: from the first "
            "weights to the last, the pictures copied to the device included; a short training "
            "before each, untimed; the test set is asked afterwards, on the processor, untimed.",
        ),
        tuple(missed for each in trained for missed in each.missed()),
        {f"s, {each.name}": list(each.seconds) for each in trained},
    )


def _steps(say: Callable[[str], None]) -> tuple[float, float]:
    """Return ms a step: played back, and one by one, over an epoch each, in turns, warmed up."""
    say("cuda: steps")
    data, took = load_dataset("mnist"), {steps.WARM_UP: 0.0, NEVER: 0.0}
    config = TrainConfig(epochs=1, validation_share=0, device="cuda")
    before = steps.WARM_UP
    try:
        for _ in range(2):  # the second time counts
            for warm_up in took:
                steps.WARM_UP = warm_up
                *_, last = train(MODELS["mnist"], data, config)
                took[warm_up] = 1000 * last.elapsed_s / last.total_steps
    finally:
        steps.WARM_UP = before
    return took[before], took[NEVER]
