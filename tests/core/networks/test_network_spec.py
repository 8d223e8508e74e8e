"""Shapes by hand, counts by hand, and everything that is not a spec refused with its numbers."""

import copy
import json
import math

import numpy as np
import pytest

from cnnviz.core.messages import Explained
from cnnviz.core.networks.layer_specs import (
    ActivationLayer,
    BatchNormLayer,
    ConvLayer,
    DropoutLayer,
    FlattenLayer,
    LinearLayer,
    PoolLayer,
)
from cnnviz.core.networks.models import MODELS
from cnnviz.core.networks.network_spec import NetworkSpec, layer_fields
from cnnviz.nn import build_network, capture
from cnnviz.nn.networks.explain import seen_pixels
from tests.nn.networks import toys

EVERYTHING = NetworkSpec(
    input_shape=(3, 11, 9),
    mean=(0.1, 0.2, 0.3),
    std=(1.0, 0.5, 0.25),
    layers=(
        ConvLayer(4, 3, stride=2, padding=1),
        BatchNormLayer(),
        ActivationLayer("sigmoid"),
        PoolLayer("avgpool", (2, 3), (1, 2)),
        DropoutLayer(0.25),
        ConvLayer(5, (1, 2), padding="same"),
        ActivationLayer("tanh"),
        FlattenLayer(),
        LinearLayer(2),
    ),
    labels=("cat", "dog"),
)


def with_layers(*layers, **more):
    return NetworkSpec((1, 8, 8), (0.5,), (0.5,), layers, **more)


def test_shapes_and_counts_by_hand():
    steps = EVERYTHING.shapes()
    assert [(step.name, step.kind, step.shape, step.parameters) for step in steps] == [
        ("input", "input", (3, 11, 9), 0),
        ("normalize", "normalize", (3, 11, 9), 0),
        ("conv1", "conv", (4, 6, 5), 4 * (3 * 9 + 1)),
        ("batchnorm1", "batchnorm", (4, 6, 5), 8),
        ("sigmoid1", "sigmoid", (4, 6, 5), 0),
        ("pool1", "avgpool", (4, 5, 2), 0),
        ("dropout1", "dropout", (4, 5, 2), 0),
        ("conv2", "conv", (5, 5, 2), 5 * (4 * 2 + 1)),
        ("tanh1", "tanh", (5, 5, 2), 0),
        ("flatten", "flatten", (50,), 0),
        ("linear1", "linear", (2,), 2 * 51),
    ]  # fmt: skip
    assert EVERYTHING.parameters() == 112 + 8 + 45 + 102


def test_the_shipped_network_is_named_as_people_read_it():
    assert MODELS["mnist"].names() == (
        "conv1", "relu1", "pool1", "conv2", "relu2", "pool2",
        "flatten", "linear1", "relu3", "linear2",
    )  # fmt: skip
    assert MODELS["mnist"].parameters() == 208 + 3216 + 100480 + 1290


@pytest.mark.parametrize("spec", [EVERYTHING, *MODELS.values(), with_layers(FlattenLayer())])
def test_json_brings_the_same_value_back(spec):
    again = NetworkSpec.from_json(spec.to_json())
    assert again == spec
    assert hash(again) == hash(spec)


@pytest.mark.parametrize(
    ("layers", "sentence"),
    [
        (
            (ConvLayer(2, 9), FlattenLayer()),
            "The window of the layer “conv1” is 9 × 9, but the maps it gets are only 8 × 8.",
        ),
        (
            (PoolLayer(), PoolLayer(), PoolLayer(), PoolLayer("avgpool"), FlattenLayer()),
            "The window of the layer “pool4” is 2 × 2, but the maps it gets are only 1 × 1.",
        ),
        (
            (ConvLayer(2), LinearLayer(3)),
            "The layer “linear1” needs its values in one row, but gets 2 maps of 6 × 6: put a "
            "flatten layer before it.",
        ),
        (
            (FlattenLayer(), FlattenLayer()),
            "The layer “flatten” needs maps, but gets a row of 64 values.",
        ),
        (
            (FlattenLayer(), BatchNormLayer()),
            "The layer “batchnorm1” needs maps, but gets a row of 64 values.",
        ),
        ((ConvLayer(2),), "The last layer, “conv1”, must put out one number a class, not 2 maps."),
        (
            (FlattenLayer(), LinearLayer(8000), LinearLayer(8000), LinearLayer(1)),
            "The network would learn 64536001 numbers; at most 12000000 are possible here.",
        ),
    ],
)
def test_impossible_chains_are_explained(layers, sentence):
    with pytest.raises(Explained) as error:
        with_layers(*layers)
    assert str(error.value) == sentence


