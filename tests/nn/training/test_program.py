"""The exported program, run: its network is the run's, and its training repeats the run."""

import inspect
import os
import subprocess
import sys

import numpy as np
import pytest
import safetensors.torch
import torch

from cnnviz.core.networks.layer_specs import (
    ActivationLayer,
    BatchNormLayer,
    ConvLayer,
    DropoutLayer,
    FlattenLayer,
    LinearLayer,
    PoolLayer,
    activation_kinds,
)
from cnnviz.core.networks.network_spec import NetworkSpec
from cnnviz.core.training.program import training_code
from cnnviz.core.training.train_config import TrainConfig
from cnnviz.nn import load_network
from cnnviz.nn.networks.build import build_network
from cnnviz.nn.runs import create_run, plan_run, read_run
from cnnviz.nn.runs.files import run_folder
from cnnviz.nn.runs.train import train_run
from cnnviz.nn.runs.writer import RunWriter
from cnnviz.nn.training import augment
from cnnviz.nn.training.trained import training_program

VARY = inspect.getsource(augment).partition("from torch.nn import functional as F\n")[2]
RELU = ActivationLayer("relu")
SMALL = (ConvLayer(4, padding="same"), RELU, PoolLayer(), FlattenLayer(), LinearLayer(10))

pytestmark = pytest.mark.usefixtures("home")


def spec_of(*layers, shape=(1, 8, 8)):
    return NetworkSpec(shape, (0.3,) * shape[0], (0.4,) * shape[0], layers)


def trained(config):
    run_id = create_run(spec_of(*SMALL), config, plan_run("digits", "ann"))
    with RunWriter(run_id) as writer:
        train_run(writer)
    return read_run(run_id)


def run_program(folder, code, *arguments, name="program.py"):
    (folder / name).write_text(code, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-W", "error", name, *map(str, arguments)],
        cwd=folder,
        env={**os.environ, "OMP_NUM_THREADS": "1", "PYTHONPATH": ""},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_it_repeats_the_run_and_tests_its_weights(home):
    more = {"start": "whitened", "optimizer": "sgd", "label_smoothing": 0.1}
    run = trained(TrainConfig(epochs=1, batch_size=128, device="cpu", **more))
    code = training_program(run)
    printed = run_program(home, code)
    mine = safetensors.torch.load_file(home / "trained.safetensors")
    theirs = load_network(run.id).state_dict()
    assert mine.keys() == theirs.keys()
    for key, value in theirs.items():
        np.testing.assert_allclose(mine[key], value, rtol=1e-4, atol=1e-6, err_msg=key)
    assert f"held out {run.last.accuracy:.2%} right" in printed
    weights = run_folder(run.id) / "weights.safetensors"
    tested = run_program(home, code, weights)
    assert tested == f"test pictures named right: {run.card.accuracy:.2%}\n"


@pytest.mark.parametrize(
    "spec",
    [
        *(spec_of(ConvLayer(3), ActivationLayer(kind), FlattenLayer(), LinearLayer(4))
          for kind in activation_kinds()),
        spec_of(
            ConvLayer(3, (3, 2), stride=(2, 1), padding=(1, 0)), BatchNormLayer(), RELU,
            PoolLayer("avgpool", (2, 3), (1, 2)), ConvLayer(5, (1, 1), padding="same"), RELU,
            PoolLayer("maxpool", (3, 3), (1, 1)), FlattenLayer(), LinearLayer(7), RELU,
            DropoutLayer(0.3), LinearLayer(10), shape=(3, 12, 13),
        ),
    ],
)  # fmt: skip
def test_its_network_gives_the_very_logits(spec):
    code = training_code(spec, TrainConfig(), "digits")
    left = {"__name__": "program"}
    exec(compile(code, "program.py", "exec"), left)
    mine, theirs = left["network"].eval(), build_network(spec, seed=3).eval()
    mine.load_state_dict(theirs.state_dict())
    images = torch.rand(2, *spec.input_shape, generator=torch.Generator().manual_seed(0))
    assert torch.equal(mine(images), theirs(images))
    left["draw_weights"]()
    for a, b in zip(mine.parameters(), build_network(spec, seed=0).parameters(), strict=True):
        if a.ndim != 1:
            assert torch.equal(a, b)


@pytest.mark.parametrize("precision", ["auto", "bf16"])
def test_it_runs_with_any_name_and_where_torch_cannot_name_the_processor(home, precision):
    config = TrainConfig(epochs=1, batch_size=512, device="cuda", precision=precision)
    code = training_code(spec_of(*SMALL), config, "digits", vary=VARY)
    if precision == "auto":
        code = code.replace("import torch\n", "import torch\n\ndel torch.cpu.get_capabilities\n", 1)
    weights = home / 'my "best" weights é.safetensors'
    printed = run_program(home, code, name="my network's é.py")
    assert "epoch 1: loss" in printed
    (home / "trained.safetensors").rename(weights)
    tested = run_program(home, code, weights, name="my network's é.py")
    assert tested.splitlines()[-1] == printed.splitlines()[-1]
