"""A worker: takes runs from the queue, one after the other, and trains them."""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from typing import TYPE_CHECKING

from cnnviz.core.files import Unsaved
from cnnviz.core.messages import Explained, Sentence
from cnnviz.core.records import TrainEvent
from cnnviz.core.strict import real
from cnnviz.core.training.search import LONGEST
from cnnviz.nn.device import use_threads
from cnnviz.nn.runs import tidy_runs
from cnnviz.nn.runs.database import QueueBroken, database, was_over
from cnnviz.nn.runs.files import NICE_WORKER, held
from cnnviz.nn.runs.queue import GRACE_S, HEARTBEAT_S, RunQueue
from cnnviz.nn.runs.searches import advance, ended_searches, judge_of
from cnnviz.nn.runs.train import train_run
from cnnviz.nn.runs.writer import RunWriter

if TYPE_CHECKING:
    import optuna

SHORTEST = 0.01
"""Minutes that a run is given at least: with none, a worker would stop all that wait."""
POLL_S = 0.5
"""Seconds between looks into an empty queue."""

_log = logging.getLogger(__name__)


def work(
    url: str | None = None,
    *,
    threads: int = 1,
    most_minutes: float | None = None,
    until_idle: bool = False,
    heartbeat_s: int = HEARTBEAT_S,
    grace_s: int = GRACE_S,
    poll_s: float = POLL_S,
    report: Callable[[str, str], None] = lambda run_id, state: None,
) -> int:
    """Train what waits in the queue, until the process is interrupted.

    Args:
        url: As `RunQueue` has it, like `heartbeat_s` and `grace_s`.
        threads: CPU threads for one computation; the same number repeats a run bit for bit.
        most_minutes: Training time after which a run is stopped.
        until_idle: Return when nothing is left to do.
        heartbeat_s: The same for all workers.
        grace_s: The same for all workers.
        poll_s: Seconds between looks into an empty queue.
        report: Told of every run that was trained, and how it ended.

    Returns:
        How many runs were trained to an end of whatever kind.

    Raises:
        Explained: minutes that cannot be; the queue cannot be opened, or fails twice within
            `grace_s`; or nothing can be saved.
        KeyboardInterrupt: re-raised; the current run waits for another worker.
    """
    if most_minutes is not None:
        real("minutes", most_minutes, SHORTEST, LONGEST)
    use_threads(threads)
    tidy_runs()
    ended = 0

    def told(run_id: str, state: str) -> None:
        nonlocal ended
        ended += 1
        report(run_id, state)

    broke = float("-inf")
    while True:
        try:
            with RunQueue(url, heartbeat_s=heartbeat_s, grace_s=grace_s) as queue:
                recovered = float("-inf")
                while queue.is_current:
                    advance(queue)
                    if queue.is_worth_taking():
                        take(queue, most_minutes=most_minutes, report=told)
                        continue
                    if time.monotonic() - recovered >= grace_s / 4:
                        recovered = time.monotonic()
                        queue.recover(ended_searches())
                        continue
                    if until_idle and not queue.waiting() and not queue.running():
                        return ended
                    time.sleep(poll_s)
        except QueueBroken as error:  # a damaged one has been set aside meanwhile
            if time.monotonic() - broke < grace_s:
                raise
            broke = time.monotonic()
            _log.warning("%s It is opened anew.", error)


@contextmanager
def made_way() -> Iterator[bool]:
    """Give other programs precedence; yield whether no other such worker is here.

    One is enough for all servers with this `CNNVIZ_HOME` on this machine.
    """
    if hasattr(os, "nice"):
        os.nice(10)
    with ExitStack() as holding:
        try:
            holding.enter_context(held(NICE_WORKER))
            is_only = True
        except TimeoutError:
            is_only = False
        yield is_only


def take(
    queue: RunQueue, *, most_minutes: float | None, report: Callable[[str, str], None]
) -> None:
    """Take one trial and train its run; whatever comes of it, the worker lives on."""
    import optuna

    interrupted: list[str] = []
    failed: list[tuple[str, str]] = []
    with ExitStack() as taking:
        taking.enter_context(queue.alone("take"))  # SQLite knows no row that is locked

        def objective(trial: optuna.Trial) -> float:
            run_id, owner = (str(trial.user_attrs.get(key, "")) for key in ("run_id", "owner"))
            is_early = bool(run_id) and queue.is_blocked(run_id, owner)
            if is_early:
                queue.enqueue(run_id, owner)
            taking.close()
            accuracy = None
            try:
                if run_id and not is_early:
                    accuracy = _train(trial, run_id, queue, most_minutes, report)
            except KeyboardInterrupt:  # the worker is told to go: the run waits for another one
                interrupted.append(run_id)
                queue.enqueue(run_id, owner)
            except Exception:
                failed.append((run_id, owner))
                raise
            if accuracy is None:
                raise optuna.TrialPruned
            return accuracy

        broke = None
        try:
            with database():
                queue.study.optimize(objective, n_trials=1, catch=(Exception,))
        except QueueBroken as error:
            _log.debug("a trial could not be ended", exc_info=error)
            broke = None if was_over(error) else error
    if interrupted:
        raise KeyboardInterrupt
    if broke is not None:
        raise broke  # its run is enqueued again by whoever recovers the queue
    for run_id, owner in failed:
        queue.try_again(run_id, owner)


def _train(
    trial: optuna.Trial,
    run_id: str,
    queue: RunQueue,
    most_minutes: float | None,
    report: Callable[[str, str], None],
) -> float | None:
    """Train a run unless it is done, deleted, or held; return its accuracy once it is finished."""
    accuracy = 0.0

    def judge(event: TrainEvent) -> Sentence | None:
        nonlocal accuracy
        accuracy = event.accuracy or 0.0
        with suppress(QueueBroken), database():  # what the queue cannot take down harms no run
            trial.report(accuracy, event.epoch)
        return is_promising(event)

    try:
        with RunWriter(run_id) as writer:
            if writer.is_done:
                return None
            is_promising = judge_of(writer.plan.search, run_id, queue)
            try:
                state = train_run(writer, judge=judge, most_minutes=most_minutes)
            except Unsaved as error:  # whose owner can let it go on when there is room again
                writer.pause(Sentence(error.message, error.numbers))
                state = "paused"
    except (LookupError, TimeoutError):
        return None
    report(run_id, state)
    if state == "failed":
        raise Explained("The run has failed.")
    return accuracy if state == "finished" else None
