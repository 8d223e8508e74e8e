"""Accidents on the server while a page watches: one sentence, and the rest of the page goes on."""

import shutil
import sqlite3
from pathlib import Path

import pytest

from cnnviz.core.training.records import RunLabel
from cnnviz.core.training.train_config import TrainConfig
from cnnviz.nn.runs import broken_runs, create_run, list_runs, plan_run, run_folder, runs_folder
from cnnviz.nn.runs.queue import RunQueue
from cnnviz.nn.runs.storage import storage_url
from cnnviz.nn.runs.train import train_run
from cnnviz.nn.runs.writer import RunWriter
from cnnviz.ui import resources
from cnnviz.ui.training import runs
from cnnviz.ui.training.presets import PRESETS
from tests.damage import wreck
from tests.ui.opening import words

ANN = "a" * 32
SHORT = TrainConfig(epochs=1, batch_size=256, augment=False, device="cpu")
SPEC = PRESETS["tiny"].spec("digits")


@pytest.fixture(autouse=True)
def own_home(home, monkeypatch):
    monkeypatch.delenv("CNNVIZ_DATA", raising=False)
    runs._office.clear()
    monkeypatch.setattr(runs, "start_worker", lambda: None)
    yield
    runs._office.clear()


@pytest.fixture
def open_train(open_app):
    def opened(lang="en", **query):
        app = open_app("train", lang, **query)
        app.session_state["app.person.id"] = ANN
        return app.run()

    return opened


def create(name):
    return create_run(SPEC, SHORT, plan_run("digits", ANN), RunLabel(name))


@pytest.fixture
def two(home):
    """A run that is done, and one that waits, whose training has begun."""
    finished, waiting = create("First"), create("Second")
    with RunWriter(finished) as writer:
        train_run(writer)
    with RunQueue() as queue:
        queue.enqueue(waiting, ANN)
    with RunWriter(waiting) as writer:
        train_run(writer, judge=lambda event: False)
        for name in ("manifest.json", "state.json", "weights.safetensors"):
            (writer.folder / name).unlink()
    return finished, waiting


def is_whole(app):
    """Whether the page is there from its title to its last words, without an error."""
    said = words(app)
    assert not app.exception
    return "These runs belong to this browser" in said and "Try many possibilities" in said


def test_a_home_that_is_a_file_is_one_sentence_at_the_click(open_train, tmp_path, monkeypatch):
    (tmp_path / "file").write_bytes(b"")
    monkeypatch.setenv("CNNVIZ_HOME", str(tmp_path / "file"))
    app = open_train(preset="tiny")
    for key in ("train.begin", "train.search.begin"):
        app.button(key=key).click().run()
        (said,) = app.warning
        assert said.value.startswith("Nothing can be saved here")
        assert str(tmp_path) not in said.value
        assert is_whole(app)
    assert not app.run().warning, "said once"


@pytest.mark.parametrize("name", ["run.json", "spec.json", "config.json"])
def test_a_run_that_cannot_be_told_any_more_is_named(open_train, two, name):
    finished, waiting = two
    app = open_train()
    for run_id in two:
        wreck(run_folder(run_id) / name, "half")
    app.run()
    assert is_whole(app)
    assert not list_runs(ANN)
    if name == "run.json":
        assert not app.warning, "nobody knows whose it is"
        return
    assert sorted(each.value.partition(" ")[0] for each in app.warning) == ["“First”", "“Second”"]
    assert all(f"its file “{name}” is damaged" in each.value for each in app.warning)
    app.button(key=f"train.delete.{finished}").click().run()
    assert [run.id for run in broken_runs(ANN)] == [waiting]
    assert is_whole(app)


def test_runs_whose_folders_are_deleted_go_with_a_word(open_train, two):
    app = open_train()
    shutil.rmtree(run_folder(two[1]))
    app.run()
    assert is_whole(app)
    assert len(app.dataframe) == 1
    shutil.rmtree(runs_folder())
    app.run()
    assert is_whole(app)
    assert not app.dataframe


