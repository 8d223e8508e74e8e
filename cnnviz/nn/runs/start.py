"""What a run began with: its plan, network and settings, and what its owner calls it."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, partial
from pathlib import Path

from cnnviz.core.files import read_whole
from cnnviz.core.messages import Explained
from cnnviz.core.networks.network_spec import NetworkSpec
from cnnviz.core.strict import LONGEST_TEXT
from cnnviz.core.training import reading
from cnnviz.core.training.records import Record, RunLabel, RunPlan
from cnnviz.core.training.train_config import TrainConfig


def plan(folder: Path) -> RunPlan:
    """Return the plan of a run; raises `Explained` where it is damaged."""
    return _read(folder, "run.json", partial(reading.read, RunPlan))


def check(folder: Path) -> None:
    """Raise `Explained` unless it can be told what run this is: its plan, network and settings."""
    plan(folder)
    spec(folder)
    config(folder)


def spec(folder: Path) -> NetworkSpec:
    """Return the network of a run; raises `Explained` where that is damaged."""
    return _read(folder, "spec.json", _spec)


def config(folder: Path) -> TrainConfig:
    """Return the settings of a run; raises `Explained` where they are damaged."""
    return _read(folder, "config.json", TrainConfig.from_json)


def _read(folder: Path, name: str, read: Callable[[str], Record]) -> Record:
    try:
        return read(read_text(folder / name))
    except Explained as error:
        raise broken(name) from error


@lru_cache(maxsize=1024)  # a table of runs is read every second or two
def _spec(text: str) -> NetworkSpec:
    return NetworkSpec.from_json(text)


def label(folder: Path) -> RunLabel:
    """Return what the owner calls a run; nothing where that cannot be read."""
    try:
        return reading.read(RunLabel, read_text(folder / "label.json"))
    except Explained:
        return RunLabel()


def read_text(path: Path) -> str:
    """Return a small text file; raises `Explained` where it is missing or no text."""
    try:
        return read_whole(path, LONGEST_TEXT).decode()
    except (OSError, UnicodeDecodeError) as error:
        raise broken(path.name) from error


def broken(name: str) -> Explained:
    """Return the sentence for a file of a run that is not what was written."""
    return Explained("The run is broken: its file “{name}” is damaged or missing.", name=name)
