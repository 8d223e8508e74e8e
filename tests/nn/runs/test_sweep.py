"""Searches: within their ranges and their budget, the best run is named and can be opened."""

import pytest
import torch

from cnnviz.core.messages import Explained
from cnnviz.core.training.train_config import TrainConfig
from cnnviz.nn import load_network
from cnnviz.nn.runs import list_runs, read_run, sweep
from cnnviz.nn.runs.queue import RunQueue
from cnnviz.nn.runs.sweep import Ranges

CONFIG = TrainConfig(epochs=2, augment=False, device="cpu")
SMALL = Ranges(lr=(1e-3, 1e-1), batch_size=(128, 256), filters=(2, 4), blocks=(1, 2))


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("CNNVIZ_HOME", str(tmp_path))
    monkeypatch.delenv("CNNVIZ_STORAGE", raising=False)
    torch.set_num_threads(1)


def search(**more):
    told = []
    more = {"ranges": SMALL, **more}
    best = sweep.sweep("digits", CONFIG, report=lambda *words: told.append(words), **more)
    return best, told


def test_the_best_of_so_many_runs_is_named():
    best, told = search(most_runs=6, owner="ann")
    assert len(told) == len(list_runs("ann")) == 6
    finished = {run_id: accuracy for run_id, state, accuracy in told if state == "finished"}
    assert len(finished) >= sweep.UNTOUCHED_RUNS
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


def test_a_search_goes_on_where_it_was():
    best, told = search(most_runs=2)
    again, more = search(most_runs=3, search_id=read_run(best).plan.search)
    assert (len(told), len(more)) == (2, 1)
    assert again in {run_id for run_id, *_ in told + more}


def test_hopeless_runs_are_given_up(monkeypatch):
    monkeypatch.setattr(sweep, "UNTOUCHED_RUNS", 0)
    monkeypatch.setattr("optuna.trial.Trial.should_prune", lambda trial: trial.number > 0)
    _, told = search(most_runs=3)
    assert [state for _, state, _ in told] == ["finished", "pruned", "pruned"]
    assert {read_run(run_id).last.epoch for run_id, *_ in told[1:]} == {1}


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({}, "needs an end"),
        ({"most_minutes": 0.0}, "No run of the search came to its end"),
        ({"most_runs": 1, "ranges": Ranges(blocks=(4, 4))}, "No run of the search came"),
    ],
)
def test_what_cannot_be_searched_is_explained(more, sentence):
    with pytest.raises(Explained, match=sentence):
        search(**more)


@pytest.mark.parametrize(
    "wrong",
    [{"lr": (0.1, 0.01)}, {"blocks": (0, 1)}, {"filters": ()}, {"batch_size": (0,)}],
)
def test_impossible_ranges_are_refused(wrong):
    with pytest.raises(Explained):
        Ranges(**wrong)
