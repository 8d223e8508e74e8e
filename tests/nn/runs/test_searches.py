"""Searches of the page go through the queue, within their ranges and their budget."""

import pytest

from cnnviz.core.messages import Explained
from cnnviz.core.training.search import Ranges
from cnnviz.core.training.train_config import TrainConfig
from cnnviz.nn.runs import list_runs, study
from cnnviz.nn.runs.queue import MOST_RUNS, RunQueue
from cnnviz.nn.runs.searches import advance, begin_search, end_search, list_searches, runs_of
from cnnviz.nn.runs.worker import work

CONFIG = TrainConfig(epochs=2, augment="none", device="cpu")
SMALL = Ranges(
    lr=(1e-3, 1e-1), batch_size=(256,), filters=(2, 4), blocks=(1, 1),
    activation=("relu", "tanh"), epochs=(1, 2),
)  # fmt: skip


def begin(owner="ann", ranges=SMALL, config=CONFIG, **budget):
    with RunQueue() as queue:
        budget = {"most_runs": 3, "most_minutes": 5, **budget}
        return begin_search(queue, "digits", config, ranges, owner, **budget)


def give_up_all_but_the_first(monkeypatch):
    monkeypatch.setattr(study, "UNTOUCHED_RUNS", 0)
    monkeypatch.setattr("optuna.trial.Trial.should_prune", lambda trial: trial.number > 0)


def test_a_worker_tries_as_many_as_were_asked_for():
    search_id = begin()
    assert [run.state for run in runs_of(search_id, "ann")] == ["waiting"], "one at a time"
    assert work(until_idle=True, poll_s=0.02) == 3
    runs = runs_of(search_id, "ann")
    assert {run.state for run in runs} == {"finished"}
    assert list_searches("ann")[0].is_over
    for run in runs:
        assert run.config.epochs in (1, 2)
        assert run.spec.layers[1].kind in ("relu", "tanh")
        assert run.spec.layers[0].filters in (2, 4)
    assert len({(run.spec, run.config.lr) for run in runs}) == 3
    assert list_searches("bob") == ()
    assert runs_of(search_id, "bob") == ()


def test_what_is_hopeless_is_given_up(monkeypatch):
    give_up_all_but_the_first(monkeypatch)
    search_id = begin(ranges=Ranges(filters=(2,), blocks=(1, 1), batch_size=(256,)))
    work(until_idle=True, poll_s=0.02)
    states = [run.state for run in runs_of(search_id, "ann")]
    assert states == ["finished", "pruned", "pruned"]
    assert runs_of(search_id, "ann")[1].last.epoch == 1
    said = "It was given up after epoch 1: most runs of its search were better by then."
    assert [str(run.reason) for run in runs_of(search_id, "ann")] == ["None", said, said]


def test_its_owner_ends_it_and_time_does():
    search_id = begin()
    with pytest.raises(LookupError):
        end_search(search_id, "bob")
    end_search(search_id, "ann")
    late = begin("bob", most_minutes=0)
    assert work(until_idle=True, poll_s=0.02) == 1, "the one that was at hand already"
    assert runs_of(late, "bob") == ()
    assert all(each.is_over for each in list_searches())


def test_a_lost_run_and_one_whose_layers_do_not_fit_stop_nothing(monkeypatch):
    wide = Ranges(lr=(1e-3, 1e-1), batch_size=(256,), filters=(2,), blocks=(1, 4))
    with monkeypatch.context() as dead:
        dead.setattr(RunQueue, "enqueue", lambda self, run_id, owner: None)
        search_id = begin(ranges=wide, most_runs=4)
    with RunQueue() as queue:
        assert queue.waiting() == ()
        advance(queue)
        assert len(queue.waiting()) == 1 >= len(queue.running())
        advance(queue)
        assert len(queue.waiting()) == 1
    end_search(search_id, "ann")


@pytest.mark.parametrize(
    ("budget", "sentence"),
    [({"most_runs": 0}, "most_runs"), ({"most_minutes": 1e6}, "most_minutes")],
)
def test_impossible_budgets_are_refused(budget, sentence):
    with pytest.raises(Explained, match=sentence):
        begin(**budget)
    assert list_searches() == ()


def test_one_search_a_person_and_a_full_queue_are_sentences(home):
    begin()
    with pytest.raises(Explained, match="not over"):
        begin()
    with RunQueue() as queue:
        spec = list_runs("ann")[0].spec
        for _ in range(MOST_RUNS):
            queue.submit(spec, CONFIG, "digits", "bob")
    with pytest.raises(Explained, match="there can be no more"):
        begin("bob")
    (path,) = (home / "searches").glob("*.json")
    path.write_text(path.read_text()[:-9])
    assert list_searches() == (), "what is damaged is left out"
