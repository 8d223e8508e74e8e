"""The commands as a person types them: what they print, and how they refuse."""

import errno
import json
import os
import shlex
from contextlib import contextmanager
from dataclasses import fields
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cnnviz.__main__ import main
from cnnviz.cli import app
from cnnviz.core.files import writing_whole
from cnnviz.core.networks.models import TRAINABLE
from cnnviz.core.pictures.data_sets import DATA_SETS
from cnnviz.core.training.cards import SHIPPED, load_card, read_card, weights_folder
from cnnviz.core.training.train_config import TrainConfig
from cnnviz.nn.data import dataset_reader
from cnnviz.nn.networks import store
from cnnviz.nn.networks.build import build_network
from cnnviz.nn.networks.evaluation import Evaluation
from tests.nn.runs.toys import submit
from tests.nn.training.toys import toy


def run(*arguments):
    return CliRunner().invoke(app, arguments)


@pytest.fixture
def digits(monkeypatch):
    monkeypatch.setattr("cnnviz.nn.training.trained.load_dataset", lambda name: toy(size=28))


def test_help_names_the_commands():
    result = run("--help")
    assert result.exit_code == 0
    for command in ("app", "train", "evaluate", "worker", "sweep", "bench"):
        assert f" {command} " in result.output


def test_train_shows_progress_and_saves(digits, tmp_path):
    result = run(
        "train", "mnist", "--epochs", "2", "--batch-size", "60", "--seed", "3", "--device", "cpu",
        "--output", str(tmp_path / "out"),
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    card = read_card(tmp_path / "out" / "mnist.json")
    assert (card.config.epochs, card.config.batch_size, card.config.seed) == (2, 60, 3)
    assert card.train_images == 240
    assert f"{card.accuracy:.2%} of the test pictures right" in result.stdout
    assert "100 %" in result.stderr
    assert sorted(each.name for each in (tmp_path / "out").iterdir()) == [
        "mnist.json", "mnist.npz", "mnist.safetensors",
    ]  # fmt: skip


def test_train_saves_into_a_folder_of_its_own_by_default(digits, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert run("train", "mnist", "--epochs", "1", "--device", "cpu").exit_code == 0
    assert (tmp_path / "trained" / "mnist.json").is_file()


@pytest.mark.parametrize("name", SHIPPED)
def test_the_command_in_a_card_repeats_the_training(name, monkeypatch):
    card, asked = load_card(name), []
    monkeypatch.setattr(
        "cnnviz.nn.training.trained.train_and_save", lambda *given: asked.append(given)
    )
    monkeypatch.setattr("cnnviz.nn.device.use_threads", lambda count: asked.append(count))
    monkeypatch.setattr("cnnviz.cli.follow", lambda events, is_quiet: card)
    program, *arguments = shlex.split(card.command)
    assert program == "cnnviz"
    assert run(*arguments).exit_code == 0
    *threads, trained = asked
    assert trained == (card.dataset, card.config, Path("trained"))
    assert threads == ([] if card.device.startswith("cuda: ") else [1])
    versions = dict(card.versions)
    assert ("driver" in versions) == card.device.startswith("cuda: ")


def test_every_setting_has_an_option(monkeypatch):
    asked = []
    monkeypatch.setattr(
        "cnnviz.nn.training.trained.train_and_save", lambda *given: asked.append(given)
    )
    monkeypatch.setattr("cnnviz.cli.follow", lambda events, is_quiet: load_card("mnist"))
    config = TrainConfig(
        epochs=3, batch_size=7, lr=0.5, weight_decay=0.25, optimizer="sgd", schedule="constant",
        augment="objects", label_smoothing=0.125, start="whitened", validation_share=0.0625,
        seed=9, device="cpu", precision="bf16",
    )  # fmt: skip
    assert all(getattr(config, each.name) != each.default for each in fields(TrainConfig))
    assert run(*shlex.split(config.command("fashion"))[1:]).exit_code == 0
    assert asked == [("fashion", config, Path("trained"))]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["train", "cifar"], "no network for 'cifar'; there are mnist"),
        (["train", "mnist", "--epochs", "0"], "“epochs” must be a whole number from 1 to 1000"),
        (["train", "mnist", "--lr", "nan"], "“lr” must be a number"),
        (
            ["train", "mnist", "--device", "tpu"],
            "“device” cannot be tpu; it can be auto, cpu, cuda",
        ),
        (["evaluate", "../mnist"], "no network '../mnist'; there are mnist"),
        (["evaluate", "digits"], "no network of 'digits' comes along: `cnnviz train digits`"),
        (["bench", "digits", "--seconds", "nan"], "“seconds” must be a number from 0.1 to 3600"),
        (["bench", "digits", "--seconds", "inf"], "“seconds” must be a number from 0.1 to 3600"),
        (["bench", "digits", "--device", "tpu"], "“device” cannot be tpu"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(arguments, sentence):
    result = run(*arguments)
    assert result.exit_code == 1
    assert result.stdout == ""
    assert sentence in result.stderr
    assert result.stderr.count("\n") == 1


@pytest.mark.parametrize("name", DATA_SETS)
def test_every_data_set_has_a_network_that_can_be_trained(name):
    spec = TRAINABLE[name]
    assert (spec.input_shape, spec.labels) == (DATA_SETS[name].shape, DATA_SETS[name].labels)


def test_the_data_set_that_is_always_there_is_trained(tmp_path):
    result = run("train", "digits", "--epochs", "1", "--device", "cpu", "--output", str(tmp_path))
    assert result.exit_code == 0, result.output
    card = read_card(tmp_path / "digits.json")
    assert (card.dataset, card.train_images, card.spec) == ("digits", 1437, TRAINABLE["digits"])
    assert sum(map(sum, card.confusion_matrix)) == 360


SOON = ("--epochs", "1", "--device", "cpu")


def no_room(*words):
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_a_disk_without_room_is_told_before_the_training(digits, tmp_path, monkeypatch):
    monkeypatch.setattr("os.fsync", no_room)
    monkeypatch.setattr("cnnviz.nn.training.run.TrainingRun.events", None)
    result = run("train", "mnist", "--epochs", "1", "--output", str(tmp_path))
    assert (result.exit_code, result.stdout, result.stderr) == (1, "", "The disk is full.\n")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("calls", range(3))
def test_a_disk_that_fills_up_meanwhile_costs_no_training(digits, tmp_path, monkeypatch, calls):
    full, elsewhere = tmp_path / "full", tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(elsewhere))
    left = iter(range(99))

    @contextmanager
    def writing(path):
        if path.parent == full and next(left) >= calls:
            no_room()
        with writing_whole(path) as file:
            yield file

    assert run("train", "mnist", *SOON, "--output", str(full)).exit_code == 0
    before = {path.name: path.read_bytes() for path in full.iterdir()}
    monkeypatch.setattr(store, "writing_whole", writing)
    result = run("train", "mnist", *SOON, "--seed", "1", "--output", str(full))
    assert {path.name: path.read_bytes() for path in full.iterdir()} == before
    (kept,) = elsewhere.iterdir()
    assert (result.exit_code, result.stdout) == (1, "")
    said = f"“{full}” cannot be written any more (No space left on device): the network is in"
    assert result.stderr.splitlines()[-1] == f"{said} “{kept}”."
    card = read_card(kept / "mnist.json")
    network = build_network(card.spec)
    store.load_weights(network, kept / "mnist.safetensors", sha256=card.sha256)


def test_where_nothing_can_be_saved_at_all_that_is_said(digits, tmp_path, monkeypatch):
    monkeypatch.setattr(store, "writing_whole", no_room)
    result = run("train", "mnist", "--epochs", "1", "--device", "cpu", "--output", str(tmp_path))
    assert result.exit_code == 1
    assert result.stderr.splitlines()[-1] == "The disk is full."


@pytest.mark.parametrize("name", SHIPPED)
def test_the_room_held_for_a_network_is_enough(tmp_path, monkeypatch, name):
    sizes = []
    monkeypatch.setattr("os.fsync", lambda handle: sizes.append(os.fstat(handle).st_size))
    with store.room_for(TRAINABLE[name], tmp_path):
        taken = sum(path.stat().st_size for path in weights_folder().glob(f"{name}.*"))
    assert taken <= sizes[0] <= 3 * taken


def test_a_folder_that_cannot_be_written_is_one_sentence(digits, tmp_path):
    (tmp_path / "file").write_text("")
    result = run("train", "mnist", "--output", str(tmp_path / "file" / "deep"))
    assert result.exit_code == 1
    assert "Traceback" not in result.output
    assert len(result.stderr.strip().splitlines()) == 1


@pytest.mark.parametrize(
    "arguments",
    [["train"], ["train", "mnist", "--epochs", "x"], ["train", "digits", "--output", ""], ["fly"]],
)
def test_misspelt_commands_exit_with_2(arguments):
    result = run(*arguments)
    assert result.exit_code == 2
    assert "Traceback" not in result.output


RESULT = Evaluation(0.75, 0.5, ((3, 1), (1, 3)))


def test_evaluate_prints_words_or_an_object(monkeypatch):
    monkeypatch.setattr("cnnviz.nn.library.evaluate_network", lambda name: RESULT)
    assert run("evaluate", "mnist").stdout == "75.00% right: 6 of 8 test pictures.\n"
    answer = json.loads(run("evaluate", "mnist", "--json").stdout)
    assert answer == {
        "network": "mnist", "accuracy": 0.75, "loss": 0.5, "right": 6, "total": 8,
        "confusion_matrix": [[3, 1], [1, 3]],
    }  # fmt: skip


def test_evaluate_without_the_data_is_one_sentence(monkeypatch):
    def refuse(name):
        raise dataset_reader(name).missing()

    monkeypatch.setattr("cnnviz.nn.library.load_dataset", refuse)
    result = run("evaluate", "mnist", "--json")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith("The data set “mnist” is neither here nor")
    assert result.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], []),
        (["--port", "8600"], ["--port=8600"]),
        (["--address=::1", "--server.baseUrlPath", "a/b"],
         ["--address=::1", "--server.baseUrlPath", "a/b"]),
    ],
)  # fmt: skip
def test_app_starts_the_server(monkeypatch, arguments, words):
    started = []
    monkeypatch.setattr("cnnviz.ui.launch.main", started.append)
    assert run("app", *arguments).exit_code == 0
    monkeypatch.setattr("sys.argv", ["cnnviz", "app", *arguments])
    main()
    assert started == [words, arguments]


