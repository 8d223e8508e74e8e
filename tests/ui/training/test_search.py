"""A search asked for on the page, followed, and its best run opened; and the board."""

import numpy as np
import pytest

from cnnviz.core.training.cards import NetworkCard
from cnnviz.core.training.records import RunLabel, RunPlan, RunRecord
from cnnviz.core.training.search import Ranges
from cnnviz.core.training.train_config import TrainConfig
from cnnviz.figures.search import Axis, history, importances, parallel
from cnnviz.nn.runs import list_runs
from cnnviz.nn.runs.queue import RunQueue
from cnnviz.nn.runs.searches import begin_search, list_searches
from cnnviz.nn.runs.worker import work
from cnnviz.ui.training import runs as training_runs
from cnnviz.ui.training.presets import PRESETS
from cnnviz.ui.training.run import leader
from tests.ui.opening import words

ANN, BOB = "a" * 32, "b" * 32


@pytest.fixture(autouse=True)
def own_home(home, monkeypatch):
    monkeypatch.delenv("CNNVIZ_DATA", raising=False)
    monkeypatch.setattr(training_runs, "ensure_worker", lambda: None)
    monkeypatch.setattr("cnnviz.ui.training.search.ensure_worker", lambda: None)
    monkeypatch.setattr("cnnviz.ui.training.watch.ensure_worker", lambda: None)


def opened(open_app, lang="en", who=ANN):
    app = open_app("train", lang)
    app.session_state["app.person.id"] = who
    return app.run()


def test_a_search_is_asked_for_followed_and_its_best_opened(open_app):
    app = opened(open_app)
    choices = {"filters": [2, 4], "batch_size": [256], "epochs": [1], "kernel_size": [3]}
    for name, chosen in choices.items():
        app.session_state[f"train.search.{name}"] = chosen
    app.number_input(key="train.search.runs").set_value(5)
    app.button(key="train.search.begin").click().run()
    assert not app.exception
    (search,) = list_searches(ANN)
    assert (search.most_runs, search.ranges.filters, search.ranges.lr) == (5, (2, 4), (3e-4, 3e-2))
    assert search.config.epochs == 4
    app.button(key="train.search.begin").click().run()
    assert "not over" in app.warning[0].value
    assert work(until_idle=True, poll_s=0.02) == 5
    app = opened(open_app, "pt_BR")
    assert not app.exception
    finished = [run for run in list_runs(ANN) if run.state == "finished"]
    best = max(finished, key=lambda run: run.last.accuracy)
    assert len(finished) >= 4
    app.multiselect(key="train.chosen").set_value([]).run()
    app.button(key="train.search.best").click().run()
    assert app.multiselect(key="train.chosen").value == [best.id]
    assert len(app.get("plotly_chart")) == 5, "curves, matrix, and the search's three"
    assert not opened(open_app, who=BOB).get("plotly_chart")


def test_a_search_is_ended(open_app):
    app = opened(open_app)
    app.button(key="train.search.begin").click().run()
    app.button(key="train.search.end").click().run()
    assert list_searches(ANN)[0].is_over
    assert not app.exception


@pytest.mark.parametrize(
    ("lang", "said"), [("en", "The loss is no longer a number"), ("pt_BR", "A perda deixou")]
)
def test_a_search_of_which_no_run_came_to_its_end_says_why(open_app, lang, said):
    config = TrainConfig(epochs=1, optimizer="sgd", schedule="constant", augment="none")
    hot = Ranges(lr=(10, 10), batch_size=(16,), filters=(8,), blocks=(1, 1))
    with RunQueue() as queue:
        begin_search(queue, "digits", config, hot, ANN, most_runs=1, most_minutes=5)
    assert work(until_idle=True, poll_s=0.02) == 1
    app = opened(open_app, lang)
    assert not app.exception
    reasons = [each.value for each in app.warning]
    assert len(reasons) == 2, "beside the search, and with its run"
    assert all(each.startswith(said) for each in reasons)


@pytest.mark.parametrize("appearance", ["light", "dark"])
def test_the_charts_hold_what_was_found(appearance):
    axes = (Axis("lr", (0.001, 0.1), is_log=True), Axis("kind", ("b", "a")), Axis("n", (8, 4)))
    (lines,) = parallel(axes, Axis("right", (0.5, 0.7)), appearance=appearance).data
    lr, kind, n, right = lines.dimensions
    np.testing.assert_allclose(lr.values, [-3, -1])
    assert list(kind.values) == [1, 0]
    assert list(n.ticktext) == ["4", "8"]
    np.testing.assert_allclose(right.values, [0.5, 0.7], rtol=1e-6)
    best, each = history([0.5, None, 0.4], appearance=appearance, run="r", accuracy="a").data
    np.testing.assert_allclose(best.y, [0.5, 0.5, 0.5])
    assert np.isnan(each.y[1])
    (bars,) = importances(["a", "b"], [0.9, 0.1], appearance=appearance).data
    assert list(bars.y) == ["b", "a"]


def record(name, preset, right, seconds, dataset="fashion", created=1):
    spec = PRESETS[preset].spec("fashion")
    matrix = tuple(
        tuple((right if row == col else 0) + (100 - right if col == (row + 1) % 10 else 0)
              for col in range(10)) for row in range(10)
    )  # fmt: skip
    card = NetworkCard(
        "run-12345678", dataset, spec, spec.parameters(), TrainConfig(), 9, right / 100, matrix,
        seconds, "cpu", (), "2026-11-23", "0" * 64,
    )  # fmt: skip
    plan = RunPlan(dataset, ANN, f"2026-11-23T10:15:3{created}+00:00")
    return RunRecord("run-12345678", plan, spec, TrainConfig(), RunLabel(name), "finished", None,
                     None, card)  # fmt: skip


def test_the_board_takes_the_best_that_keeps_each_rule(open_app, monkeypatch):
    slow, quick = record("slow", "lecture", 95, 90.0), record("quick", "lecture", 90, 50.0)
    light, digits = record("light", "tiny", 85, 99.0), record("digits", "tiny", 99, 1.0, "digits")
    runs = (slow, quick, light, digits)
    assert PRESETS["lecture"].spec("fashion").parameters() > 100_000
    monkeypatch.setattr("cnnviz.nn.runs.list_runs", lambda viewer: runs)
    app = opened(open_app, who=BOB)
    assert not app.exception
    table = app.table[-1].value
    assert list(table["Run"]) == ["light", "quick", "slow"]
    assert list(table["Accuracy, test"]) == ["85.00%", "90.00%", "95.00%"]
    equal = [record("new", "tiny", 85, 1.0, created=2), record("old", "tiny", 85, 1.0)]
    assert leader(equal, lambda run: True).label.name == "old"
    assert leader(equal, lambda run: False) is None


def test_there_is_no_board_where_nobody_has_trained(open_app):
    assert "challenge" not in words(opened(open_app))
