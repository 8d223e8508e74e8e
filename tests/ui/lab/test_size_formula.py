"""The printed size of a map is an equation, and a true one, in every setting that PyTorch takes."""

import math
import re
from itertools import product
from pathlib import Path

import pytest
import torch
from streamlit.testing.v1 import AppTest
from torch.nn import functional as F

from cnnviz.core.lab.pool_spec import PoolSpec
from cnnviz.core.lab.specs import ConvSpec
from cnnviz.core.messages import Explained
from cnnviz.ui.lab.subject import in_letters, in_numbers

APP = Path(__file__).resolve().parents[3] / "app.py"
PICTURE = torch.zeros(1, 1, 7, 5)


def sides(markdown):
    """Both sides of a printed equation, each added up."""
    text = markdown.strip("$").split("=", 1)[1]
    for latex, python in (
        (r"\lfloor", "math.floor("), (r"\rfloor", ")"), (r"\lceil", "math.ceil("), (r"\rceil", ")"),
        (r"\,/\,", "/"), (r"\,", "*"), (r"\cdot", "*"),
    ):  # fmt: skip
        text = text.replace(latex, python)
    left, right = text.split("=")
    return eval(left, {"math": math}), int(re.search(r"\d+", right).group())


def both(rows, cols):
    return [sides(in_numbers("o", axis)) for axis in (rows, cols)]


@pytest.mark.parametrize("ceil_mode", [False, True])
def test_poolings(ceil_mode):
    rounded_otherwise = 0
    for size, stride, dilation in product(range(1, 9), range(1, 7), (1, 2)):
        for padding in range(size // 2 + 1):
            setting = size, stride, padding, dilation
            try:
                rows, cols = PoolSpec("max", *setting, ceil_mode=ceil_mode).sizes((7, 5))
            except Explained:
                with pytest.raises(RuntimeError):
                    F.max_pool2d(PICTURE, *setting, ceil_mode)
                continue
            expected = F.max_pool2d(PICTURE, *setting, ceil_mode).shape[2:]
            assert both(rows, cols) == [(side, side) for side in expected], setting
            assert ("ceil" in in_letters(rows, cols)) == ceil_mode
            rounded_otherwise += rows.left_out or cols.left_out
    assert (rounded_otherwise > 20) == ceil_mode


@pytest.mark.parametrize("padding", [0, 2, (1, 0), ((0, 3), (2, 1)), "same", "valid"])
def test_convolutions(padding):
    for size, stride, dilation in product(range(1, 6), range(1, 4), (1, 2)):
        try:
            rows, cols = ConvSpec(size, stride, padding, dilation).sizes((7, 5))
        except Explained:
            continue
        (top, bottom), (left, right) = ConvSpec(size, stride, padding, dilation).borders()
        padded, weight = F.pad(PICTURE, (left, right, top, bottom)), torch.zeros(1, 1, size, size)
        expected = F.conv2d(padded, weight, None, stride, 0, dilation).shape[2:]
        assert both(rows, cols) == [(side, side) for side in expected]
        assert ("p_1 + p_2" in in_letters(rows, cols)) == (top != bottom or left != right)


def test_transposed_convolutions():
    for size, stride, padding in product(range(1, 5), range(1, 4), range(2)):
        extra = stride - 1
        spec = ConvSpec(size, stride, padding, transposed=True, output_padding=extra)
        try:
            rows, cols = spec.sizes((7, 5))
        except Explained:
            continue
        weight = torch.zeros(1, 1, size, size)
        expected = F.conv_transpose2d(PICTURE, weight, None, stride, padding, extra).shape[2:]
        assert both(rows, cols) == [(side, side) for side in expected]
        assert "floor" not in in_letters(rows, cols)


UP = {"pool_stride": "3", "ceil_mode": "yes"}


@pytest.mark.parametrize(
    ("asked", "letters", "numbers"),
    [
        ({**UP, "pool_size": "3"}, r"\lceil (i + 2p - d\,(k - 1) - 1) \,/\, s \rceil + 1", "10"),
        ({**UP, "pool_size": "2"}, r"\lceil (i + 2p - d\,(k - 1) - 1) \,/\, s \rceil + 1", "10"),
        ({"pool_stride": "3", "pool_size": "3"}, r"\lfloor (i + 2p", "9"),
    ],
)
def test_the_page_prints_it(asked, letters, numbers):
    app = AppTest.from_file(APP, default_timeout=60).run()
    for name, value in {"picture": "digit-7", **asked}.items():
        app.query_params[name] = value
    app.switch_page("pages/pooling.py").run()
    printed = [each.value for each in app.markdown]
    assert any(letters in text for text in printed)
    assert any(text.endswith(rf" + 1 = \mathbf{{{numbers}}}$") for text in printed)
