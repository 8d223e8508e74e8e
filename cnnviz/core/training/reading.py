"""The records of a run read back from its files, every value checked.

A file may have been changed by hand, or by an accident that left it a text: what is read here fits
a sentence and a chart.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from math import inf

from cnnviz.core.messages import Explained, Sentence
from cnnviz.core.records import TrainEvent
from cnnviz.core.strict import entries, flag, mapping, parse, real, whole
from cnnviz.core.training.records import Mistake, Record, RunState

_MOST = 10**15
"""What is larger is no number of ours, and has more digits than pages write."""


def read_state(text: str) -> RunState:
    """Read what `records.to_json` wrote; raises `Explained` for anything else."""
    data = mapping("RunState", parse(text))
    match data.get("reason"):
        case None:
            reason = None
        case (str(message), Mapping() as numbers):
            reason = _sentence(message, dict(numbers))
        case _:
            raise _damaged()
    return RunState(**entries(data, RunState, reason=reason))


def _sentence(message: str, numbers: dict[str, object]) -> Sentence:
    checked = {}
    for name, value in numbers.items():
        if not isinstance(value, str):
            real(name, value, -_MOST, _MOST)
        checked[name] = value
    try:
        message.format(**{name: str(value) for name, value in checked.items()})
    except (LookupError, ValueError, AttributeError) as error:
        raise _damaged() from error
    return Sentence(message, checked)  # type: ignore[arg-type]


def _damaged() -> Explained:
    return Explained("The state of the run is damaged.")


def read(record: type[Record], text: str) -> Record:
    """Read what `records.to_json` wrote; raises `Explained` for anything else."""
    return record(**entries(parse(text), record))


def read_mistakes(text: str) -> tuple[Mistake, ...]:
    """Read mistakes, a line each; raises `Explained` for anything else."""
    return tuple(read(Mistake, line) for line in text.splitlines())


def read_events(text: str) -> tuple[TrainEvent, ...]:
    """Read the events of a run, a line each; a last line that was cut short does not count."""
    events = []
    for line in text.split("\n")[:-1]:
        try:
            events.append(_event(line))
        except Explained:
            break  # nothing behind a damaged line is believed
    return tuple(events)


@lru_cache(maxsize=32_768)  # two hours of a run: who watches it asks for all of them every second
def _event(line: str) -> TrainEvent:
    event = read(TrainEvent, line)
    whole("epoch", event.epoch, 0, _MOST)
    whole("total_steps", event.total_steps, 1, _MOST)
    whole("step", event.step, 0, event.total_steps)
    whole("parts", event.parts, 1, _MOST)
    flag("is_moved", event.is_moved)
    for name in ("train_loss", "images_per_s", "elapsed_s"):
        real(name, getattr(event, name), 0, _MOST)
    if event.validation_loss is not None and event.validation_loss == event.validation_loss:
        real("validation_loss", event.validation_loss, 0, inf)  # a network can diverge
    if event.accuracy is not None:
        real("accuracy", event.accuracy, 0, 1)
    return event
