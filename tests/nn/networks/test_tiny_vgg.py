"""A published outside network, Tiny VGG, reproduced: sizes, weights from a file, every number."""

from collections import OrderedDict

import numpy as np
import pytest
import safetensors.torch
import torch
from torch import nn

from cnnviz.core.messages import Explained
from cnnviz.nn import build_network, capture, explain, load_weights
from cnnviz.nn.networks.explain import seen_pixels
from tests.nn.networks.toys import TINY_VGG, picture


def by_hand():
    """The same network in PyTorch alone, with random weights."""
    torch.manual_seed(7)
    return nn.Sequential(
        OrderedDict(
            conv1=nn.Conv2d(3, 10, 3),
            relu1=nn.ReLU(),
            conv2=nn.Conv2d(10, 10, 3),
            relu2=nn.ReLU(),
            pool1=nn.MaxPool2d(2),
            conv3=nn.Conv2d(10, 10, 3),
            relu3=nn.ReLU(),
            conv4=nn.Conv2d(10, 10, 3),
            relu4=nn.ReLU(),
            pool2=nn.MaxPool2d(2),
            flatten=nn.Flatten(),
            linear1=nn.Linear(1690, 10),
        )
    ).eval()


def stored(**entries):
    """A file's bytes: the weights by their state_dict keys, and what the first layer divides by."""
    numbers = {"normalize.mean": torch.zeros(3, 1, 1), "normalize.std": torch.ones(3, 1, 1)}
    return safetensors.torch.save({**numbers, **by_hand().state_dict(), **entries})


def test_sizes_and_fields_are_the_published_ones():
    assert TINY_VGG.parameters() == 19_920
    steps = [step for step in TINY_VGG.shapes() if step.kind in ("conv", "maxpool")]
    assert [step.shape for step in steps] == [(10, n, n) for n in (62, 60, 30, 28, 26, 13)]
    network = build_network(TINY_VGG)
    assert sum(each.numel() for each in network.parameters()) == 19_920
    activations = capture(network, picture((3, 64, 64)))
    fields = [seen_pixels(network, activations, step.name, 2, 1) for step in steps]
    assert [field[2:] for field in fields] == [(n, n) for n in (3, 5, 6, 10, 14, 16)]
    assert fields[-1][:2] == (8, 4)
    assert seen_pixels(network, activations, "linear1", 0, 0) == (0, 0, 64, 64)
    assert seen_pixels(network, activations, "flatten", 0, 0) == (0, 0, 64, 64)
    assert seen_pixels(network, activations, "input", 5, 6) == (5, 6, 1, 1)


def test_weights_from_outside_give_the_outside_networks_numbers(tmp_path):
    (tmp_path / "w").write_bytes(stored())
    network = build_network(TINY_VGG).eval()
    load_weights(network, tmp_path / "w")
    image = picture((3, 64, 64))
    activations = capture(network, image)
    with torch.inference_mode():
        logits = by_hand()(torch.from_numpy(image)[None])[0].numpy()
    np.testing.assert_allclose(activations[-1].values, logits, rtol=1e-5, atol=1e-6)
    rng = np.random.default_rng(8)
    for each in activations:
        for _ in range(20):
            cell = [int(rng.integers(0, size)) for size in (*each.values.shape, 1, 1)[:3]]
            why = explain(network, activations, each.name, *cell)
            assert abs(why.total - why.value) <= 1e-5 * why.size


@pytest.mark.parametrize(
    "data",
    [
        stored()[:-1],
        stored(**{"conv3.bias": torch.full((10,), torch.nan)}),
        stored(**{"linear1.weight": torch.zeros(10, 1691)}),
        stored(**{"conv5.weight": torch.zeros(1)}),
        safetensors.torch.save({"layers.0.weight": torch.zeros(3)}),
        b"PK\x03\x04",
    ],
)
def test_other_files_are_explained_and_change_nothing(tmp_path, data):
    (tmp_path / "w").write_bytes(data)
    network = build_network(TINY_VGG)
    before = {name: value.clone() for name, value in network.state_dict().items()}
    with pytest.raises(Explained, match="“w”"):
        load_weights(network, tmp_path / "w")
    assert all(torch.equal(value, before[name]) for name, value in network.state_dict().items())
