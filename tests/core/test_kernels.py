"""The gallery's filters against published matrices; typed kernels against a strict grammar."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnviz.core.kernel_text import format_kernel, parse_kernel
from cnnviz.core.kernels import DEFAULT_KERNEL, KERNELS, SIZES
from cnnviz.core.messages import Explained

PUBLISHED = {
    "identity": [[0, 0, 0], [0, 1, 0], [0, 0, 0]],
    "box": [[1 / 9] * 3] * 3,
    "gaussian": [[1 / 16, 2 / 16, 1 / 16], [2 / 16, 4 / 16, 2 / 16], [1 / 16, 2 / 16, 1 / 16]],
    "sharpen": [[0, -1, 0], [-1, 5, -1], [0, -1, 0]],
    "outline": [[-1, -1, -1], [-1, 8, -1], [-1, -1, -1]],
    "sobel-x": [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]],
    "sobel-y": [[-1, -2, -1], [0, 0, 0], [1, 2, 1]],
    "laplacian": [[0, 1, 0], [1, -4, 1], [0, 1, 0]],
    "emboss": [[-1, -1, 0], [-1, 1, 1], [0, 1, 1]],
}
SUMS = {"identity": 1, "box": 1, "gaussian": 1, "sharpen": 1, "emboss": 1}


def test_every_filter_has_its_published_matrix():
    assert PUBLISHED.keys() == KERNELS.keys()
    assert DEFAULT_KERNEL in KERNELS
    for name, matrix in PUBLISHED.items():
        np.testing.assert_allclose(KERNELS[name].weights(3), matrix, atol=1e-7)


@pytest.mark.parametrize("name", KERNELS)
@pytest.mark.parametrize("size", SIZES)
def test_every_size_keeps_the_filters_character(name, size):
    kernel = KERNELS[name]
    if size < kernel.least:
        with pytest.raises(Explained, match="too small"):
            kernel.weights(size)
        return
    weights = kernel.weights(size)
    assert (weights.shape, weights.dtype) == ((size, size), np.float32)
    assert weights.sum() == pytest.approx(SUMS.get(name, 0), abs=1e-4)


def test_sobel_5_is_opencvs():
    expected = np.outer([1, 4, 6, 4, 1], [-1, -2, 0, 2, 1])
    np.testing.assert_array_equal(KERNELS["sobel-x"].weights(5), expected)


def test_even_sizes_have_no_centre():
    with pytest.raises(Explained, match="no centre"):
        KERNELS["box"].weights(4)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1,0,-1;2,0,-2;1,0,-1", [[1, 0, -1], [2, 0, -2], [1, 0, -1]]),
        ("1 0 -1\n2 0 -2", [[1, 0, -1], [2, 0, -2]]),
        ("1, 0\r\n-1, .5", [[1, 0], [-1, 0.5]]),
        ("0,5 1,25; 2 3", [[0.5, 1.25], [2, 3]]),
        ("1/4 −1/2", [[0.25, -0.5]]),
        ("[[1, 2], [3, 4]]".replace("], [", "];["), [[1, 2], [3, 4]]),
        ("\ufeff1e-3", [[0.001]]),
    ],
)
def test_kernels_are_read(text, expected):
    np.testing.assert_allclose(parse_kernel(text), expected, rtol=1e-6)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "at least one number"),
        (" ;\n", "at least one number"),
        ("1 2; 3", "Row 2 has 1 numbers, but row 1 has 2"),
        ("1 x", "Row 1, column 2: “x”"),
        ("1,,2", "Row 1, column 2"),
        ("nan", "not a number"),
        ("inf", "not a number"),
        ("1e309 1", "too large"),
        ("1/0 1", "too large"),
        ("2000000 1", "too large"),
        ("__import__('os')", "not a number"),
        ("١ 2", "not a number"),
        (" ".join("1" * 32), "at most 31 × 31"),
        ("1;" * 32, "at most 31 × 31"),
        ("1" * 30_000, "too long"),
        ("9" * 5_000, "not a number"),
    ],
)
def test_what_is_no_kernel_is_explained(text, says):
    with pytest.raises(Explained, match=says):
        parse_kernel(text)


@given(st.text(max_size=60))
def test_any_text_is_a_kernel_or_one_sentence(text):
    try:
        weights = parse_kernel(text)
    except Explained as refusal:
        assert str(refusal)
    else:
        assert weights.dtype == np.float32
        assert np.isfinite(weights).all()


@given(st.lists(st.lists(st.floats(-1e6, 1e6, width=32), min_size=3, max_size=3), min_size=1))
def test_links_carry_kernels(rows):
    weights = np.array(rows[:31], np.float32)
    np.testing.assert_allclose(parse_kernel(format_kernel(weights)), weights, rtol=1e-6)
