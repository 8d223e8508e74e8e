"""Searches asked for on the page: each tries one run after the other through the queue.

A search is a file; its study, as `nn.runs.sweep` has it, keeps what was chosen. The workers drive
it: when its run is done, they put the next one into the queue, in one place of its owner's.
"""

from __future__ import annotations

import json
import re
import time
import warnings
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from cnnviz.core.files import write_whole
from cnnviz.core.messages import Explained
from cnnviz.core.records import TrainEvent
from cnnviz.core.strict import entries, mapping, parse, real, whole, words
from cnnviz.core.training.records import DONE, RunRecord, now
from cnnviz.core.training.search_results import MOST_MINUTES, MOST_RUNS
from cnnviz.core.training.train_config import TrainConfig
from cnnviz.nn.runs import create_run, list_runs, plan_run, read_run
from cnnviz.nn.runs.files import broken, disk_explained, is_held, read_text, runs_folder
from cnnviz.nn.runs.queue import RunQueue
from cnnviz.nn.runs.sweep import (
    Ranges,
    new_search_id,
    search_study,
    suggest_config,
    suggest_network,
)

if TYPE_CHECKING:
    import optuna

_ID = re.compile(r"sweep-[0-9a-f]{12}")


@dataclass(frozen=True, slots=True)
class Search:
    """What is searched for, and how long.

    Attributes:
        id: "sweep-" and 12 hexadecimal digits.
        owner: The person's random id.
        dataset: Id of the data set.
        config: What is not searched for.
        ranges: What is.
        created: Time in UTC.
        most_runs: Runs to try.
        most_minutes: After which no other run is begun, and one at hand is given up.
        is_over: Whether its end was reached, or its owner ended it.
    """

    id: str
    owner: str
    dataset: str
    config: TrainConfig
    ranges: Ranges
    created: str
    most_runs: int
    most_minutes: float
    is_over: bool = False

    def __post_init__(self) -> None:
        words("owner", self.owner)
        words("dataset", self.dataset)
        whole("most_runs", self.most_runs, 1, MOST_RUNS)
        real("most_minutes", self.most_minutes, 0, MOST_MINUTES)
        real("validation_share", self.config.validation_share, 0.01, 0.5)

    @property
    def is_late(self) -> bool:
        """Whether its minutes have passed."""
        began = datetime.fromisoformat(self.created).timestamp()
        return time.time() - began > 60 * self.most_minutes


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
    search = Search(new_search_id(), owner, dataset, config, ranges, now(), most_runs, most_minutes)
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
        try:
            search = _read(path)
        except Explained:
            continue
        if owner in (None, search.owner):
            found.append(search)
    return tuple(sorted(found, key=lambda each: each.created, reverse=True))


def end_search(search_id: str, owner: str) -> None:
    """Let a search try no other run; the one at hand is left to its owner.

    Raises:
        LookupError: there is no such search, or it is another person's.
    """
    search = next((each for each in list_searches(owner) if each.id == search_id), None)
    if search is None:
        raise LookupError(f"no search {search_id[:60]!r}")
    _close(search)


def advance(queue: RunQueue) -> None:
    """Bring every search a step further that waits for one."""
    for search in list_searches():
        if not search.is_over:
            with queue.alone("search"):
                _advance(search, queue)


def judge_of(search_id: str, run_id: str, queue: RunQueue) -> Callable[[TrainEvent], bool]:
    """Return what says, after every epoch of a run, whether its search goes on with it."""
    search = next((each for each in list_searches() if each.id == search_id), None)
    trial = search and _trial_of(search, run_id, queue)
    if not search or not trial:
        return lambda event: True

    def judge(event: TrainEvent) -> bool:
        trial.report(event.accuracy or 0.0, event.epoch)
        return not search.is_late and not trial.should_prune()

    return judge


