"""Searches of the command line: as they were begun, within their budget, each end with why."""

import json
import math
from itertools import chain, repeat

import pytest

from cnnviz.core.messages import Explained
from cnnviz.core.training.search import Ranges, Search
from cnnviz.core.training.train_config import TrainConfig
from cnnviz.nn import load_network
from cnnviz.nn.data import dataset_reader
from cnnviz.nn.runs import ask, list_runs, read_run, study, sweeps
from cnnviz.nn.runs.queue import RunQueue
from cnnviz.nn.runs.sweeps import as_begun, find_sweep, sweep
from tests.nn.runs.test_searches import give_up_all_but_the_first
from tests.nn.runs.toys import CONFIG as TOY

CONFIG = TrainConfig(epochs=2, augment="none", device="cpu")

WIDE = Ranges(lr=(1e-3, 1e-1), batch_size=(128, 256), filters=(2, 4), blocks=(1, 2))


def swept(**more):
    told = []
    more = {"ranges": WIDE, **more}
    best = sweep("digits", CONFIG, report=lambda *words: told.append(words), **more)
    return best, told


def test_the_best_of_so_many_runs_is_named():
    best, told = swept(most_runs=6, owner="ann")
    assert len(told) == len(list_runs("ann")) == 6
    finished = {run_id: accuracy for run_id, state, accuracy in told if state == "finished"}
    assert len(finished) >= study.UNTOUCHED_RUNS
    assert finished[best] == max(finished.values())
    assert load_network(best)
    assert {state for _, state, _ in told} <= {"finished", "pruned"}
    for run in list_runs():
        assert 1e-3 <= run.config.lr <= 1e-1
        assert run.config.batch_size in (128, 256)
        assert run.spec.layers[0].filters in (2, 4)
        assert run.plan.search.startswith("sweep-")
        assert run.config.epochs == 2
    with RunQueue() as queue:  # searches have a study of their own
        queue.recover()
        assert queue.waiting() == ()


def test_a_sweep_continues_where_it_was():
    best, told = swept(most_runs=2)
    again, more = swept(most_runs=3, search_id=read_run(best).plan.search)
    assert (len(told), len(more)) == (2, 1)
    assert again in {run_id for run_id, *_ in told + more}


def test_a_sweeps_hopeless_runs_are_given_up(monkeypatch):
    give_up_all_but_the_first(monkeypatch)
    _, told = swept(most_runs=3)
    assert [state for _, state, _ in told] == ["finished", "pruned", "pruned"]
    assert {read_run(run_id).last.epoch for run_id, *_ in told[1:]} == {1}


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({}, "needs an end"),
        ({"most_minutes": 0.0}, "No run of the search came to its end"),
        ({"most_runs": 1, "ranges": Ranges(blocks=(4, 4))}, "No network within these ranges fits"),
        ({"most_minutes": 9.0, "ranges": Ranges(blocks=(4, 4))}, "No network within these ranges"),
        ({"most_runs": 10**20}, "“runs” must be a whole number from 1 to 1000000"),
        ({"most_minutes": math.nan}, "“minutes” must be a number from 0 to 525600, not nan"),
        ({"most_minutes": math.inf}, "“minutes” must be a number"),
        ({"most_minutes": -1.0}, "“minutes” must be a number"),
    ],
)
def test_what_cannot_be_swept_is_explained(more, sentence):
    with pytest.raises(Explained, match=sentence):
        swept(**more)


def test_a_run_that_was_cut_short_is_trained_by_whoever_continues(monkeypatch):
    def interrupt(*arguments, **more):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(sweeps, "train_run", interrupt)
        with pytest.raises(KeyboardInterrupt):
            swept(most_runs=1)
    (cut,) = list_runs()
    best, told = swept(most_runs=1, search_id=cut.plan.search)
    assert best == cut.id
    assert [words[:2] for words in told] == [(cut.id, "finished")]


def test_two_processes_on_one_search_train_different_runs(monkeypatch):
    train_run, others = sweeps.train_run, []

    def beside_another(writer, **more):
        if not others:
            others.append(None)
            others[0] = swept(most_runs=3, search_id=writer.plan.search)
        return train_run(writer, **more)

    monkeypatch.setattr(sweeps, "train_run", beside_another)
    best, told = swept(most_runs=3)
    ((_, other),) = others
    assert (len(told), len(other)) == (1, 2), "the budget is that of the whole search"
    ids = {run_id for run_id, *_ in told + other}
    assert ids == {run.id for run in list_runs()}
    assert len(ids) == 3
    assert best in ids


def test_a_run_that_its_owner_paused_holds_no_sweep_up(monkeypatch):
    train_run = sweeps.train_run

    def paused(writer, **more):
        ask(writer.folder.name, "cli", "pause")
        return train_run(writer, **more)

    with monkeypatch.context() as patched:
        patched.setattr(sweeps, "train_run", paused)
        with pytest.raises(Explained, match="No run of the search"):
            swept(most_runs=1)
    (run,) = list_runs()
    assert run.state == "paused"
    best, told = swept(most_runs=2, search_id=run.plan.search)
    assert [words[0] for words in told] == [best] != [run.id]
    assert read_run(run.id).state == "paused"


def test_what_every_run_would_fail_of_is_told_before_the_first(monkeypatch):
    with pytest.raises(Explained, match="There is no CUDA device here"):
        sweep("digits", TrainConfig(device="cuda"), ranges=WIDE, most_runs=1)

    def missing(name):
        raise dataset_reader(name).missing()

    monkeypatch.setattr(sweeps, "data_of", missing)
    with pytest.raises(
        Explained, match="The data set “digits” comes with scikit-learn, which is not"
    ):
        swept(most_runs=1)
    assert list_runs() == ()


