"""Searches: one run after the other, each chosen by an Optuna study from what the others showed.

A search begun on the page is a file, and its runs go through the queue in their owner's place,
one at a time: whichever worker is free brings the search a step further. `sweep` trains the runs
itself, in as many processes as are started. Both choose, judge and count in the same way.
"""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import asdict, replace
from math import inf
from pathlib import Path

from cnnviz.core.files import write_whole
from cnnviz.core.messages import Explained
from cnnviz.core.strict import entries, mapping, parse, real, whole
from cnnviz.core.training.records import RunRecord, now
from cnnviz.core.training.search import ENDLESS, LONGEST, MOST_MINUTES, MOST_RUNS, Ranges, Search
from cnnviz.core.training.train_config import TrainConfig
from cnnviz.nn.data import dataset_reader
from cnnviz.nn.runs import list_runs, read_points, read_run
from cnnviz.nn.runs.files import broken, disk_explained, is_held, read_text, runs_folder
from cnnviz.nn.runs.queue import RunQueue
from cnnviz.nn.runs.study import SearchStudy
from cnnviz.nn.runs.train import Judge, train_run
from cnnviz.nn.runs.writer import RunWriter

_ID = re.compile(r"sweep-[0-9a-f]{12}")


def begin_search(
    queue: RunQueue,
    dataset: str,
    config: TrainConfig,
    ranges: Ranges,
    owner: str,
    *,
    most_runs: int,
    most_minutes: float,
) -> str:
    """Ask for a search; return its id.

    Raises:
        Explained: values that cannot be; the person's other search is not over, or they have as
            many runs as may be; or the disk is full.
    """
    whole("most_runs", most_runs, 1, MOST_RUNS)
    real("most_minutes", most_minutes, 0, MOST_MINUTES)
    search = Search(_new_id(), owner, dataset, config, ranges, now(), most_runs, most_minutes)
    if any(not each.is_over for each in list_searches(owner)):
        raise Explained("Your other search is not over: end it, or wait for it.")
    with queue.alone():
        queue.check_count(owner)
    _write(search)
    advance(queue)
    return search.id


def list_searches(owner: str | None = None) -> tuple[Search, ...]:
    """Return a person's searches, or everybody's, the newest first; damaged ones are left out."""
    found = []
    for path in _folder().glob("sweep-*.json"):
        with suppress(Explained):
            found.append(_read(path))
    own = (each for each in found if owner in (None, each.owner))
    return tuple(sorted(own, key=lambda each: each.created, reverse=True))


def runs_of(search_id: str, owner: str) -> tuple[RunRecord, ...]:
    """Return the runs of a person's search, the oldest first."""
    own = (run for run in reversed(list_runs(owner)) if run.plan.owner == owner)
    return tuple(run for run in own if run.plan.search == search_id)


def end_search(search_id: str, owner: str) -> None:
    """Let a person's search try no other run, or raise `LookupError`; the current run goes on."""
    search = next((each for each in list_searches(owner) if each.id == search_id), None)
    if search is None:
        raise LookupError(f"no search {search_id[:60]!r}")
    _write(replace(search, is_over=True))


def advance(queue: RunQueue) -> None:
    """Bring every search a step further that waits for one."""
    for search in list_searches():
        if not search.is_over:
            with queue.alone("search"):
                _advance(search, queue)


def judge_of(search_id: str, run_id: str, queue: RunQueue) -> Judge:
    """Return what says, after every epoch of a run, whether its search continues it."""
    search = next((each for each in list_searches() if each.id == search_id), None)
    return SearchStudy(search, queue.storage).judge(run_id) if search else lambda event: True


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
    report: Callable[[str, str, float], None] = lambda run_id, state, accuracy: None,
) -> str:
    """Try networks and settings here until the budget is spent; return the id of the best run.

    Args:
        dataset: Id of the data set.
        config: What is not searched for; it must hold out pictures to compare runs by.
        ranges: What is.
        most_runs: Runs of the whole search, by all processes that work on it.
        most_minutes: Minutes after which no run is begun and the current one is given up.
        owner: Whose runs they are.
        search_id: An earlier search to continue; None: a new one.
        url: Optuna's database, as `RunQueue` has it.
        report: Told of every run trained here: how it ended, and its held-out accuracy.

    Raises:
        LookupError: there is no such data set.
        Explained: no budget, nothing held out, or no run came to an end.
    """
    dataset_reader(dataset)  # refuses one that there is not
    if most_minutes is not None:
        real("minutes", most_minutes, 0, LONGEST)
    if most_runs is None and most_minutes is None:
        raise Explained("A search needs an end: a number of runs, or of minutes.")
    budget = (
        ENDLESS if most_runs is None else most_runs,
        inf if most_minutes is None else most_minutes,
    )
    search = Search(search_id or _new_id(), owner, dataset, config, ranges, now(), *budget)
    with RunQueue(url) as queue:
        while run_id := _train_next(search, queue):
            accuracies = (event.accuracy for event in reversed(read_points(run_id)))
            accuracy = next((each for each in accuracies if each is not None), 0.0)
            report(run_id, read_run(run_id).state, accuracy)
        return SearchStudy(search, queue.storage).best()


def _train_next(search: Search, queue: RunQueue) -> str | None:
    """Train an open run that nobody holds, or a new one; None where the budget is spent."""
    with ExitStack() as holding:
        with queue.alone("search"):
            study = SearchStudy(search, queue.storage)
            left = (each for each in study.open_runs() if each.state != "paused")
            run_id = next((each.id for each in left if not is_held(each.id)), None)
            run_id = run_id or study.choose()
            if run_id is None:
                return None
            writer = holding.enter_context(RunWriter(run_id))
        train_run(writer, judge=study.judge(run_id))
    return run_id


def _advance(search: Search, queue: RunQueue) -> None:
    """Choose the next run where none is open; enqueue one whose maker died before that."""
    study = SearchStudy(search, queue.storage)
    for run in study.open_runs():
        known = (*queue.waiting(), *queue.running())
        if run.state == "waiting" and run.id not in known and not is_held(run.id):
            queue.enqueue(run.id, run.plan.owner)
        return
    if run_id := study.choose():
        queue.enqueue(run_id, search.owner)
    else:
        _write(replace(search, is_over=True))


def _new_id() -> str:
    return f"sweep-{secrets.token_hex(6)}"


def _folder() -> Path:
    return runs_folder().parent / "searches"


def _write(search: Search) -> None:
    with disk_explained():
        _folder().mkdir(parents=True, exist_ok=True)
        write_whole(_folder() / f"{search.id}.json", json.dumps(asdict(search)).encode())


def _read(path: Path) -> Search:
    """Read what `_write` wrote; raises `Explained` for anything else."""
    data = mapping("Search", parse(read_text(path)))
    ranges = Ranges(**entries(data.get("ranges"), Ranges))
    config = TrainConfig(**entries(data.get("config"), TrainConfig))
    search = Search(**entries(data, Search, ranges=ranges, config=config))
    if not _ID.fullmatch(search.id) or path.stem != search.id:
        raise broken(path.name)
    return search
