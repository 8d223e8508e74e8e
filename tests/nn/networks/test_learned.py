"""What excites a map, against one pass over all pictures at once; the plane, against an SVD."""

import os
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

from cnnviz.core.messages import Explained
from cnnviz.core.networks.learned import order_by_similarity
from cnnviz.nn import build_network, capture, load_network
from cnnviz.nn.networks import learned
from cnnviz.nn.networks.learned import embed, excite, filters
from tests.nn.networks.toys import TINY_VGG, everything, pictures

MNIST = Path(os.environ.get("CNNVIZ_DATA", "")) / "MNIST" / "raw" / "t10k-images-idx3-ubyte"


def test_filters_are_copies_of_the_weights():
    network = load_network("mnist")
    found = filters(network, "conv2")
    assert (found.shape, found.dtype) == ((16, 8, 5, 5), np.float32)
    np.testing.assert_array_equal(found, network.conv2.weight.numpy())
    found[:] = 0
    assert network.conv2.weight.any()
    assert sorted(order_by_similarity(filters(network, "conv2"))) == list(range(16))


@pytest.mark.parametrize("layer", ["relu1", "linear1", "flatten", "input"])
def test_other_layers_have_no_filters(layer):
    with pytest.raises((Explained, LookupError)):
        filters(load_network("mnist"), layer)


@pytest.mark.parametrize("budget", [1, 100_000, 10**9])
@pytest.mark.parametrize("layer", ["input", "conv1", "pool2", "linear2"])
def test_the_most_exciting_pictures_are_those_of_one_pass(monkeypatch, layer, budget):
    monkeypatch.setattr(learned, "_BATCH_BYTES", budget)
    network, images = everything(), pictures(23)
    found = excite(network, layer, images, k=4)
    values = np.stack([
        next(each.values for each in capture(network, image.astype(np.float32) / 255)
             if each.name == layer)
        for image in images
    ])  # fmt: skip
    maps = values.reshape(*values.shape[:2], -1)
    peaks = maps.max(axis=2)
    order = np.argsort(-peaks, axis=0, kind="stable")[:4].T
    assert found.layer == layer
    assert found.indices.shape == found.values.shape == (maps.shape[1], 4)
    np.testing.assert_allclose(found.values, np.sort(peaks, axis=0)[::-1][:4].T, atol=1e-6)
    assert np.mean(found.indices == order) > 0.9 if layer != "input" else True
    for channel in range(maps.shape[1]):
        for picture, value, cell in zip(
            found.indices[channel], found.values[channel], found.cells[channel], strict=True
        ):
            here = values[picture, channel]
            there = here[tuple(cell)] if here.ndim else here
            assert there == pytest.approx(value, abs=1e-6)


def test_equal_pictures_come_in_their_own_order_and_few_are_enough():
    images = np.repeat(pictures(1), 5, axis=0)
    found = excite(everything(), "input", images, k=9)
    np.testing.assert_array_equal(found.indices, [range(5)] * 3)


def test_a_network_in_training_is_left_as_it_was():
    network = everything().train()
    before = {name: value.clone() for name, value in network.state_dict().items()}
    one = excite(network, "linear2", pictures(6))
    assert all(module.training for module in network.modules())
    assert all(torch.equal(value, before[name]) for name, value in network.state_dict().items())
    np.testing.assert_array_equal(one.values, excite(everything(), "linear2", pictures(6)).values)


@pytest.mark.parametrize(
    "images",
    [pictures(0), pictures(1)[0], pictures(2).astype(np.float32), pictures(2, (1, 28, 28))],
)
def test_other_pictures_are_explained(images):
    with pytest.raises(Explained):
        excite(everything(), "conv1", images)


def test_unknown_layers_are_refused():
    with pytest.raises(LookupError, match="no layer 'conv9'"):
        excite(everything(), "conv9", pictures(2))


def test_one_picture_may_be_larger_than_the_budget(monkeypatch):
    monkeypatch.setattr(learned, "_BATCH_BYTES", 10)
    network, images = nn.Sequential(nn.Identity()), pictures(3, (1, 8, 8))
    assert excite(network, "0", images, k=1).values[0, 0] == images.max() / np.float32(255)