def test_a_layer_too_large_to_hold_is_explained():
    with pytest.raises(Explained, match="“conv1” would put out 16777216 values"):
        NetworkSpec((1, 1024, 1024), (0.0,), (1.0,), (ConvLayer(16, 1), FlattenLayer()))


@pytest.mark.parametrize(
    "make",
    [
        lambda: ConvLayer(0),
        lambda: ConvLayer(1025),
        lambda: ConvLayer(True),
        lambda: ConvLayer(2, 0),
        lambda: ConvLayer(2, (3, 32)),
        lambda: ConvLayer(2, (3, 3, 3)),
        lambda: ConvLayer(2, 3, 0),
        lambda: ConvLayer(2, 3, 1, -1),
        lambda: ConvLayer(2, 3, 2, "same"),
        lambda: ConvLayer(2, 3, 1, "valid"),
        lambda: ConvLayer(2.0),
        lambda: ActivationLayer("gelu"),
        lambda: PoolLayer("lp"),
        lambda: PoolLayer("maxpool", 0),
        lambda: DropoutLayer(1.0),
        lambda: DropoutLayer(math.nan),
        lambda: LinearLayer(0),
        lambda: LinearLayer(10**9),
        lambda: with_layers(),
        lambda: with_layers(*[ActivationLayer()] * 65),
        lambda: with_layers(FlattenLayer(), LinearLayer(2), labels=("a",)),
        lambda: with_layers(FlattenLayer(), LinearLayer(1), labels=("",)),
        lambda: NetworkSpec((0, 8, 8), (), (), (FlattenLayer(),)),
        lambda: NetworkSpec((1, 8), (0.0,), (1.0,), (FlattenLayer(),)),
        lambda: NetworkSpec((1, 8, 8), (0.0, 0.0), (1.0,), (FlattenLayer(),)),
        lambda: NetworkSpec((1, 8, 8), (0.0,), (0.0,), (FlattenLayer(),)),
        lambda: NetworkSpec((1, 8, 8), (math.inf,), (1.0,), (FlattenLayer(),)),
    ],
)
def test_impossible_values_are_explained(make):
    with pytest.raises(Explained):
        make()


def changed(path, value):
    """JSON of `EVERYTHING` with one entry set, or removed where the value is `...`."""
    plain = copy.deepcopy(json.loads(EVERYTHING.to_json()))
    place = plain
    for step in path[:-1]:
        place = place[step]
    if value is ...:
        del place[path[-1]]
    else:
        place[path[-1]] = value
    return json.dumps(plain)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "null",
        "[]",
        "{}",
        "[" * 100_000,
        "x" * 2_000_000,
        changed(["unknown"], 1),
        changed(["mean"], ...),
        changed(["mean"], "0.1"),
        changed(["mean"], [None, 0, 0]),
        changed(["std"], [float("nan"), 1, 1]),
        changed(["input_shape"], [3, 11, 1e9]),
        changed(["input_shape"], [3, 11, 10**9]),
        changed(["layers"], {}),
        changed(["layers"], None),
        changed(["layers", 0], 7),
        changed(["layers", 0, "kind"], "exec"),
        changed(["layers", 0, "kind"], ["conv"]),
        changed(["layers", 0, "kind"], ...),
        changed(["layers", 0, "filters"], "4"),
        changed(["layers", 0, "filters"], ...),
        changed(["layers", 0, "filters"], 10**30),
        changed(["layers", 0, "kernel_size"], [3, [3]]),
        changed(["layers", 0, "padding"], {"top": 1}),
        changed(["layers", 0, "bias"], False),
        changed(["layers", 1, "kind"], "flatten"),
        changed(["layers", 4, "share"], True),
        changed(["labels"], ["cat"]),
        changed(["labels"], ["cat", 2]),
        changed(["labels"], "ab"),
    ],
)
def test_json_that_is_no_spec_is_explained_in_short(text):
    with pytest.raises(Explained) as error:
        NetworkSpec.from_json(text)
    assert len(str(error.value)) < 300


def test_tiny_vgg_sees_what_is_published():
    steps = toys.TINY_VGG.shapes()
    fields = [
        field
        for step, field in zip(steps, layer_fields(toys.TINY_VGG), strict=True)
        if step.kind in ("conv", "maxpool")
    ]
    assert fields == [(n, n) for n in (3, 5, 6, 10, 14, 16)]
    assert layer_fields(toys.TINY_VGG)[-1] == (64, 64)


@pytest.mark.parametrize("spec", [*MODELS.values(), toys.EVERYTHING])
def test_a_spec_says_what_the_network_says(spec):
    network = build_network(spec).eval()
    activations = capture(network, np.zeros(spec.input_shape, np.float32))
    for activation, field in zip(activations, layer_fields(spec), strict=True):
        assert seen_pixels(network, activations, activation.name, 0, 0)[2:] == field
