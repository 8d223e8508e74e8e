"""What the viewer is told: where windows lie, against `trace.cell`, and how much it weighs."""

import numpy as np
import pytest

from cnnviz.core.lab.pool_spec import PoolSpec
from cnnviz.core.lab.specs import ConvSpec
from cnnviz.core.lab.traces import ConvTrace
from cnnviz.nn import convolve, pool
from cnnviz.ui.components import viewer
from cnnviz.ui.components.viewer import MOST_SENT, conv_data, pool_data
from cnnviz.ui.components.viewer.axes import conv_axes, pool_axes
from cnnviz.ui.components.wire import pack

PICTURE = np.random.default_rng(0).integers(0, 256, (1, 9, 8)) / np.float32(255)
CONVS = [
    ConvSpec((k, wide), (s, t), padding, dilation=(d, 1), padding_mode=mode)
    for (k, wide), (s, t), padding, d, mode in [
        ((3, 3), (1, 1), 0, 1, "zeros"),
        ((2, 3), (2, 3), ((1, 0), (2, 1)), 1, "zeros"),
        ((3, 2), (1, 2), 2, 3, "reflect"),
        ((1, 1), (4, 4), 1, 1, "circular"),
        ((5, 4), (1, 1), "same", 2, "replicate"),
    ]
] + [
    ConvSpec((3, 3), (2, 3), 1, transposed=True, output_padding=(1, 2)),
    ConvSpec((2, 2), (1, 1), 2, transposed=True),
]
POOLS = [
    PoolSpec("max", (3, 2), (2, 1), (1, 0), (2, 3)),
    PoolSpec("max", (3, 3), (2, 2), (1, 1), ceil_mode=True),
    *[
        PoolSpec("avg", (3, 3), (2, 2), (1, 1), ceil_mode=ceil, count_include_pad=counts)
        for ceil in (False, True)
        for counts in (False, True)
    ],
    PoolSpec("lp", (3, 3), (2, 2), ceil_mode=True, norm=3.0),
    PoolSpec("avg", (12, 9), (6, 4), ceil_mode=True),
    PoolSpec("max", (10, 8), (3, 3), ceil_mode=True),
    PoolSpec("adaptive_max", output_size=(4, 3)),
    PoolSpec("adaptive_avg", output_size=(7, 5)),
    PoolSpec("adaptive_avg", output_size=(1, 1)),
]


def cells(trace):
    return [
        (row, col) for row in range(trace.output.shape[1]) for col in range(trace.output.shape[2])
    ]


def taps(axis, index):
    count = axis["count"][index if len(axis["count"]) > 1 else 0]
    return [axis["first"][index] + axis["step"] * tap for tap in range(count)]


def bordered(picture, rows, cols):
    """A picture (C, H, W) with its border and inserted zeros, as the browser makes it."""
    grown = np.pad(picture, [(0, 0), (0, 1), (0, 1)])  # the last row and column are zeros: −1
    return grown[:, rows["source"]][:, :, cols["source"]]


@pytest.mark.parametrize("spec", CONVS, ids=str)
def test_windows_of_a_convolution_cover_what_the_trace_says(spec):
    weight = np.random.default_rng(1).normal(size=(1, 1, *spec.kernel_size)).astype(np.float32)
    trace = convolve(PICTURE.astype(np.float32), weight, spec)
    header, arrays = conv_data(trace, channel=0)
    rows, cols = header["axes"]
    for n, axis in enumerate((rows, cols)):
        assert axis["before"] + axis["size"] + axis["after"] == trace.padded.shape[n + 1]
    assert arrays["input"].dtype == np.uint8
    sent = bordered(arrays["input"] / np.float32(255), rows, cols)
    np.testing.assert_array_equal(sent, trace.padded)
    for row, col in cells(trace):
        seen = sent[0][np.ix_(taps(rows, row), taps(cols, col))]
        np.testing.assert_array_equal(seen, trace.cell(0, row, col).patch[0])


@pytest.mark.parametrize("spec", POOLS, ids=str)
def test_windows_of_a_pooling_cover_what_the_trace_says(spec):
    trace = pool(PICTURE.astype(np.float32), spec)
    header, arrays = pool_data(trace, channel=0, input_title="")
    rows, cols = header["axes"]
    assert arrays["input"].dtype == np.uint8
    for row, col in cells(trace):
        expected = trace.cell(0, row, col)
        seen = arrays["input"][0][np.ix_(taps(rows, row), taps(cols, col))] / np.float32(255)
        np.testing.assert_array_equal(seen, np.nan_to_num(expected.patch))
        divisor = rows["divisor"][row] * cols["divisor"][col]
        assert divisor == pytest.approx(expected.divisor)