def test_the_help_of_app_says_who_can_open_it_and_what_else_is_taken(monkeypatch):
    said = " ".join(run("app", "--help").output.split())
    for words in ("--port", "--address", "0.0.0.0", "this computer alone", "streamlit run"):
        assert words in said


@pytest.mark.parametrize(("given", "folder"), [("~/nets", "nets"), ("~nobody-at-all/x", None)])
def test_a_folder_to_save_in_may_begin_with_a_tilde(digits, tmp_path, monkeypatch, given, folder):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    place = tmp_path / "home" / folder if folder else tmp_path / given
    assert run("train", "mnist", "--epochs", "1", f"--output={given}").exit_code == 0
    assert (place / "mnist.json").is_file()


@pytest.fixture
def pictures(monkeypatch):
    """A toy in the place of MNIST, trained for a blink."""
    monkeypatch.setattr("cnnviz.nn.training.trained.load_dataset", lambda name: toy(size=28))
    monkeypatch.setattr("cnnviz.nn.training.trained.WARM_UP_S", 0.05)


def test_bench_says_how_fast_each_precision_is(pictures):
    result = run("bench", "mnist", "--seconds", "0.2", "--device", "cpu", "--json")
    assert result.exit_code == 0, result.output
    answer = json.loads(result.stdout)
    assert answer["network"] == "mnist"
    assert answer["device"].startswith("cpu: ")
    assert answer["auto"] in ("fp32", "bf16")
    assert [each["precision"] for each in answer["speeds"]] == ["fp32", "bf16"]
    for each in answer["speeds"]:
        assert each["images_per_s"] > 0
        assert each["epoch_s"] == pytest.approx(240 / each["images_per_s"])


