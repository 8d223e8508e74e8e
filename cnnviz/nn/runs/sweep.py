"""Many possibilities tried: an Optuna study of runs, the hopeless ones given up early.

Each trial is a run with a folder of its own; the study keeps what was chosen for it. Several
processes may work on one search at a time.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from cnnviz.core.messages import Explained
from cnnviz.core.networks.layer_specs import (
    ACTIVATION_KINDS,
    ActivationLayer,
    ConvLayer,
    FlattenLayer,
    Layer,
    LinearLayer,
    PoolLayer,
)
from cnnviz.core.networks.network_spec import NetworkSpec
from cnnviz.core.pictures.data_sets import DATA_SETS
from cnnviz.core.strict import choice, many, real, whole
from cnnviz.core.training.train_config import TrainConfig
from cnnviz.nn.runs import create_run, plan_run
from cnnviz.nn.runs.storage import open_storage, open_study, storage_url
from cnnviz.nn.runs.train import train_run
from cnnviz.nn.runs.writer import RunWriter

if TYPE_CHECKING:
    import optuna

    from cnnviz.core.records import TrainEvent

UNTOUCHED_RUNS = 4
"""Runs that are trained to their end before any is given up; of those, the median decides."""


@dataclass(frozen=True, slots=True)
class Ranges:
    """What a search may choose from.

    Attributes:
        lr: Lowest and highest learning rate; chosen on a logarithmic scale.
        batch_size: Sizes to choose from.
        filters: Of the first block; each further block has twice as many.
        blocks: Fewest and most blocks of convolution, ReLU and pooling.
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
        real("lr", self.lr[1], 1e-8, 10)
        real("lr", self.lr[0], 1e-8, self.lr[1])
        whole("blocks", self.blocks[1], 1, 4)
        whole("blocks", self.blocks[0], 1, self.blocks[1])
        for name, most in (("batch_size", 8192), ("filters", 256), ("kernel_size", 31)):
            for each in many(name, getattr(self, name), 1, 100):
                whole(name, each, 1, most)
        for each in many("activation", self.activation, 1, len(ACTIVATION_KINDS)):
            choice("activation", each, ACTIVATION_KINDS)
        for each in many("epochs", self.epochs, 0, 100):
            whole("epochs", each, 1, 1000)


def new_search_id() -> str:
    """Return an id that no search has: "sweep-" and 12 hexadecimal digits."""
    return f"sweep-{secrets.token_hex(6)}"


def sweep(
    dataset: str,
    config: TrainConfig,
    *,
    ranges: Ranges = Ranges(),
    most_runs: int | None = None,
    most_minutes: float | None = None,
    owner: str = "cli",
    search_id: str | None = None,
    url: str | None = None,
    report: Callable[[str, str, float], None] = lambda run_id, state, accuracy: None,
) -> str:
    """Try networks and settings until the budget is spent; return the id of the best run.

    Args:
        dataset: Id of the data set.
        config: What is not searched for; it must hold out pictures to compare runs by.
        ranges: What is.
        most_runs: Runs of the whole search, by all who work on it.
        most_minutes: Time after which no further run is begun, and the one at hand is given up.
        owner: Whose runs they are.
        search_id: An earlier search to go on with; None: a new one.
        url: Optuna's database; None: `storage_url()`.
        report: Told of every run: how it ended, and its accuracy on the pictures held out.

    Raises:
        LookupError: there is no such data set.
        Explained: no budget, nothing held out, or no run came to an end.
    """
    if dataset not in DATA_SETS:
        raise LookupError(f"no data set {dataset!r}; there are {', '.join(DATA_SETS)}")
    if most_runs is None and most_minutes is None:
        raise Explained("A search needs an end: a number of runs, or of minutes.")
    real("validation_share", config.validation_share, 0.01, 0.5)
    end = None if most_minutes is None else time.monotonic() + 60 * most_minutes
    search_id = search_id or new_search_id()
    storage = open_storage(url or storage_url(), 10, 60, lambda study, trial: None)
    try:
        study = search_study(search_id, storage, config.seed)
        attempt = _Attempt(dataset, config, ranges, owner, search_id, end, report)
        while not _is_spent(study, most_runs, end):
            study.optimize(attempt, n_trials=1)
        return _best(study)
    finally:
        storage.remove_session()
        storage.engine.dispose()


