"""Maps of every stage: a direct forward pass has the same, and threads see only their own."""

import copy
import importlib
from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import torch
from torch import nn

from cnnviz.core.messages import Explained
from cnnviz.core.photos.networks import PHOTO_NETWORKS, photo_network
from cnnviz.nn.photos.attribution import conv_layers
from cnnviz.nn.photos.inside import _is_transformer, _parts, first_filters, stages
from cnnviz.nn.photos.pretrained import NormalizeColour, PhotoModel, shared_photo_network


class Kept(nn.Module):
    """A layer that keeps what it put out; it stands in a copy of the network."""

    def __init__(self, layer):
        super().__init__()
        self.layer = layer
        self.put_out = None

    def forward(self, values):
        output = self.layer(values)
        self.put_out = output.clone()
        return output


def seen_of(seed):
    return np.random.default_rng(seed).random((3, 224, 224), np.float32)


def model_of(inner):
    """A network of random weights, always the same."""
    generator = torch.Generator().manual_seed(3)
    with torch.no_grad():
        for parameter in inner.parameters():
            parameter.normal_(0, 0.2, generator=generator)
    card = photo_network("lite0")
    layers = OrderedDict(normalize=NormalizeColour(card), model=inner)
    return PhotoModel(card, nn.Sequential(layers).eval().requires_grad_(False))


def tiny():
    return model_of(
        nn.Sequential(
            nn.Conv2d(3, 4, 5, 4),
            nn.ReLU(inplace=True),
            nn.MaxPool2d(2),
            nn.Sequential(nn.Conv2d(4, 6, 3, 2), nn.ReLU(inplace=True)),
            nn.AdaptiveAvgPool2d(3),
            nn.Flatten(),
            nn.Linear(54, 1000),
        )
    )


def resnet():
    parts = importlib.import_module("torchvision.models.resnet")
    return model_of(parts.ResNet(parts.BasicBlock, [1, 1, 1, 1]))


def transformer():
    parts = importlib.import_module("torchvision.models.vision_transformer")
    return model_of(parts.VisionTransformer(224, 32, 2, 2, 16, 32))


LAYERS = "encoder.layers.encoder_layer_"
NETWORKS = {
    "tiny": (tiny, {"0": "1", "2": "2", "3": "3"}),
    "resnet": (
        resnet,
        {"conv1": "relu", "maxpool": "maxpool"} | {f"layer{n}": f"layer{n}" for n in range(1, 5)},
    ),
    "transformer": (
        transformer,
        {name: name for name in ("conv_proj", *(f"{LAYERS}{n}" for n in (0, 1)))},
    ),
    "lite0": (
        lambda: shared_photo_network("lite0"),
        {"conv_stem": "bn1"} | {f"blocks.{n}": f"blocks.{n}" for n in range(7)}
        | {"conv_head": "bn2"},
    ),
}  # fmt: skip
"""How to make it; stage → the layer at its end."""


@pytest.mark.parametrize("network", NETWORKS)
def test_stages_are_those_of_a_forward_pass(network):
    make, ends = NETWORKS[network]
    model, seen = make(), seen_of(1)
    before = seen.copy()
    found = stages(model, seen)
    watched = copy.deepcopy(model.network)
    for end in ends.values():
        path = f"model.{end}"
        watched.set_submodule(path, Kept(watched.get_submodule(path)))
    with torch.inference_mode():
        watched(torch.from_numpy(seen)[None])
    assert [each.name for each in found] == list(ends)
    for each in found:
        expected = watched.get_submodule(f"model.{ends[each.name]}").put_out[0].numpy()
        if expected.ndim == 2:  # tokens, the class token first
            expected = expected[1:].T.reshape(each.values.shape)
        assert each.values.dtype == np.float32
        np.testing.assert_allclose(each.values, expected, rtol=1e-5, atol=1e-5)
    np.testing.assert_array_equal(seen, before)
    assert found[0].kind == "conv"
    assert {each.kind for each in found} <= {"conv", "maxpool", "block"}


@pytest.mark.parametrize("card", PHOTO_NETWORKS.values(), ids=lambda card: card.id)
def test_every_network_is_walked_to_its_last_maps(card):
    package = "timm.models" if card.is_offline else "torchvision.models"
    with torch.device("meta"):
        inner = getattr(importlib.import_module(package), card.builder)().eval()
        values = torch.empty(1, 3, 224, 224)
    if _is_transformer(inner):
        return
    for _name, layers in _parts(inner):
        for layer in layers:
            values = layer(values)
        assert values.ndim == 4
    assert 6 <= values.shape[2] <= 14
    assert len(_parts(inner)) > 4


def test_the_first_filters_are_the_first_convolutions_weights():
    model = shared_photo_network("lite0")
    filters = first_filters(model)
    layer = model.network.get_submodule(f"model.{conv_layers(model)[0]}")
    np.testing.assert_array_equal(filters, layer.weight.numpy())
    filters[:] = 0
    assert layer.weight.abs().max() > 0


def test_threads_see_no_foreign_maps():
    model = tiny()
    expected = [stages(model, seen_of(seed)) for seed in range(8)]

    def ask(seed):
        seen, own = seen_of(seed), expected[seed]
        for _ in range(12):
            for each, known in zip(stages(model, seen), own, strict=True):
                np.testing.assert_allclose(each.values, known.values, rtol=1e-5, atol=1e-5)
        return seed

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(ask, range(8))) == list(range(8))


def test_another_shape_is_refused():
    with pytest.raises(Explained, match="3 × 224 × 224"):
        stages(tiny(), np.zeros((3, 9, 9), np.float32))
