"""The points of a run's training: an event a line, written as they come. Knows no folder."""

from __future__ import annotations

from functools import lru_cache

from cnnviz.core.messages import Explained
from cnnviz.core.records import TrainEvent
from cnnviz.core.strict import entries, parse


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
    return TrainEvent(**entries(parse(line), TrainEvent))
