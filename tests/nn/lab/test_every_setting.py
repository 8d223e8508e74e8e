"""All 10,125 settings of a grid: a map as PyTorch’s, or a sentence and a way out."""

from itertools import product

import numpy as np
import pytest
import torch
from torch.nn import functional as F

from cnnviz.core.lab.specs import ConvSettings, ConvSpec
from cnnviz.core.lab.ways_out import say_way_out, way_out
from cnnviz.core.messages import Explained
from cnnviz.nn.lab.convolution import convolve

GRID = list(product(range(1, 10), range(1, 10), range(5), range(5), range(5)))
"""(size, kernel, stride, padding, dilation), squares all of them."""

SETTINGS = ("kernel_size", "stride", "padding", "dilation")
UNFIT = sum(d * (k - 1) + 1 > i + 2 * p for i, k, s, p, d in GRID if s == 1 and d > 0)
"""Settings of one stride whose window is larger than the picture with its padding."""

IMAGES = {
    size: np.random.default_rng(size).normal(size=(1, size, size)).astype(np.float32)
    for size in range(1, 10)
}
WEIGHTS = {
    size: np.random.default_rng(size + 9).normal(size=(1, 1, size, size)).astype(np.float32)
    for size in range(1, 10)
}


def by_torch(size, kernel, stride, padding, dilation):
    """PyTorch's map and Σ|terms| of each of its cells; None where PyTorch refuses."""
    image, weight = (torch.from_numpy(each) for each in (IMAGES[size], WEIGHTS[kernel]))
    settings = None, stride, padding, dilation
    try:
        return F.conv2d(image, weight, *settings), F.conv2d(image.abs(), weight.abs(), *settings)
    except RuntimeError:
        return None


def make(size, kernel, stride, padding, dilation):
    """What the lab does with the values of its controls."""
    spec = ConvSpec((kernel, kernel), (stride, stride), padding, (dilation, dilation))
    return spec, convolve(IMAGES[size], WEIGHTS[kernel], spec)


def test_there_are_10_125_of_them_and_both_kinds_are_many():
    assert len(GRID) == 10_125
    assert 200 < UNFIT < 1000


@pytest.mark.parametrize("stride", range(5))
def test_each_gives_pytorchs_map_or_a_sentence_and_a_way_out(stride):
    maps = refusals = 0
    for case in (case for case in GRID if case[2] == stride):
        size = case[0]
        expected = by_torch(*case)
        try:
            spec, trace = make(*case)
        except Explained as refusal:
            assert expected is None, case
            assert str(refusal)
            refusals += 1
            settings = dict(zip(SETTINGS, case[1:], strict=True))
            given = ConvSettings(**{name: (n, n) for name, n in settings.items()})
            changes = way_out((size, size), given)
            assert changes, case
            assert str(say_way_out(changes))
            make(size, *(settings | {each.setting: each.value for each in changes}).values())
        else:
            assert trace.output.shape[1:] == spec.output_size((size, size))
            value, scale = expected
            assert trace.output.shape == value.shape
            assert np.all(np.abs(trace.output - value.numpy()) <= 1e-5 * scale.numpy())
            maps += 1
    assert maps + refusals == 2025
    assert refusals == (2025 if stride == 0 else 405 + UNFIT)


def test_a_stride_of_nothing_and_a_dilation_of_nothing_are_told_apart():
    with pytest.raises(Explained, match="stride of 0 the window would never move"):
        make(9, 3, 0, 0, 1)
    with pytest.raises(Explained, match="dilation of 0 all cells of the filter"):
        make(9, 3, 1, 0, 0)
