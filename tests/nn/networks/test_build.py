"""Networks against their specs and against the same layers written out by hand."""

import numpy as np
import pytest
import torch
from torch.nn import functional as F

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
from cnnviz.core.networks.network_spec import NetworkSpec
from cnnviz.nn.networks.build import SeededDropout, build_network

EVERYTHING = NetworkSpec(
    input_shape=(2, 12, 10),
    mean=(0.25, 0.5),
    std=(0.5, 2.0),
    layers=(
        ConvLayer(4, (3, 2), stride=(2, 1), padding=(1, 0)),
        BatchNormLayer(),
        ActivationLayer("sigmoid"),
        PoolLayer("avgpool", (2, 3), (1, 2)),
        DropoutLayer(0.5),
        ConvLayer(5, (3, 3), padding="same"),
        ActivationLayer("tanh"),
        PoolLayer("maxpool"),
        FlattenLayer(),
        LinearLayer(3),
        ActivationLayer("relu"),
    ),
)


def images_of(spec, count=3, seed=0):
    return torch.rand(count, *spec.input_shape, generator=torch.Generator().manual_seed(seed))


@pytest.mark.parametrize("spec", [EVERYTHING, *MODELS.values()])
def test_every_layer_has_the_name_shape_and_count_that_the_spec_says(spec):
    network, values = build_network(spec).eval(), images_of(spec)
    for (name, layer), step in zip(network.named_children(), spec.shapes()[1:], strict=True):
        values = layer(values)
        assert (name, tuple(values.shape[1:])) == (step.name, step.shape)
        assert sum(each.numel() for each in layer.parameters()) == step.parameters


def test_the_network_computes_what_the_layers_say():
    network, x = build_network(EVERYTHING).eval(), images_of(EVERYTHING)
    state = network.state_dict()
    y = torch.stack([(x[:, 0] - 0.25) / 0.5, (x[:, 1] - 0.5) / 2.0], 1)
    y = F.conv2d(y, state["conv1.weight"], state["conv1.bias"], stride=(2, 1), padding=(1, 0))
    y = torch.sigmoid(y / (1 + 1e-5) ** 0.5)  # running mean 0 and variance 1
    y = F.avg_pool2d(y, (2, 3), (1, 2))
    y = F.conv2d(y, state["conv2.weight"], state["conv2.bias"], padding=1)
    y = F.max_pool2d(torch.tanh(y), 2).flatten(1)
    y = torch.relu(y @ state["linear1.weight"].T + state["linear1.bias"])
    torch.testing.assert_close(network(x), y)


def test_weights_follow_the_seed_and_leave_the_global_generator_alone():
    before = torch.get_rng_state()
    one, same, other = (build_network(EVERYTHING, seed=seed).state_dict() for seed in (1, 1, 2))
    assert torch.equal(torch.get_rng_state(), before)
    assert all(torch.equal(one[name], same[name]) for name in one)
    assert not torch.equal(one["conv1.weight"], other["conv1.weight"])


def test_weights_fill_the_range_that_keeps_the_scale():
    weight = build_network(MODELS["mnist"]).state_dict()["linear1.weight"]
    bound = 784**-0.5
    assert weight.abs().max() <= bound
    assert weight.std().item() == pytest.approx(bound / 3**0.5, rel=0.02)


def test_dropout_follows_its_own_generator():
    network, x = build_network(EVERYTHING).train(), torch.ones(1, 4, 50, 50)
    before = torch.get_rng_state()
    network.dropout1.generator = torch.Generator().manual_seed(5)
    first = network.dropout1(x)
    network.dropout1.generator.manual_seed(5)
    assert torch.equal(first, network.dropout1(x))
    assert torch.equal(torch.get_rng_state(), before)
    assert set(np.unique(first.numpy())) == {0.0, 2.0}
    assert (first == 0).float().mean().item() == pytest.approx(0.5, abs=0.03)
    assert torch.equal(network.eval().dropout1(x), x)


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
@pytest.mark.parametrize("share", [0.0, 0.25, 0.95])
def test_dropout_keeps_the_mean_and_draws_for_each_value(share, dtype):
    layer = SeededDropout(share)
    layer.generator = torch.Generator().manual_seed(11)
    values = torch.ones(40, 5, 71, 73, dtype=dtype).contiguous(memory_format=torch.channels_last)
    out = layer(values)
    assert out.dtype == dtype
    assert out.stride() == values.stride()
    scaled = torch.tensor(1.0, dtype=dtype) / (1 - share)
    assert set(out.unique().tolist()) <= {0.0, scaled.item()}
    is_kept = (out != 0).double()
    error = 5 * (share * (1 - share) / values.numel()) ** 0.5
    assert is_kept.mean().item() == pytest.approx(1 - share, abs=max(error, 1e-12))
    # Neighbours, of which four share a draw of 64 bits, tell nothing of each other.
    flat = is_kept.permute(0, 2, 3, 1).flatten() - (1 - share)
    for apart in (1, 2, 3, 4):
        assert abs((flat[apart:] * flat[:-apart]).mean().item()) <= max(error, 1e-12)


def test_the_gradient_before_flatten_is_laid_out_as_the_maps_are():
    layers = (ConvLayer(4), PoolLayer(), FlattenLayer(), LinearLayer(3))
    network = build_network(NetworkSpec((2, 12, 12), (0.5, 0.5), (0.5, 0.5), layers), seed=1)
    images = torch.rand(2, 2, 12, 12, generator=torch.Generator().manual_seed(0))

    def gradients(layout):
        network.zero_grad()
        came = []
        maps = network[:-2](images.contiguous(memory_format=layout))
        row = network[-2](maps)
        maps.register_hook(came.append)  # after those of the layer, as it was registered later
        network[-1](row).square().sum().backward()
        return came[0], [parameter.grad.clone() for parameter in network.parameters()]

    maps, plain = gradients(torch.contiguous_format)
    assert maps.is_contiguous()
    for parameter in network.parameters():
        if parameter.ndim == 4:
            parameter.data = parameter.data.contiguous(memory_format=torch.channels_last)
    laid_out, same = gradients(torch.channels_last)
    assert laid_out.is_contiguous(memory_format=torch.channels_last)
    for one, other in zip(plain, same, strict=True):
        torch.testing.assert_close(one, other, rtol=1e-4, atol=1e-5)
