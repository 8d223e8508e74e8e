"""The exported program, run: it gives the numbers that are on screen."""

import ast

import numpy as np
import pytest

from cnnviz.core.lab.activations import ACTIVATIONS
from cnnviz.core.lab.pool_spec import PoolSpec
from cnnviz.core.lab.specs import PADDING_MODES, ConvSpec
from cnnviz.core.lab.torch_code import conv_code, pool_code
from cnnviz.core.messages import Explained
from cnnviz.figures.raster import png
from cnnviz.nn.lab.convolution import convolve
from cnnviz.nn.lab.operations import activate, pool

CASES = 50


def run(code):
    """What a program leaves behind; its lines are as short as this project's own."""
    ast.parse(code)
    assert max(map(len, code.splitlines())) <= 100
    left = {}
    exec(compile(code, "exported.py", "exec"), left)
    return left


def pair(rng, low, high):
    return tuple(int(n) for n in rng.integers(low, high + 1, 2))


def any_pooling(rng, kind):
    if kind.startswith("adaptive"):
        return PoolSpec(kind, output_size=pair(rng, 1, 3))
    window, ceil = pair(rng, 1, 3), bool(rng.integers(2))
    padding = tuple(int(rng.integers(side // 2 + 1)) for side in window)
    options = {
        "max": {"padding": padding, "dilation": pair(rng, 1, 2)},
        "avg": {"padding": padding, "count_include_pad": bool(rng.integers(2))},
        "lp": {"norm": float(rng.integers(1, 4))},
    }[kind]
    return PoolSpec(kind, window, pair(rng, 1, 3), ceil_mode=ceil, **options)


def any_spec(rng, groups):
    """Every option in turn, whether or not they go together."""
    kernel_size, stride, dilation = pair(rng, 1, 5), pair(rng, 1, 3), pair(rng, 1, 3)
    border = [pair(rng, 0, 3), (pair(rng, 0, 2), pair(rng, 0, 2)), "same", "valid"]
    if rng.integers(3) == 0:
        return ConvSpec(
            kernel_size,
            stride,
            pair(rng, 0, 2),
            dilation,
            groups,
            transposed=True,
            output_padding=pair(rng, 0, 1),
        )
    padding = border[rng.integers(4)]
    mode = PADDING_MODES[rng.integers(4)]
    return ConvSpec(
        kernel_size, (1, 1) if padding == "same" else stride, padding, dilation, groups, mode
    )


def any_case(seed):
    """A picture, weights, spec and bias that belong together: the first that seed leads to."""
    rng = np.random.default_rng(seed)
    while True:
        channels = int(rng.choice([1, 3]))
        groups = int(rng.choice([1, channels]))
        size = pair(rng, 4, 40)
        try:
            spec = any_spec(rng, groups)
            spec.output_size(size)
        except Explained:
            continue
        image = rng.integers(0, 256, (channels, *size)).astype(np.float32) / np.float32(255)
        outputs = 3 * groups
        first = (channels, outputs // groups) if spec.transposed else (outputs, channels // groups)
        weight = rng.normal(size=(*first, *spec.kernel_size)).astype(np.float32)
        bias = [None, rng.normal(size=outputs).astype(np.float32)][rng.integers(2)]
        return rng, image, weight, spec, bias


@pytest.mark.parametrize("seed", range(CASES))
def test_the_program_gives_the_map_on_screen(seed, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    rng, image, weight, spec, bias = any_case(seed)
    activation = list(ACTIVATIONS)[seed % len(ACTIVATIONS)]
    kinds = [None, "max", "avg", "lp", "adaptive_max", "adaptive_avg"]
    kind = kinds[seed % len(kinds)]
    trace = convolve(image, weight, spec, bias)
    pooling = any_pooling(rng, kind) if kind else None
    try:
        expected = activate(trace.output, activation)
        expected = pool(expected, pooling).output if pooling else expected
    except Explained:  # the map is smaller than the window
        pooling = None
    (tmp_path / "map.png").write_bytes(png(np.round(image * 255).astype(np.uint8)))
    code = conv_code(
        image, weight, spec, bias, activation=activation, pooling=pooling, picture_file="map.png"
    )
    left = run(code)
    terms = convolve(np.abs(image), np.abs(weight), spec, None if bias is None else np.abs(bias))
    difference = np.abs(left["feature_map"].numpy() - trace.output)
    assert difference.shape == terms.output.shape
    assert (difference <= 1e-5 * terms.output + 1e-30).all()
    if activation == "none" and pooling is None:
        assert "output" not in left
        return
    np.testing.assert_allclose(
        left["output"].numpy(), expected, rtol=1e-5, atol=1e-5 * float(terms.output.max())
    )


def test_the_settings_tried_have_every_option():
    specs = [any_case(seed)[3] for seed in range(CASES)]
    sizes = [any_case(seed)[1].size for seed in range(CASES)]
    assert {spec.padding_mode for spec in specs} == set(PADDING_MODES)
    assert {type(spec.padding) for spec in specs} == {tuple, str}
    assert {spec.transposed for spec in specs} == {True, False}
    assert {spec.groups for spec in specs} == {1, 3}
    assert any(spec.output_padding != (0, 0) for spec in specs)
    assert min(sizes) <= 1100 < max(sizes)


@pytest.mark.parametrize("kind", ["max", "avg", "lp", "adaptive_max", "adaptive_avg"])
@pytest.mark.parametrize("shape", [(1, 7, 9), (3, 6, 5), (3, 30, 24)])
def test_the_program_of_a_pooling_gives_its_map(kind, shape, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    rng = np.random.default_rng(sum(shape))
    levels = rng.integers(0, 256, shape, np.uint8)
    (tmp_path / "picture.png").write_bytes(png(levels))
    image = levels / np.float32(255)
    spec = any_pooling(rng, kind)
    left = run(pool_code(image, spec))
    np.testing.assert_allclose(left["output"].numpy(), pool(image, spec).output, rtol=1e-5)


def test_it_prints_the_shape(capsys):
    image = np.zeros((1, 5, 5), np.float32)
    run(conv_code(image, np.ones((1, 1, 3, 3), np.float32), ConvSpec(), None))
    assert capsys.readouterr().out == "(1, 3, 3)\n"
