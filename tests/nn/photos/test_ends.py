"""Both ends of networks for photographs: every number is PyTorch's, and adds up."""

import hashlib
from collections import OrderedDict

import numpy as np
import pytest
import torch

from cnnviz.core.messages import Explained
from cnnviz.core.networks.explanations import BatchNormNumbers
from cnnviz.core.photos.networks import PHOTO_NETWORKS
from cnnviz.nn import explain
from cnnviz.nn.networks.explain import influence, seen_pixels
from cnnviz.nn.photos.inside import first_layers, last_layers
from cnnviz.nn.photos.pretrained import NormalizeColour, PhotoModel, _build, shared_photo_network

NAMES = {
    "lite0": ("conv batchnorm activation", "maps pool features logits"),
    "squeezenet": ("conv activation", "maps conv activation pool logits"),
    "mobilenet": ("conv batchnorm activation", "features logits"),
    "convnext": ("conv", "features logits"),
}
"""Layers at both ends; all but the first network have random weights."""


def by_lot(name):
    card = PHOTO_NETWORKS[name]
    torch.manual_seed(3)
    model = _build(card).to_empty(device="cpu")
    for value in model.state_dict().values():
        if value.dtype == torch.float32:
            value.uniform_(0.01, 0.06) if value.ndim == 1 else value.normal_(0, 0.05)
    layers = OrderedDict(normalize=NormalizeColour(card), model=model)
    return PhotoModel(card, torch.nn.Sequential(layers).eval().requires_grad_(False))


@pytest.fixture(scope="module", params=NAMES)
def model(request):
    return shared_photo_network("lite0") if request.param == "lite0" else by_lot(request.param)


@pytest.fixture(scope="module")
def seen():
    return np.random.default_rng(1).random((3, 224, 224), np.float32)


def run(module, values):
    with torch.inference_mode():
        return module(torch.from_numpy(values)[None])[0].numpy()


def cells(activation, count, seed):
    lot = np.random.default_rng(seed)
    sides = (*activation.values.shape, 1, 1)[:3]
    return [tuple(int(lot.integers(side)) for side in sides) for _ in range(count)]


def check(end, layer, count):
    (activation,) = (each for each in end.activations if each.name == layer)
    for cell in cells(activation, count, 7):
        found = explain(end.network, end.activations, layer, *cell)
        maps = activation.values.reshape((*activation.values.shape, 1, 1)[:3])
        assert found.value == maps[cell]
        assert abs(found.total - found.value) <= 1e-5 * found.size + 1e-12


def test_both_ends_are_what_the_network_computes(model, seen):
    begin, end = first_layers(model, seen), last_layers(model, seen)
    inner = model.network.get_submodule("model")
    first = next(part for part in inner.modules() if isinstance(part, torch.nn.Conv2d))
    values = {each.name: each.values for each in begin.activations}
    normal = run(model.network.get_submodule("normalize"), seen)
    np.testing.assert_array_equal(values["normalize"], normal)
    np.testing.assert_array_equal(values["conv"], run(first, normal))
    np.testing.assert_array_equal(end.activations[-1].values, run(model.network, seen))
    names = [" ".join(each.name for each in part.activations) for part in (begin, end)]
    assert names == [f"input normalize {NAMES[model.card.id][0]}", NAMES[model.card.id][1]]
    if "activation" in values and model.card.id == "lite0":
        np.testing.assert_array_equal(values["activation"], run(inner.bn1, values["conv"]))


def test_two_hundred_cells_of_each_end_add_up(model, seen):
    begin, end = first_layers(model, seen), last_layers(model, seen)
    check(begin, "conv", 200)
    check(end, "logits", 200)
    for part in (begin, end):
        for each in part.activations:
            check(part, each.name, 4)


def test_a_cell_of_the_first_convolution_against_a_loop(seen):
    """Patch by hand: TensorFlow's padding has its odd zero below and to the right."""
    model = shared_photo_network("lite0")
    begin = first_layers(model, seen)
    weight = model.network.get_submodule("model").conv_stem.weight.numpy()
    padded = np.pad(begin.activations[1].values, ((0, 0), (0, 1), (0, 1)))
    for channel, row, col in [(0, 0, 0), (5, 111, 111), (31, 40, 77)]:
        found = explain(begin.network, begin.activations, "conv", channel, row, col)
        patch = padded[:, 2 * row : 2 * row + 3, 2 * col : 2 * col + 3].astype(np.float64)
        sums = (patch * weight[channel]).sum(axis=(1, 2))
        np.testing.assert_allclose(found.channel_sums, sums, rtol=1e-5, atol=1e-6)
        assert abs(sums.sum() - found.value) <= 1e-5 * found.size
    corner = explain(begin.network, begin.activations, "conv", 5, 111, 111)
    assert (corner.sources[:, 2, 2] == -1).all()
    found = explain(begin.network, begin.activations, "batchnorm", 3, 4, 5)
    assert isinstance(found.numbers, BatchNormNumbers)


def test_a_cell_of_the_beginning_knows_its_pixels(model, seen):
    begin = first_layers(model, seen)
    name = begin.activations[-1].name
    top, left, height, width = seen_pixels(begin.network, begin.activations, name, 6, 7)
    moved = influence(begin.network, begin.activations, name, 1, 6, 7)
    rows, cols = np.nonzero(moved)
    if rows.size:
        assert top <= rows.min() <= rows.max() < top + height
        assert left <= cols.min() <= cols.max() < left + width


def test_nothing_is_changed_or_hooked(seen):
    model = shared_photo_network("lite0")
    before = hashlib.sha256(run(model.network, seen).tobytes()).hexdigest()
    structure = [(name, id(part)) for name, part in model.network.named_modules()]
    first_layers(model, seen), last_layers(model, seen)
    assert [(name, id(part)) for name, part in model.network.named_modules()] == structure
    assert not any(part._forward_hooks for part in model.network.modules())
    assert hashlib.sha256(run(model.network, seen).tobytes()).hexdigest() == before


def test_another_shape_is_refused():
    for part in (first_layers, last_layers):
        with pytest.raises(Explained, match="The network sees 3 × 224 × 224"):
            part(shared_photo_network("lite0"), np.zeros((3, 8, 8), np.float32))