@pytest.mark.skipif(
    not MNIST.is_file(),
    reason="the MNIST pictures are not here: set CNNVIZ_DATA to where MNIST/raw is",
)
def test_what_excites_a_class_is_that_digit():
    images = np.frombuffer(MNIST.read_bytes()[16:], np.uint8).reshape(-1, 1, 28, 28)[:2000]
    labels = np.frombuffer(MNIST.with_name("t10k-labels-idx1-ubyte").read_bytes()[8:], np.uint8)[
        :2000
    ]
    found = excite(load_network("mnist"), "linear2", images)
    assert (labels[found.indices] == np.arange(10)[:, None]).all()


def hidden_values(network, images, layer):
    return np.stack([
        next(e.values for e in capture(network, image.astype(np.float32) / 255) if e.name == layer)
        for image in images
    ]).reshape(len(images), -1)  # fmt: skip


@pytest.mark.parametrize(
    ("network", "shape", "count", "layer"),
    [
        (everything(), (3, 17, 14), 40, "relu2"),
        (load_network("mnist"), (1, 28, 28), 30, "relu3"),
        (build_network(TINY_VGG), (3, 64, 64), 8, "flatten"),
    ],
)
def test_the_axes_are_the_principal_components(network, shape, count, layer):
    images = pictures(count, shape)
    found = embed(network, images)
    assert found.layer == layer
    values = hidden_values(network, images, layer).astype(np.float64)
    centred = values - values.mean(axis=0)
    _, sizes, rows = np.linalg.svd(centred, full_matrices=False)
    expected = rows[:2] * np.sign(
        np.take_along_axis(rows[:2], np.abs(rows[:2]).argmax(axis=1)[:, None], axis=1)
    )
    scale = np.abs(centred @ expected.T).max()
    np.testing.assert_allclose(found.axes, expected, atol=1e-3)
    np.testing.assert_allclose(found.points, centred @ expected.T, atol=1e-3 * scale)
    np.testing.assert_allclose(found.shares, (sizes**2 / (sizes**2).sum())[:2], rtol=1e-3)
    np.testing.assert_allclose(found.axes @ found.axes.T, np.eye(2), atol=1e-5)
    chain = capture(network, images[3].astype(np.float32) / 255)
    np.testing.assert_allclose(found.place(chain), found.points[3], atol=1e-4 * scale)


def test_the_same_pictures_lie_in_the_same_places_and_chance_is_not_asked():
    network, images, rng = everything(), pictures(20), torch.get_rng_state()
    one, other = embed(network, images), embed(network, images)
    np.testing.assert_array_equal(one.points, other.points)
    assert torch.equal(torch.get_rng_state(), rng)


def test_equal_pictures_lie_in_one_place():
    found = embed(everything(), np.repeat(pictures(1), 4, axis=0))
    assert not found.points.any()
    assert found.shares == (0, 0)


def test_pictures_that_differ_in_one_direction_lie_on_a_line():
    network = nn.Sequential(nn.Flatten(), nn.Linear(4, 3)).eval()
    images = np.zeros((5, 1, 2, 2), np.uint8)
    images[:, 0, 1, 0] = (0, 10, 20, 30, 40)
    found = embed(network, images)
    np.testing.assert_allclose(found.axes, [[0, 0, 1, 0], [0, 0, 0, 0]], atol=1e-6)
    np.testing.assert_allclose(found.points[:, 0] * 255, [-20, -10, 0, 10, 20], atol=1e-4)
    assert found.shares == pytest.approx((1, 0))


def test_too_few_and_too_many_pictures_are_explained():
    for count in (2, 2001):
        with pytest.raises(Explained, match=f"Between 3 and 2000 .* not {count}"):
            embed(everything(), np.zeros((count, 3, 17, 14), np.uint8))


def test_networks_without_a_hidden_layer_are_explained():
    for network in (nn.Sequential(nn.Conv2d(3, 2, 3)), nn.Sequential(nn.Linear(1, 1))):
        with pytest.raises((Explained, LookupError)):
            embed(network, pictures(3))


def test_a_picture_of_another_network_is_not_placed():
    found = embed(everything(), pictures(5))
    with pytest.raises(LookupError, match="relu2"):
        found.place(capture(nn.Sequential(), pictures(1)[0] / np.float32(255)))
    other = capture(load_network("mnist"), np.zeros((1, 28, 28), np.float32))
    with pytest.raises(Explained, match="3136 values here, not 12"):
        found.place(other)
