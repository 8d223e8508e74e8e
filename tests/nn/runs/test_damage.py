"""Every file of a run × whatever may befall it: a sentence or no matter, and other runs stay."""

import json
import shutil

import numpy as np
import pytest

from cnnviz.core.messages import Explained, Sentence
from cnnviz.core.training.records import DONE, RunLabel, RunRecord
from cnnviz.nn.data import load_dataset
from cnnviz.nn.library import load_card, load_mistakes, load_network
from cnnviz.nn.runs import (
    BrokenRun,
    ask,
    broken_runs,
    delete_run,
    list_runs,
    read_points,
    read_run,
    relabel,
    withdraw,
)
from cnnviz.nn.runs.epochs import EpochKeeper, kept_epochs, read_watched, view_epoch
from cnnviz.nn.runs.files import run_folder, runs_folder
from cnnviz.nn.runs.train import train_run
from cnnviz.nn.runs.writer import RunWriter, read_snapshot
from cnnviz.nn.training import begin, follow
from cnnviz.nn.training.snapshot import take_snapshot
from cnnviz.ui import layers
from cnnviz.ui.text import day, say
from cnnviz.ui.training.watch import progress
from tests.damage import DAMAGES, wreck
from tests.nn.runs.toys import CONFIG, SHORT, create, done

CUT = "The training was cut short {times} times, and is not tried again."
READERS = {
    "read_run": read_run,
    "read_points": read_points,
    "list_runs": lambda run_id: list_runs("ann"),
    "broken_runs": lambda run_id: broken_runs("ann"),
    "load_network": load_network,
    "load_card": load_card,
    "load_mistakes": lambda run_id: load_mistakes(run_id, load_dataset("digits")),
    "kept_epochs": kept_epochs,
    "read_watched": read_watched,
    "view_epoch": lambda run_id: [
        view_epoch(run_id, each, np.zeros((1, 8, 8), np.uint8)) for each in kept_epochs(run_id)
    ],
    "read_snapshot": lambda run_id: read_snapshot(run_folder(run_id)),
    "ask": lambda run_id: ask(run_id, "ann", "pause"),
    "relabel": lambda run_id: relabel(run_id, "ann", RunLabel("new")),
    "training": lambda run_id: _train(run_id),
    "withdraw": lambda run_id: withdraw(run_id, "ann", "pause"),
    "delete_run": lambda run_id: delete_run(run_id, "ann"),
}


ODD = (
    None, True, -1, 0, 10**30, 0.5, float("nan"), float("inf"), "", "x", "\ud800", "\0", "../x",
    "{gone}", "x" * 300, [], [[]], [1, 2], {}, {"a": 1},
)  # fmt: skip
"""What may stand in place of a value."""


def spoilt(data, odd):
    """JSON with each of its values replaced in turn."""
    yield odd
    if isinstance(data, dict):
        yield {**data, "added": odd}
    for key in (
        data if isinstance(data, dict) else range(len(data)) if isinstance(data, list) else ()
    ):
        for each in spoilt(data[key], odd):
            other = dict(data) if isinstance(data, dict) else list(data)
            other[key] = each
            yield other


LOOKS = ("read_run", "read_points", "list_runs", "broken_runs", "read_watched", "read_snapshot")


@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("half", "run.json"),
        ("half", "spec.json"),
        ("half", "config.json"),
        ("half", "label.json"),
        ("half", "state.json"),
        ("half", "points.jsonl"),
        ("half", "snapshot.json"),
        ("failed", "state.json"),
        ("whole", "manifest.json"),
    ],
)
def test_whatever_a_file_says_is_checked(home, kinds, kind, name, odd):
    ids, made = kinds
    run_id, other = ids[kind], create(owner="ann")
    shutil.copytree(made / run_id, runs_folder() / run_id)
    path = runs_folder() / run_id / name
    for data in spoilt(json.loads(path.read_text().splitlines()[0]), odd):
        path.write_text(json.dumps(data) + ("\n" if name == "points.jsonl" else ""))
        for called in LOOKS:
            try:
                shown(READERS[called](run_id))
            except Explained as why:
                assert shown(why)
            except LookupError as error:
                assert type(error) is LookupError, (data, called, error)
        assert other in {run.id for run in list_runs("ann")}


def shown(found):
    """What a page makes of what was read: it must fit a sentence, and a message to the browser."""
    for each in found if isinstance(found, tuple) else (found,):
        if isinstance(each, RunRecord):
            said = (each.name, each.plan.dataset, each.reason and say(each.reason))
            "".join(map(str, said)).encode()
            day(each.plan.created[:10])
            layers.labels(each.spec)
            if each.last:
                progress(each.last, each.config.epochs)
            if each.last and each.state in DONE:
                assert round(each.last.elapsed_s, 1) >= 0
        if isinstance(each, BrokenRun):
            f"{each.name} {say(each.reason)}".encode()
    return say(found).encode() if isinstance(found, Explained) else True


def _train(run_id):
    with RunWriter(run_id) as writer:
        if not writer.is_done:
            train_run(writer)


def files_of(folder):
    """Names of the files of a run, one of its epochs."""
    names = sorted(path.name for path in folder.iterdir() if not path.name.startswith("epoch-"))
    return [*names, sorted(path.name for path in folder.glob("epoch-*"))[-1]]


@pytest.fixture(scope="module")
def kinds(tmp_path_factory):
    """Folders of a finished run, of one half trained with a snapshot, and of one that failed."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("CNNVIZ_HOME", str(tmp_path_factory.mktemp("home")))
        whole, half, failed = done(create(config=SHORT)), create(config=CONFIG), create()
        with RunWriter(half) as writer:
            run = begin(writer.spec, load_dataset("digits"), writer.config, snapshot=writer.start())
            keeper = EpochKeeper(writer.folder, run)
            for event in follow(run):
                writer.add(event)
                if event.epoch == 1 and event.accuracy is not None:
                    keeper.keep(1)
                    writer.keep(take_snapshot(run))
                    break
            (writer.folder / "pause").touch()
        with RunWriter(failed) as writer:
            EpochKeeper(writer.folder, run)
            writer.keep(take_snapshot(run))
            writer.fail(
                Sentence(
                    "The training was cut short {times} times, and is not tried again.",
                    {"times": 3},
                )
            )
            EpochKeeper(writer.folder, run).keep(1)
        return {"whole": whole, "half": half, "failed": failed}, runs_folder()


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("kind", ["whole", "half", "failed"])
def test_whatever_befalls_a_file_is_a_sentence_or_no_matter(home, kinds, kind, damage):
    ids, made = kinds
    run_id, other = ids[kind], create(owner="ann")
    for name in files_of(made / run_id):
        shutil.copytree(made / run_id, runs_folder() / run_id, symlinks=True)
        wreck(runs_folder() / run_id / name, damage)
        for called, read in READERS.items():
            try:
                read(run_id)
            except Explained as why:
                assert str(home) not in str(why)
            except LookupError as error:
                assert type(error) is LookupError, (name, called, error)
            assert other in {run.id for run in list_runs("ann")}, (name, called)
        shutil.rmtree(runs_folder() / run_id, ignore_errors=True)
