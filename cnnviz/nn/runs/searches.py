"""Searches: one run after the other, each chosen by an Optuna study from what the others showed.

A search begun on the page is a file, and its runs go through the queue in their owner's place,
one at a time: whichever worker is free brings the search a step further. Those of the command line
are in `nn.runs.sweeps`; both choose, judge and count in the same way.
"""

from __future__ import annotations

import json
import re
import secrets
from contextlib import suppress
from dataclasses import asdict, replace
from pathlib import Path

from cnnviz.core.files import saving, write_whole
from cnnviz.core.messages import Explained
from cnnviz.core.strict import entries, mapping, parse, real, whole
from cnnviz.core.training.records import RunRecord, now
from cnnviz.core.training.search import MOST_MINUTES, MOST_RUNS, Ranges, Search
from cnnviz.core.training.train_config import TrainConfig
from cnnviz.nn.runs import list_runs
from cnnviz.nn.runs.files import is_held, runs_folder
from cnnviz.nn.runs.queue import RunQueue
from cnnviz.nn.runs.start import broken, read_text
from cnnviz.nn.runs.study import SearchStudy
from cnnviz.nn.runs.train import Judge

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
    search = Search(new_id(), owner, dataset, config, ranges, now(), most_runs, most_minutes)
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
            found.append(read(path))
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


def ended_searches() -> set[str]:
    """Return the ids of searches that are over, or damaged: nobody looks after their runs now."""
    still_open = {search.id for search in list_searches() if not search.is_over}
    return {path.stem for path in _folder().glob("sweep-*.json")} - still_open


def judge_of(search_id: str, run_id: str, queue: RunQueue) -> Judge:
    """Return what says, after every epoch of a run, whether its search continues it."""
    search = next((each for each in list_searches() if each.id == search_id), None)
    return SearchStudy(search, queue.storage).judge(run_id) if search else lambda event: None


def _advance(search: Search, queue: RunQueue) -> None:
    """Choose the next run where none is open; enqueue one whose maker died before that."""
    study = SearchStudy(search, queue.storage)
    for run in study.open_runs():
        known = (*queue.waiting(), *queue.running())
        is_left = run.state in ("waiting", "running") and not is_held(run.id)
        if is_left and run.id not in known:
            queue.enqueue(run.id, run.plan.owner)
        return
    if run_id := study.choose():
        queue.enqueue(run_id, search.owner)
    else:
        _write(replace(search, is_over=True))


def new_id() -> str:
    """Return an id that no search has."""
    return f"sweep-{secrets.token_hex(6)}"


def _folder() -> Path:
    return runs_folder().parent / "searches"


def _write(search: Search) -> None:
    write(search, _folder())


def write(search: Search, folder: Path) -> None:
    """Write a search down in a folder, made where it is missing."""
    with saving():
        folder.mkdir(parents=True, exist_ok=True)
        write_whole(folder / f"{search.id}.json", json.dumps(asdict(search)).encode())


def read(path: Path) -> Search:
    """Read what `write` wrote; raises `Explained` for anything else."""
    data = mapping("Search", parse(read_text(path)))
    ranges = Ranges(**entries(data.get("ranges"), Ranges))
    config = TrainConfig(**entries(data.get("config"), TrainConfig))
    search = Search(**entries(data, Search, ranges=ranges, config=config))
    if not _ID.fullmatch(search.id) or path.stem != search.id:
        raise broken(path.name)
    return search
