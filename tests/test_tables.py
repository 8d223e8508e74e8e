"""One place: an entry added to a table is found on the page, in the commands, in the program."""

import ast
import hashlib
import os
import subprocess
import sys
from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np
import onnxruntime
import pytest
import torch
from onnx import load_from_string
from streamlit.testing.v1 import AppTest
from typer.testing import CliRunner

from cnnviz import nn
from cnnviz.cli import app as commands
from cnnviz.core.lab.activations import ACTIVATIONS, Activation
from cnnviz.core.lab.specs import ConvSpec
from cnnviz.core.lab.torch_code import conv_code
from cnnviz.core.networks.layer_kinds import LAYERS, Arguments, LayerKind
from cnnviz.core.networks.layer_specs import ConvLayer, FlattenLayer, LinearLayer, _Plain
from cnnviz.core.networks.network_spec import NetworkSpec
from cnnviz.core.pictures.data_sets import DATA_SETS, IdxFiles, torchvision_loader
from cnnviz.core.pictures.network_inputs import prepare_picture
from cnnviz.core.samples import draw_sample
from cnnviz.core.training.train_config import TrainConfig
from cnnviz.nn.runs import list_runs
from cnnviz.nn.runs.queue import RunQueue
from cnnviz.nn.runs.worker import work
from cnnviz.ui.components.why.words import of_layer
from cnnviz.ui.training import runs, take_away
from tests.ui.opening import ROOT, header, words

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

    program = nn.training_program(record)
    assert 'datasets.Waves("data"' in program
    assert 'LABELS = ["ripple", "swell", "surf"]' in program
    assert '"torchvision>=' in ast.get_docstring(ast.parse(program))

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


@pytest.fixture
def hard_sigmoid(monkeypatch):
    """A toy activation: a function of PyTorch that the table does not have."""
    entry = Activation(
        id="hardsigmoid",
        name="Clipped line",
        formula=r"y = \min(\max(0, x / 6 + 1/2), 1)",
        plain="min(max(0; x / 6 + 1/2); 1)",
        does="Cuts what is beyond three.",
        source="Courbariaux, Bengio & David 2015",
        module="Hardsigmoid",
        call="F.hardsigmoid({x})",
        operator="HardSigmoid",
        attributes={"alpha": 1 / 6, "beta": 0.5},
    )
    monkeypatch.setitem(ACTIVATIONS, "hardsigmoid", entry)
    return entry


def test_an_activation_is_found_everywhere(hard_sigmoid):
    lab = opened("convolution", part="activation")
    assert "Clipped line" in lab.segmented_control(key="word.activation").options
    lab.segmented_control(key="word.activation").set_value("hardsigmoid").run()
    assert "Cuts what is beyond three." in words(lab)
    map_ = np.array([[[-4.0, 0.0, 3.0]]], np.float32)
    assert nn.activate(map_, "hardsigmoid").tolist() == [[[0.0, 0.5, 1.0]]]
    one = np.ones((1, 1, 1, 1), np.float32)
    code = conv_code(map_, one, ConvSpec(kernel_size=1), None, activation="hardsigmoid")
    assert "output = F.hardsigmoid(feature_map)" in code

    app = opened(preset="tiny")
    assert "Clipped line" in app.pills(key="train.search.activation").options
    app.segmented_control(key="train.activation").set_value("hardsigmoid").run()
    assert "Clipped line 1" in list(app.table[0].value["Layer"])
    record = trained(app)
    assert NetworkSpec.from_json(record.spec.to_json()) == record.spec
    assert "hardsigmoid1=nn.Hardsigmoid()," in nn.training_program(record)
    network = nn.load_network(record.id)
    pictures = np.random.default_rng(0).random((4, 1, 8, 8), np.float32)
    session = onnxruntime.InferenceSession(
        take_away.network(record), providers=["CPUExecutionProvider"]
    )
    (logits,) = session.run(None, {session.get_inputs()[0].name: pictures})
    np.testing.assert_allclose(logits, network(torch.from_numpy(pictures)).numpy(), atol=1e-4)
    seen = nn.capture(network, np.zeros((1, 8, 8), np.float32))
    layer = next(each for each in seen if each.kind == "hardsigmoid")
    answer = nn.explain(network, seen, layer.name, 0, 0, 0)
    assert of_layer(answer).formula == "min(max(0; x / 6 + 1/2); 1)"
    assert "of 360 test pictures" in run("evaluate", record.id)


