"""Runs as folders: what is done is whole or called broken, whatever happened on the way."""

import errno
import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
from contextlib import closing, contextmanager
from pathlib import Path

import numpy as np
import pytest
import torch

from cnnviz.core.messages import Explained
from cnnviz.core.training.records import RunLabel, is_run_id
from cnnviz.core.training.train_config import TrainConfig
from cnnviz.nn import load_card, load_network
from cnnviz.nn.data import load_dataset
from cnnviz.nn.library import evaluate_network, load_mistakes
from cnnviz.nn.networks.evaluation import evaluate
from cnnviz.nn.networks.store import pack_weights
from cnnviz.nn.runs import (
    ask,
    create_run,
    delete_run,
    list_runs,
    plan_run,
    read_points,
    read_run,
    relabel,
    run_folder,
    runs_folder,
    tidy_runs,
    withdraw,
)
from cnnviz.nn.runs import train as runs_train
from cnnviz.nn.runs.files import held
from cnnviz.nn.runs.writer import RunWriter, read_snapshot
from cnnviz.nn.training import begin, follow
from cnnviz.nn.training import run as training_run
from tests.nn.runs.toys import CONFIG, SPEC, create, done

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """The folder of a finished run, made once; copy it."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("CNNVIZ_HOME", str(tmp_path_factory.mktemp("home")))
        return run_folder(done())


@pytest.fixture
def finished(home, trained):
    shutil.copytree(trained, runs_folder() / trained.name)
    return trained.name


def states():
    return {run.id: run.state for run in list_runs()}


def test_a_run_waits_runs_and_is_opened():
    run_id = create(label=RunLabel("first"))
    assert is_run_id(run_id)
    before = read_run(run_id)
    assert (before.state, before.label.name, before.card, before.last) == (
        "waiting", "first", None, None,
    )  # fmt: skip
    with pytest.raises(LookupError, match="no network yet"):
        load_network(run_id)
    done(run_id)
    after = read_run(run_id)
    assert (after.state, after.last.step, after.spec, after.config) == (
        "finished", 22, SPEC, CONFIG,
    )  # fmt: skip
    data = load_dataset("digits")
    network = load_network(run_id)
    assert evaluate(network, data.test_images, data.test_labels).accuracy == after.card.accuracy
    assert load_card(run_id) == after.card
    assert dict(after.card.versions)["data"] == "digits.csv.gz"
    assert evaluate_network(run_id).confusion_matrix == after.card.confusion_matrix
    assert not network.training
    assert not any(each.requires_grad for each in network.parameters())
    assert [event.step for event in read_points(run_id) if event.accuracy is not None] == [11, 22]


def test_its_mistakes_are_the_surest_wrong_answers(finished):
    run_id = finished
    data, network = load_dataset("digits"), load_network(run_id)
    mistakes = load_mistakes(run_id, data)
    assert [each.probability for each in mistakes] == sorted(
        (each.probability for each in mistakes), reverse=True
    )
    first = mistakes[0]
    probabilities = network(torch.from_numpy(data.test_images[first.index][None]) / 255).softmax(1)
    assert first.truth == data.test_labels[first.index] != first.answer
    assert int(probabilities.argmax()) == first.answer
    assert float(probabilities.max()) == pytest.approx(first.probability, rel=1e-4)


@pytest.mark.parametrize(
    "name", ["../run-12345678", "run-12345678", "run-", "run-1234567g", "/etc"]
)
def test_unknown_runs_and_paths_are_no_runs(home, name):
    (home / "run-12345678").mkdir()
    for call in (load_network, load_card, read_run, read_points, run_folder):
        with pytest.raises(LookupError):
            call(name)


def test_only_the_owner_changes_a_run_and_others_see_what_is_shared():
    mine, shared = create(), create(label=RunLabel("both", "", shared=True))
    relabel(mine, "ann", RunLabel("new <b>name</b>", "a note"))
    for call in (
        lambda: relabel(mine, "bob", RunLabel("his")),
        lambda: delete_run(shared, "bob"),
        lambda: ask(shared, "bob", "stop"),
        lambda: withdraw(shared, "bob", "stop"),
        lambda: read_run(mine, "bob"),
    ):
        with pytest.raises(LookupError):
            call()
    assert [run.id for run in list_runs("bob")] == [shared]
    assert {run.id for run in list_runs("ann")} == {mine, shared}
    assert read_run(mine, "ann").label == RunLabel("new <b>name</b>", "a note")
    delete_run(mine, "ann")
    assert [run.id for run in list_runs("ann")] == [shared]
    assert not any(path.name.startswith(".deleted") for path in runs_folder().iterdir())


@pytest.mark.parametrize("label", [("x" * 81,), ("", "x" * 2001), (3,), ("", "", 1)])
def test_labels_have_limits(label):
    with pytest.raises(Explained):
        RunLabel(*label)


def test_runs_are_sorted(monkeypatch):
    first, second = create(label=RunLabel("b")), create(label=RunLabel("A"))
    done(second)
    assert [run.id for run in list_runs()] == [second, first]
    assert [run.id for run in list_runs(by="name")] == [first, second]
    assert [run.id for run in list_runs(by="accuracy")] == [second, first]
    with pytest.raises(Explained, match="“by” cannot be size"):
        list_runs(by="size")


def test_a_stopped_run_keeps_its_network_untested(monkeypatch):
    monkeypatch.setattr(training_run, "TICK_S", 0.0)
    run_id = create()
    judged = []
    done(run_id, judge=lambda event: judged.append(event) or ask(run_id, "ann", "stop"))
    assert (read_run(run_id).state, len(judged)) == ("stopped", 1)
    assert str(read_run(run_id).reason) == "It was stopped by hand."
    assert read_points(run_id)[-1].step == 12
    assert load_network(run_id)
    with pytest.raises(LookupError, match="not finished"):
        load_card(run_id)


def test_stopping_is_heeded_while_the_data_are_being_read(monkeypatch):
    monkeypatch.setattr(runs_train, "_data", {})
    forever = threading.Event()

    def load(name):
        forever.wait(60)
        raise LookupError(name)  # a thread that ends late must leave nothing to other tests

    monkeypatch.setattr(runs_train, "load_dataset", load)
    run_id = create()
    threading.Timer(0.1, ask, (run_id, "ann", "stop")).start()
    done(run_id)
    forever.set()
    assert read_run(run_id).state == "stopped"


def test_pausing_and_resuming_gives_the_same_network_as_going_through(monkeypatch):
    monkeypatch.setattr(training_run, "TICK_S", 0.0)
    whole, paused = done(), create()
    steps = iter(range(99))
    monkeypatch.setattr(
        runs_train, "asked", lambda folder: "pause" if next(steps) in (7, 8) else None
    )
    done(paused)
    (run_folder(paused) / "pause").touch()
    assert read_run(paused).state == "paused"
    half = read_snapshot(run_folder(paused))
    assert 0 < half.step < read_run(whole).last.step
    withdraw(paused, "ann", "pause")
    assert read_run(paused).state == "waiting"
    done(paused)
    assert pack_weights(load_network(paused)) == pack_weights(load_network(whole))
    kept = [(event.step, event.accuracy) for event in read_points(paused)]
    assert kept == [(event.step, event.accuracy) for event in read_points(whole)]


def test_a_run_on_its_way_is_the_training_of_its_config():
    with closing(follow(begin(SPEC, load_dataset("digits"), CONFIG))) as events:
        *_, last = events
    assert read_points(done())[-1].accuracy == last.accuracy


def test_what_goes_wrong_is_kept_as_a_sentence():
    config = TrainConfig(epochs=9, lr=10, optimizer="sgd", schedule="constant", device="cpu")
    run = read_run(done(create(config=config)))
    assert run.state == "failed"
    assert "The loss is no longer a number" in str(run.reason)
    unknown = create_run(SPEC, CONFIG, plan_run("nothing", "ann"))
    reason = read_run(done(unknown)).reason
    assert str(reason) == "This program knows no data set “nothing”."


def test_two_cannot_train_one_run_and_it_cannot_be_deleted_meanwhile():
    run_id = create()
    with RunWriter(run_id), pytest.raises(TimeoutError):
        RunWriter(run_id).__enter__()
    with RunWriter(run_id), pytest.raises(Explained, match="stop it before deleting"):
        delete_run(run_id, "ann")
    delete_run(run_id, "ann")


def test_a_run_is_running_only_while_somebody_trains_it():
    run_id = create()
    with RunWriter(run_id) as writer:
        assert read_run(run_id).state == "waiting"
        writer.start()
        assert states() == {run_id: "running"}
    assert states() == {run_id: "waiting"}, "its worker is gone"
    ask(run_id, "ann", "stop")
    assert states() == {run_id: "stopped"}
    assert str(read_run(run_id).reason) == "It was stopped by hand."


def test_whose_last_files_were_cut_short_waits_for_another_worker(home):
    run_id = create()
    with RunWriter(run_id) as writer:
        writer.start()
        (writer.folder / "state.json").write_text('{"state": "finished", "reason": null}')
        assert read_run(run_id).state == "running"
    assert read_run(run_id).state == "waiting"
    done(run_id)
    assert read_run(run_id).state == "finished"


@pytest.mark.parametrize(("code", "state"), [(errno.EROFS, "waiting"), (errno.EACCES, "running")])
def test_what_cannot_be_locked_is_believed_unless_nobody_could_write(monkeypatch, code, state):
    run_id = create()
    with RunWriter(run_id) as writer:
        writer.start()

    def refuse(*words, **more):
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr("filelock.FileLock.acquire", refuse)
    assert read_run(run_id).state == state


def test_who_looks_whether_a_run_is_held_turns_no_worker_away():
    run_id = create()
    look = threading.Event()

    def hold():
        with held(run_id):
            look.set()
            time.sleep(0.2)

    looking = threading.Thread(target=hold)
    looking.start()
    assert look.wait(60)
    with RunWriter(run_id) as writer:
        assert not writer.is_done
    looking.join()


FILES = (
    "run.json", "spec.json", "config.json", "points.jsonl", "state.json", "weights.safetensors",
    "card.json", "mistakes.jsonl", "manifest.json",
)  # fmt: skip


def test_a_finished_run_is_these_files(finished):
    names = [path.name for path in run_folder(finished).iterdir()]
    kept = [name for name in names if name.startswith(("epoch", "watched"))]
    assert sorted({*names} - {*kept}) == sorted([*FILES, "label.json"])
    assert kept, "what it was after its epochs"


@pytest.mark.parametrize("name", FILES)
def test_every_flipped_byte_is_found(finished, name):
    run_id = finished
    path = run_folder(run_id) / name
    whole = path.read_bytes()
    rng = np.random.default_rng(0)
    loads = load_network, load_card, lambda run_id: load_mistakes(run_id, load_dataset("digits"))
    for place in rng.integers(0, len(whole), 40):
        flipped = bytes([whole[place] ^ (1 << int(rng.integers(8)))])
        path.write_bytes(whole[:place] + flipped + whole[place + 1 :])
        assert "finished" not in states().values()
        for load in loads:
            with pytest.raises(Explained, match="The run is broken"):
                load(run_id)
    path.write_bytes(whole)
    assert states() == {run_id: "finished"}
    path.unlink()
    assert "finished" not in states().values()


def test_left_overs_are_no_runs_and_go_when_they_are_old(finished):
    run_id = finished
    half, gone = runs_folder() / ".new-run-12345678", runs_folder() / ".deleted-1-run-12345678"
    for folder in (half, gone):
        folder.mkdir()
    (runs_folder() / "run-12345678").mkdir()
    (runs_folder() / "run-123456789").write_text("a file")
    (run_folder(run_id) / ".card.json.x").write_text("half a")
    assert states() == {run_id: "finished"}
    tidy_runs()
    assert (half.exists(), gone.exists()) == (True, False)
    os.utime(half, (1, 1))
    tidy_runs()
    assert not half.exists()


class FullDisk:
    """`os.fsync` as it is on a disk that is full after so many calls."""

    def __init__(self, after):
        self.left, self.fsync = after, os.fsync

    def __call__(self, handle):
        self.left -= 1
        if self.left < 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        self.fsync(handle)


@pytest.mark.parametrize("after", [0, 3, 8, 12, 18])
def test_a_full_disk_is_one_sentence_and_old_runs_stay_whole(finished, monkeypatch, after):
    old, new = finished, create()
    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", FullDisk(after))
        with pytest.raises(Explained, match="The disk is full"):
            done(new)
        with pytest.raises(Explained, match="The disk is full"):
            create()
    assert states()[old] == "finished"
    assert states()[new] != "finished"
    assert load_network(old)
    assert len(states()) == 2
    done(new)
    assert states() == {old: "finished", new: "finished"}
    assert not list(run_folder(new).glob(".*"))


VICTIMS = """
import os, sys, torch
from cnnviz.nn.data import load_dataset
from cnnviz.nn.runs import train as runs_train
from cnnviz.nn.training import begin
from tests.nn.runs.toys import CONFIG, SPEC, done
runs_train.EPOCH_SNAPSHOT_S = 0.0
torch.set_num_threads(1)
run = begin(SPEC, load_dataset("digits"), CONFIG)  # what is imported late is there before forking
for each in run.network.parameters():
    each.grad = torch.zeros_like(each)
