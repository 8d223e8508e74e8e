"""The plane of the last hidden layer against NumPy's singular values."""

import numpy as np
import pytest
import torch
from torch import nn

from cnnviz.core.messages import Explained
from cnnviz.nn import build_network, capture, load_network
from cnnviz.nn.networks.embedding import embed
from tests.nn.networks.test_explain import TINY_VGG, everything
from tests.nn.networks.test_sensitivity import pictures


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
