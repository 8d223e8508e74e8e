"""One place: an entry added to a table is found on the page, in the commands, in the program."""

import ast
import hashlib
from dataclasses import replace

import numpy as np
import pytest
import torch
from streamlit.testing.v1 import AppTest
from typer.testing import CliRunner

from cnnviz.cli import app as commands
from cnnviz.core.pictures.data_sets import DATA_SETS, IdxFiles, torchvision_loader
from cnnviz.core.pictures.network_inputs import prepare_picture
from cnnviz.core.samples import draw_sample
from cnnviz.nn.runs import list_runs
from cnnviz.nn.runs.worker import work
from cnnviz.ui.training import runs, take_away
from tests.ui.opening import ROOT, header

ANN = "a" * 32


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    """A home of its own, and no worker but the test itself."""
    monkeypatch.setenv("CNNVIZ_HOME", str(tmp_path))
    for name in ("CNNVIZ_STORAGE", "CNNVIZ_DATA"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(runs, "ensure_worker", lambda: None)
    monkeypatch.setattr("cnnviz.ui.training.watch.ensure_worker", lambda: None)
    torch.set_num_threads(1)
    return tmp_path


def run(*arguments):
    """What a command says, in words that stand on one line."""
    done = CliRunner().invoke(commands, arguments, env={"COLUMNS": "200", "NO_COLOR": "1"})
    return " ".join(f"{done.stdout} {done.stderr}".split())


def trained(app):
    """The run that a click on the page asks for, trained, and the page opened again."""
    app.number_input(key="train.epochs").set_value(1)
    app.button(key="train.begin").click().run()
    assert not app.exception
    assert work(until_idle=True, poll_s=0.02) == 1
    (record,) = list_runs(ANN)
    assert record.state == "finished"
    return record


def opened(page="train", **query):
    """A page as a person sees it whom the browser has named."""
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    app.session_state["app.person"] = {"id": ANN}
    app.switch_page(f"pages/{page}.py")
    app.query_params.update({"lang": "en", **query})
    app.run()
    assert not app.exception
    return app


def shown(app, key):
    """What a wall was told."""
    return next(header(each) for each in app.get("bidi_component") if key in each.proto.id)


@pytest.fixture
def waves(home, monkeypatch):
    """A toy data set of three classes in MNIST's format, its files and its entry in the table."""
    folder, digests = home / "data" / "Waves" / "raw", []
    folder.mkdir(parents=True)
    rng = np.random.default_rng(0)
    for part, count in (("train", 90), ("t10k", 12)):
        images, labels = rng.integers(0, 256, (count, 9, 9)), np.arange(count) % 3
        for name, array in (("images-idx3", images), ("labels-idx1", labels)):
            sizes = b"".join(int(size).to_bytes(4, "big") for size in array.shape)
            data = bytes([0, 0, 8, array.ndim]) + sizes + array.astype(np.uint8).tobytes()
            (folder / f"{part}-{name}-ubyte").write_bytes(data)
            digests.append(hashlib.sha256(data).hexdigest())
    entry = replace(
        DATA_SETS["mnist"],
        id="waves",
        name="Waves of the sea",
        shape=(1, 9, 9),
        mean=(0.25,),
        std=(0.125,),
        labels=("ripple", "swell", "surf"),
        kind="clothing",
        first_sample="bag",
        other_sample="trousers",
        files=IdxFiles("Waves", (90, 12), tuple(digests)),
        loader=torchvision_loader("Waves", "part.data.numpy()[:, None]"),
    )
    monkeypatch.setitem(DATA_SETS, "waves", entry)
    return entry


def test_a_data_set_is_found_everywhere(waves):
    app = opened(dataset="waves", preset="tiny")
    assert "Waves of the sea" in app.selectbox(key="word.dataset").options
    assert app.table[0].value.iloc[0, 1] == "1 × 9 × 9"
    app.button(key="train.show").click().run()
    assert "there are 102 pictures of 9 × 9 pixels" in str(shown(app, "train.samples"))
    record = trained(app)
    assert (record.spec.mean, record.spec.std) == (waves.mean, waves.std)
    assert (record.spec.labels, record.card.dataset) == (waves.labels, "waves")
    (row,) = opened().dataframe[0].value["Data set"]
    assert row == "Waves of the sea"

    program = take_away.program(record)
    assert 'datasets.Waves("data"' in program
    assert 'LABELS = ["ripple", "swell", "surf"]' in program
    assert "Needs torch, numpy, safetensors and torchvision." in ast.get_docstring(
        ast.parse(program)
    )

    assert "of 12 test pictures" in run("evaluate", record.id)
    assert "waves" in run("sweep", "nowhere", "--runs", "1")

    seen = opened("network", network=record.id)
    assert "Waves of the sea" in seen.selectbox(key="word.network").options[-1]
    assert all(label in str(shown(seen, "network.answer")) for label in waves.labels)
    assert seen.selectbox(key="picture.sample.clothing").options[0] == "T-shirt"
    assert "Draw" in seen.segmented_control(key="picture.source").options


def test_a_data_set_of_ink_turns_pictures_white_on_black(waves, monkeypatch):
    bright = 1 - draw_sample("bag")
    assert prepare_picture(bright, "waves", waves.shape).steps[0].name == "Invert"
    monkeypatch.setitem(DATA_SETS, "waves", replace(waves, is_ink=False))
    names = [step.name for step in prepare_picture(bright, "waves", waves.shape).steps]
    assert "Invert" not in names