WILD = TrainConfig(epochs=1, optimizer="sgd", schedule="constant", device="cpu", augment="none")
HOT = Ranges(lr=(10, 10), batch_size=(16,), filters=(8,), blocks=(1, 1))


def test_why_a_run_failed_is_said():
    with pytest.raises(Explained, match="The last one: The loss is no longer a number") as why:
        sweep("digits", WILD, ranges=HOT, most_runs=2)
    assert "give it more time" not in str(why.value)
    assert {run.state for run in list_runs()} == {"failed"}


def test_a_sweep_whose_runs_all_fail_ends():
    with pytest.raises(Explained, match="5 runs in a row have failed, the last of them so: The l"):
        sweep("digits", WILD, ranges=HOT, most_minutes=60)
    assert len(list_runs()) == sweeps.MOST_FAILURES


def test_time_that_is_over_gives_the_current_run_up_and_says_so(monkeypatch):
    late = chain([False], repeat(True))
    monkeypatch.setattr(Search, "is_late", property(lambda search: next(late)))
    with pytest.raises(Explained, match="after epoch 1: the time of its search was over"):
        swept(most_minutes=60)
    (run,) = list_runs()
    assert run.state == "pruned"


def test_a_run_that_is_deleted_meanwhile_ends_no_sweep(monkeypatch):
    train_run, gone = sweeps.train_run, []

    def delete(writer, **more):
        if not gone:
            gone.append(writer.folder.name)
            for path in writer.folder.iterdir():
                path.unlink()
            writer.folder.rmdir()
        return train_run(writer, **more)

    monkeypatch.setattr(sweeps, "train_run", delete)
    best, told = swept(most_runs=2)
    assert [words[0] for words in told] == [best] != gone


def test_a_search_says_its_name_and_is_found_by_it():
    names = []
    best, _ = swept(most_runs=1, begun=names.append)
    assert names == [read_run(best).plan.search]
    own = find_sweep(names[0])
    assert (own.dataset, own.config, own.ranges, own.owner) == ("digits", CONFIG, WIDE, "cli")
    with RunQueue() as queue:  # no worker brings it further
        assert queue.waiting() == ()
    _, told = swept(most_runs=2, search_id=names[0], begun=names.append)
    assert (names[1], len(told)) == (names[0], 1)


@pytest.mark.parametrize("name", ["mine", "runs", "", "../x", "sweep-000000000000", "ü" * 999])
def test_a_search_that_there_is_not_is_never_begun(name):
    with pytest.raises(Explained, match="nor any other: a new one is begun without"):
        swept(most_runs=1, search_id=name)
    assert list_runs() == ()


def test_the_search_that_was_meant_is_named(home):
    names = []
    swept(most_runs=1, begun=names.append)
    for asked in (names[0][:-1] + "x", "runs"):
        with pytest.raises(Explained, match=f"no search “{asked}”, but {names[0]}; a new one"):
            swept(most_runs=2, search_id=asked)
    with RunQueue() as queue:
        assert queue.study.get_trials() == []
    assert len(list_runs()) == 1


@pytest.mark.parametrize(
    ("dataset", "config", "ranges", "sentence"),
    [
        ("fashion", CONFIG, WIDE, "is on “digits”, not on “fashion”"),
        ("digits", TOY, WIDE, "was begun with batch_size 64, not 128"),
        ("digits", CONFIG, HOT, "was begun with lr 0.001, 0.1, not 10, 10"),
    ],
)
def test_a_search_is_continued_as_it_was_begun_alone(dataset, config, ranges, sentence):
    names = []
    swept(most_runs=1, begun=names.append)
    with pytest.raises(Explained, match=f"The search “{names[0]}” {sentence}"):
        sweep(dataset, config, ranges=ranges, most_runs=2, search_id=names[0])
    assert len(list_runs()) == 1


def test_what_is_not_asked_for_stays_as_it_was_begun():
    names = []
    swept(most_runs=1, begun=names.append)
    other = TrainConfig(epochs=7, seed=3)
    assert as_begun(names[0], other, HOT, but={"search", "runs"}) == (CONFIG, WIDE)
    config, ranges = as_begun(names[0], other, HOT, but={"epochs", "lr"})
    assert (config.epochs, config.seed, config.augment) == (7, CONFIG.seed, "none")
    assert (ranges.lr, ranges.filters, ranges.epochs) == (HOT.lr, WIDE.filters, ())


def test_a_damaged_search_is_one_sentence(home):
    names = []
    swept(most_runs=1, begun=names.append)
    (path,) = (home / "sweeps").iterdir()
    held = json.loads(path.read_text())
    path.write_text(json.dumps({**held, "dataset": ""}))
    with pytest.raises(Explained, match="“dataset” must be a text"):
        swept(most_runs=2, search_id=names[0])


def test_who_comes_while_the_last_run_is_trained_is_told_so(monkeypatch):
    train_run, told = sweeps.train_run, []

    def beside_another(writer, **more):
        writer.start()
        with pytest.raises(Explained, match="come to its end yet: some still train"):
            swept(most_runs=1, search_id=writer.plan.search)
        told.append(writer.plan.search)
        return train_run(writer, **more)

    monkeypatch.setattr(sweeps, "train_run", beside_another)
    best, _ = swept(most_runs=1)
    assert told == [read_run(best).plan.search]