def test_what_the_floor_drops_is_counted_as_the_sizes_do():
    for size in range(5, 12):
        for stride in (1, 2, 3, 4):
            for pad in (0, 1, 2):
                spec = ConvSpec((3, 3), (stride, 1), ((0, pad), (0, 0)))
                picture = np.zeros((1, size, 6), np.float32)
                rows, cols = conv_axes(convolve(picture, np.zeros((1, 1, 3, 3), np.float32), spec))
                assert rows.dropped == max(0, spec.sizes((size, 6))[0].dropped - pad)
                assert cols.dropped == 0
                assert rows.has_gaps == (stride > 3 and rows.first[-1] > 0)


def test_every_other_row_is_skipped_by_a_dilated_pooling():
    rows, cols = pool_axes(
        pool(PICTURE.astype(np.float32), PoolSpec("max", (2, 2), dilation=(2, 1)))
    )
    assert rows.has_gaps
    assert not cols.has_gaps


def test_a_colour_picture_and_one_filter_weigh_less_than_0_4_mb():
    levels = np.random.default_rng(0).integers(0, 256, (3, 224, 224)).astype(np.float32)
    picture = (levels / np.float32(255)).astype(np.float32)
    weight = np.random.default_rng(1).normal(size=(6, 3, 5, 5)).astype(np.float32)
    trace = convolve(picture, weight, ConvSpec((5, 5), padding=2))
    header, arrays = conv_data(trace, channel=4)
    block = pack(header, arrays)
    assert arrays["input"].dtype == np.uint8
    assert arrays["output"].shape == (1, 224, 224)
    assert 0.3e6 < len(block) <= 0.4e6
    np.testing.assert_array_equal(arrays["output"][0], trace.output[4])
    np.testing.assert_array_equal(arrays["weight"], weight[4])


def picture_of(channels, side):
    levels = np.random.default_rng(0).integers(0, 256, (channels, side, side))
    return (levels / np.float32(255)).astype(np.float32)


@pytest.mark.parametrize(
    "spec",
    [
        ConvSpec((1, 1), padding=11),
        ConvSpec((3, 3), padding=11, padding_mode="reflect"),
        ConvSpec((3, 3), padding=1, transposed=True),
        ConvSpec((3, 3), (2, 2), 1, transposed=True),
        ConvSpec((2, 3), (4, 2), 1, transposed=True, output_padding=(3, 1)),
        ConvSpec((11, 11), (4, 4), 0, (4, 4), transposed=True, output_padding=(3, 3)),
    ],
    ids=str,
)
def test_no_border_and_no_stride_makes_a_colour_picture_weigh_more(spec):
    weight = np.random.default_rng(1).normal(size=(3, 1, *spec.kernel_size)).astype(np.float32)
    given = weight if spec.transposed else weight.transpose(1, 0, 2, 3)
    trace = convolve(picture_of(3, 224), given, spec, np.float32([0.5]))
    header, arrays = conv_data(trace, channel=0)
    assert ("output" in arrays) == (trace.output.size <= MOST_SENT)
    assert len(pack(header, arrays)) <= 0.4e6


