"""The queue on SQLite: fair, each run once, and no dead worker takes a run with it."""

import math
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from cnnviz.core.messages import Explained
from cnnviz.core.training.train_config import TrainConfig
from cnnviz.nn import load_network
from cnnviz.nn.networks.store import pack_weights
from cnnviz.nn.runs import ask, create_run, delete_run, list_runs, plan_run, read_run, train, worker
from cnnviz.nn.runs.files import is_held
from cnnviz.nn.runs.queue import MOST_RUNS, RunQueue
from cnnviz.nn.runs.storage import storage_url
from cnnviz.nn.runs.writer import RunWriter
from cnnviz.nn.training import run as training_run
from tests.nn.runs.toys import SHORT, SPEC, submit
from tests.nn.runs.workers import (
    check_that_a_killed_workers_run_is_retried,
    check_that_two_share_twelve,
    workers,
)

ROOT = Path(__file__).parents[3]


@pytest.fixture
def queue():
    with RunQueue(heartbeat_s=1, grace_s=2) as opened:
        yield opened


def work(**more):
    ended = []
    more = {"until_idle": True, "heartbeat_s": 1, "grace_s": 2, "poll_s": 0.02, **more}
    worker.work(report=lambda run_id, state: ended.append((run_id, state)), **more)
    return ended


def states(queue):
    return [trial.state.name for trial in queue.study.get_trials()]


def test_runs_are_taken_in_their_order_and_end_in_their_folder(queue):
    first, second = submit(queue), submit(queue, "bob")
    assert queue.waiting() == (first, second)
    assert work() == [(first, "finished"), (second, "finished")]
    assert queue.waiting() == queue.running() == ()
    trial, _ = queue.study.get_trials()
    run = read_run(first)
    assert trial.state.name == "COMPLETE"
    assert trial.value == run.last.accuracy
    assert trial.user_attrs == {"run_id": first, "owner": "ann"}
    assert trial.intermediate_values == {1: run.last.accuracy}
    assert not is_held(first)


def test_the_eleventh_click_starts_no_eleventh_training(queue):
    taken, refused = [], []

    def click():
        try:
            with RunQueue() as own:
                taken.append(submit(own))
        except Explained as error:
            refused.append(str(error))

    threads = [threading.Thread(target=click) for _ in range(11)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(taken), len(refused)) == (MOST_RUNS, 11 - MOST_RUNS)
    assert set(refused) == {
        "4 of your runs are training or waiting; there can be no more at a time. Stop one, or "
        "wait until one is done."
    }
    assert len(list_runs()) == MOST_RUNS
    submit(queue, "bob")
    ask(taken[0], "ann", "stop")
    submit(queue)
    assert len(work()) == MOST_RUNS + 1
    assert read_run(taken[0]).state == "stopped"


@pytest.mark.filterwarnings("ignore:Heartbeat of storage")
def test_a_persons_runs_train_one_by_one(queue):
    first, second, other = submit(queue), submit(queue), submit(queue, "bob")
    trial = queue.study.ask()  # another worker has taken the first
    assert trial.user_attrs["run_id"] == first
    assert queue.running() == (first,)
    assert queue.is_worth_taking()
    worker.take(queue, most_minutes=None, report=lambda *words: None)
    assert queue.waiting() == (other, second)
    worker.take(queue, most_minutes=None, report=lambda *words: None)
    assert read_run(other).state == "finished"
    assert not queue.is_worth_taking()
    assert queue.waiting() == (second,)


def test_trials_without_a_run_or_with_one_that_is_over_end_themselves(queue):
    queue.study.enqueue_trial({})
    gone, done, held = submit(queue), submit(queue, "bob"), submit(queue, "eve")
    delete_run(gone, "ann")
    ask(done, "bob", "stop")
    with RunWriter(held):
        for _ in range(4):
            worker.take(queue, most_minutes=None, report=lambda *words: None)
    assert states(queue) == ["PRUNED"] * 4
    worker.take(queue, most_minutes=None, report=lambda *words: None)  # nothing waits
    assert states(queue) == ["PRUNED"] * 5
    assert work() == [(held, "finished")]  # no trial spoke of it: found and queued again


