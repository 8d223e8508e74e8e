"""Filters as text against a strict grammar: what people type and paste, and what links carry."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnviz.core.kernels.text import format_filter, format_kernel, parse_filter, parse_kernel
from cnnviz.core.messages import Explained


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1,0,-1;2,0,-2;1,0,-1", [[1, 0, -1], [2, 0, -2], [1, 0, -1]]),
        ("1 0 -1\n2 0 -2", [[1, 0, -1], [2, 0, -2]]),
        ("1, 0\r\n-1, .5", [[1, 0], [-1, 0.5]]),
        ("0,5 1,25; 2 3", [[0.5, 1.25], [2, 3]]),
        ("0,5 1; 1,5 2", [[0.5, 1], [1.5, 2]]),
        ("1/4 −1/2", [[0.25, -0.5]]),
        ("\ufeff1e-3", [[0.001]]),
        ("1 2;\n3 4;", [[1, 2], [3, 4]]),
        # A Python list, as one pastes it; NumPy's and PyTorch's way of printing one.
        ("[[1, 0], [2, 3]]", [[1, 0], [2, 3]]),
        ("[[1, 0],\n [2., -3e0]]", [[1, 0], [2, -3]]),
        ("[[ 1.  0.]\n [ 2. -3.]]", [[1, 0], [2, -3]]),
        ("[1, 2, 3]", [[1, 2, 3]]),
        ("[[[1, 2]]]", [[1, 2]]),
        # CSV: English, of countries with a decimal comma, and cells copied from a spreadsheet.
        ("1.5,0\n2,-3\n", [[1.5, 0], [2, -3]]),
        ("1,5;0\n2;-3,25\n", [[1.5, 0], [2, -3.25]]),
        ("1,5; 0\n2; -3", [[1.5, 0], [2, -3]]),
        ("1;2;3\n4;5;6", [[1, 2, 3], [4, 5, 6]]),
        ("1,5\t0\n2\t-3", [[1.5, 0], [2, -3]]),
        ("1.5\t0\r\n2\t-3\r\n", [[1.5, 0], [2, -3]]),
        # On one line `;` ends a row, as in links.
        ("1,5;0,2", [[1, 5], [0, 2]]),
        ("1,0,-1;2,0,-2\n3,0,-3;4,0,-4", [[1, 0, -1], [2, 0, -2], [3, 0, -3], [4, 0, -4]]),
    ],
)
def test_kernels_are_read(text, expected):
    np.testing.assert_allclose(parse_kernel(text), expected, rtol=1e-6)
    np.testing.assert_allclose(parse_filter(text), [expected], rtol=1e-6)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "at least one number"),
        (" ;\n", "at least one number"),
        ("1 2; 3", "Row 2 has 1 numbers, but row 1 has 2"),
        ("[[1, 2], [3]]", "Row 2 has 1 numbers, but row 1 has 2"),
        ("1 x", "Row 1, column 2: “x”"),
        ("[[1, 2], [3, 'a']]", "Row 2, column 2: “'a'”"),
        ("1,,2", "Row 1, column 2 is empty"),
        ("1;;2\n3;4;5", "Row 1, column 2 is empty"),
        ("1\t2\t3\n4\t\t5", "Row 2, column 2 is empty"),
        ("0,5 1; 1,5", "Row 2 has 1 numbers"),
        ("1,2,3 4", "Row 1, column 1: “1,2,3”"),
        ("nan", "not a number"),
        ("1 2; 3 -inf", "Row 2, column 2: “-inf” is not a number"),
        ("1e309 1", "too large"),
        ("1/0 1", "too large"),
        ("1 1; 2000000 1", "Row 2, column 1: 2000000 is too large"),
        ("__import__('os')", "not a number"),
        ("[[2**9]]", "not a number"),
        ("tensor([[1, 2]])", "Row 1, column 1"),
        ("١ 2", "not a number"),
        (" ".join("1" * 32), "at most 31 × 31 cells; this one has 1 rows and 32 columns"),
        ("1;" * 32, "32 rows and 1 columns"),
        ("1" * 30_000, "too long"),
        ("9" * 5_000, "not a number"),
        ("1|2|3", "one plane of numbers, not 3"),
    ],
)
def test_what_is_no_kernel_is_explained(text, says):
    with pytest.raises(Explained, match=says):
        parse_kernel(text)


@pytest.mark.parametrize(
    "text",
    [
        "1 2; 3 4 | 5 6; 7 8 | 9 10; 11 12",
        "1,2;3,4|5,6;7,8|9,10;11,12",
        "1 2\n3 4\n---\n5 6\n7 8\n  -----  \n9 10\n11 12\n",
        "1;2\n3;4\n---\n5;6\n7;8\n---\n9;10\n11;12",
        "[[[1, 2], [3, 4]], [[5, 6], [7, 8]], [[9, 10], [11, 12]]]",
        "[[[1 2]\n  [3 4]]\n\n [[5 6]\n  [7 8]]\n\n [[9 10]\n  [11 12]]]",
    ],
)
def test_filters_for_colour_have_three_planes(text):
    np.testing.assert_array_equal(parse_filter(text), np.arange(1, 13).reshape(3, 2, 2))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("1|2", "one plane, or three for red, green and blue; this one has 2"),
        ("1|2|3|4", "this one has 4"),
        ("1 2\n---\n3 4", "this one has 2"),
        ("1 2|3 4|5", "Plane 3 has 1 × 1 numbers, but plane 1 has 1 × 2"),
        ("1||3", "Plane 2 has no number in it"),
        ("1 2|3 nan|5 6", "Plane 2, row 1, column 2: “nan” is not a number"),
        ("1 2|3 4|5 6;7", "Row 2 of plane 3 has 1 numbers, but row 1 has 2"),
        ("1|2|2000000", "Plane 3, row 1, column 1: 2000000 is too large"),
        ("1,2|3,4|5,,6", "Plane 3, row 1, column 2 is empty"),
        (f"1|2|{' '.join('1' * 32)}", "plane 3 has 1 rows and 32 columns"),
        (f"1|{'1' * 20_001}|2", "text of plane 2 is too long"),
    ],
)
def test_what_is_no_filter_is_explained_with_its_plane(text, says):
    with pytest.raises(Explained, match=says):
        parse_filter(text)


@given(st.text(max_size=60) | st.text("0123456789 ,;|-[]\n\t./e", max_size=60))
def test_any_text_is_a_filter_or_one_sentence(text):
    try:
        weights = parse_filter(text)
    except Explained as refusal:
        assert str(refusal)
        assert "\n" not in str(refusal).replace(str(refusal.numbers.get("text", "")), "")
    else:
        assert weights.dtype == np.float32
        assert weights.ndim == 3
        assert len(weights) in (1, 3)
        assert np.isfinite(weights).all()


weights_of = st.floats(-1e6, 1e6, width=32)


@given(st.lists(st.lists(weights_of, min_size=3, max_size=3), min_size=1))
def test_links_carry_kernels(rows):
    weights = np.array(rows[:31], np.float32)
    np.testing.assert_array_equal(parse_kernel(format_kernel(weights)), weights)


@given(st.sampled_from([1, 3]), st.integers(1, 5), st.integers(1, 5), st.data())
def test_links_and_lists_carry_filters(planes, height, width, data):
    count = planes * height * width
    values = data.draw(st.lists(weights_of, min_size=count, max_size=count))
    weights = np.array(values, np.float32).reshape(planes, height, width)
    np.testing.assert_array_equal(parse_filter(format_filter(weights)), weights)
    np.testing.assert_array_equal(parse_filter(json.dumps(weights.tolist())), weights)


def test_links_are_short():
    assert format_filter(np.array([[[1, 0, -0.5]], [[2, 0, 0]], [[0, 0, 1e6]]], np.float32)) == (
        "1,0,-0.5|2,0,0|0,0,1000000"
    )
