"""Prepared convolutions: what the first puts out is white, what the others get goes through."""

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional as F

from cnnviz.core.networks.layer_specs import ActivationLayer, ConvLayer, FlattenLayer, LinearLayer
from cnnviz.core.networks.network_spec import NetworkSpec
from cnnviz.core.training.train_config import TrainConfig
from cnnviz.nn.networks.build import build_network
from cnnviz.nn.networks.evaluation import as_pixels
from cnnviz.nn.training import train
from cnnviz.nn.training.whitening import whiten
from tests.nn.training.toys import finish, toy


def spec(filters, shape=(3, 12, 12)):
    return NetworkSpec(
        shape,
        (0.4,) * shape[0],
        (0.2,) * shape[0],
        (
            ConvLayer(filters, (2, 2)),
            ActivationLayer("relu"),
            ConvLayer(filters + 3, (3, 3), padding="same"),
            FlattenLayer(),
            LinearLayer(2),
        ),
    )


def smooth(count=400):
    """Pictures whose neighbours are alike, in all colours."""
    noise = torch.rand(count, 3, 14, 14, generator=torch.Generator().manual_seed(1))
    mixed = F.avg_pool2d(noise, 3, 1) * 2 - 0.5 + 0.3 * (noise.mean((1, 2, 3), True) - 0.5)
    return (mixed.clamp(0, 1) * 255).round().to(torch.uint8).numpy()


@pytest.mark.parametrize("filters", [5, 24, 30])
def test_the_first_convolution_puts_out_white_noise(filters):
    images = smooth()
    network = build_network(spec(filters))
    before = network.conv1.weight.clone()
    whiten(network, images)
    pieces = network.normalize(as_pixels(torch.from_numpy(images)))
    answers = F.conv2d(pieces, network.conv1.weight, stride=2).detach()
    found = answers.transpose(0, 1).flatten(1)[: min(filters, 24) : 2].double().cov()
    torch.testing.assert_close(found, torch.eye(len(found)).double(), rtol=0, atol=0.06)
    weight = network.conv1.weight
    pairs = min(filters, 24) // 2
    assert torch.equal(weight[1 : 2 * pairs : 2], -weight[0 : 2 * pairs : 2])
    assert torch.equal(weight[24:], before[24:])
    assert not weight.requires_grad


def test_the_other_convolutions_hand_on_what_they_get():
    network = build_network(spec(4))
    whiten(network, smooth())
    maps = torch.rand(2, 4, 9, 9)
    out = network.conv2(maps) - network.conv2.bias.view(-1, 1, 1)
    torch.testing.assert_close(out[:, :4], maps)
    assert out.shape[1] == 7


def test_what_is_held_fast_is_as_it_was_prepared():
    data = toy()
    config = TrainConfig(epochs=1, batch_size=32, lr=0.05, start="whitened", device="cpu")
    _, network = finish(train(spec(5, (1, 8, 8)), data, config))
    prepared = build_network(spec(5, (1, 8, 8)), seed=config.seed)
    whiten(prepared, data.train_images)
    assert torch.equal(network.conv1.weight, prepared.conv1.weight)
    assert not torch.equal(network.conv2.weight, prepared.conv2.weight)


def test_a_network_given_in_place_and_one_without_convolutions_are_left():
    config = TrainConfig(epochs=1, start="whitened", device="cpu")
    flat = NetworkSpec((1, 8, 8), (0.2,), (0.3,), (FlattenLayer(), LinearLayer(2)))
    finish(train(flat, toy(), config))
    network = build_network(spec(5, (1, 8, 8)))
    finish(train(network, toy(), config))
    assert all(each.requires_grad for each in network.parameters())
    assert isinstance(network.conv1, nn.Conv2d)
    assert np.isfinite(network.conv1.weight.detach().numpy()).all()