@pytest.mark.parametrize("damage", ["text", "half", "a zip", "a folder"])
def test_a_damaged_queue_is_no_matter_of_the_page(open_train, two, damage):
    app = open_train()
    path = Path(storage_url().removeprefix("sqlite:///"))
    wreck(path, damage)
    app.run()
    assert is_whole(app)
    app.run()
    assert is_whole(app)
    assert not app.warning
    assert [each for each in path.parent.iterdir() if ".broken-" in each.name]
    assert len(app.dataframe) == 1


def test_a_queue_that_is_found_damaged_in_the_middle_is_one_sentence(open_train, two):
    app = open_train()
    with sqlite3.connect(storage_url().removeprefix("sqlite:///")) as file:
        file.execute("UPDATE trials SET state = 'ASLEEP'")
    file.close()
    app.run()
    assert is_whole(app)
    (warning,) = app.warning
    assert "was damaged: it was set aside" in warning.value
    app.run()
    assert is_whole(app)
    assert not app.warning


KINDS = ("points.jsonl", "state.json", "label.json", "watched.npz", "snapshot.json", "epoch")


def file_of(folder, kind):
    return sorted(folder.glob("epoch-*"))[-1] if kind == "epoch" else folder / kind


@pytest.mark.parametrize("damage", ["deleted", "half", "a zip", "a folder", "an object"])
@pytest.mark.parametrize("kind", KINDS)
def test_a_run_that_is_watched_loses_a_file(open_train, two, kind, damage):
    finished, waiting = two
    app = open_train()
    for run_id in two:
        path = file_of(run_folder(run_id), kind)
        if path.exists():
            wreck(path, damage)
    for _ in range(2):
        app.run()
        assert is_whole(app)
        assert {run.id for run in list_runs(ANN)} == {finished, waiting}


@pytest.mark.parametrize("damage", ["deleted", "half", "a zip", "a folder", "text"])
@pytest.mark.parametrize("name", ["manifest.json", "weights.safetensors", "card.json"])
def test_a_run_that_is_shown_is_broken_and_says_so(open_train, two, name, damage):
    finished, _ = two
    app = open_train()
    wreck(run_folder(finished) / name, damage)
    app.run()
    assert is_whole(app)
    assert [each.value for each in app.warning] == [
        f"The run is broken: its file “{name}” is damaged or missing."
    ]


@pytest.mark.parametrize(
    "damage", ["deleted", "half", "a folder", "an object", "a circle of links"]
)
def test_a_search_whose_file_is_spoilt_is_one_sentence(open_train, damage):
    app = open_train(preset="tiny")
    app.button(key="train.search.begin").click().run()
    assert any(each.key == "train.search.end" for each in app.button)
    (path,) = (runs_folder().parent / "searches").glob("*.json")
    wreck(path, damage)
    app.button(key="train.search.end").click().run()
    assert is_whole(app)
    (warning,) = app.warning
    assert "no longer there" in warning.value
    app.run()
    assert is_whole(app)
    assert not any(each.key == "train.search.end" for each in app.button)
    assert len(list_runs(ANN)) == 1


@pytest.mark.parametrize("name", ["weights.safetensors", "spec.json", "manifest.json"])
def test_a_network_whose_run_is_spoilt_is_one_sentence(open_app, two, name):
    finished, _ = two
    app = open_app("network")
    app.session_state["app.person"] = {"id": ANN}
    app.session_state["network.wanted"] = finished
    app.run()
    assert app.selectbox(key="word.network").value == finished
    wreck(run_folder(finished) / name, "half")
    resources.network.clear()
    resources.card.clear()
    app.run()
    assert not app.exception
    assert app.selectbox(key="word.network")
    (warning,) = app.warning
    assert "broken" in warning.value or "not there" in warning.value
    assert "Every layer, and why" in words(app), "of the network that is shown instead"
