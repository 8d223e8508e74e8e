"""Maps against PyTorch and a naive float64 loop; every cell's sum against its map."""

import numpy as np
import pytest
import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from torch.nn import functional as F

from cnnviz.core.lab.specs import ConvSpec
from cnnviz.core.messages import Explained
from cnnviz.nn.lab.convolution import convolve

NUMPY_MODES = {"zeros": "constant", "reflect": "reflect", "replicate": "edge", "circular": "wrap"}


def naive(image, weight, bias, spec):
    """One multiplication at a time, in float64; also Σ|terms| + |bias| of every cell."""
    padded = padded_by_numpy(image.astype(np.float64), spec)
    outputs, depth, tall, wide = weight.shape
    rows, cols = spec.output_size(image.shape[1:])
    value, scale = np.zeros((2, outputs, rows, cols))
    for o in range(outputs):
        first = o // (outputs // spec.groups) * depth
        for r in range(rows):
            for c in range(cols):
                total, absolute = float(bias[o]), abs(float(bias[o]))
                for k in range(depth):
                    for i in range(tall):
                        for j in range(wide):
                            y = r * spec.stride[0] + i * spec.dilation[0]
                            x = c * spec.stride[1] + j * spec.dilation[1]
                            term = padded[first + k, y, x] * float(weight[o, k, i, j])
                            total += term
                            absolute += abs(term)
                value[o, r, c], scale[o, r, c] = total, absolute
    return value, scale


def naive_transposed(image, weight, bias, spec):
    """Each pixel stamps the kernel onto the output, in float64; also Σ|terms| + |bias|."""
    return (
        stamped(image, weight, bias, spec),
        stamped(np.abs(image), np.abs(weight), np.abs(bias), spec),
    )


def stamped(image, weight, bias, spec):
    channels, per_group, tall, wide = weight.shape
    (top, bottom), (left, right) = spec.borders()
    height, width = image.shape[1:]
    full = np.zeros(
        (
            per_group * spec.groups,
            (height - 1) * spec.stride[0] + spec.extent[0] + spec.output_padding[0],
            (width - 1) * spec.stride[1] + spec.extent[1] + spec.output_padding[1],
        )
    )
    for c in range(channels):
        group = c // (channels // spec.groups)
        for y in range(height):
            for x in range(width):
                for o in range(per_group):
                    for i in range(tall):
                        for j in range(wide):
                            full[
                                group * per_group + o,
                                y * spec.stride[0] + i * spec.dilation[0],
                                x * spec.stride[1] + j * spec.dilation[1],
                            ] += float(image[c, y, x]) * float(weight[c, o, i, j])
    cut = full[:, top : full.shape[1] - bottom, left : full.shape[2] - right]
    return cut + bias.astype(np.float64)[:, None, None]


def random_case(seed, channels, outputs, size, spec):
    rng = np.random.default_rng(seed)
    image = rng.normal(size=(channels, *size)).astype(np.float32)
    given, per_group = (channels, outputs) if spec.transposed else (outputs, channels)
    shape = given, per_group // spec.groups, *spec.kernel_size
    weight = rng.normal(size=shape).astype(np.float32)
    return image, weight, rng.normal(size=outputs).astype(np.float32)


def padded_by_numpy(image, spec):
    (top, bottom), (left, right) = spec.pads(image.shape[1:])
    mode = NUMPY_MODES[spec.padding_mode]
    return np.pad(image, ((0, 0), (top, bottom), (left, right)), mode=mode)


def tensors(*arrays):
    return (torch.from_numpy(np.ascontiguousarray(each)) for each in arrays)


def assert_cells_explain(trace):
    for channel, row, col in np.ndindex(trace.output.shape):
        cell = trace.cell(channel, row, col)
        total = cell.products.astype(np.float64).sum() + cell.bias
        scale = np.abs(cell.products.astype(np.float64)).sum() + abs(cell.bias)
        assert cell.value == trace.output[channel, row, col]
        assert abs(total - cell.value) <= 1e-5 * scale + 1e-30


pair = lambda low, high: st.tuples(st.integers(low, high), st.integers(low, high))  # noqa: E731


@settings(max_examples=120, deadline=None)
@given(
    seed=st.integers(0, 2**31),
    size=pair(1, 9),
    kernel_size=pair(1, 4),
    stride=pair(1, 3),
    padding=st.one_of(
        st.integers(0, 3),
        pair(0, 3),
        st.tuples(pair(0, 2), pair(0, 2)),
        st.sampled_from(["valid", "same"]),
    ),
    dilation=pair(1, 3),
    groups=st.integers(1, 3),
    depth=st.integers(1, 2),
    filters=st.integers(1, 2),
    mode=st.sampled_from(list(NUMPY_MODES)),
)
def test_maps_equal_pytorch_and_a_naive_loop_and_cells_equal_maps(
    seed, size, kernel_size, stride, padding, dilation, groups, depth, filters, mode
):
    """A depth of 1 is a depthwise convolution; kernels of 1 × 1 are among them."""
    try:
        stride = (1, 1) if padding == "same" else stride
        spec = ConvSpec(kernel_size, stride, padding, dilation, groups, mode)
        rows, cols = spec.output_size(size)
    except Explained:
        assume(False)
    image, weight, bias = random_case(seed, groups * depth, groups * filters, size, spec)
    trace = convolve(image, weight, spec, bias)
    value, scale = naive(image, weight, bias, spec)
    assert trace.output.shape == (groups * filters, rows, cols) == value.shape
    assert np.all(np.abs(trace.output - value) <= 1e-5 * scale)
    by_torch = F.conv2d(
        *tensors(padded_by_numpy(image, spec)[None], weight, bias), stride, 0, dilation, groups
    )
    assert np.all(np.abs(trace.output - by_torch[0].numpy()) <= 1e-5 * scale)
    assert_cells_explain(trace)


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 2**31),
    size=pair(1, 5),
    kernel_size=pair(1, 4),
    stride=pair(1, 3),
    padding=pair(0, 2),
    dilation=pair(1, 2),
    groups=st.integers(1, 3),
    depth=st.integers(1, 2),
    filters=st.integers(1, 2),
    extra=pair(0, 2),
)
def test_transposed_maps_equal_pytorch_and_stamping_the_kernel(
    seed, size, kernel_size, stride, padding, dilation, groups, depth, filters, extra
):
    assume(all(e < max(s, d) for e, s, d in zip(extra, stride, dilation, strict=True)))
    spec = ConvSpec(
        kernel_size, stride, padding, dilation, groups, transposed=True, output_padding=extra
    )
    try:
        spec.output_size(size)
    except Explained:
        assume(False)
    image, weight, bias = random_case(seed, groups * depth, groups * filters, size, spec)
    trace = convolve(image, weight, spec, bias)
    value, scale = naive_transposed(image, weight, bias, spec)
    assert trace.output.shape == value.shape == (groups * filters, *spec.output_size(size))
    assert np.all(np.abs(trace.output - value) <= 1e-5 * scale)
    by_torch = F.conv_transpose2d(
        *tensors(image[None], weight, bias), stride, padding, extra, groups, dilation
    )
    assert np.all(np.abs(trace.output - by_torch[0].numpy()) <= 1e-5 * scale)
    assert_cells_explain(trace)


