"""The progress bar that a training on the command line has."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import closing
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from cnnviz.core.records import TrainEvent
from cnnviz.core.training.cards import NetworkCard


def follow(
    events: Generator[TrainEvent, None, NetworkCard], *, is_quiet: bool = False
) -> NetworkCard:
    """Show a progress bar until the training is done; return what it made."""
    columns = (
        TextColumn("epoch {task.fields[epoch]}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} % · loss {task.fields[loss]}"),
        TextColumn("{task.fields[rate]} images/s{task.fields[parts]} ·"),
        TimeRemainingColumn(),
    )
    with closing(events):
        event = next(events)  # by now the data are there, and nothing else is being printed
        with Progress(*columns, console=Console(stderr=True, quiet=is_quiet)) as progress:
            bar = progress.add_task("", total=event.total_steps, **_shown(event))
            while True:
                progress.update(bar, completed=event.step, **_shown(event))
                try:
                    event = next(events)
                except StopIteration as end:
                    card: NetworkCard = end.value
                    return card


def _shown(event: TrainEvent) -> dict[str, Any]:
    return {
        "epoch": event.epoch,
        "loss": f"{event.train_loss:.3f}",
        "rate": f"{event.images_per_s:,.0f}",
        "parts": f" · short of memory: batches in {event.parts} parts" * (event.parts > 1)
        + " · short of memory: on the processor" * event.is_moved,
    }