def _advance(search: Search, queue: RunQueue) -> None:
    """Tell the study what has ended; where nothing is left open, choose the next run."""
    import optuna

    study = search_study(search.id, queue.storage, search.config.seed)
    for trial in study.get_trials(deepcopy=False, states=(optuna.trial.TrialState.RUNNING,)):
        run = _run_of(trial)
        if run is not None and run.state not in DONE:
            _see_to(run, queue)
            return
        _tell(study, trial, run)
    while len(study.get_trials(deepcopy=False)) < search.most_runs and not search.is_late:
        if _try_another(study, search, queue):
            return
    _close(search)


def _see_to(run: RunRecord, queue: RunQueue) -> None:
    """Put a run into the queue that was never put there, for whoever made it died."""
    known = (*queue.waiting(), *queue.running())
    if run.state == "waiting" and run.id not in known and not is_held(run.id):
        queue.postpone(run.id, run.plan.owner)


def _try_another(study: optuna.Study, search: Search, queue: RunQueue) -> bool:
    """Choose a run and enqueue it; False where its layers do not fit."""
    import optuna

    with warnings.catch_warnings():  # a run's own trial sends the signs of life
        warnings.simplefilter("ignore", UserWarning)
        trial = study.ask()
    try:
        spec = suggest_network(trial, search.dataset, search.ranges)
    except Explained:  # the sampler learns to avoid it
        study.tell(trial, state=optuna.trial.TrialState.PRUNED)
        return False
    config = suggest_config(trial, search.config, search.ranges)
    run_id = create_run(spec, config, plan_run(search.dataset, search.owner, search=search.id))
    trial.set_user_attr("run_id", run_id)
    queue.postpone(run_id, search.owner)
    return True


def _tell(study: optuna.Study, trial: optuna.trial.FrozenTrial, run: RunRecord | None) -> None:
    import optuna

    if run is not None and run.state == "finished" and run.last and run.last.accuracy is not None:
        study.tell(trial.number, run.last.accuracy)
        return
    is_pruned = run is not None and run.state == "pruned" and bool(trial.intermediate_values)
    state = optuna.trial.TrialState.PRUNED if is_pruned else optuna.trial.TrialState.FAIL
    study.tell(trial.number, state=state)


def _run_of(trial: optuna.trial.FrozenTrial) -> RunRecord | None:
    with suppress(LookupError, Explained):
        return read_run(str(trial.user_attrs.get("run_id", "")))
    return None


def _trial_of(search: Search, run_id: str, queue: RunQueue) -> optuna.Trial | None:
    import optuna

    study = search_study(search.id, queue.storage, search.config.seed)
    for trial in study.get_trials(deepcopy=False):
        if trial.user_attrs.get("run_id") == run_id and not trial.state.is_finished():
            return optuna.trial.Trial(study, trial._trial_id)
    return None


def runs_of(search_id: str, owner: str) -> tuple[RunRecord, ...]:
    """Return the runs of a person's search, the oldest first."""
    own = (run for run in reversed(list_runs(owner)) if run.plan.owner == owner)
    return tuple(run for run in own if run.plan.search == search_id)


def _folder() -> Path:
    return runs_folder().parent / "searches"


def _close(search: Search) -> None:
    _write(replace(search, is_over=True))


def _write(search: Search) -> None:
    with disk_explained():
        _folder().mkdir(parents=True, exist_ok=True)
        write_whole(_folder() / f"{search.id}.json", json.dumps(asdict(search)).encode())


def _read(path: Path) -> Search:
    """Read what `_write` wrote; raises `Explained` for anything else."""
    data = mapping("Search", parse(read_text(path)))
    ranges = Ranges(**entries(data.get("ranges"), Ranges))
    config = TrainConfig.from_plain(data.get("config"))
    search = Search(**entries(data, Search, ranges=ranges, config=config))
    if not _ID.fullmatch(search.id) or path.stem != search.id:
        raise broken(path.name)
    return search