def test_bench_says_it_in_words(pictures):
    result = run("bench", "--seconds", "0.2", "--device", "cpu")
    assert result.exit_code == 0, result.output
    head, *lines = result.stdout.splitlines()
    assert head.startswith("mnist on cpu: ")
    assert [line.partition(":")[0] for line in lines] == ["fp32", "bf16"]
    assert all("pictures a second" in line for line in lines)


def test_bench_knows_its_networks():
    result = run("bench", "lenet")
    assert result.exit_code == 1
    assert "no network for 'lenet'" in result.stderr


def test_no_other_command_is_guessed(monkeypatch, capsys):
    monkeypatch.setattr("sys.argv", ["cnnviz", "fly"])
    with pytest.raises(SystemExit) as end:
        main()
    assert end.value.code == 2
    assert "Traceback" not in capsys.readouterr().err


def test_a_worker_trains_what_waits(home):
    from cnnviz.nn.runs.queue import RunQueue

    with RunQueue() as queue:
        run_id = submit(queue)
    assert run("worker", "--until-idle").stdout == f"{run_id} finished\n"
    answer = json.loads(run("evaluate", run_id, "--json").stdout)
    assert (answer["network"], answer["total"]) == (run_id, 360)


def test_a_nice_worker_makes_way_and_there_is_one(home, monkeypatch):
    from cnnviz.nn.runs.files import NICE_WORKER, held
    from cnnviz.nn.runs.queue import RunQueue

    steps = []
    monkeypatch.setattr("os.nice", steps.append)
    with RunQueue() as queue:
        run_id = submit(queue)
    with held(NICE_WORKER):
        other = run("worker", "--until-idle", "--nice")
    assert (other.exit_code, other.output) == (0, "")
    assert run("worker", "--until-idle", "--nice").stdout == f"{run_id} finished\n"
    assert steps == [10, 10]


