"""Changed copies: what each change does to the maps, and that the original stays as it was."""

import numpy as np
import pytest
import torch
from torch import nn

from cnnviz.core.messages import Explained
from cnnviz.core.networks.surgery import AddNoise, SetWeight, Swap, SwitchOff, Zero
from cnnviz.nn import build_network, capture, explain, load_network
from cnnviz.nn.networks.explain import influence
from cnnviz.nn.networks.surgery import operate
from tests.nn.networks.toys import EVERYTHING, everything, picture


@pytest.fixture
def network():
    return everything()


def maps(network, layer):
    values = capture(network, picture(EVERYTHING.input_shape))
    return next(each.values for each in values if each.name == layer)


EDITS = (
    Zero("conv1", 2),
    Zero("conv2", 1, 3),
    SetWeight("conv1", 0, 2, 1, 1, 0.75),
    SetWeight("linear1", 3, 7, 0, 0, -2),
    Swap("conv2", 0, 4),
    AddNoise("conv1", 1, 0.5, 3),
    SwitchOff("batchnorm1", 2),
    SwitchOff("linear1", 4),
)


def test_the_original_never_changes(network):
    held = {name: (value, value.clone()) for name, value in network.state_dict().items()}
    operate(network, EDITS)
    for name, value in network.state_dict().items():
        assert value.data_ptr() == held[name][0].data_ptr()
        assert torch.equal(value, held[name][1])
    assert not any(each.requires_grad for each in network.parameters())


def test_untouched_layers_share_their_tensors(network):
    copied = operate(network, [Zero("conv2", 1)])
    shared = {
        name
        for (name, one), other in zip(
            network.state_dict(keep_vars=True).items(),
            copied.state_dict(keep_vars=True).values(),
            strict=True,
        )
        if one is other
    }
    assert network.state_dict().keys() - shared == {"conv2.weight", "conv2.bias"}
    assert all(one is not other for one, other in zip(network, copied, strict=True))


def test_no_edits_give_the_same_numbers(network):
    for one, other in zip(
        capture(network, picture(EVERYTHING.input_shape)),
        capture(operate(network, []), picture(EVERYTHING.input_shape)),
        strict=True,
    ):
        np.testing.assert_array_equal(one.values, other.values)


def test_a_zeroed_filter_leaves_its_bias_alone(network):
    before, after = maps(network, "conv1"), maps(operate(network, [Zero("conv1", 2)]), "conv1")
    np.testing.assert_array_equal(after[2], np.full_like(after[2], network.conv1.bias[2].item()))
    np.testing.assert_allclose(np.delete(after, 2, 0), np.delete(before, 2, 0), atol=1e-6)


def test_a_zeroed_channel_is_one_of_many(network):
    weight = operate(network, [Zero("conv2", 1, 3)]).conv2.weight
    differs = (weight != network.conv2.weight).flatten(2).any(dim=2)
    assert differs.nonzero().tolist() == [[1, 3]]
    assert not weight[1, 3].any()
    assert not operate(network, [Zero("conv2", 1, 0)]).conv2.weight[1, 0].any()


def test_one_weight_can_be_set(network):
    weight = operate(network, [SetWeight("conv1", 0, 2, 1, 1, 0.75)]).conv1.weight
    assert (weight != network.conv1.weight).nonzero().tolist() == [[0, 2, 1, 1]]
    assert weight[0, 2, 1, 1] == 0.75
    weight = operate(network, [SetWeight("linear1", 3, 7, 0, 0, -2)]).linear1.weight
    assert (weight != network.linear1.weight).nonzero().tolist() == [[3, 7]]


def test_swapped_filters_swap_their_maps(network):
    before, after = maps(network, "conv2"), maps(operate(network, [Swap("conv2", 0, 4)]), "conv2")
    np.testing.assert_allclose(after[[4, 1, 2, 3, 0]], before, atol=1e-6)
    again = operate(network, [Swap("conv2", 0, 4), Swap("conv2", 4, 0)])
    assert torch.equal(again.conv2.weight, network.conv2.weight)
    assert torch.equal(operate(network, [Swap("conv2", 1, 1)]).conv2.bias, network.conv2.bias)


