"""How fast networks are trained on this machine, in each precision."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass

from cnnviz.core.networks.models import MODELS
from cnnviz.core.training.train_config import TrainConfig
from cnnviz.nn.data import load_dataset
from cnnviz.nn.training import train

PRECISIONS = ("fp32", "bf16")
WARM_UP_S = 1.0
"""Seconds of training before what counts."""


@dataclass(frozen=True, slots=True)
class Speed:
    """How fast one training went.

    Attributes:
        precision: One of `PRECISIONS`.
        images_per_s: Training pictures a second.
        epoch_s: Seconds that an epoch takes at that speed.
    """

    precision: str
    images_per_s: float
    epoch_s: float


def bench(name: str, device: str = "auto", seconds: float = 5.0) -> Iterator[Speed]:
    """Train a shipped network for some seconds in each precision, and yield how fast it went.

    Args:
        name: Name of a network in `MODELS`; its data set has the same one.
        device: As in `TrainConfig`.
        seconds: Seconds of each training, after `WARM_UP_S`.

    Raises:
        Explained: the data set or the device is not there.
        LookupError: there is no such network.
    """
    if name not in MODELS:
        raise LookupError(f"no network {name!r}; there are {', '.join(MODELS)}")
    data = load_dataset(name)
    for precision in PRECISIONS:
        config = TrainConfig(
            epochs=1000, augment="none", validation_share=0, device=device, precision=precision
        )
        start_s = start_seen = 0.0
        with closing(train(MODELS[name], data, config)) as events:
            for event in events:
                seen = event.images_per_s * event.elapsed_s
                if not start_s and event.elapsed_s >= WARM_UP_S:
                    start_s, start_seen = event.elapsed_s, seen
                elif start_s and event.elapsed_s >= start_s + seconds:
                    break
        rate = (seen - start_seen) / (event.elapsed_s - start_s)
        yield Speed(precision, rate, len(data.train_images) / rate)
