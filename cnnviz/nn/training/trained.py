"""From a data set's name to a network with its card: train, test once, save."""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Generator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter

import numpy as np
import safetensors
import torch
from torch import nn

from cnnviz.core.networks.models import MODELS
from cnnviz.core.networks.network_spec import NetworkSpec
from cnnviz.core.records import TrainEvent
from cnnviz.core.training.cards import NetworkCard
from cnnviz.core.training.train_config import TrainConfig
from cnnviz.nn.data import ImageData, load_dataset
from cnnviz.nn.device import describe_device, driver_version
from cnnviz.nn.networks.evaluation import Evaluation, evaluate
from cnnviz.nn.networks.store import pack_weights, save_network
from cnnviz.nn.training import begin, follow
from cnnviz.nn.training.distributed import is_first, process_count


def train_and_save(
    dataset_id: str, config: TrainConfig, folder: Path
) -> Generator[TrainEvent, None, NetworkCard]:
    """Train the network of a data set, test it once at the end, and save it with its card.

    Args:
        dataset_id: One of `core.networks.models.MODELS`.
        config: How.
        folder: Where <id>.safetensors, <id>.npz and <id>.json go; made where it is missing.

    Yields:
        The events of the training. Closed early, it saves nothing.

    Returns:
        The card, as the value of `yield from`.

    Raises:
        LookupError: no network is trained for this data set; it names those that are.
        Explained: what `load_dataset` and `train` explain.
        OSError: the folder cannot be written.
    """
    if dataset_id not in MODELS:
        raise LookupError(f"no network for {dataset_id!r}; there are {', '.join(MODELS)}")
    spec, data = MODELS[dataset_id], load_dataset(dataset_id)
    folder.mkdir(parents=True, exist_ok=True)
    start = perf_counter()
    run = begin(spec, data, config)
    network = yield from follow(run)
    seconds = perf_counter() - start
    tested = evaluate(network, data.test_images, data.test_labels)
    card = make_card(
        dataset_id, dataset_id, network, spec, data, config, tested, seconds, run.device
    )
    card = replace(card, command=_command(dataset_id, config, run.device))
    if is_first():
        save_network(network, card, folder)
    return card


def _command(dataset_id: str, config: TrainConfig, device: torch.device) -> str:
    """Name the threads, too, on the processor: with another number, sums are rounded apart."""
    command = config.command(dataset_id)
    if device.type == "cpu":
        command = f"{command} --threads {torch.get_num_threads()}"
    return (
        command
        if process_count() == 1
        else f"torchrun --nproc-per-node {process_count()} -m {command}"
    )


def make_card(
    network_id: str,
    dataset_id: str,
    network: nn.Sequential,
    spec: NetworkSpec,
    data: ImageData,
    config: TrainConfig,
    tested: Evaluation,
    seconds: float,
    device: torch.device,
) -> NetworkCard:
    """Return the card of a network that has just been trained on a device and tested on `data`."""
    held = round(config.validation_share * len(data.train_images))
    return NetworkCard(
        id=network_id,
        dataset=dataset_id,
        spec=spec,
        parameters=spec.parameters(),
        config=config,
        train_images=len(data.train_images) - held,
        accuracy=tested.accuracy,
        confusion_matrix=tested.confusion_matrix,
        seconds=round(seconds, 1),
        device=describe_device(device),
        versions=_versions(data.origin, device),
        date=datetime.now(UTC).date().isoformat(),
        sha256=hashlib.sha256(pack_weights(network)).hexdigest(),
    )


def _versions(origin: str, device: torch.device) -> tuple[tuple[str, str], ...]:
    return (
        *((("data", origin),) if origin else ()),
        ("python", platform.python_version()),
        ("torch", str(torch.__version__)),
        ("numpy", np.__version__),
        ("safetensors", safetensors.__version__),
        *((("driver", driver_version()),) if device.type == "cuda" else ()),
    )
