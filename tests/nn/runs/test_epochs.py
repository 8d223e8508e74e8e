"""The epochs that are kept: what they hold is what was trained, and they stay within bounds."""

import numpy as np
import pytest

from cnnviz.core.messages import Explained
from cnnviz.core.networks.layer_specs import (
    ActivationLayer,
    ConvLayer,
    FlattenLayer,
    LinearLayer,
    PoolLayer,
)
from cnnviz.core.networks.network_spec import NetworkSpec
from cnnviz.core.training.train_config import TrainConfig
from cnnviz.nn import capture, load_network
from cnnviz.nn.data import load_dataset
from cnnviz.nn.networks.build import build_network
from cnnviz.nn.runs import create_run, plan_run, read_run
from cnnviz.nn.runs import epochs as runs_epochs
from cnnviz.nn.runs.epochs import kept_epochs, read_watched, stride, view_epoch
from cnnviz.nn.runs.files import run_folder
from cnnviz.nn.runs.train import train_run
from cnnviz.nn.runs.writer import RunWriter
from cnnviz.nn.training import begin

SPEC = NetworkSpec(
    (1, 8, 8),
    (0.3,),
    (0.4,),
    (ConvLayer(4), ActivationLayer("relu"), PoolLayer(), FlattenLayer(), LinearLayer(10)),
    tuple("0123456789"),
)
CONFIG = TrainConfig(epochs=4, batch_size=64, lr=0.02, device="cpu")


@pytest.fixture(autouse=True)
def kept_whatever_it_costs(monkeypatch):
    monkeypatch.setattr(runs_epochs, "MOST_SHARE", 1.0)


def train(config=CONFIG, **more):
    run_id = create_run(SPEC, config, plan_run("digits", "ann"))
    with RunWriter(run_id) as writer:
        train_run(writer, **more)
    return run_id


def test_from_the_untrained_network_to_the_last():
    run_id = train()
    assert kept_epochs(run_id) == (0, 1, 2, 3, 4)
    watched = read_watched(run_id)
    assert watched.images.shape == (10, 1, 8, 8)
    assert list(watched.labels) == list(range(10))
    image = watched.images[3]
    first, last = (view_epoch(run_id, epoch, image) for epoch in (0, 4))
    pixels = image.astype(np.float32) / np.float32(255)
    for view, network in ((first, build_network(SPEC, seed=0)), (last, load_network(run_id))):
        for mine, other in zip(view.activations, capture(network, pixels), strict=True):
            np.testing.assert_array_equal(mine.values, other.values)
        np.testing.assert_array_equal(view.filters, network.conv1.weight.detach().numpy())
    assert first.confusion is None
    assert last.confusion.sum() == 144
    assert np.trace(last.confusion) / 144 == pytest.approx(read_run(run_id).last.accuracy)


def test_the_pictures_were_held_out_where_any_are():
    data = load_dataset("digits")
    for share in (0.1, 0.0):
        config = TrainConfig(epochs=1, validation_share=share, device="cpu")
        watched = read_watched(train(config))
        learnt = begin(SPEC, data, config).learnt[0].numpy()
        is_learnt = [(learnt == each).all((1, 2, 3)).any() for each in watched.images]
        assert any(is_learnt) == (share == 0)
        found = [(data.train_images == each).all((1, 2, 3)).argmax() for each in watched.images]
        assert list(data.train_labels[found]) == list(watched.labels)


@pytest.mark.parametrize(("epochs", "size", "every"), [
    (4, 1000, 1), (40, 1000, 1), (41, 1000, 2), (200, 1000, 5), (30, 1_000_000, 2), (3, 9**8, None),
])  # fmt: skip
def test_count_and_bytes_are_bounded(epochs, size, every):
    assert stride(epochs, size) == every


def test_a_network_that_is_too_large_and_time_that_is_too_short_keep_nothing(monkeypatch):
    monkeypatch.setattr(runs_epochs, "MOST_BYTES", 1000)
    assert kept_epochs(train()) == ()
    monkeypatch.setattr(runs_epochs, "MOST_BYTES", 10**7)
    monkeypatch.setattr(runs_epochs, "MOST_SHARE", 0.0)
    assert kept_epochs(train()) == (0, 4)


def test_what_is_damaged_is_not_shown_and_harms_no_run():
    run_id = train()
    image = read_watched(run_id).images[0]
    (path,) = run_folder(run_id).glob("epoch-2-*")
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)
    with pytest.raises(Explained, match="damaged"):
        view_epoch(run_id, 2, image)
    with pytest.raises(LookupError):
        view_epoch(run_id, 7, image)
    (run_folder(run_id) / "watched.npz").write_bytes(b"PK no zip")
    assert read_watched(run_id) is None
    assert read_run(run_id).state == "finished"
    assert load_network(run_id)
