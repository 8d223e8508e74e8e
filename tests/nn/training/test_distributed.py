"""Two processes that train one network: the network of one process, but for rounding."""

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
import safetensors.torch
import torch

from cnnviz.core.networks.layer_specs import (
    ActivationLayer,
    ConvLayer,
    FlattenLayer,
    LinearLayer,
    PoolLayer,
)
from cnnviz.core.networks.network_spec import NetworkSpec
from cnnviz.core.training.cards import read_card
from cnnviz.core.training.train_config import TrainConfig
from cnnviz.nn.training import train
from cnnviz.nn.training.distributed import is_first, joined, own_part, process_count, share_of_mean
from tests.nn.training.toys import finish, toy

SPEC = NetworkSpec(
    (1, 8, 8),
    (0.25,),
    (0.4,),
    (ConvLayer(4), ActivationLayer("relu"), PoolLayer(), FlattenLayer(), LinearLayer(2)),
)
CONFIG = TrainConfig(
    epochs=2, batch_size=32, lr=0.05, optimizer="sgd", augment="objects", label_smoothing=0.1,
    validation_share=0.05, device="cpu", seed=2,
)  # fmt: skip
"""228 training pictures: the last batch of an epoch has 4, and with 45 a batch 3, an odd number."""
PROGRAM = """
import sys
from pathlib import Path
from cnnviz import cli
from cnnviz.core.training.train_config import TrainConfig
from cnnviz.nn.training import trained
from cnnviz.nn.training.distributed import joined
from cnnviz.nn.networks.store import pack_weights
from cnnviz.nn.training import train
from tests.nn.training.test_distributed import SPEC
from tests.nn.training.toys import finish, toy
folder = Path(sys.argv[1])
with joined("cpu") as is_first:
    for number, text in enumerate(sys.argv[2:]):
        events, network = finish(train(SPEC, toy(), TrainConfig.from_json(text)))
        (folder / f"{number}-{is_first}.safetensors").write_bytes(pack_weights(network))
        assert (events[-1].accuracy is not None) == is_first
trained.load_dataset = lambda name: toy(size=28)
cli.app(["train", "mnist", "--epochs", "1", "--threads", "1", "--output", str(folder / "out")])
"""


def test_one_process_is_the_first_and_has_all():
    with joined("cpu") as first:
        assert first
    assert is_first()
    assert process_count() == 1
    assert torch.equal(own_part(torch.arange(5)), torch.arange(5))
    assert share_of_mean(3, 6) == 0.5


@pytest.mark.slow
def test_two_processes_train_the_network_of_one_and_one_of_them_speaks(tmp_path):
    (tmp_path / "program.py").write_text(PROGRAM)
    configs = [CONFIG, replace(CONFIG, batch_size=45)]
    torchrun = ["-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2"]
    done = subprocess.run(
        [sys.executable, *torchrun, str(tmp_path / "program.py"), str(tmp_path)]
        + [each.to_json() for each in configs],
        cwd=tmp_path,
        env={**os.environ, "OMP_NUM_THREADS": "1", "PYTHONPATH": str(Path(__file__).parents[3])},
        capture_output=True,
        text=True,
        timeout=500,
    )
    assert done.returncode == 0, done.stderr
    for number, config in enumerate(configs):
        files = [tmp_path / f"{number}-{first}.safetensors" for first in (True, False)]
        assert files[0].read_bytes() == files[1].read_bytes()
        shared = safetensors.torch.load(files[0].read_bytes())
        _, alone = finish(train(SPEC, toy(), config))
        for key, value in alone.state_dict().items():
            torch.testing.assert_close(shared[key], value, rtol=0, atol=1e-5)
    card = read_card(tmp_path / "out" / "mnist.json")
    assert card.command.startswith("torchrun --nproc-per-node 2 -m cnnviz train mnist --epochs 1 ")
    assert card.command.endswith(" --threads 1")
    assert done.stdout.count("of the test pictures right") == 1
