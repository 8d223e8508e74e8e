"""What comes of a training: a network saved with its card, its speed, its program."""

from __future__ import annotations

import ast
import hashlib
import inspect
import platform
from collections.abc import Generator, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from types import ModuleType

import numpy as np
import safetensors
import torch

from cnnviz.core.networks.models import MODELS
from cnnviz.core.networks.network_spec import NetworkSpec
from cnnviz.core.records import TrainEvent
from cnnviz.core.training.cards import NetworkCard
from cnnviz.core.training.program import training_code
from cnnviz.core.training.records import RunRecord
from cnnviz.core.training.train_config import TrainConfig
from cnnviz.nn.data import ImageData, load_dataset
from cnnviz.nn.device import describe_device, driver_version
from cnnviz.nn.networks.evaluation import Evaluation, evaluate
from cnnviz.nn.networks.store import pack_weights, save_network
from cnnviz.nn.training import augment, begin, follow, train, whitening
from cnnviz.nn.training.distributed import is_first, process_count
from cnnviz.nn.training.run import TrainingRun

PRECISIONS = ("fp32", "bf16")
WARM_UP_S = 1.0
"""Seconds of training before what counts."""


@dataclass(frozen=True, slots=True)
class Speed:
    """How fast one training went: in one of `PRECISIONS`, pictures a second, seconds an epoch."""

    precision: str
    images_per_s: float
    epoch_s: float


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
    card = make_card(dataset_id, dataset_id, spec, data, run, tested, seconds)
    card = replace(card, command=_command(dataset_id, config, run.device))
    if is_first():
        save_network(network, card, folder)
    return card


def _command(dataset_id: str, config: TrainConfig, device: torch.device) -> str:
    """Name the threads, too, on the processor: with another number, sums are rounded apart."""
    command = config.command(dataset_id)
    if device.type == "cpu":
        command = f"{command} --threads {torch.get_num_threads()}"
    count = process_count()
    return command if count == 1 else f"torchrun --nproc-per-node {count} -m {command}"


def make_card(
    network_id: str,
    dataset_id: str,
    spec: NetworkSpec,
    data: ImageData,
    run: TrainingRun,
    tested: Evaluation,
    seconds: float,
) -> NetworkCard:
    """Return the card of a network whose run is over, and which was tested on `data`."""
    return NetworkCard(
        id=network_id,
        dataset=dataset_id,
        spec=spec,
        parameters=spec.parameters(),
        config=run.config,
        train_images=len(run.learnt[0]),
        accuracy=tested.accuracy,
        confusion_matrix=tested.confusion_matrix,
        seconds=round(seconds, 1),
        device=describe_device(run.device),
        versions=_versions(data.origin, run.device),
        date=datetime.now(UTC).date().isoformat(),
        sha256=hashlib.sha256(pack_weights(run.network)).hexdigest(),
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


def training_program(run: RunRecord) -> str:
    """Return the program; see `core.training.program`."""
    return training_code(
        run.spec, run.config, run.plan.dataset, vary=_source(augment), whiten=_source(whitening)
    )


def _source(module: ModuleType) -> str:
    """The source of a module without its docstring and its imports."""
    source = inspect.getsource(module)
    first = next(
        node
        for node in ast.parse(source).body
        if not isinstance(node, ast.Import | ast.ImportFrom | ast.Expr)
    )
    return "\n".join(source.splitlines()[first.lineno - 1 :])
