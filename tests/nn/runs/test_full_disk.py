"""A disk that fills up while runs are trained costs no training, and everybody is told why."""

from dataclasses import replace

import pytest

from cnnviz.core.files import disk_full
from cnnviz.core.messages import Explained
from cnnviz.core.training.search import Ranges
from cnnviz.nn import load_network
from cnnviz.nn.networks.store import pack_weights
from cnnviz.nn.runs import files as run_files
from cnnviz.nn.runs import list_runs, read_run, runs_folder, train, worker
from cnnviz.nn.runs.database import QueueBroken
from cnnviz.nn.runs.queue import RunQueue
from cnnviz.nn.runs.sweeps import sweep
from cnnviz.nn.runs.writer import RunWriter
from tests.nn.runs.toys import SHORT, create, done, submit

LONG = replace(SHORT, epochs=3)


@pytest.fixture
def full(monkeypatch):
    """A disk without room for the second snapshot of any run of three epochs."""
    monkeypatch.setattr(train, "EPOCH_SNAPSHOT_S", 0.0)
    keep = RunWriter.keep

    def keep_one(writer, snapshot):
        if list(writer.folder.glob("snapshot-*")):
            raise disk_full()
        keep(writer, snapshot)

    with monkeypatch.context() as patched:
        patched.setattr(RunWriter, "keep", keep_one)
        yield patched


def work():
    told = []
    worker.work(until_idle=True, poll_s=0.02, report=lambda *words: told.append(words))
    return told


def test_a_run_pauses_with_what_it_has_and_its_owner_lets_it_go_on(full):
    with RunQueue() as queue:
        long, short = submit(queue, config=LONG), submit(queue)
        assert work() == [(long, "paused"), (short, "finished")]
        paused = read_run(long)
        assert (paused.state, str(paused.reason)) == ("paused", str(disk_full()))
        full.undo()
        queue.resume(long, "ann")
        assert (read_run(long).state, read_run(long).reason) == ("waiting", None)
        steps = []
        follow = train.follow
        full.setattr(train, "follow", lambda run: steps.append(run.step) or follow(run))
        assert work() == [(long, "finished")]
    assert steps == [6], "after the first epoch"
    assert pack_weights(load_network(long)) == pack_weights(load_network(done(create(config=LONG))))


def test_where_not_even_that_can_be_written_it_waits(full, monkeypatch):
    def refuse(*words, **more):
        raise disk_full()

    with RunQueue() as queue:
        run_id = submit(queue, config=LONG)
    full.setattr(RunWriter, "pause", refuse)
    with RunQueue() as queue:
        worker.take(queue, most_minutes=None, report=lambda *words: None)
        assert queue.waiting() == (run_id,)
    assert read_run(run_id).state == "waiting"
    full.undo()
    assert work() == [(run_id, "finished")]


def test_a_sweep_ends_with_the_sentence_and_is_continued(full):
    names, told = [], []

    def more(**given):
        ranges = Ranges(filters=(2,), blocks=(1, 1), batch_size=(256,))
        return sweep(
            "digits",
            LONG,
            ranges=ranges,
            most_runs=1,
            begun=names.append,
            report=lambda *words: told.append(words),
            **given,
        )

    with pytest.raises(Explained, match="The disk is full"):
        more()
    (cut,) = list_runs()
    assert (cut.state, told) == ("waiting", [])
    full.undo()
    assert more(search_id=names[0]) == cut.id
    assert [words[:2] for words in told] == [(cut.id, "finished")]


def test_a_run_that_could_not_be_queued_is_not_there(monkeypatch):
    def refuse(*words, **more):
        raise QueueBroken(disk_full().message)

    with RunQueue() as queue:
        monkeypatch.setattr(queue, "enqueue", refuse)
        with pytest.raises(Explained, match="The disk is full"):
            submit(queue)
    assert list_runs() == ()
    assert [path.name for path in runs_folder().glob("run-*")] == []


def test_an_owner_who_pauses_is_told_no_reason():
    run_id = create()
    with RunWriter(run_id) as writer:
        (writer.folder / "pause").touch()
        writer.pause()
    assert (read_run(run_id).state, read_run(run_id).reason) == ("paused", None)
    assert run_files.asked(run_files.run_folder(run_id)) == "pause"
