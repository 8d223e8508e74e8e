"""Pooled maps against PyTorch's modules and a naive loop; each cell against its map."""

import numpy as np
import pytest
import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from torch.nn import functional as F

from cnnviz.core.lab.pool_spec import PoolSpec
from cnnviz.core.messages import Explained
from cnnviz.nn.lab.operations import pool

pair = lambda low, high: st.tuples(st.integers(low, high), st.integers(low, high))  # noqa: E731


def image_of(seed, size, channels=2):
    return np.random.default_rng(seed).normal(size=(channels, *size)).astype(np.float32)


def naive(image, spec):
    """One cell at a time, in float64, from PyTorch's definitions; also the scale of its terms."""
    rows, cols = spec.pooled_size(image.shape[1:])
    value, scale = np.zeros((2, len(image), rows, cols))
    for c, row, col in np.ndindex(value.shape):
        down, across = (
            window(spec, axis, n, image.shape[axis + 1]) for axis, n in ((0, row), (1, col))
        )
        inside = [
            float(image[c, y, x])
            for y in down
            for x in across
            if 0 <= y < image.shape[1] and 0 <= x < image.shape[2]
        ]
        value[c, row, col] = pooled(inside, counted(down, across, inside, image, spec), spec)
        scale[c, row, col] = pooled(
            np.abs(inside), counted(down, across, inside, image, spec), spec
        )
    return value, scale


def window(spec, axis, position, size):
    """Rows or columns that a window covers, those on padding and beyond included."""
    if spec.output_size is not None:
        outputs = spec.output_size[axis]
        return range(position * size // outputs, -(-(position + 1) * size // outputs))
    first = position * spec.stride[axis] - spec.padding[axis]
    return [first + n * spec.dilation[axis] for n in range(spec.kernel_size[axis])]


def counted(down, across, inside, image, spec):
    """How many cells a mean is over: with `count_include_pad` those on the padding too."""
    if spec.kind != "avg" or not spec.count_include_pad:
        return len(inside)
    tall, wide = (size + pad for size, pad in zip(image.shape[1:], spec.padding, strict=True))
    return sum(y < tall for y in down) * sum(x < wide for x in across)


def pooled(inside, count, spec):
    if "max" in spec.kind:
        return max(inside, default=-np.inf)
    if spec.kind == "lp":
        whole = spec.kernel_size[0] * spec.kernel_size[1] / count
        return float(whole * sum(x**spec.norm for x in inside)) ** (1 / spec.norm)
    return sum(inside) / count


def assert_close(trace, image, spec):
    value, scale = naive(image, spec)
    assert trace.output.shape == value.shape
    finite = np.isfinite(value)  # a dilated window may lie on padding alone: −∞
    np.testing.assert_array_equal(trace.output[~finite], value[~finite])
    assert np.all(np.abs(trace.output[finite] - value[finite]) <= 1e-5 * scale[finite])


def explained(cell, spec):
    """The value that a cell's own numbers give, in float64."""
    patch = cell.patch[~np.isnan(cell.patch)].astype(np.float64)
    if spec.kind in ("max", "adaptive_max"):
        return patch.max(initial=-np.inf)  # a dilated window may lie on padding alone
    if spec.kind == "lp":
        return (np.sum(patch**spec.norm) / cell.divisor) ** (1 / spec.norm)
    return patch.sum() / cell.divisor


@settings(max_examples=150, deadline=None)
@given(
    seed=st.integers(0, 2**31),
    kind=st.sampled_from(["max", "avg", "lp"]),
    size=pair(1, 9),
    window=pair(1, 4),
    stride=pair(1, 4),
    pad=pair(0, 2),
    dilation=pair(1, 2),
    ceil=st.booleans(),
    count=st.booleans(),
    norm=st.sampled_from([1.0, 2.0, 3.0, 0.5]),
)
def test_maps_equal_pytorch_and_cells_explain_them(
    seed, kind, size, window, stride, pad, dilation, ceil, count, norm
):
    settings_of = {
        "max": {"padding": pad, "dilation": dilation, "ceil_mode": ceil},
        "avg": {"padding": pad, "ceil_mode": ceil, "count_include_pad": count},
        "lp": {"ceil_mode": ceil, "norm": norm},
    }[kind]
    try:
        spec = PoolSpec(kind, window, stride, **settings_of)
        rows, cols = spec.pooled_size(size)
    except Explained:
        assume(False)
    image = image_of(seed, size)
    if kind == "lp":
        image = np.abs(image)  # a root of a negative number is none
    module = {
        "max": lambda: torch.nn.MaxPool2d(window, stride, **settings_of),
        "avg": lambda: torch.nn.AvgPool2d(window, stride, **settings_of),
        "lp": lambda: torch.nn.LPPool2d(norm, window, stride, ceil_mode=ceil),
    }[kind]()
    expected = module(torch.from_numpy(image)[None])[0].numpy()
    trace = pool(image, spec)
    assert trace.output.shape == expected.shape == (2, rows, cols)
    np.testing.assert_array_equal(trace.output, expected)
    assert_close(trace, image, spec)
    for at in np.ndindex(trace.output.shape):
        cell = trace.cell(*at)
        assert cell.value == pytest.approx(explained(cell, spec), rel=1e-5, abs=1e-5)
        if cell.winner is not None:
            assert image[at[0]][cell.winner] == cell.value


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 2**31),
    kind=st.sampled_from(["adaptive_max", "adaptive_avg"]),
    size=pair(1, 9),
    output=pair(1, 9),
)
def test_adaptive_pooling_is_pytorchs(seed, kind, size, output):
    """An output of 1 × 1 is global pooling; one larger than the picture repeats pixels."""
    image, spec = image_of(seed, size), PoolSpec(kind, output_size=output)
    module = {
        "adaptive_max": torch.nn.AdaptiveMaxPool2d,
        "adaptive_avg": torch.nn.AdaptiveAvgPool2d,
    }
    expected = module[kind](output)(torch.from_numpy(image)[None])[0].numpy()
    trace = pool(image, spec)
    np.testing.assert_array_equal(trace.output, expected)
    assert_close(trace, image, spec)
    for at in np.ndindex(trace.output.shape):
        assert trace.cell(*at).value == pytest.approx(explained(trace.cell(*at), spec), abs=1e-5)


