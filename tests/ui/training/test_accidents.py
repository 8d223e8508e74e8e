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
    assert len(app.warning) == 1
    app.run()
    assert is_whole(app)
    assert not app.warning
