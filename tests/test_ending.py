"""Told to end, by Ctrl-C or a signal, a command does so tidily and says so, at whatever moment."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cnnviz.cli import app
from cnnviz.nn.runs import list_runs, read_run
from cnnviz.nn.runs.queue import RunQueue
from cnnviz.nn.training import __main__ as training_command
from tests.nn.runs.toys import submit

ROOT = Path(__file__).parents[1]
MOMENT = """
import os, signal, sys, time
from importlib import import_module
from importlib.abc import MetaPathFinder

def told():
    os.kill(os.getpid(), signal.{signal})

class AtImport(MetaPathFinder):
    def find_spec(self, name, path, target=None):
        if name == "{at}":
            told()

def at_call(place, count):
    module, name = place.split(":")
    owner, whole = import_module(module), None
    *path, name = name.split(".")
    for each in path:
        owner = getattr(owner, each)
    whole, calls = getattr(owner, name), iter(range(10**6))

    def counted(*words, **more):
        if next(calls) == count:
            told()
        return whole(*words, **more)

    setattr(owner, name, counted)

if ":" in "{at}":
    at_call("{at}", {count})
else:
    sys.meta_path.insert(0, AtImport())

import cnnviz.__main__
sys.argv = ["cnnviz", *{words}]
cnnviz.__main__.main()
"""


def told(words, at, number=signal.SIGINT, count=0):
    """A command that gets a signal when it imports a module or calls a function."""
    code = MOMENT.format(words=words, at=at, signal=number.name, count=count)
    ended = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False,
        timeout=300,
    )  # fmt: skip
    assert "Traceback" not in ended.stderr
    return ended


TRAIN = ["train", "digits", "--epochs", "9", "--batch-size", "256", "--device", "cpu"]


@pytest.mark.parametrize(
    ("at", "count"),
    [
        ("typer", 0),
        ("torch", 0),
        ("cnnviz.nn.training.run:TrainingRun._learn", 20),
        ("cnnviz.nn.networks.store:writing_whole", 2),
    ],
)
def test_ctrl_c_ends_a_training_at_any_moment(tmp_path, at, count):
    ended = told([*TRAIN, "--output", str(tmp_path)], at, count=count)
    assert ended.returncode == 130
    assert ended.stdout == ""
    said = [] if at == "typer" else ["Interrupted. Nothing was saved."]
    assert [line for line in ended.stderr.splitlines() if not line.startswith("epoch ")] == said
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_every_signal_that_asks_for_an_end_is_heard(tmp_path, number):
    at = "cnnviz.nn.training.run:TrainingRun._learn"
    ended = told([*TRAIN, "--output", str(tmp_path)], at, number)
    assert (ended.returncode, list(tmp_path.iterdir())) == (128 + number, [])
    assert "Interrupted. Nothing was saved." in ended.stderr


def test_a_worker_that_is_told_to_go_leaves_its_run_to_another(home):
    with RunQueue() as queue:
        run_id = submit(queue)
    at = "cnnviz.nn.training.run:TrainingRun._learn"
    ended = told(["worker", "--until-idle"], at, signal.SIGTERM, count=1)
    assert (ended.returncode, ended.stdout) == (143, "")
    assert ended.stderr == "Interrupted. The run at hand waits for another worker.\n"
    assert read_run(run_id).state == "waiting"
    with RunQueue() as queue:
        assert queue.waiting() == (run_id,)
        assert queue.running() == ()


SWEEP = [
    "sweep", "digits", "--epochs", "1", "--filters", "2", "--blocks", "1", "1", "--batch-size",
    "256", "--device", "cpu",
]  # fmt: skip


def test_a_sweep_that_is_interrupted_is_continued_with_the_run_it_was_at(home):
    cut = told([*SWEEP, "--runs", "1"], "cnnviz.nn.training.run:TrainingRun._learn")
    name = cut.stdout.removeprefix("Search ").removesuffix(" on digits.\n")
    assert cut.returncode == 130
    assert cut.stderr == f"Interrupted. Continue with --search {name}.\n"
    (run,) = list_runs()
    assert (run.state, run.plan.search) == ("waiting", name)
    ended = CliRunner().invoke(app, ["sweep", "digits", "--runs", "1", "--search", name])
    assert ended.exit_code == 0, ended.output
    assert ended.stdout.splitlines()[1].split()[:2] == [run.id, "finished"]
    assert f"Best: {run.id}.\n" in ended.stdout
    assert [each.state for each in list_runs()] == ["finished"]


def test_a_sweep_that_has_not_begun_leaves_nothing(home):
    ended = told([*SWEEP, "--runs", "1"], "optuna", signal.SIGTERM)
    assert (ended.returncode, ended.stdout, ended.stderr) == (143, "", "Interrupted.\n")
    assert list_runs() == ()


STUBBORN = """
import sys, time
from cnnviz import ending
ending.PATIENCE_S = {patience}
ending.heed()
while True:
    try:
        print("ready", flush=True)
        time.sleep(600)
    except KeyboardInterrupt:
        print("heard", flush=True)
"""


def stubborn(patience):
    """A process that hears of the end, and goes on."""
    return subprocess.Popen(
        [sys.executable, "-c", STUBBORN.format(patience=patience)], cwd=ROOT, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


def test_the_second_signal_ends_at_once():
    with stubborn(600) as process:
        assert process.stdout.readline() == "ready\n"
        process.send_signal(signal.SIGINT)
        assert process.stdout.readline() == "heard\n"
        assert process.stdout.readline() == "ready\n"
        process.send_signal(signal.SIGTERM)
        assert process.communicate(timeout=60) == ("", "")
    assert process.returncode == 143


def test_who_swallows_the_signal_ends_soon():
    with stubborn(0.1) as process:
        assert process.stdout.readline() == "ready\n"
        process.send_signal(signal.SIGTERM)
        assert process.communicate(timeout=60) == ("heard\nready\n", "")
    assert process.returncode == 143


def test_a_server_that_ends_its_own_way_is_told_of_a_closed_terminal():
    code = (
        "import signal; from cnnviz import ending; ending.heed();"
        "signal.signal(signal.SIGTERM, lambda number, frame: print('stopping', number == 15));"
        "signal.raise_signal(signal.SIGHUP); print(ending.code())"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (ended.returncode, ended.stdout) == (0, "stopping True\nNone\n")


def test_the_other_way_to_train_is_interrupted_in_a_sentence(monkeypatch, capsys):
    def interrupt(*words):
        raise KeyboardInterrupt
        yield

    monkeypatch.setattr(training_command, "train_and_save", interrupt)
    assert training_command.main(["digits"]) == 130
    assert capsys.readouterr() == ("", "Interrupted. Nothing was saved.\n")


def test_what_is_ignored_stays_ignored():
    code = (
        "import signal; from cnnviz import ending;"
        "signal.signal(signal.SIGHUP, signal.SIG_IGN); ending.heed();"
        "signal.raise_signal(signal.SIGHUP); print(ending.code())"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (ended.returncode, ended.stdout) == (0, "None\n")
