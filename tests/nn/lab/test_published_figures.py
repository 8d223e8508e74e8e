"""Figures that others have printed: sizes, maps and counts, each with its source.

Dumoulin & Visin: A guide to convolution arithmetic for deep learning, arXiv:1603.07285v2.
CS231n: Stanford's notes "Convolutional Networks", cs231n.github.io/convolutional-networks.
"""

import numpy as np
import pytest
import torch
from torch.nn import functional as F

from cnnviz.core.lab.pool_spec import PoolSpec
from cnnviz.core.lab.receptive_field import conv_cost
from cnnviz.core.lab.specs import ConvSpec
from cnnviz.nn.lab.convolution import convolve
from cnnviz.nn.lab.operations import pool

DIRECT = {
    # (i, k, s, p, d) → o; figures of Dumoulin & Visin, chapters 2 and 5.
    "2.1, no padding, unit strides": ((4, 3, 1, 0, 1), 2),
    "2.2, arbitrary padding": ((5, 4, 1, 2, 1), 6),
    "2.3, half padding": ((5, 3, 1, 1, 1), 5),
    "2.4, full padding": ((5, 3, 1, 2, 1), 7),
    "2.5, no padding, strides": ((5, 3, 2, 0, 1), 2),
    "2.6, padding, strides": ((5, 3, 2, 1, 1), 3),
    "2.7, padding, strides, odd": ((6, 3, 2, 1, 1), 3),
    "5.1, dilation": ((7, 3, 1, 0, 2), 3),
}
TRANSPOSED = {
    # (i of the transposed, k, s, p, a) → o; chapter 4, with k, s and p of the direct convolution.
    "4.1, no padding, unit strides": ((2, 3, 1, 0, 0), 4),
    "4.2, arbitrary padding": ((6, 4, 1, 2, 0), 5),
    "4.3, half padding": ((5, 3, 1, 1, 0), 5),
    "4.4, full padding": ((7, 3, 1, 2, 0), 5),
    "4.5, no padding, strides": ((2, 3, 2, 0, 0), 5),
    "4.6, padding, strides": ((3, 3, 2, 1, 0), 5),
    "4.7, padding, strides, odd": ((3, 3, 2, 1, 1), 6),
}


@pytest.mark.parametrize("figure", DIRECT)
def test_the_eight_direct_cases(figure):
    (size, kernel, stride, padding, dilation), expected = DIRECT[figure]
    spec = ConvSpec((kernel, kernel), (stride, stride), padding, (dilation, dilation))
    assert spec.output_size((size, size)) == (expected, expected)
    image, weight = (
        np.ones((1, size, size), np.float32),
        np.ones((1, 1, kernel, kernel), np.float32),
    )
    output = convolve(image, weight, spec).output
    assert output.shape == (1, expected, expected)
    tensors = torch.from_numpy(image)[None], torch.from_numpy(weight)
    by_torch = F.conv2d(*tensors, None, stride, padding, dilation)[0].numpy()
    np.testing.assert_array_equal(output, by_torch)


@pytest.mark.parametrize("figure", TRANSPOSED)
def test_the_seven_transposed_cases_undo_the_size(figure):
    (size, kernel, stride, padding, extra), expected = TRANSPOSED[figure]
    spec = ConvSpec(
        (kernel, kernel), (stride, stride), padding, transposed=True, output_padding=(extra, extra)
    )
    assert spec.output_size((size, size)) == (expected, expected)
    image, weight = (
        np.ones((1, size, size), np.float32),
        np.ones((1, 1, kernel, kernel), np.float32),
    )
    output = convolve(image, weight, spec).output
    tensors = torch.from_numpy(image)[None], torch.from_numpy(weight)
    by_torch = F.conv_transpose2d(*tensors, None, stride, padding, extra)[0].numpy()
    np.testing.assert_array_equal(output, by_torch)
    direct = ConvSpec((kernel, kernel), (stride, stride), padding)
    assert direct.output_size((expected, expected)) == (size, size)


IMAGE = np.array(
    [[[3, 3, 2, 1, 0], [0, 0, 1, 3, 1], [3, 1, 2, 2, 3], [2, 0, 0, 2, 2], [2, 0, 0, 0, 1]]],
    np.float32,
)
WEIGHT = np.array([[[[0, 1, 2], [2, 2, 0], [0, 1, 2]]]], np.float32)


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        # Figure 1.1: a discrete convolution.
        (ConvSpec((3, 3)), [[12, 12, 17], [10, 17, 19], [9, 6, 14]]),
        # Figure 1.2: the same with padding 1 and stride 2.
        (ConvSpec((3, 3), (2, 2), 1), [[6, 17, 3], [8, 17, 13], [6, 4, 4]]),
    ],
)
def test_the_numbers_of_dumoulin_and_visins_convolutions(spec, expected):
    np.testing.assert_array_equal(convolve(IMAGE, WEIGHT, spec).output, [expected])


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        # Figure 1.5: average pooling, and figure 1.6: max pooling; printed with one decimal.
        ("avg", [[1.7, 1.7, 1.7], [1.0, 1.2, 1.8], [1.1, 0.8, 1.3]]),
        ("max", [[3.0, 3.0, 3.0], [3.0, 3.0, 3.0], [3.0, 2.0, 3.0]]),
    ],
)
def test_the_numbers_of_dumoulin_and_visins_poolings(kind, expected):
    output = pool(IMAGE, PoolSpec(kind, (3, 3), (1, 1))).output
    np.testing.assert_array_equal(output.round(1), np.array([expected], np.float32))


def random_map(channels, filters, size, spec):
    rng = np.random.default_rng(0)
    image = rng.random((channels, *size), np.float32)
    weight = rng.normal(size=(filters, channels, *spec.kernel_size)).astype(np.float32)
    return convolve(image, weight, spec, np.zeros(filters, np.float32))


@pytest.mark.parametrize(("filters", "parameters"), [(1, 76), (6, 456)])
def test_the_lectures_filters_of_5_by_5_by_3(filters, parameters):
    """CS231n, lecture 5: 75 products and a bias a number; six filters make 28 × 28 × 6."""
    spec = ConvSpec((5, 5))
    trace = random_map(3, filters, (32, 32), spec)
    assert trace.output.shape == (filters, 28, 28)
    assert trace.cell(filters - 1, 27, 27).products.size == 75
    assert trace.weight.size + trace.bias.size == parameters
    assert conv_cost(spec, 3, filters, (32, 32)).parameters == parameters


def test_the_first_layer_of_alexnet():
    """CS231n: 227 × 227 × 3, 96 filters of 11 × 11 with stride 4 → 55 × 55 × 96."""
    spec = ConvSpec((11, 11), (4, 4))
    assert random_map(3, 96, (227, 227), spec).output.shape == (96, 55, 55)
    assert conv_cost(spec, 3, 96, (227, 227), has_bias=False).parameters == 34_848


@pytest.mark.parametrize(
    ("size", "kernel", "stride", "expected"),
    # CS231n, lecture 5: a 7 × 7 input and a 3 × 3 filter; LeCun et al. 1998: LeNet's subsampling.
    [(7, 3, 1, 5), (7, 3, 2, 3), (28, 2, 2, 14), (10, 2, 2, 5)],
)
def test_other_sizes_of_the_lecture(size, kernel, stride, expected):
    spec = ConvSpec((kernel, kernel), (stride, stride))
    assert spec.output_size((size, size)) == (expected, expected)
