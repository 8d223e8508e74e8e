"""Searches of the command line: each process trains runs of its own until the budget is spent.

What a search was begun with is a file, by which it is known again: beside, not among those of the
page, which workers bring further. A run that was cut short waits for whoever continues its search.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from dataclasses import asdict, fields, replace
from difflib import get_close_matches
from math import inf
from pathlib import Path

from cnnviz.core.messages import Explained
from cnnviz.core.strict import real, whole
from cnnviz.core.training.records import now
from cnnviz.core.training.search import ENDLESS, LONGEST, Ranges, Search
from cnnviz.core.training.train_config import TrainConfig
from cnnviz.nn.data import dataset_reader
from cnnviz.nn.device import pick_device
from cnnviz.nn.runs import read_points, read_run
from cnnviz.nn.runs.files import is_held, runs_folder
from cnnviz.nn.runs.queue import RunQueue
from cnnviz.nn.runs.searches import new_id, read, write
from cnnviz.nn.runs.study import SearchStudy
from cnnviz.nn.runs.train import data_of, train_run
from cnnviz.nn.runs.writer import RunWriter

MOST_FAILURES = 5
"""Runs that may fail one after the other: then the next one would, too."""
_SHOWN = 3
"""Searches that are named where the one asked for is not there."""


def find_sweep(search_id: str) -> Search:
    """Return what a search was begun with.

    Raises:
        Explained: there is no such search; it names those that it may have been.
    """
    known = {path.stem: path for path in _newest_first()}
    if search_id in known:
        return read(known[search_id])
    if not known:
        raise Explained(
            "There is no search “{name}”, nor any other: a new one is begun without --search, and "
            "says what it is called.",
            name=search_id[:60],
        )
    near = get_close_matches(search_id, known, _SHOWN) or [*known][:_SHOWN]
    raise Explained(
        "There is no search “{name}”, but {near}; a new one is begun without --search.",
        name=search_id[:60],
        near=", ".join(near),
    )


def as_begun(
    search_id: str, config: TrainConfig, ranges: Ranges, *, but: set[str]
) -> tuple[TrainConfig, Ranges]:
    """Return what a search was begun with, but for the settings that are asked for anew.

    Raises:
        Explained: as `find_sweep`.
    """
    own = find_sweep(search_id)
    settings = but & {"epochs", "seed", "device"}
    choices = but & ({each.name for each in fields(Ranges)} - {"epochs"})
    return (
        replace(own.config, **{name: getattr(config, name) for name in settings}),
        replace(own.ranges, **{name: getattr(ranges, name) for name in choices}),
    )


def sweep(
    dataset: str,
    config: TrainConfig,
    *,
    ranges: Ranges,
    most_runs: int | None = None,
    most_minutes: float | None = None,
    owner: str = "cli",
    search_id: str | None = None,
    url: str | None = None,
    begun: Callable[[str], None] = lambda search_id: None,
    report: Callable[[str, str, float | None], None] = lambda run_id, state, accuracy: None,
) -> str:
    """Try networks and settings here until the budget is spent; return the id of the best run.

    Args:
        dataset: Id of the data set.
        config: What is not searched for; it must hold out pictures to compare runs by.
        ranges: What is.
        most_runs: Runs of the whole search, by all processes that work on it.
        most_minutes: Minutes after which no run is begun and the current one is given up.
        owner: Whose runs they are.
        search_id: An earlier search to continue, with the data set, config and ranges that it was
            begun with, on whichever device; None: a new one.
        url: Optuna's database, as `RunQueue` has it.
        begun: Told of the search's id before its first run.
        report: Told of every run trained here: how it ended, and its held-out accuracy, if any.

    Raises:
        LookupError: there is no such data set.
        Explained: no budget, nothing held out, no such search or one of something else, no such
            device, no data; so many runs have failed that the next would; or none came to an end.
    """
    dataset_reader(dataset)  # refuses one that there is not
    if most_runs is None and most_minutes is None:
        raise Explained("A search needs an end: a number of runs, or of minutes.")
    if most_runs is not None:
        whole("runs", most_runs, 1, ENDLESS)
    if most_minutes is not None:
        real("minutes", most_minutes, 0, LONGEST)
    budget = (
        ENDLESS if most_runs is None else most_runs,
        inf if most_minutes is None else most_minutes,
    )
    search = Search(search_id or new_id(), owner, dataset, config, ranges, now(), *budget)
    if search_id is not None:
        _check_is_that(search, find_sweep(search_id))
    pick_device(config.device)  # what every run would fail of
    data_of(dataset)
    with RunQueue(url) as queue:
        if search_id is None:
            write(replace(search, is_over=True, most_runs=1, most_minutes=0), _folder())
        begun(search.id)
        return _sweep(search, queue, report)


def _sweep(
    search: Search, queue: RunQueue, report: Callable[[str, str, float | None], None]
) -> str:
    failures = 0
    while True:
        study = SearchStudy(search, queue.storage)
        run_id = _train_next(search, study, queue)
        if run_id is None:
            return study.best()
        with suppress(LookupError):  # it has been deleted meanwhile
            run = read_run(run_id)
            accuracies = (event.accuracy for event in reversed(read_points(run_id)))
            report(run_id, run.state, next((each for each in accuracies if each is not None), None))
            failures = failures + 1 if run.state == "failed" else 0
            if failures == MOST_FAILURES:
                raise Explained(
                    "{count} runs in a row have failed, the last of them so: {reason}",
                    count=failures,
                    reason=str(run.reason),
                )


def _train_next(search: Search, study: SearchStudy, queue: RunQueue) -> str | None:
    """Train an open run that nobody holds, or a new one; None where the budget is spent."""
    with ExitStack() as holding:
        with queue.alone("search"):
            left = (each for each in study.open_runs() if each.state != "paused")
            run_id = next((each.id for each in left if not is_held(each.id)), None)
            run_id = run_id or study.choose()
            if run_id is None:
                return None
            writer = holding.enter_context(RunWriter(run_id))
        with suppress(LookupError):  # it is being deleted
            train_run(writer, judge=study.judge(run_id))
    return run_id


def _check_is_that(asked: Search, own: Search) -> None:
    """Refuse to continue a search as another one: its runs could not be compared."""
    if asked.dataset != own.dataset:
        raise Explained(
            "The search “{name}” is on “{own}”, not on “{asked}”.",
            name=own.id,
            own=own.dataset,
            asked=asked.dataset,
        )
    config = replace(asked.config, device=own.config.device)
    for one, other in ((config, own.config), (asked.ranges, own.ranges)):
        theirs = asdict(other)
        for name, value in asdict(one).items():
            if value != theirs[name]:
                raise Explained(
                    "The search “{name}” was begun with {setting} {own}, not {asked}.",
                    name=own.id,
                    setting=name,
                    own=_plain(theirs[name]),
                    asked=_plain(value),
                )


def _plain(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _folder() -> Path:
    return runs_folder().parent / "sweeps"


def _newest_first() -> Iterator[Path]:
    with suppress(OSError):
        paths = {path: path.stat().st_mtime for path in _folder().glob("sweep-*.json")}
        yield from sorted(paths, key=lambda path: paths[path], reverse=True)