@dataclass(frozen=True, slots=True)
class MapDropout(_Plain):
    """A toy layer: whole maps are left out, while it is trained."""

    kind: ClassVar[str] = "mapdropout"
    share: float = 0.25


def test_a_layer_kind_is_found_everywhere(monkeypatch):
    entry = LayerKind(
        "Maps left out",
        MapDropout,
        "Dropout2d",
        "Identity",
        lambda layer, _shape: Arguments((layer.share,), {}),
        lambda _layer, _shape: {},
    )
    monkeypatch.setitem(LAYERS, "mapdropout", entry)
    known = DATA_SETS["digits"]
    layers = (ConvLayer(4), MapDropout(), FlattenLayer(), LinearLayer(10))
    spec = NetworkSpec(known.shape, known.mean, known.std, layers, known.labels)
    assert NetworkSpec.from_json(spec.to_json()) == spec
    with RunQueue() as queue:
        queue.submit(spec, TrainConfig(epochs=1, device="cpu"), "digits", ANN)
    assert work(until_idle=True, poll_s=0.02) == 1
    (record,) = list_runs(ANN)
    assert record.state == "finished"
    assert "mapdropout1=nn.Dropout2d(0.25)," in nn.training_program(record)
    operators = [node.op_type for node in load_from_string(take_away.network(record)).graph.node]
    assert operators == ["Sub", "Div", "Conv", "Identity", "Flatten", "Gemm"]
    assert "of 360 test pictures" in run("evaluate", record.id)
    app = opened("network", network=record.id)
    assert "Maps left out 1" in [each["title"] for each in shown(app, "network.wall")["stages"]]


SETTING = """
import sys
from dataclasses import dataclass

from cnnviz.core.training import train_config

@dataclass(frozen=True, slots=True)
class Toy(train_config.TrainConfig):
    patience: int = train_config.setting(
        5, "Patience", "Epochs without a gain.", (1, 9), place=3.5
    )

train_config.TrainConfig = Toy  # before anything else imports it, as an edit of the file would be
sys.path.insert(0, "ROOT")
from tests.test_tables import ANN, opened, run
from cnnviz import nn
from cnnviz.ui.training import runs

runs.start_worker = lambda: None
app = opened(preset="tiny")
shown = [each.label for each in app.number_input]
assert shown.index("Patience") == shown.index("Learning rate") + 1, shown
field = app.number_input(key="train.patience")
assert (field.value, field.min, field.max, field.help) == (5, 1, 9, "Epochs without a gain.")
for patience in (7, 8):
    app.number_input(key="train.patience").set_value(patience)
    app.button(key="train.begin").click().run()
    assert not app.exception
second, first = nn.list_runs(ANN)
assert (first.config.patience, second.config.patience) == (7, 8)
assert "PATIENCE = 7" in nn.training_program(first).splitlines()
for each in (first, second):
    nn.ask(each.id, ANN, "stop")
app = opened()
app.multiselect(key="train.chosen").set_value([first.id, second.id]).run()
assert list(app.table[1].value.iloc[0]) == ["Patience", "7", "8"], app.table[1].value

said = run("train", "--help")
assert "--patience" in said and "Epochs without a gain. [default: 5]" in said, said
assert "“patience” must be a whole number from 1 to 9" in run("train", "mnist", "--patience", "0")
"""


def test_a_training_setting_is_found_everywhere(home):
    """In a process of its own, where the toy is there before anything reads the settings."""
    code = SETTING.replace("ROOT", str(ROOT))
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env={**os.environ}
    )
    assert done.returncode == 0, done.stderr[-3000:]