@pytest.mark.filterwarnings("ignore:Using padding='same' with even kernel")
@pytest.mark.parametrize("mode", NUMPY_MODES)
@pytest.mark.parametrize("padding", ["same", "valid", (3, 2), (0, 1)])
@pytest.mark.parametrize("kernel_size", [(1, 1), (2, 2), (3, 3), (4, 5)])
@pytest.mark.parametrize("dilation", [(1, 1), (2, 3)])
def test_borders_are_those_of_pytorchs_layer(mode, padding, kernel_size, dilation):
    spec = ConvSpec(kernel_size, padding=padding, dilation=dilation, groups=2, padding_mode=mode)
    image, weight, bias = random_case(3, 2, 4, (11, 13), spec)
    layer = torch.nn.Conv2d(
        2, 4, kernel_size, padding=padding, dilation=dilation, groups=2, padding_mode=mode
    ).requires_grad_(False)
    layer.weight[:], layer.bias[:] = tensors(weight, bias)
    _, scale = naive(image, weight, bias, spec)
    error = convolve(image, weight, spec, bias).output - layer(torch.from_numpy(image)).numpy()
    assert np.all(np.abs(error) <= 1e-5 * scale)


def test_a_case_for_the_pencil():
    image = np.array([[[1, 2, 3], [4, 5, 6], [7, 8, 9]]], np.float32)
    weight = np.array([[[[1, 0], [0, -1]]]], np.float32)
    trace = convolve(image, weight, ConvSpec((2, 2)), np.array([0.5], np.float32))
    np.testing.assert_array_equal(trace.output, [[[-3.5, -3.5], [-3.5, -3.5]]])
    cell = trace.cell(0, 1, 0)
    assert (cell.corner, cell.bias, cell.value) == ((1, 0), 0.5, -3.5)
    np.testing.assert_array_equal(cell.patch, [[[4, 5], [7, 8]]])
    np.testing.assert_array_equal(cell.products, [[[4, 0], [0, -8]]])


def test_the_lectures_75_products_and_one_bias():
    spec = ConvSpec((5, 5))
    image, weight, bias = random_case(1, 3, 6, (32, 32), spec)
    trace = convolve(image, weight, spec, bias)
    assert trace.output.shape == (6, 28, 28)
    cell = trace.cell(5, 27, 27)
    assert cell.products.size == 75
    assert cell.value == pytest.approx(float(cell.products.sum() + bias[5]), abs=1e-4)


def test_the_image_is_neither_changed_nor_shared():
    image = np.zeros((1, 3, 3), np.float32)
    trace = convolve(image, np.ones((1, 1, 3, 3), np.float32), ConvSpec())
    image[:] = 1
    assert trace.padded.max() == 0


@pytest.mark.parametrize(
    ("image", "weight", "spec", "bias", "says"),
    [
        ((1, 2, 2), (1, 1, 3, 3), ConvSpec(), None, "3 rows tall"),
        ((1, 3, 2), (1, 1, 3, 3), ConvSpec(), None, "3 columns wide"),
        ((2, 9, 9), (1, 1, 3, 3), ConvSpec(), None, "take 1 channels"),
        ((1, 9, 9), (1, 1, 2, 2), ConvSpec(), None, "2 × 2"),
        ((1, 9, 9), (3, 1, 3, 3), ConvSpec(), (2,), "3 filters need 3 biases"),
        ((1, 9, 9), (3, 3), ConvSpec(), None, r"these are \(3, 3\)"),
        ((9, 9, 3), (1, 3, 3, 3), ConvSpec(), None, r"pass np.moveaxis\(picture, -1, 0\)"),
    ],
)
def test_what_does_not_fit_is_explained(image, weight, spec, bias, says):
    offset = None if bias is None else np.zeros(bias, np.float32)
    with pytest.raises(Explained, match=says):
        convolve(np.zeros(image, np.float32), np.zeros(weight, np.float32), spec, offset)


def test_cells_outside_the_map_are_refused():
    trace = convolve(np.ones((1, 3, 3), np.float32), np.ones((1, 1, 3, 3), np.float32), ConvSpec())
    for cell in [(0, 0, 1), (0, -1, 0), (1, 0, 0)]:
        with pytest.raises(IndexError):
            trace.cell(*cell)