def test_a_sweep_names_the_best_run(home):
    result = run(
        "sweep", "digits", "--runs", "2", "--epochs", "1", "--filters", "2", "--blocks", "1", "1",
        "--batch-size", "128", "--device", "cpu",
    )  # fmt: skip
    begun, first, second, best, continued = result.stdout.splitlines()
    name = begun.removeprefix("Search ").removesuffix(" on digits.")
    assert first.split()[1] == second.split()[1] == "finished"
    assert best.removeprefix("Best: ").rstrip(".") in {first.split()[0], second.split()[0]}
    assert continued == f"Continue with --search {name}."
    more = run("sweep", "digits", "--runs", "3", "--search", name, "--blocks", "1", "1")
    assert more.exit_code == 0, more.output
    assert more.stdout.splitlines()[0] == begun
    assert len(more.stdout.splitlines()) == 4
    for words in (["--epochs", "4"], ["--filters", "4"], ["--seed", "1"]):
        other = run("sweep", "digits", "--runs", "4", "--search", name, *words)
        assert (other.exit_code, other.stdout) == (1, "")
        assert other.stderr.startswith(f"The search “{name}” was begun with {words[0][2:]} ")
    assert run("sweep", "fashion", "--runs", "4", "--search", name).exit_code == 1


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["sweep", "digits"], "A search needs an end"),
        (["sweep", "../digits", "--runs", "1"], "no data set '../digits'"),
        (["sweep", "digits", "--runs", "1", "--lr", "1", "0.1"], "“lr” must be a number"),
        (["sweep", "digits", "--runs", "1", "--device", "cuda"], "There is no CUDA device here"),
        (["sweep", "digits", "--runs", "1", "--search", "runs"], "There is no search “runs”"),
        (["sweep", "digits", "--minutes", "nan"], "“minutes” must be a number"),
        (["worker", "--minutes", "-5"], "“minutes” must be a number from 0.01"),
        (["worker", "--storage", "sqlite:////nowhere/x"], "database cannot be opened"),
        (["evaluate", "run-12345678"], "no run 'run-12345678'"),
    ],
)
def test_what_cannot_be_run_is_one_sentence(home, arguments, sentence):
    result = run(*arguments)
    assert result.exit_code == 1
    assert sentence in result.stderr
    assert result.stderr.count("\n") == 1
