"""Captured layers against the network's own forward pass; nothing of it is disturbed."""

from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import torch
from torch import nn

from cnnviz.core.messages import Explained
from cnnviz.core.networks.certainty import predict
from cnnviz.core.networks.layer_specs import (
    ActivationLayer,
    BatchNormLayer,
    ConvLayer,
    DropoutLayer,
    FlattenLayer,
    LinearLayer,
    PoolLayer,
)
from cnnviz.core.networks.network_spec import NetworkSpec
from cnnviz.nn.networks.build import build_network
from cnnviz.nn.networks.capture import capture

SPEC = NetworkSpec(
    input_shape=(1, 9, 8),
    mean=(0.3,),
    std=(0.4,),
    layers=(
        ConvLayer(3),
        BatchNormLayer(),
        ActivationLayer("relu"),
        PoolLayer(),
        DropoutLayer(0.5),
        FlattenLayer(),
        LinearLayer(4),
    ),
)


def image_of(seed, shape=SPEC.input_shape):
    return np.random.default_rng(seed).random(shape, np.float32)


def test_names_kinds_and_shapes_are_those_of_the_spec():
    captured = capture(build_network(SPEC), image_of(0))
    assert [(each.name, each.kind, each.values.shape) for each in captured] == [
        (step.name, step.kind, step.shape) for step in SPEC.shapes()
    ]
    assert {each.values.dtype for each in captured} == {np.dtype(np.float32)}


def test_the_last_values_are_the_logits_and_the_first_the_picture():
    network, image = build_network(SPEC).eval(), image_of(1)
    captured = capture(network, image)
    np.testing.assert_array_equal(captured[0].values, image)
    np.testing.assert_allclose(captured[1].values, (image - 0.3) / 0.4, rtol=1e-5, atol=1e-6)
    logits = network(torch.from_numpy(image)[None])[0].detach()
    np.testing.assert_allclose(captured[-1].values, logits.numpy(), rtol=1e-5, atol=1e-6)
    for each in predict(captured[-1].values):
        expected = torch.softmax(logits, 0)[each.class_idx].item()
        assert each.probability == pytest.approx(expected, abs=1e-6)


def test_a_network_in_training_mode_is_walked_as_in_evaluation_and_left_alone():
    network = build_network(SPEC).train()
    before = {name: value.clone() for name, value in network.state_dict().items()}
    rng = torch.get_rng_state()
    trained = capture(network, image_of(2))
    assert all(layer.training for layer in network.modules())
    assert all(torch.equal(value, before[name]) for name, value in network.state_dict().items())
    assert torch.equal(torch.get_rng_state(), rng)
    for one, other in zip(trained, capture(network.eval(), image_of(2)), strict=True):
        np.testing.assert_array_equal(one.values, other.values)


def test_layers_that_write_in_place_do_not_change_what_came_before():
    convolution = nn.Conv2d(1, 2, 3)
    network = nn.Sequential(convolution, nn.ReLU(inplace=True), nn.Flatten()).eval()
    image = image_of(3)
    _, conv, relu, flat = capture(network, image)
    assert conv.values.min() < 0 <= relu.values.min()
    np.testing.assert_array_equal(np.maximum(conv.values, 0), relu.values)
    np.testing.assert_array_equal(relu.values.ravel(), flat.values)
    flat.values[:] = 7
    assert relu.values.max() < 7


def test_any_sequential_goes_with_its_own_names():
    block = nn.Sequential(OrderedDict(conv=nn.Conv2d(1, 2, 3), gelu=nn.GELU()))
    network = nn.Sequential(OrderedDict(block=block, pool=nn.AvgPool2d(2), flat=nn.Flatten()))
    assert [(each.name, each.kind) for each in capture(network, image_of(4))] == [
        ("input", "input"), ("block.conv", "conv"), ("block.gelu", "gelu"),
        ("pool", "avgpool"), ("flat", "flatten"),
    ]  # fmt: skip


def test_no_layers_give_the_picture_alone():
    assert len(capture(nn.Sequential(), image_of(5))) == 1


def test_another_size_is_explained_with_both():
    with pytest.raises(Explained) as error:
        capture(build_network(SPEC), image_of(0, (3, 28, 28)))
    assert str(error.value) == (
        "The network takes pictures of 1 × 9 × 8 (channels × height × width); this one has "
        "3 × 28 × 28."
    )


@pytest.mark.parametrize(
    ("bad", "says"),
    [(255.0, "to 255.0"), (-0.1, "from -0.1"), (float("nan"), "1 values are no finite numbers")],
)
def test_values_outside_the_range_are_explained(bad, says):
    image = image_of(0)
    image[0, 4, 4] = bad
    with pytest.raises(Explained, match=says):
        capture(build_network(SPEC), image)


@pytest.mark.parametrize(
    ("network", "shape"),
    [
        (nn.Sequential(nn.Conv2d(3, 2, 3)), (1, 8, 8)),
        (nn.Sequential(nn.BatchNorm1d(3)), (3, 8, 8)),
        (nn.Sequential(nn.Linear(5, 2)), (1, 8, 8)),
        (nn.Sequential(nn.LSTM(8, 2)), (8, 8, 8)),
        (nn.Sequential(nn.ReLU()), (1, 1, 8, 8)),
        (nn.Sequential(nn.ReLU()), (0, 8, 8)),
    ],
)
def test_what_a_layer_cannot_take_is_explained(network, shape):
    with pytest.raises(Explained):
        capture(network, np.zeros(shape, np.float32))


def test_threads_that_share_a_network_get_their_own_maps():
    network = build_network(SPEC).eval()
    images = [image_of(seed) for seed in range(8)]
    alone = [capture(network, image)[-1].values for image in images]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(lambda n: capture(network, images[n % 8])[-1].values, range(400)))
    for n, values in enumerate(together):
        np.testing.assert_array_equal(values, alone[n % 8])


def test_a_module_that_is_used_twice_is_run_twice():
    shared = nn.ReLU()
    network = nn.Sequential(nn.Conv2d(1, 2, 3), shared, nn.Conv2d(2, 2, 3), shared).eval()
    image = np.random.default_rng(0).random((1, 9, 9), np.float32)
    chain = capture(network, image)
    assert len(chain) == 5
    with torch.inference_mode():
        expected = network(torch.from_numpy(image)[None])[0]
    np.testing.assert_allclose(chain[-1].values, expected.numpy(), rtol=1e-6)
