"""Every cell explained against the value that PyTorch computed, and followed back to the pixels."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import torch
from torch import nn

from cnnviz.core.messages import Explained
from cnnviz.core.networks.explanations import BatchNormNumbers, Cell, NormalizeNumbers, PoolNumbers
from cnnviz.core.training.cards import SHIPPED
from cnnviz.nn import capture, explain, load_network
from tests.nn.networks.toys import EVERYTHING, everything, outsider, picture


def asked(network, shape):
    return network, capture(network, picture(shape))


@pytest.fixture(scope="module", params=[*SHIPPED, "everything", "outsider"])
def case(request):
    """A network and what it makes of a random picture."""
    if request.param in SHIPPED:
        network = load_network(request.param)
        return asked(network, network.normalize.input_shape)
    if request.param == "everything":
        return asked(everything(), EVERYTHING.input_shape)
    return asked(outsider(), (4, 23, 20))


def random_cells(activation, count, rng):
    shape = (*activation.values.shape, 1, 1)[:3]
    return np.stack([rng.integers(0, size, count) for size in shape], axis=1).tolist()


def value_at(activations, layer, cell):
    values = next(each.values for each in activations if each.name == layer)
    return values[cell[0]] if values.ndim == 1 else values[tuple(cell)]


def test_a_thousand_cells_of_every_layer_add_up_to_what_pytorch_computed(case):
    network, activations = case
    rng = np.random.default_rng(1)
    count = 1000 if len(activations) < 16 else 1000 // len(activations) + 1  # of a deep one in all
    for activation in activations:
        for cell in random_cells(activation, count, rng):
            why = explain(network, activations, activation.name, *cell)
            assert why.value == value_at(activations, activation.name, cell)
            assert abs(why.total - why.value) <= 1e-5 * why.size
            if why.weights is not None:
                used = np.where(np.isnan(why.inputs), 0, why.inputs)
                np.testing.assert_array_equal(why.terms, used * why.weights)


def test_every_input_is_the_cell_it_names(case):
    network, activations = case
    rng = np.random.default_rng(2)
    for activation in activations[1:]:
        for cell in random_cells(activation, 20, rng):
            why = explain(network, activations, activation.name, *cell)
            for n, value in enumerate(why.inputs.ravel()):
                source = why.source(n)
                if source is not None:
                    assert value == value_at(activations, why.before, source)
                elif not isinstance(why.numbers, NormalizeNumbers | BatchNormNumbers):
                    assert value == 0 or np.isnan(value)


def test_the_trail_back_from_any_cell_reaches_the_picture(case):
    network, activations = case
    rng, names = np.random.default_rng(3), [each.name for each in activations]
    for activation in (*activations, *[activations[-1]] * 200):
        cell = random_cells(activation, 1, rng)[0]
        why = explain(network, activations, activation.name, *cell)
        for name in names[names.index(activation.name) :: -1]:
            assert why.layer == name
            origins = why.origins()
            assert bool(origins) == (name != "input")
            if origins:
                why = explain(network, activations, why.before, *origins[rng.choice(len(origins))])
        assert why.before == ""


@pytest.mark.parametrize(
    ("name", "cells"),
    [
        *((name, 50) for name in SHIPPED),
        *(pytest.param(name, 1000, marks=pytest.mark.slow) for name in SHIPPED),
    ],
)
def test_every_trail_of_a_shipped_network_reaches_the_picture(name, cells):
    network = load_network(name)
    network, activations = asked(network, network.normalize.input_shape)
    rng = np.random.default_rng(7)
    for _ in range(cells):
        activation = activations[rng.integers(len(activations))]
        why = explain(network, activations, activation.name, *random_cells(activation, 1, rng)[0])
        while why.layer != "input":
            assert abs(why.total - why.value) <= 1e-5 * why.size
            origins = why.origins()
            why = explain(network, activations, why.before, *origins[rng.integers(len(origins))])


@pytest.mark.parametrize("name", SHIPPED)
def test_shipped_networks_are_explained_to_the_last_logit(name):
    network = load_network(name)
    activations = capture(network, picture(next(iter(network)).input_shape))
    for class_idx, logit in enumerate(activations[-1].values):
        why = explain(network, activations, activations[-1].name, class_idx, 0, 0)
        assert why.value == logit
        assert len(why.origins()) == activations[-2].values.size


def test_a_convolution_one_can_check_with_a_pencil():
    layer = nn.Conv2d(1, 1, 2, padding=(1, 0))
    with torch.no_grad():
        layer.weight.copy_(torch.tensor([[[[1.0, -2.0], [3.0, 0.5]]]]))
        layer.bias.fill_(0.25)
    network = nn.Sequential(layer)
    activations = capture(network, np.array([[[0.5, 0.25], [1.0, 0.75]]], np.float32))
    why = explain(network, activations, "0", 0, 0, 0)
    assert (why.value, why.total, why.bias, why.size) == (1.875, 1.875, 0.25, 1.875)
    np.testing.assert_array_equal(why.inputs, [[[0, 0], [0.5, 0.25]]])
    np.testing.assert_array_equal(why.weights, [[[1, -2], [3, 0.5]]])
    np.testing.assert_array_equal(why.terms, [[[0, 0], [1.5, 0.125]]])
    np.testing.assert_array_equal(why.channel_sums, [1.625])
    assert [why.source(n) for n in range(4)] == [None, None, (0, 0, 0), (0, 0, 1)]
    assert why.source(0, 1, 1) == Cell(0, 0, 1)
    assert why.origins() == ((0, 0, 0), (0, 0, 1))
    with pytest.raises(IndexError):
        why.source(-1)
    with pytest.raises(IndexError):
        why.source(4)


def test_groups_see_their_own_channels_only():
    network = nn.Sequential(nn.Conv2d(4, 6, 1, groups=2))
    activations = capture(network, picture((4, 2, 2)))
    seen = [
        {place.channel for place in explain(network, activations, "0", n, 1, 0).origins()}
        for n in range(6)
    ]
    assert seen == [{0, 1}] * 3 + [{2, 3}] * 3
    why = explain(network, activations, "0", 4, 1, 0)
    np.testing.assert_array_equal(why.channel_sums, why.terms[:, 0, 0])
    assert why.channel_sums.sum() + why.bias == pytest.approx(why.value, abs=1e-5 * why.size)


def test_poolings_name_the_winner_and_the_divisor():
    image = np.array([[[0.1, 0.9, 0.3], [0.9, 0.2, 0.4], [0.5, 0.6, 0.7]]], np.float32)
    largest = nn.Sequential(nn.MaxPool2d(2, 1))
    why = explain(largest, capture(largest, image), "0", 0, 0, 0)
    assert why.numbers == PoolNumbers(Cell(0, 0, 1), 1.0)  # the first of two equal ones
    np.testing.assert_array_equal(why.weights, [[0, 1], [0, 0]])
    mean = nn.Sequential(nn.AvgPool2d(2, 2, padding=1))
    why = explain(mean, capture(mean, image), "0", 0, 0, 1)
    assert why.numbers == PoolNumbers(None, 4.0)
    assert [why.source(n) for n in range(4)] == [None, None, (0, 0, 1), (0, 0, 2)]
    np.testing.assert_allclose(why.terms, [[0, 0], [0.9 / 4, 0.3 / 4]])


def test_normalisations_show_their_numbers():
    network = everything()
    activations, norm = capture(network, picture(EVERYTHING.input_shape)), network.batchnorm1
    why = explain(network, activations, "normalize", 1, 2, 3)
    assert why.numbers == NormalizeNumbers(0.5, 2.0)
    assert [why.source(0), why.source(1)] == [(1, 2, 3), None]
    why = explain(network, activations, "batchnorm1", 4, 2, 3)
    assert why.numbers == BatchNormNumbers(
        norm.running_mean[4].item(), norm.running_var[4].item(), norm.eps,
        norm.weight[4].item(), norm.bias[4].item(),
    )  # fmt: skip
    scale = norm.weight[4].item() / (norm.running_var[4].item() + norm.eps) ** 0.5
    x = activations[2].values[4, 2, 3]
    np.testing.assert_allclose(why.terms, [x * scale, -norm.running_mean[4] * scale], rtol=1e-5)
    assert why.bias == norm.bias[4].item()


def test_an_activation_has_one_term_and_no_weight():
    network = nn.Sequential(nn.Sigmoid())
    why = explain(network, capture(network, np.zeros((1, 1, 1), np.float32)), "0", 0, 0, 0)
    assert (why.inputs, why.weights, why.terms, why.total) == ([0], None, [0.5], 0.5)


def test_a_linear_sum_is_shortened_without_losing_anything():
    network = load_network("mnist")
    activations = capture(network, picture((1, 28, 28)))
    why = explain(network, activations, "linear1", 17, 0, 0)
    short = why.largest(3)
    terms = np.sort(why.terms)
    assert [each.term for each in short.positive] == terms[:-4:-1].tolist()
    assert [each.term for each in short.negative] == terms[:3].tolist()
    for each in (*short.positive, *short.negative):
        assert each.input == value_at(activations, why.before, each.source)
        assert each.input * each.weight == pytest.approx(each.term, rel=1e-6)
    shown = sum(each.term for each in (*short.positive, *short.negative))
    assert shown + short.rest + why.bias == pytest.approx(why.value, abs=1e-5 * why.size)
    assert short.rest_count == 784 - 6
    everything_shown = why.largest(1000)
    assert everything_shown.rest == 0
    assert {each.term > 0 for each in everything_shown.positive} == {True}


def test_flat_values_come_from_their_maps_row_by_row():
    network = nn.Sequential(nn.Flatten())
    activations = capture(network, picture((2, 3, 4)))
    sources = [explain(network, activations, "0", n, 0, 0).source(0) for n in range(24)]
    assert sources == list(np.ndindex(2, 3, 4))


def test_what_is_not_there_is_refused():
    network, activations = asked(load_network("mnist"), (1, 28, 28))
    with pytest.raises(LookupError, match="no layer 'conv9'; there are input, normalize, conv1"):
        explain(network, activations, "conv9", 0, 0, 0)
    for cell in ((8, 0, 0), (0, 28, 0), (0, 0, 28), (-1, 0, 0), (0, -1, 0)):
        with pytest.raises(IndexError, match=r"outside 'conv1' of \(8, 28, 28\)"):
            explain(network, activations, "conv1", *cell)
    with pytest.raises(IndexError):
        explain(network, activations, "flatten", 0, 0, 1)
    with pytest.raises(LookupError, match="in the network"):
        explain(nn.Sequential(), activations, "conv1", 0, 0, 0)


@pytest.mark.parametrize(
    "layer",
    [
        nn.Softmax(1),
        nn.BatchNorm2d(2, track_running_stats=False),
        nn.AvgPool2d(2, divisor_override=3),
        nn.Linear(4, 3),
        nn.Flatten(2),
        nn.Flatten(0),
        nn.ConvTranspose2d(2, 2, 1),
        nn.LPPool2d(2, 2),
    ],
)
def test_a_layer_of_another_kind_is_refused_by_name(layer):
    network = nn.Sequential(layer)
    activations = capture(network, picture((2, 4, 4)))
    with pytest.raises(Explained, match="layer “0” cannot be explained one by one"):
        explain(network, activations, "0", 0, 0, 0)


def test_training_mode_is_explained_as_evaluation_and_left():
    network = everything()
    activations = capture(network, picture(EVERYTHING.input_shape))
    before = {name: value.clone() for name, value in network.state_dict().items()}
    network.train()
    for each in activations:
        why = explain(network, activations, each.name, 0, 0, 0)
        assert abs(why.total - why.value) <= 1e-5 * why.size
        why.inputs[:] = 7
        if why.weights is not None:
            why.weights[:] = 7
    assert all(module.training for module in network.modules())
    assert all(torch.equal(value, before[key]) for key, value in network.state_dict().items())


def walk(network, images, alone, calls):
    """Capture and explain many times, by eight threads; every number must be the picture's own."""
    rng = np.random.default_rng(6)
    wanted = [(n % len(images), *rng.integers(0, 10, 3).tolist()) for n in range(calls)]

    def ask(call):
        which, logit, row, col = call
        activations = capture(network, images[which])
        for mine, own in zip(activations, alone[which], strict=True):
            np.testing.assert_array_equal(mine.values, own.values)
        for layer, cell in ((activations[-1].name, (logit, 0, 0)), ("conv2", (logit, row, col))):
            why = explain(network, activations, layer, *cell)
            assert why.value == value_at(alone[which], layer, cell)
            assert abs(why.total - why.value) <= 1e-5 * why.size

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(ask, wanted))


@pytest.mark.parametrize("calls", [400, pytest.param(10_000, marks=pytest.mark.slow)])
def test_threads_that_share_a_network_get_their_own_numbers(calls):
    network = load_network("mnist")
    images = [picture((1, 28, 28), seed) for seed in range(8)]
    walk(network, images, [capture(network, image) for image in images], calls)