def test_a_failure_is_the_runs_own_and_the_worker_lives_on(queue):
    wild = TrainConfig(epochs=9, lr=10, optimizer="sgd", schedule="constant", device="cpu")
    bad, good = submit(queue, config=wild), submit(queue)
    assert work() == [(bad, "failed"), (good, "finished")]
    assert states(queue) == ["FAIL", "COMPLETE"]
    assert "no longer a number" in str(read_run(bad).reason)


def test_an_unforeseen_error_is_tried_again_and_then_given_up(queue, monkeypatch):
    def explode(*arguments):
        raise ZeroDivisionError

    monkeypatch.setattr(train, "_train", explode)
    run_id = submit(queue)
    work(grace_s=1)
    assert states(queue) == ["FAIL"] * 3
    assert "cut short 3 times" in str(read_run(run_id).reason)


def test_pausing_gives_the_worker_back_and_resuming_queues_again(queue, monkeypatch):
    monkeypatch.setattr(training_run, "TICK_S", 0.0)
    run_id, other = submit(queue), submit(queue, "bob")
    looks = iter(range(99))
    wish = train.asked

    def asked(folder):
        if folder.name == run_id and next(looks) == 2:
            ask(run_id, "ann", "pause")
        return wish(folder)

    monkeypatch.setattr(train, "asked", asked)
    assert work() == [(run_id, "paused"), (other, "finished")]
    assert read_run(run_id).state == "paused"
    assert 0 < read_run(run_id).last.step < read_run(run_id).last.total_steps
    with pytest.raises(LookupError):
        queue.resume(run_id, "bob")
    queue.resume(run_id, "ann")
    with pytest.raises(Explained, match="not paused"):
        queue.resume(run_id, "ann")
    assert work() == [(run_id, "finished")]
    assert pack_weights(load_network(run_id)) == pack_weights(load_network(other))


def test_a_time_limit_stops_a_run(queue, monkeypatch):
    monkeypatch.setattr(worker, "SHORTEST", 0.0)
    monkeypatch.setattr(training_run, "TICK_S", 0.0)
    run_id = submit(queue)
    assert work(most_minutes=1e-9) == [(run_id, "stopped")]
    reason = read_run(run_id).reason
    assert str(reason) == "It was stopped after 1e-09 minutes: no run may take longer here."


@pytest.mark.parametrize("minutes", [-5.0, 0.0, math.nan, math.inf])
def test_a_worker_stops_nothing_for_a_time_that_cannot_be(queue, minutes):
    run_id = submit(queue)
    with pytest.raises(Explained, match="“minutes” must be a number from"):
        work(most_minutes=minutes)
    assert queue.waiting() == (run_id,)


def test_an_interrupted_worker_leaves_its_run_to_another(queue, monkeypatch):
    def interrupt(*arguments):
        raise KeyboardInterrupt

    run_id = submit(queue)
    with monkeypatch.context() as patched:
        patched.setattr(train, "_train", interrupt)
        with pytest.raises(KeyboardInterrupt):
            work()
    assert queue.waiting() == (run_id,)
    assert work() == [(run_id, "finished")]


def test_a_run_that_was_never_queued_is_found(queue):
    run_id = create_run(SPEC, SHORT, plan_run("digits", "ann"))
    assert queue.waiting() == ()
    assert work() == [(run_id, "finished")]


def test_the_database_is_named_by_the_environment(home, monkeypatch):
    assert storage_url() == f"sqlite:///{home.resolve()}/runs.sqlite3"
    monkeypatch.setenv("CNNVIZ_STORAGE", f"sqlite:///{home}/nowhere/x.sqlite3")
    with pytest.raises(Explained, match="database cannot be opened"):
        RunQueue()


def test_the_first_click_may_come_while_the_queue_is_being_imported(home):
    code = """
from concurrent.futures import ThreadPoolExecutor
from cnnviz.ui.training import runs

def click():
    with runs.queue() as opened:
        return len(opened.study.trials)

with ThreadPoolExecutor(2) as pool:
    prepared, clicked = pool.submit(runs._import_queue), pool.submit(click)
    print(prepared.result(), clicked.result())
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stdout.split() == ["None", "0"], done.stderr[-2000:]


def test_importing_brings_no_optuna_along():
    code = "import sys, cnnviz.nn.runs.worker; print({'optuna', 'sqlalchemy'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_two_workers_share_twelve_runs_and_a_killed_ones_is_retried(queue):
    with workers() as (start, hear):
        check_that_two_share_twelve(queue, start, hear)
        check_that_a_killed_workers_run_is_retried(queue, start, hear)