def landing(axis, tap, pixels, outputs):
    """Which pixels a tap brings into the map, and where they land; as in sums.js."""
    start = axis.before - tap * axis.step
    first = max(0, -(start // axis.stuffing))
    end = max(first, min(pixels, -((start - outputs) // axis.stuffing)))
    at = start + first * axis.stuffing
    return slice(first, end), slice(at, at + (end - first) * axis.stuffing, axis.stuffing)


@pytest.mark.parametrize(
    "spec",
    [
        ConvSpec((3, 2), (5, 4), 1, transposed=True, output_padding=(1, 2), groups=3),
        ConvSpec((11, 11), (4, 4), 0, (4, 4), transposed=True, groups=3),
        ConvSpec((5, 5), (4, 4), (2, 0), transposed=True),
    ],
    ids=str,
)
def test_what_the_browser_adds_up_is_what_pytorch_computed(spec):
    """Bit for bit, in the order of sums.js: float64 from tap to tap and plane to plane."""
    side = 70
    weight = np.random.default_rng(1).normal(size=(3, 2, *spec.kernel_size)).astype(np.float32)
    bias = np.arange(2 * spec.groups, dtype=np.float32)
    trace = convolve(picture_of(3, side), weight, spec, bias)
    channel = len(trace.kernels) - 1
    header, arrays = conv_data(trace, channel=channel)
    assert "output" not in arrays
    axes, weights = conv_axes(trace), arrays["weight"].astype(float)
    planes = arrays["input"].astype(np.float32) / np.float32(255)
    sums = np.full(trace.output.shape[1:], header["bias"])
    for i, j in np.ndindex(weights.shape[1:]):
        rows, down = landing(axes[0], i, side, sums.shape[0])
        cols, across = landing(axes[1], j, side, sums.shape[1])
        product = planes[0, rows, cols].astype(float) * weights[0, i, j]
        for plane, each in zip(planes[1:], weights[1:], strict=True):
            product += plane[rows, cols].astype(float) * each[i, j]
        sums[down, across] += product
    np.testing.assert_array_equal(sums.astype(np.float32), trace.output[channel])


@pytest.fixture
def mounted(monkeypatch):
    """Mounts a pooling and returns the header and the arrays that the browser gets."""

    def mount(trace, **options):
        sent = []
        monkeypatch.setattr(viewer, "renderer", lambda _name: lambda **given: sent.append(given))
        monkeypatch.setattr(viewer, "pack", lambda header, arrays: (header, arrays))
        viewer.pool_viewer(trace, key="viewer", unit=255, input_title="", **options)
        return sent[0]["data"]

    return mount


@pytest.mark.parametrize("side", [64, 65])
def test_the_map_before_an_activation_has_bytes_where_no_number_fits(mounted, side):
    before = np.random.default_rng(0).normal(size=(2, side, side)).astype(np.float32)
    trace = pool(np.maximum(before, 0), PoolSpec())
    header, arrays = mounted(trace, before=before, before_title="Map", channel=1)
    if side == 64:
        np.testing.assert_array_equal(arrays["before"], before[1:])
        return
    peak = np.abs(before[1]).max()
    assert arrays["before"].dtype == np.uint8
    restored = (arrays["before"].astype(float) - 128) / 127 * header["before_peak"]
    np.testing.assert_allclose(restored, before[1:], atol=peak / 254 * 1.001)


def test_a_group_sees_its_own_channels():
    picture = np.random.default_rng(0).integers(0, 256, (4, 6, 6)) / np.float32(255)
    weight = np.random.default_rng(1).normal(size=(6, 2, 3, 3)).astype(np.float32)
    trace = convolve(picture.astype(np.float32), weight, ConvSpec(groups=2))
    for channel, first in ((0, 0), (2, 0), (3, 2), (5, 2)):
        header, arrays = conv_data(trace, channel=channel)
        np.testing.assert_array_equal(arrays["input"], np.round(picture[first : first + 2] * 255))
        assert [plane["name"] for plane in header["planes"]] == [
            f"Channel {first}",
            f"Channel {first + 1}",
        ]


@pytest.mark.parametrize(
    ("spec", "said"),
    [
        (ConvSpec(padding=1), "zero border 1"),
        (ConvSpec(padding=1, padding_mode="reflect"), "reflected border 1"),
        (ConvSpec(padding=((0, 1), (2, 0)), padding_mode="circular"), "border 0, 1, 2"),
        (ConvSpec(stride=(2, 3), transposed=True), "zeros inserted between rows: 1, columns: 2"),
    ],
    ids=str,
)
def test_the_border_is_named_in_its_mode(spec, said):
    trace = convolve(PICTURE.astype(np.float32), np.ones((1, 1, 3, 3), np.float32), spec)
    header, _ = conv_data(trace, channel=0)
    assert isinstance(trace, ConvTrace)
    assert said in header["words"]["input_shape"]


def test_rows_that_are_not_used_are_said():
    trace = convolve(
        np.zeros((1, 8, 9), np.float32), np.ones((1, 1, 3, 3), np.float32), ConvSpec(stride=(2, 4))
    )
    header, _ = conv_data(trace, channel=0)
    assert header["words"]["input_notes"].startswith(
        "The last row is not used. The last 2 columns are not"
    )
    assert "step over" in header["words"]["input_notes"]
