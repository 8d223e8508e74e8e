"""Receptive fields against the pixels that really change an output, found by gradient.

Costs against PyTorch's layers, a count of every single product, and published figures.
"""

from itertools import product

import numpy as np
import pytest
import torch
from torch.nn import functional as F

from cnnviz.core.lab.pool_spec import PoolSpec
from cnnviz.core.lab.receptive_field import Cost, conv_cost, receptive_field
from cnnviz.core.lab.specs import ConvSpec
from cnnviz.core.messages import Explained

CHAINS = [
    [ConvSpec((3, 3))],
    [ConvSpec((5, 3), (2, 1), (1, 2), (1, 2))],
    [ConvSpec((5, 5), padding=2), PoolSpec(), ConvSpec((5, 5), padding=2), PoolSpec()],
    [ConvSpec((3, 3), (2, 2), transposed=True), ConvSpec((3, 3))],
    [ConvSpec((2, 4), padding="same"), PoolSpec("avg", (3, 3), (2, 2), (1, 1))],
]


def run(image, spec):
    if isinstance(spec, PoolSpec):
        return F.avg_pool2d(image, spec.kernel_size, spec.stride, spec.padding)
    weight = torch.ones(1, 1, *spec.kernel_size)
    if spec.transposed:
        return F.conv_transpose2d(image, weight, stride=spec.stride)
    (top, bottom), (left, right) = spec.borders()
    padded = F.pad(image, (left, right, top, bottom))
    return F.conv2d(padded, weight, stride=spec.stride, dilation=spec.dilation)


@pytest.mark.parametrize("chain", CHAINS)
def test_the_field_is_where_the_gradient_is(chain):
    image = torch.ones(1, 1, 24, 24, requires_grad=True)
    output = image
    for spec in chain:
        output = run(output, spec)
    row, col = output.shape[2] // 2, output.shape[3] // 2
    output[0, 0, row, col].backward()
    touched = np.argwhere(image.grad[0, 0].numpy() != 0)
    top, left = touched.min(0)
    height, width = touched.max(0) - touched.min(0) + 1
    assert receptive_field(chain, row, col) == (top, left, height, width)


def test_no_operation_sees_one_pixel():
    assert receptive_field([], 3, 4) == (3, 4, 1, 1)


def test_adaptive_windows_are_refused():
    with pytest.raises(Explained, match="adaptive"):
        receptive_field([PoolSpec("adaptive_avg", output_size=(1, 1))], 0, 0)


@pytest.mark.parametrize("has_bias", [True, False])
@pytest.mark.parametrize("groups", [1, 2, 4])
@pytest.mark.parametrize("transposed", [True, False])
def test_parameters_are_those_of_pytorchs_layers(has_bias, groups, transposed):
    spec = ConvSpec((3, 2), groups=groups, transposed=transposed)
    layer = (torch.nn.ConvTranspose2d if transposed else torch.nn.Conv2d)(
        4, 8, (3, 2), groups=groups, bias=has_bias
    )
    cost = conv_cost(spec, 4, 8, (9, 9), has_bias)
    assert cost.parameters == sum(each.numel() for each in layer.parameters())


@pytest.mark.parametrize("groups", [1, 3])
@pytest.mark.parametrize("stride", [(1, 1), (2, 3)])
def test_multiplications_are_counted_one_by_one(groups, stride):
    spec = ConvSpec((2, 3), stride, (1, 0), (2, 1), groups)
    rows, cols = spec.output_size((7, 9))
    products = product(range(6), range(rows), range(cols), range(3 // groups), range(2), range(3))
    assert conv_cost(spec, 3, 6, (7, 9)).multiplications == sum(1 for _ in products)
    transposed = ConvSpec((2, 3), stride, (1, 0), (2, 1), groups, transposed=True)
    stamps = 3 * 7 * 9 * (6 // groups) * 6  # each pixel stamps its kernels once
    assert conv_cost(transposed, 3, 6, (7, 9)).multiplications == stamps


@pytest.mark.parametrize(
    "spec",
    [
        ConvSpec((3, 2), dilation=(2, 3)),
        ConvSpec((3, 2), (2, 1), (1, 1), transposed=True),
        ConvSpec((5, 4), (2, 3), transposed=True),
    ],
)
def test_a_cell_sees_the_pixels_that_change_it(spec):
    """By lighting one pixel at a time and watching which cells answer."""
    layer = (torch.nn.ConvTranspose2d if spec.transposed else torch.nn.Conv2d)(
        1,
        1,
        spec.kernel_size,
        spec.stride,
        spec.borders()[0][0],
        dilation=spec.dilation,
        bias=False,
    )
    torch.nn.init.ones_(layer.weight)
    rows, cols = {}, {}
    for row, col in product(range(12), repeat=2):
        image = torch.zeros(1, 1, 12, 12)
        image[..., row, col] = 1
        for cell in layer(image)[0, 0].nonzero().tolist():
            rows.setdefault(tuple(cell), []).append(row)
            cols.setdefault(tuple(cell), []).append(col)
    largest = (max(max(each) - min(each) + 1 for each in seen.values()) for seen in (rows, cols))
    assert conv_cost(spec, 1, 1, (12, 12)).receptive_field == tuple(largest)


@pytest.mark.parametrize(
    ("spec", "channels", "size", "expected"),
    [
        # CS231n, "Convolutional Networks" (cs231n.github.io/convolutional-networks) and lecture 5.
        (ConvSpec((5, 5)), (3, 1), (32, 32), Cost(76, 75 * 28 * 28, (5, 5))),
        (ConvSpec((5, 5)), (3, 6), (32, 32), Cost(456, 6 * 75 * 28 * 28, (5, 5))),
        (ConvSpec((5, 5), padding=2), (3, 10), (32, 32), Cost(760, 10 * 75 * 32 * 32, (5, 5))),
        # AlexNet's first layer: 96 filters of 11 × 11 × 3.
        (ConvSpec((11, 11), (4, 4)), (3, 96), (227, 227),
         Cost(34_848 + 96, 105_415_200, (11, 11))),
        # A depthwise convolution has one plane a filter.
        (ConvSpec((3, 3), padding=1, groups=8), (8, 8), (4, 4), Cost(80, 8 * 9 * 16, (3, 3))),
    ],
)  # fmt: skip
def test_published_costs(spec, channels, size, expected):
    assert conv_cost(spec, *channels, size) == expected


@pytest.mark.parametrize("channels", [(3, 2), (2, 3), (0, 2), (2, 0)])
def test_channels_that_cannot_be_split_are_explained(channels):
    with pytest.raises(Explained, match="cannot be split into 2 equal groups"):
        conv_cost(ConvSpec(groups=2), *channels, (9, 9))


def test_a_window_that_does_not_fit_costs_nothing_but_a_sentence():
    with pytest.raises(Explained, match="does not fit"):
        conv_cost(ConvSpec((5, 5)), 1, 1, (4, 4))