def search_study(search_id: str, storage: optuna.storages.RDBStorage, seed: int) -> optuna.Study:
    """Open a search's study; make it where it is missing."""
    import optuna

    pruner = optuna.pruners.MedianPruner(n_startup_trials=UNTOUCHED_RUNS)
    study = open_study(search_id, storage, pruner=pruner)
    tried = len(study.get_trials(deepcopy=False))  # or each process would begin alike
    study.sampler = optuna.samplers.TPESampler(seed=(seed + tried) % 2**32)
    return study


def _is_spent(study: optuna.Study, most_runs: int | None, end: float | None) -> bool:
    if end is not None and time.monotonic() >= end:
        return True
    return most_runs is not None and len(study.get_trials(deepcopy=False)) >= most_runs


def _best(study: optuna.Study) -> str:
    """Return the run with the highest accuracy of those that were trained to their end."""
    try:
        return str(study.best_trial.user_attrs["run_id"])
    except ValueError as error:
        raise Explained("No run of the search came to its end: give it more time.") from error


@dataclass(frozen=True, slots=True)
class _Attempt:
    """The objective: choose, train, and say how good it was on the pictures held out."""

    dataset: str
    config: TrainConfig
    ranges: Ranges
    owner: str
    search_id: str
    end: float | None
    report: Callable[[str, str, float], None]

    def __call__(self, trial: optuna.Trial) -> float:
        import optuna

        try:
            spec = suggest_network(trial, self.dataset, self.ranges)
        except Explained as error:  # layers that do not fit: the sampler learns to avoid them
            raise optuna.TrialPruned(str(error)) from error
        config = suggest_config(trial, self.config, self.ranges)
        run_id = create_run(spec, config, plan_run(self.dataset, self.owner, search=self.search_id))
        trial.set_user_attr("run_id", run_id)
        accuracy = 0.0

        def judge(event: TrainEvent) -> bool:
            nonlocal accuracy
            accuracy = event.accuracy or 0.0
            trial.report(accuracy, event.epoch)
            is_late = self.end is not None and time.monotonic() >= self.end
            return not is_late and not trial.should_prune()

        with RunWriter(run_id) as writer:
            state = train_run(writer, judge=judge)
        self.report(run_id, state, accuracy)
        if state != "finished":
            raise optuna.TrialPruned
        return accuracy


def suggest_config(trial: optuna.Trial, config: TrainConfig, ranges: Ranges) -> TrainConfig:
    """Choose how a network is trained; what is not searched for stays as it is."""
    low, high = ranges.lr
    epochs = config.epochs
    if ranges.epochs:
        epochs = trial.suggest_categorical("epochs", ranges.epochs)
    return replace(
        config,
        epochs=epochs,
        lr=trial.suggest_float("lr", low, high, log=True),
        batch_size=trial.suggest_categorical("batch_size", ranges.batch_size),
    )


def suggest_network(trial: optuna.Trial, dataset: str, ranges: Ranges) -> NetworkSpec:
    """Choose a network for a data set.

    Raises:
        Explained: what was chosen does not fit together.
    """
    known = DATA_SETS[dataset]
    side = trial.suggest_categorical("kernel_size", ranges.kernel_size)
    filters = trial.suggest_categorical("filters", ranges.filters)
    activation = "relu"
    if ranges.activation != ("relu",):
        activation = trial.suggest_categorical("activation", ranges.activation)
    layers: list[Layer] = []
    for block in range(trial.suggest_int("blocks", *ranges.blocks)):
        layers += [
            ConvLayer(filters * 2**block, (side, side), padding="same"),
            ActivationLayer(activation),
        ]
        layers += [PoolLayer()]
    layers += [FlattenLayer(), LinearLayer(len(known.labels))]
    channels = known.shape[0]
    mean, std = (0.5,) * channels, (0.25,) * channels
    return NetworkSpec(known.shape, mean, std, tuple(layers), known.labels)
