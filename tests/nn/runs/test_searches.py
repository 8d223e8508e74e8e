"""Searches, through the queue and as a sweep: within their ranges and budget, the best is named."""

import pytest

from cnnviz.core.messages import Explained
from cnnviz.core.training.search import Ranges
from cnnviz.core.training.train_config import TrainConfig
from cnnviz.nn import load_network
from cnnviz.nn.runs import ask, list_runs, read_run, searches, study
from cnnviz.nn.runs.queue import MOST_RUNS, RunQueue
from cnnviz.nn.runs.searches import advance, begin_search, end_search, list_searches, runs_of, sweep
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
        ({"most_runs": 1, "ranges": Ranges(blocks=(4, 4))}, "No run of the search came"),
    ],
)
def test_what_cannot_be_swept_is_explained(more, sentence):
    with pytest.raises(Explained, match=sentence):
        swept(**more)


def test_a_run_that_was_cut_short_is_trained_by_whoever_continues(monkeypatch):
    def interrupt(*arguments, **more):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(searches, "train_run", interrupt)
        with pytest.raises(KeyboardInterrupt):
            swept(most_runs=1)
    (cut,) = list_runs()
    best, told = swept(most_runs=1, search_id=cut.plan.search)
    assert best == cut.id
    assert [words[:2] for words in told] == [(cut.id, "finished")]


def test_two_processes_on_one_search_train_different_runs(monkeypatch):
    train_run, others = searches.train_run, []

    def beside_another(writer, **more):
        if not others:
            others.append(None)
            others[0] = swept(most_runs=3, search_id=writer.plan.search)
        return train_run(writer, **more)

    monkeypatch.setattr(searches, "train_run", beside_another)
    best, told = swept(most_runs=3)
    ((_, other),) = others
    assert (len(told), len(other)) == (1, 2), "the budget is that of the whole search"
    ids = {run_id for run_id, *_ in told + other}
    assert ids == {run.id for run in list_runs()}
    assert len(ids) == 3
    assert best in ids


def test_a_run_that_its_owner_paused_holds_no_sweep_up(monkeypatch):
    train_run = searches.train_run

    def paused(writer, **more):
        ask(writer.folder.name, "cli", "pause")
        return train_run(writer, **more)

    with monkeypatch.context() as patched:
        patched.setattr(searches, "train_run", paused)
        with pytest.raises(Explained, match="No run of the search"):
            swept(most_runs=1)
    (run,) = list_runs()
    assert run.state == "paused"
    best, told = swept(most_runs=2, search_id=run.plan.search)
    assert [words[0] for words in told] == [best] != [run.id]
    assert read_run(run.id).state == "paused"
