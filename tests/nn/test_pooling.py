"""Pooled maps against PyTorch's modules and a naive loop; each cell against its map."""

import numpy as np
import pytest
import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from cnnviz.core.messages import Explained
from cnnviz.core.pool_spec import PoolSpec
from cnnviz.nn.pooling import pool


def image_of(seed, size, channels=2):
    return np.random.default_rng(seed).normal(size=(channels, *size)).astype(np.float32)


def explained(cell, spec):
    """The value that a cell's own numbers give, in float64."""
    patch = cell.patch[~np.isnan(cell.patch)].astype(np.float64)
    if spec.kind in ("max", "adaptive_max"):
        return patch.max(initial=-np.inf)  # a dilated window may lie on padding alone
    if spec.kind == "lp":
        return (np.sum(patch**spec.norm) / cell.divisor) ** (1 / spec.norm)
    return patch.sum() / cell.divisor


pair = lambda low, high: st.tuples(st.integers(low, high), st.integers(low, high))  # noqa: E731


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
)
def test_maps_equal_pytorch_and_cells_explain_them(
    seed, kind, size, window, stride, pad, dilation, ceil, count
):
    settings_of = {
        "max": {"padding": pad, "dilation": dilation, "ceil_mode": ceil},
        "avg": {"padding": pad, "ceil_mode": ceil, "count_include_pad": count},
        "lp": {"ceil_mode": ceil, "norm": 2.0},
    }[kind]
    try:
        spec = PoolSpec(kind, window, stride, **settings_of)
        rows, cols = spec.pooled_size(size)
    except Explained:
        assume(False)
    image = image_of(seed, size)
    module = {
        "max": lambda: torch.nn.MaxPool2d(window, stride, **settings_of),
        "avg": lambda: torch.nn.AvgPool2d(window, stride, **settings_of),
        "lp": lambda: torch.nn.LPPool2d(2.0, window, stride, ceil_mode=ceil),
    }[kind]()
    expected = module(torch.from_numpy(image)[None])[0].numpy()
    trace = pool(image, spec)
    assert trace.output.shape == expected.shape == (2, rows, cols)
    np.testing.assert_array_equal(trace.output, expected)
    for at in np.ndindex(trace.output.shape):
        cell = trace.cell(*at)
        assert cell.value == pytest.approx(explained(cell, spec), rel=1e-5, abs=1e-5)
        if cell.winner is not None:
            assert image[at[0]][cell.winner] == cell.value


@pytest.mark.parametrize("kind", ["adaptive_max", "adaptive_avg"])
@pytest.mark.parametrize("output", [(1, 1), (3, 2), (7, 9)])
def test_adaptive_pooling_is_pytorchs(kind, output):
    image, spec = image_of(5, (7, 9)), PoolSpec(kind, output_size=output)
    module = {
        "adaptive_max": torch.nn.AdaptiveMaxPool2d,
        "adaptive_avg": torch.nn.AdaptiveAvgPool2d,
    }
    expected = module[kind](output)(torch.from_numpy(image)[None])[0].numpy()
    trace = pool(image, spec)
    np.testing.assert_array_equal(trace.output, expected)
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
