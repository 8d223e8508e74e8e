"""Training, as a generator of events.

`python -m cnnviz.nn.training mnist --epochs 4` trains, tests and saves a network with torch,
NumPy, Pillow and safetensors alone.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import contextmanager

import numpy as np
import torch
from torch import nn

from cnnviz.core.messages import Explained
from cnnviz.core.networks.network_spec import NetworkSpec
from cnnviz.core.records import TrainEvent
from cnnviz.core.training.train_config import TrainConfig
from cnnviz.nn.data import ImageData
from cnnviz.nn.device import pick_device
from cnnviz.nn.networks.build import build_network
from cnnviz.nn.networks.capture import capture
from cnnviz.nn.training.distributed import process_count
from cnnviz.nn.training.run import TrainingRun, settle, split
from cnnviz.nn.training.snapshot import Snapshot, restore
from cnnviz.nn.training.whitening import whiten

_NO_MEMORY = "DefaultCPUAllocator: can't allocate memory"
"""What PyTorch says of the processor's; it has no class of its own."""


def train(
    network: NetworkSpec | nn.Sequential, data: ImageData, config: TrainConfig
) -> Generator[TrainEvent, None, nn.Sequential]:
    """Train a network, and report four times a second and after every epoch.

    Args:
        network: A spec, from which one is built with `config.seed`; or a network, which is
            trained in place from the weights it has.
        data: Only its training part is touched.
        config: How.

    Yields:
        Events. Nothing runs between two of them: close the generator to stop. The last one
        has `step == total_steps`.

    Returns:
        The network, as the value of `yield from`: on the CPU, in evaluation mode. One given in
        place is left so however the run ends, with the weights it has by then. The same
        seed gives the same network on the same machine; no global generator is used.

    Raises:
        Explained: pictures that the network cannot take, no CUDA device where one is asked
            for, its memory exhausted, or a loss that is no longer a number.
    """
    return (yield from follow(begin(network, data, config)))


def begin(
    network: NetworkSpec | nn.Sequential,
    data: ImageData,
    config: TrainConfig,
    *,
    snapshot: Snapshot | None = None,
) -> TrainingRun:
    """Return a run that has taken no step yet, or those that a snapshot tells of.

    Beside what `train` takes, what `take_snapshot` kept of another run with the same data and
    config: with as many threads, this run continues bit for bit as that one would have.

    Raises:
        Explained: what `train` explains, or a snapshot of another network.
    """
    if isinstance(network, NetworkSpec):
        network = build_network(network, seed=config.seed)
        if config.start == "whitened":
            whiten(network, data.train_images)
    try:
        with memory_explained(config):
            _check_fit(network, data)
            run = _placed(network, data, config)
            if snapshot is not None:
                restore(run, snapshot)
            return run
    except BaseException:
        settle(network)
        raise


def _placed(network: nn.Sequential, data: ImageData, config: TrainConfig) -> TrainingRun:
    """Put network and pictures on the device; those that it does not hold, on the processor."""
    device, processor = pick_device(config.device), torch.device("cpu")
    try:
        return TrainingRun(network.to(device), config, *split(data, config, device))
    except torch.OutOfMemoryError:
        if config.device != "auto" or process_count() > 1:
            raise
    run = TrainingRun(network.to(processor), config, *split(data, config, processor))
    run.is_moved = True
    return run


def follow(run: TrainingRun) -> Generator[TrainEvent, None, nn.Sequential]:
    """Train to the end, as `train` does; between two events the run may be looked at."""
    try:
        with memory_explained(run.config):
            yield from run.events()
    finally:
        settle(run.network)
    return run.network


@contextmanager
def memory_explained(config: TrainConfig) -> Iterator[None]:
    """Say that memory was too small, of the device or of the processor, in one sentence."""
    try:
        yield
    except torch.OutOfMemoryError as error:
        raise Explained(
            "The memory of the CUDA device is too small for batches of {batch_size} pictures: "
            "try fewer, or the processor.",
            batch_size=config.batch_size,
        ) from error
    except (MemoryError, RuntimeError) as error:
        if isinstance(error, RuntimeError) and _NO_MEMORY not in str(error):
            raise
        raise Explained(
            "The memory is too small for batches of {batch_size} pictures: try fewer.",
            batch_size=config.batch_size,
        ) from error


def _check_fit(network: nn.Sequential, data: ImageData) -> None:
    """Ask the network for one picture: shapes that do not fit are refused before the start."""
    logits = capture(network, data.train_images[0] / np.float32(255))[-1].values
    classes = int(data.train_labels.max()) + 1
    if logits.ndim != 1 or len(logits) < classes:
        raise Explained(
            "The network puts out {shape} values a picture, but the data set has {classes} "
            "classes.",
            shape=" × ".join(map(str, logits.shape)),
            classes=classes,
        )
