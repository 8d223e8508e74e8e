"""Sizes against PyTorch's own and published figures; impossible settings explained."""

import itertools

import pytest
import torch
from torch.nn import functional as F

from cnnviz.core.lab.specs import ConvSpec
from cnnviz.core.messages import Explained


def test_output_sizes_are_pytorchs():
    grid = itertools.product([1, 4, 7], [1, 2, 3], [1, 2, 3], [0, 1, 2], [1, 2])
    checked = 0
    for size, kernel, stride, padding, dilation in grid:
        spec = ConvSpec((kernel, kernel), (stride, 1), (padding, padding), (dilation, dilation))
        try:
            output = spec.output_size((size, size + 1))
        except Explained:
            assert dilation * (kernel - 1) + 1 > size + 2 * padding
            continue
        expected = F.conv2d(
            torch.zeros(1, 1, size, size + 1),
            torch.zeros(1, 1, kernel, kernel),
            stride=spec.stride,
            padding=padding,
            dilation=dilation,
        )
        assert output == expected.shape[2:]
        checked += 1
    assert checked > 100


@pytest.mark.parametrize(
    ("spec", "size", "expected"),
    [
        # CS231n, "Convolutional Networks": 32×32 with 5×5; AlexNet's first layer.
        (ConvSpec((5, 5)), (32, 32), (28, 28)),
        (ConvSpec((11, 11), (4, 4)), (227, 227), (55, 55)),
        # Dumoulin & Visin 2016, figures 2.1 to 2.4, 2.6, 2.7, 4.1 and 4.5.
        (ConvSpec((3, 3)), (4, 4), (2, 2)),
        (ConvSpec((4, 4), padding=2), (5, 5), (6, 6)),
        (ConvSpec((3, 3), padding="same"), (5, 5), (5, 5)),
        (ConvSpec((3, 3), padding=2), (5, 5), (7, 7)),
        (ConvSpec((3, 3), (2, 2), 1), (5, 5), (3, 3)),
        (ConvSpec((3, 3), (2, 2), 1), (6, 6), (3, 3)),
        (ConvSpec((3, 3), transposed=True), (2, 2), (4, 4)),
        (ConvSpec((3, 3), (2, 2), transposed=True), (2, 2), (5, 5)),
    ],
)
def test_published_sizes(spec, size, expected):
    assert spec.output_size(size) == expected


def test_padding_is_kept_as_given_and_resolved_on_demand():
    assert ConvSpec(padding="same").padding == "same"
    assert ConvSpec((4, 3), padding="same").pads((9, 9)) == ((1, 2), (1, 1))
    assert ConvSpec(padding=(1, 2)).pads((9, 9)) == ((1, 1), (2, 2))
    assert ConvSpec(padding=((0, 1), (2, 3))).pads((9, 9)) == ((0, 1), (2, 3))
    assert ConvSpec(padding=2).pads((9, 9)) == ((2, 2), (2, 2))


def test_dropped_rows_are_counted():
    rows, cols = ConvSpec((3, 3), (2, 3)).sizes((8, 9))
    assert (rows.output, rows.dropped) == (3, 1)
    assert (cols.output, cols.dropped) == (3, 0)


def test_specs_are_hashable_and_equal_by_value():
    assert ConvSpec(stride=2) == ConvSpec(stride=(2, 2))
    assert hash(ConvSpec(padding=[1, [0, 2]])) == hash(ConvSpec(padding=(1, (0, 2))))
    assert len({ConvSpec(), ConvSpec((3, 3)), ConvSpec((5, 5))}) == 2


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"kernel_size": 0}, "at least one row"),
        ({"kernel_size": (3, 3, 3)}, "at least one row"),
        ({"stride": 0}, "window would never move; the stride must be"),
        ({"stride": (2, 0)}, "window would never move"),
        ({"stride": (-1, 0)}, "at least 1, not \\(-1, 0\\)"),
        ({"dilation": (0, 1)}, "on the same pixel; the dilation must be"),
        ({"stride": (1, 1.5)}, "stride must be"),
        ({"dilation": -1}, "dilation must be"),
        ({"padding": -1}, "cannot be negative"),
        ({"padding": ((0, -1), (0, 0))}, "cannot be negative"),
        ({"padding": "full"}, "no padding “full”"),
        ({"padding": None}, "no padding “None”"),
        ({"padding": 1.5}, "no padding “1.5”"),
        ({"padding": ("same", 1)}, "no padding"),
        ({"padding": (1, 2, 3)}, "no padding"),
        ({"padding": "same", "stride": 2}, "needs stride 1"),
        ({"padding_mode": "mirror"}, "no padding mode"),
        ({"groups": 0}, "0 groups"),
        ({"groups": 1.5}, "1.5 groups"),
        ({"output_padding": 1}, "Only a transposed"),
        ({"transposed": True, "padding_mode": "reflect"}, "only be padded with zeros"),
        ({"transposed": True, "padding": ((0, 1), (0, 0))}, "same padding on both"),
        ({"transposed": True, "output_padding": 1}, "below the stride"),
    ],
)
def test_impossible_settings_are_explained(settings, says):
    with pytest.raises(Explained, match=says):
        ConvSpec(**settings)


@pytest.mark.parametrize(("mode", "pad", "fits"), [("reflect", 4, 5), ("circular", 4, 4)])
def test_borders_made_of_the_picture_need_a_picture(mode, pad, fits):
    spec = ConvSpec(padding=pad, padding_mode=mode)
    assert spec.pads((fits, fits)) == ((pad, pad), (pad, pad))
    with pytest.raises(Explained, match=f"at least {fits} rows"):
        spec.pads((fits, fits - 1))


def test_a_refusal_carries_all_its_numbers():
    with pytest.raises(Explained) as caught:
        ConvSpec((3, 3), padding=((1, 0), (0, 0)), dilation=3).output_size((5, 9))
    assert caught.value.numbers == {
        "extent": 7,
        "dilation": 3,
        "kernel_size": 3,
        "available": 6,
        "size": 5,
        "before": 1,
        "after": 0,
    }
