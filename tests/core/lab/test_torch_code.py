"""The exported program as text; `tests/nn/test_exported_code.py` runs it."""

import ast

import numpy as np
import pytest

from cnnviz.core.kernels import KERNELS
from cnnviz.core.lab.activations import ACTIVATIONS
from cnnviz.core.lab.pool_spec import PoolSpec
from cnnviz.core.lab.specs import ConvSpec
from cnnviz.core.lab.torch_code import conv_code, pool_code
from cnnviz.core.messages import Explained
from cnnviz.core.programs import needs

NEEDS = [line for line in needs("torch").splitlines() if line]
LEVELS = np.arange(12, dtype=np.float32).reshape(1, 3, 4) / np.float32(255)
SOBEL = KERNELS["sobel-x"].weights(3)[None, None]


def test_a_plain_convolution_reads_as_one_would_write_it():
    assert (
        conv_code(LEVELS, SOBEL, ConvSpec(), np.zeros(1, np.float32))
        == f"""\
# {NEEDS[0]}
# {NEEDS[1]}

import torch
from torch.nn import functional as F

picture = torch.tensor(
    [
        [0, 1, 2, 3],
        [4, 5, 6, 7],
        [8, 9, 10, 11],
    ]
).reshape(1, 3, 4) / 255

weight = torch.tensor(
    [
        [-1.0, 0.0, 1.0],
        [-2.0, 0.0, 2.0],
        [-1.0, 0.0, 1.0],
    ]
).reshape(1, 1, 3, 3)

feature_map = F.conv2d(picture, weight)
print(tuple(feature_map.shape))
"""
    )


@pytest.mark.parametrize(
    ("spec", "line"),
    [
        (ConvSpec(padding=1), "feature_map = F.conv2d(picture, weight, padding=1)"),
        (ConvSpec(padding="same"), "feature_map = F.conv2d(picture, weight, padding=1)"),
        (ConvSpec(stride=(1, 2)), "feature_map = F.conv2d(picture, weight, stride=(1, 2))"),
        (ConvSpec(padding=((1, 0), (0, 2))), "padded = F.pad(picture, (0, 2, 1, 0))"),
        (
            ConvSpec(padding=1, padding_mode="reflect"),
            'padded = F.pad(picture, (1, 1, 1, 1), mode="reflect")',
        ),
        (ConvSpec(padding_mode="circular"), "feature_map = F.conv2d(picture, weight)"),
        (
            ConvSpec(stride=2, transposed=True, output_padding=1),
            "feature_map = F.conv_transpose2d(picture, weight, stride=2, output_padding=1)",
        ),
    ],
)
def test_only_what_differs_from_the_defaults_is_said(spec, line):
    assert line in conv_code(LEVELS, SOBEL, spec, None).splitlines()


@pytest.mark.parametrize(
    ("spec", "line"),
    [
        (PoolSpec(), "output = F.max_pool2d(picture, 2)"),
        (PoolSpec(stride=(1, 1)), "output = F.max_pool2d(picture, 2, stride=1)"),
        (PoolSpec("lp", norm=3.0), "output = F.lp_pool2d(picture, 3.0, 2)"),
        (
            PoolSpec("avg", padding=(1, 1), count_include_pad=False, ceil_mode=True),
            "output = F.avg_pool2d(picture, 2, padding=1, ceil_mode=True, count_include_pad=False)",
        ),
        (
            PoolSpec("adaptive_avg", output_size=(1, 2)),
            "output = F.adaptive_avg_pool2d(picture, (1, 2))",
        ),
    ],
)
def test_every_pooling_has_its_call(spec, line):
    assert line in pool_code(LEVELS, spec).splitlines()


def test_what_follows_the_map_is_the_output():
    code = conv_code(LEVELS, SOBEL, ConvSpec(), None, activation="relu", pooling=PoolSpec())
    assert "output = F.relu(feature_map)\noutput = F.max_pool2d(output, 2)\n" in code


def test_every_activation_has_its_call():
    for each in ACTIVATIONS.values():
        code = conv_code(LEVELS, SOBEL, ConvSpec(), None, activation=each.id)
        assert (each.call.format(x="feature_map") in code) or each.id == "none"


def test_a_large_picture_is_read_from_its_file():
    image = np.zeros((3, 30, 30), np.float32)
    code = pool_code(image, PoolSpec(), picture_file="photo.png")
    assert 'Image.open("photo.png")' in code
    assert len(code) < 400


def test_numbers_that_no_picture_can_keep_stand_in_the_code_or_are_refused():
    assert "[0.3, -1.5]" in pool_code(np.array([[[0.3, -1.5]]], np.float32), PoolSpec())
    with pytest.raises(Explained, match="1600"):
        pool_code(np.full((1, 40, 40), 0.3, np.float32), PoolSpec())


def test_an_unknown_activation_is_explained():
    with pytest.raises(Explained, match="swish"):
        conv_code(LEVELS, SOBEL, ConvSpec(), None, activation="swish")


def test_a_large_picture_is_read_from_a_file_of_any_name():
    image = np.zeros((3, 40, 40), np.float32)
    for name in ("my picture.png", 'a "b".png', "faça\\x.png"):
        code = conv_code(image, np.ones((3, 1, 3, 3), np.float32), ConvSpec(groups=3), None,
                         picture_file=name)  # fmt: skip
        strings = [
            node.value for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Constant)
        ]
        assert name in strings
        assert '# pip install "torch>=' in code
        assert '"numpy>=' in code
        assert '"pillow>=' in code
