"""What a cell sees and what moves it, against the network asked about one changed pixel each."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import torch
from torch import nn

from cnnviz.core.lab.receptive_field import receptive_field
from cnnviz.core.messages import Explained
from cnnviz.nn import build_network, capture, load_network
from cnnviz.nn.networks.explain import influence, seen_pixels
from tests.nn.networks.toys import EVERYTHING, everything, picture


def state_of(network):
    return {name: value.clone() for name, value in network.state_dict().items()}


def test_the_field_is_that_of_the_windows():
    network = everything()
    activations = capture(network, picture(EVERYTHING.input_shape))
    windows = [layer.spec for layer in EVERYTHING.layers[:8] if hasattr(layer, "spec")]
    assert seen_pixels(network, activations, "relu1", 1, 2) == receptive_field(windows, 1, 2)


@pytest.mark.parametrize(
    ("layer", "cell"), [("conv1", (3, 4, 5)), ("pool1", (2, 3, 1)), ("relu1", (4, 1, 2))]
)
def test_nothing_outside_the_field_moves_a_cell(layer, cell):
    network = everything()
    activations = capture(network, picture(EVERYTHING.input_shape))
    top, left, height, width = seen_pixels(network, activations, layer, *cell[1:])
    moved = influence(network, activations, layer, *cell)
    assert moved.shape == EVERYTHING.input_shape[1:]
    assert moved.dtype == np.float32
    inside = np.zeros(moved.shape, bool)
    inside[max(top, 0) : top + height, max(left, 0) : left + width] = True
    assert not moved[~inside].any()
    assert layer == "relu1" or moved[inside].any()


def test_the_influence_is_the_slope():
    network, image = everything().double(), picture(EVERYTHING.input_shape, 3)
    activations = capture(network, image)
    moved = influence(everything(), activations, "linear2", 1, 0, 0)
    for row, col in ((0, 0), (8, 7), (16, 13)):
        slope = 0.0
        for channel in range(3):
            ends = torch.from_numpy(image)[None].double().repeat(2, 1, 1, 1)
            ends[0, channel, row, col] -= 1e-5
            ends[1, channel, row, col] += 1e-5
            low, high = network(ends)[:, 1].tolist()
            slope += abs(high - low) / 2e-5
        assert moved[row, col] == pytest.approx(slope, rel=1e-3, abs=1e-7)


def test_a_pixel_moves_itself_alone():
    network = everything()
    activations = capture(network, picture(EVERYTHING.input_shape))
    moved = influence(network, activations, "input", 1, 2, 3)
    assert (moved[2, 3], moved.sum()) == (1, 1)


def test_nothing_of_the_network_changes():
    network = build_network(EVERYTHING).train()
    activations = capture(network, picture(EVERYTHING.input_shape))
    before, rng = state_of(network), torch.get_rng_state()
    one = influence(network, activations, "linear2", 1, 0, 0)
    assert all(module.training for module in network.modules())
    assert all(each.grad is None and each.requires_grad for each in network.parameters())
    assert all(torch.equal(value, before[name]) for name, value in network.state_dict().items())
    assert torch.equal(torch.get_rng_state(), rng)
    with torch.inference_mode():
        again = influence(network.eval(), activations, "linear2", 1, 0, 0)
    np.testing.assert_array_equal(one, again)


def test_layers_that_write_in_place_can_be_asked():
    network = nn.Sequential(nn.ReLU(inplace=True), nn.Conv2d(1, 1, 1, bias=False))
    activations = capture(network, picture((1, 3, 3)))
    moved = influence(network, activations, "1", 0, 1, 1)
    assert moved[1, 1] == network[1].weight.abs().item()
    np.testing.assert_array_equal(activations[0].values, picture((1, 3, 3)))


def test_what_is_not_there_is_refused():
    network = load_network("mnist")
    activations = capture(network, picture((1, 28, 28)))
    for ask in (seen_pixels, lambda *a: influence(*a, 0)):
        with pytest.raises(LookupError, match="no layer 'conv9'"):
            ask(network, activations, "conv9", 0, 0)
    with pytest.raises(IndexError):
        influence(network, activations, "conv1", -1, 0, 0)
    with pytest.raises(IndexError):
        influence(network, activations, "linear2", 10, 0, 0)
    strange = nn.Sequential(nn.Softmax(1))
    with pytest.raises(Explained, match="layer “0”"):
        seen_pixels(strange, capture(strange, picture((1, 3, 3))), "0", 0, 0)


def test_threads_that_share_a_network_get_their_own_slopes():
    network = load_network("mnist")
    chains = [capture(network, picture((1, 28, 28), seed)) for seed in range(8)]
    alone = [influence(network, chain, "linear2", 3, 0, 0) for chain in chains]
    with ThreadPoolExecutor(8) as pool:
        asked = pool.map(
            lambda n: influence(network, chains[n % 8], "linear2", 3, 0, 0), range(200)
        )
        for n, moved in enumerate(asked):
            np.testing.assert_array_equal(moved, alone[n % 8])