def test_a_case_for_the_pencil():
    image = np.arange(16, dtype=np.float32).reshape(1, 4, 4)
    np.testing.assert_array_equal(pool(image, PoolSpec()).output, [[[5, 7], [13, 15]]])
    average = pool(image, PoolSpec("avg"))
    np.testing.assert_array_equal(average.output, [[[2.5, 4.5], [10.5, 12.5]]])
    assert pool(image, PoolSpec()).cell(0, 1, 0).winner == (3, 1)
    assert average.cell(0, 0, 0).divisor == 4


@pytest.mark.parametrize(
    ("settings_of", "says"),
    [
        ({"kind": "min"}, "no pooling"),
        ({"kernel_size": (0, 2)}, "at least one row"),
        ({"padding": (2, 2)}, "at most half"),
        ({"kind": "avg", "dilation": (2, 2)}, "does not use"),
        ({"kind": "max", "norm": 3.0}, "does not use"),
        ({"kind": "lp", "norm": 0.0}, "above 0"),
        ({"kind": "adaptive_max"}, "size of its output"),
        ({"kind": "adaptive_avg", "output_size": (1, 1), "stride": (1, 1)}, "does not use"),
        ({"kind": "adaptive_avg", "output_size": (0, 1)}, "at least one row"),
    ],
)
def test_impossible_settings_are_explained(settings_of, says):
    with pytest.raises(Explained, match=says):
        PoolSpec(**settings_of)


def test_a_window_larger_than_the_picture_is_explained():
    with pytest.raises(Explained, match="5 rows tall"):
        pool(image_of(0, (4, 9)), PoolSpec(kernel_size=(5, 5)))


@pytest.mark.parametrize("kind", ["max", "avg", "lp"])
@pytest.mark.parametrize(("side", "window", "stride"), [(3, 4, 2), (2, 3, 3), (5, 6, 6), (1, 4, 5)])
def test_rounding_up_keeps_a_window_larger_than_the_picture(kind, side, window, stride):
    image = np.abs(image_of(side, (side, side), channels=1))
    spec = PoolSpec(kind, window, stride, ceil_mode=True)
    trace = pool(image, spec)
    assert trace.output.shape == (1, 1, 1)
    assert_close(trace, image, spec)
    cell = trace.cell(0, 0, 0)
    assert cell.value == pytest.approx(explained(cell, spec), rel=1e-5)
    assert np.count_nonzero(~np.isnan(cell.patch)) == side * side


def test_what_pytorch_pools_is_pooled_and_what_it_refuses_is_refused():
    """Every window, stride, padding and dilation on every small picture, rounded up and down."""
    taken = refused = 0
    for side, window, stride, dilation in np.ndindex(6, 6, 5, 2):
        numbers = side + 1, window + 1, stride + 1, dilation + 1
        for padding in range((window + 1) // 2 + 1):
            for ceil_mode in (False, True):
                image = image_of(0, (numbers[0], 2), channels=1)
                windows = (numbers[1], 1), (numbers[2], 1), (padding, 0), (numbers[3], 1)
                try:
                    expected = F.max_pool2d(torch.from_numpy(image)[None], *windows, ceil_mode)[0]
                except RuntimeError:
                    refused += 1
                    with pytest.raises(Explained):
                        pool(image, PoolSpec("max", *windows, ceil_mode=ceil_mode))
                    continue
                taken += 1
                output = pool(image, PoolSpec("max", *windows, ceil_mode=ceil_mode)).output
                np.testing.assert_array_equal(output, expected.numpy())
    assert taken > 800
    assert refused > 200
