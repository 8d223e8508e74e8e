"""What `cnnviz train` is made of: an option for each setting, and a progress bar."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from contextlib import closing
from functools import wraps
from inspect import Parameter, Signature, signature
from itertools import starmap
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from cnnviz.core.records import TrainEvent
from cnnviz.core.training.cards import NetworkCard
from cnnviz.core.training.train_config import Asked, TrainConfig

_DEFAULTS = TrainConfig(validation_share=0.0)
"""A network that is saved learns from every picture."""


def one_of(words: Sequence[str]) -> str:
    """Return a sentence that names all words."""
    return f"{', '.join(words[:-1])} or {words[-1]}."


def with_settings(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command an option for each field of `TrainConfig`, in place of its `settings`."""

    @wraps(command)
    def filled(**given: Any) -> None:
        settings = {name: given.pop(name) for name in TrainConfig.asked()}
        command(settings=settings, **given)

    own = signature(command, eval_str=True).parameters.values()
    others = [each.replace(kind=Parameter.KEYWORD_ONLY) for each in own if each.name != "settings"]
    both = [*starmap(_option, TrainConfig.asked().items()), *others]
    filled.__annotations__ = {each.name: each.annotation for each in both}
    filled.__signature__ = Signature(both)  # type: ignore[attr-defined]
    return filled


def _option(name: str, asked: Asked) -> Parameter:
    default = getattr(_DEFAULTS, name)
    help = f"{asked.label}: {one_of(tuple(asked.words))}" if asked.words else asked.help
    option = Annotated[type(default), typer.Option(help=help)]  # type: ignore[valid-type]
    return Parameter(name, Parameter.KEYWORD_ONLY, default=default, annotation=option)


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
