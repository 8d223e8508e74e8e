"""Receptive fields against the pixels that really change an output, found by gradient."""

import numpy as np
import pytest
import torch
from torch.nn import functional as F

from cnnviz.core.lab.pool_spec import PoolSpec
from cnnviz.core.lab.receptive_field import receptive_field
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