run.optimizer.step()
for line in sys.stdin:
    pid = os.fork()
    if not pid:
        done(line.strip())
        os._exit(0)
    print(pid, flush=True)
    print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), flush=True)
"""


@contextmanager
def victims():
    """A process that trains each run it is told of in a child, and says how the child ended."""
    with subprocess.Popen(
        [sys.executable, "-c", VICTIMS], cwd=ROOT, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    ) as parent:  # fmt: skip

        def train(run_id, after_s):
            parent.stdin.write(f"{run_id}\n")
            parent.stdin.flush()
            pid = int(parent.stdout.readline())
            timer = threading.Timer(after_s, os.kill, (pid, signal.SIGKILL))
            timer.start()
            code = int(parent.stdout.readline())
            timer.cancel()
            timer.join()
            return code

        yield train


def kill_rounds(rounds):
    """Kill a process at random moments of training and saving; what was done stays done."""
    rng, finished, pending, killed = random.Random(7), set(), create(), 0
    with victims() as train:
        span = 60.0  # until one has shown how long a whole run takes
        for _ in range(20 * rounds):
            start = time.perf_counter()
            code = train(pending, rng.uniform(0, span) if finished else 600)
            assert code in (0, -signal.SIGKILL)
            killed += code != 0
            now = states()
            assert set(now.values()) <= {"waiting", "running", "finished"}
            assert {each for each in finished if now[each] != "finished"} == set()
            if code == 0:
                assert now[pending] == "finished"
                span = min(span, time.perf_counter() - start)
            if now[pending] == "finished":
                assert load_card(pending).id == pending
                finished.add(pending)
                pending = create()
            if killed == rounds:
                break
    expected = pack_weights(load_network(done()))
    assert all(pack_weights(load_network(each)) == expected for each in finished)
    done(pending)
    assert pack_weights(load_network(pending)) == expected
    return killed


def test_kill_9_loses_no_finished_run_and_shows_no_broken_one():
    assert kill_rounds(4) == 4


@pytest.mark.slow
def test_forty_rounds_of_kill_9():
    assert kill_rounds(40) == 40
