"""What comes of a training: a network saved with its card, its speed, its program."""

from __future__ import annotations

import ast
import hashlib
import inspect
import platform
import tempfile
from collections.abc import Generator, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from types import ModuleType

import numpy as np
import safetensors
import torch
from torch import nn

from cnnviz.core.messages import Explained
from cnnviz.core.networks.models import TRAINABLE
from cnnviz.core.networks.network_spec import NetworkSpec
from cnnviz.core.records import TrainEvent
from cnnviz.core.strict import real
from cnnviz.core.training.cards import NetworkCard
from cnnviz.core.training.program import training_code
from cnnviz.core.training.records import RunRecord
from cnnviz.core.training.train_config import TrainConfig
from cnnviz.nn.data import ImageData, load_dataset
from cnnviz.nn.device import describe_device, driver_version, pick_device
from cnnviz.nn.networks.evaluation import Evaluation, evaluate
from cnnviz.nn.networks.store import pack_weights, room_for, save_network
from cnnviz.nn.training import augment, begin, follow, train, whitening
from cnnviz.nn.training.distributed import is_first, process_count
from cnnviz.nn.training.run import TrainingRun

PRECISIONS = ("fp32", "bf16")
WARM_UP_S = 1.0
"""Seconds of training before what counts."""
LONGEST_BENCH_S = 3600


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
        dataset_id: One of `core.networks.models.TRAINABLE`.
        config: How.
        folder: Where <id>.safetensors, <id>.npz and <id>.json go; made where it is missing.

    Yields:
        The events of the training. Closed early, it saves nothing.

    Returns:
        The card, as the value of `yield from`.

    Raises:
        LookupError: no network is trained for this data set; it names those that are.
        Explained: what `load_dataset` and `train` explain; or the folder could be written at the
            start, but no longer: it says where the network is instead.
        OSError: the folder cannot be written, or has no room; known before the training begins.
    """
    spec, data = _network_for(dataset_id), load_dataset(dataset_id)
    start = perf_counter()
    run = begin(spec, data, config)
    with ExitStack() as reserved:
        if is_first():
            folder.mkdir(parents=True, exist_ok=True)
            reserved.enter_context(room_for(spec, folder))
        network = yield from follow(run)
    seconds = perf_counter() - start
    tested = evaluate(network, data.test_images, data.test_labels)
    card = make_card(dataset_id, dataset_id, spec, data, run, tested, seconds)
    card = replace(card, command=_command(dataset_id, config, run.device))
    if is_first():
        _save(network, card, folder)
    return card


def _network_for(name: str) -> NetworkSpec:
    if name not in TRAINABLE:
        raise LookupError(f"no network for {name!r}; there are {', '.join(TRAINABLE)}")
    return TRAINABLE[name]


def _save(network: nn.Sequential, card: NetworkCard, folder: Path) -> None:
    """Save a network; where its folder fails after all, in a new one for temporary files."""
    try:
        save_network(network, card, folder)
    except OSError as error:
        other = Path(tempfile.mkdtemp(prefix="cnnviz-"))
        save_network(network, card, other)
        raise Explained(
            "“{folder}” cannot be written any more ({reason}): the network is in “{other}”.",
            folder=str(folder),
            reason=error.strerror or type(error).__name__,
            other=str(other),
        ) from error


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
    """Train a network for some seconds in each precision, and yield how fast it went.

    What cannot be is refused at once, before the first is asked for.

    Args:
        name: Name of a network in `TRAINABLE`; its data set has the same one.
        device: As in `TrainConfig`.
        seconds: Seconds of each training, after `WARM_UP_S`.

    Raises:
        Explained: the data set or the device is not there, or that many seconds cannot be.
        LookupError: there is no such network.
    """
    real("seconds", seconds, 0.1, LONGEST_BENCH_S)
    configs = [
        TrainConfig(
            epochs=1000, augment="none", validation_share=0, device=device, precision=precision
        )
        for precision in PRECISIONS
    ]
    pick_device(device)
    spec, data = _network_for(name), load_dataset(name)
    return (_speed(spec, data, config, seconds) for config in configs)


def _speed(spec: NetworkSpec, data: ImageData, config: TrainConfig, seconds: float) -> Speed:
    start_s = start_seen = 0.0
    with closing(train(spec, data, config)) as events:
        for event in events:
            seen = event.images_per_s * event.elapsed_s
            if not start_s and event.elapsed_s >= WARM_UP_S:
                start_s, start_seen = event.elapsed_s, seen
            elif start_s and event.elapsed_s >= start_s + seconds:
                break
    rate = (seen - start_seen) / (event.elapsed_s - start_s)
    return Speed(config.precision, rate, len(data.train_images) / rate)


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