def test_noise_follows_seed_and_scale(network):
    def noise(scale, seed):
        changed = operate(network, [AddNoise("linear1", 1, scale, seed)]).linear1.weight
        added = changed - network.linear1.weight
        assert not np.delete(added.numpy(), 1, 0).any()
        return added[1]

    assert torch.equal(noise(0.5, 3), noise(0.5, 3))
    assert not torch.equal(noise(0.5, 3), noise(0.5, 4))
    torch.testing.assert_close(noise(2, 3), 4 * noise(0.5, 3), atol=1e-6, rtol=1e-4)
    assert not noise(0, 3).any()
    spread = network.linear1.weight.std().item()
    assert noise(2, 3).std().item() == pytest.approx(2 * spread, rel=0.3)


@pytest.mark.parametrize(
    ("layer", "shown"),
    [
        ("conv1", "conv1"),
        ("batchnorm1", "batchnorm1"),
        ("relu1", "relu1"),
        ("pool2", "pool2"),
        ("tanh1", "conv2"),
        ("linear1", "relu2"),
        ("linear2", "linear2"),
    ],
)
def test_a_map_switched_off_is_0(network, layer, shown):
    before, after = maps(network, shown), maps(operate(network, [SwitchOff(layer, 1)]), shown)
    assert not after[1].any()
    np.testing.assert_allclose(np.delete(after, 1, 0), np.delete(before, 1, 0), atol=1e-6)


def test_edits_act_in_order(network):
    weight = operate(
        network, [Zero("conv1", 1), SetWeight("conv1", 1, 0, 0, 0, 3), Swap("conv1", 1, 2)]
    ).conv1.weight
    assert weight[2].flatten().tolist() == [3.0] + [0.0] * (weight[2].numel() - 1)
    assert torch.equal(weight[1], network.conv1.weight[2])


def test_a_copy_is_explained_like_any_network(network):
    with torch.inference_mode():
        copied = operate(network, EDITS)
    activations = capture(copied, picture(EVERYTHING.input_shape))
    for each in activations:
        why = explain(copied, activations, each.name, 1, 0, 0)
        assert abs(why.total - why.value) <= 1e-5 * why.size
    assert influence(copied, activations, "linear2", 0, 0, 0).any()


def test_a_network_in_training_is_copied_for_evaluation():
    network = build_network(EVERYTHING).train()
    copied = operate(network, EDITS)
    assert all(module.training for module in network.modules())
    assert not any(module.training for module in copied.modules())
    assert all(each.requires_grad for each in network.parameters())


def test_the_shipped_network_changes_its_mind():
    network = load_network("mnist")
    off = operate(network, [SwitchOff("pool2", channel) for channel in range(16)])
    values = capture(off, picture((1, 28, 28)))
    assert not values[-4].values.any()
    np.testing.assert_array_equal(
        values[-1].values, capture(off, np.zeros((1, 28, 28), np.float32))[-1].values
    )


@pytest.mark.parametrize(
    ("edit", "sentence"),
    [
        (Zero("conv9", 0), "The layer “conv9” has no filters to change."),
        (Zero("relu1", 0), "The layer “relu1” has no filters to change."),
        (Zero("batchnorm1", 0), "The layer “batchnorm1” has no filters to change."),
        (SwitchOff("sigmoid1", 0), "The layer “sigmoid1” has no filters to change."),
        (SwitchOff("dropout1", 0), "The layer “dropout1” has no filters to change."),
        (SwitchOff("flatten", 0), "The layer “flatten” has no filters to change."),
        (SwitchOff("normalize", 0), "The layer “normalize” has no filters to change."),
        (SwitchOff("input", 0), "The layer “input” has no filters to change."),
        (
            SwitchOff("relu1", 5),
            "The layer “relu1” has 5 filters, counted from 0; there is no filter 5.",
        ),
        (
            Swap("conv1", 0, 6),
            "The layer “conv1” has 6 filters, counted from 0; there is no filter 6.",
        ),
        (
            SetWeight("conv1", 5, 2, 1, 2, 0),
            "A filter of the layer “conv1” has 3 channels of 3 × 2; there is no weight at 2, 1, 2, "
            "counted from 0.",
        ),
        (
            Zero("conv1", 5, 3),
            "A filter of the layer “conv1” has 3 channels of 3 × 2; there is no weight at 3, 0, 0, "
            "counted from 0.",
        ),
    ],
)
def test_what_a_network_cannot_take_is_explained(network, edit, sentence):
    with pytest.raises(Explained) as error:
        operate(network, [Zero("conv1", 0), edit])
    assert str(error.value) == sentence


def test_batch_norm_without_numbers_of_its_own_has_nothing_to_switch_off():
    network = nn.Sequential(nn.BatchNorm2d(2, affine=False)).eval()
    with pytest.raises(Explained, match="no filters"):
        operate(network, [SwitchOff("0", 0)])
