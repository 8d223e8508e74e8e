"""The animation: one frame a cell, each with its own sum; and when there is none."""

import io
from itertools import pairwise

import numpy as np
import pytest
from PIL import Image

from cnnviz.core.lab.pool_spec import PoolSpec
from cnnviz.core.lab.specs import ConvSpec
from cnnviz.core.lab.traces import ConvTrace, PoolTrace
from cnnviz.core.messages import Explained
from cnnviz.figures.cells import PAPER, rgb
from cnnviz.figures.sliding import FRAME_MS, LAST_MS, SlidingTitles, sliding_gif
from cnnviz.figures.sliding_scene import MOST_OUTPUTS, MOST_SIDE, scene_of
from cnnviz.figures.theme import PALETTES

TITLES = SlidingTitles("Input", "Patch", "Filter", "Map", ("Red", "Green", "Blue"))


def convolved(channels=1, size=(5, 6), side=3, pad=0):
    """A convolution with one filter, computed here one cell at a time."""
    rng = np.random.default_rng(channels)
    image = rng.integers(0, 256, (channels, *size)).astype(np.float32) / np.float32(255)
    weight = rng.integers(-2, 3, (1, channels, side, side)).astype(np.float32)
    padded = np.pad(image, ((0, 0), (pad, pad), (pad, pad)))
    rows, cols = (n + 2 * pad - side + 1 for n in size)
    output = np.zeros((1, rows, cols), np.float32)
    for row, col in np.ndindex(rows, cols):
        output[0, row, col] = (padded[:, row : row + side, col : col + side] * weight[0]).sum()
    spec = ConvSpec((side, side), padding=(pad, pad))
    return ConvTrace(image, weight, None, spec, padded, weight, output)


def pooled():
    image = np.arange(16, dtype=np.float32).reshape(1, 4, 4) / 16
    output = image.reshape(1, 2, 2, 2, 2).max(axis=(2, 4))
    return PoolTrace(image, PoolSpec(), output)


def played(trace, appearance="light", unit=255):
    data = sliding_gif(
        trace, appearance=appearance, unit=unit, format="{:.4g}".format, titles=TITLES
    )
    return data, Image.open(io.BytesIO(data))


@pytest.mark.parametrize("trace", [convolved(), convolved(3), convolved(pad=1), pooled()])
def test_it_plays_for_ever_one_frame_a_cell(trace):
    data, image = played(trace)
    assert image.format == "GIF"
    assert image.info["loop"] == 0
    assert image.n_frames == trace.output.size
    durations, frames = [], []
    for position in range(image.n_frames):
        image.seek(position)
        durations.append(image.info["duration"])
        frames.append(np.asarray(image.convert("RGB")))
    assert durations == [FRAME_MS] * (len(durations) - 1) + [LAST_MS]
    assert all((a != b).any() for a, b in pairwise(frames))
    assert len(data) < 600_000


@pytest.mark.parametrize("appearance", PALETTES)
def test_the_window_is_in_the_accent_and_the_page_in_the_appearance(appearance):
    _, image = played(convolved(), appearance)
    pixels = np.asarray(image.convert("RGB")).astype(int)
    accent = np.abs(pixels - rgb(PALETTES[appearance].accent)).max(axis=-1) < 12
    assert accent.sum() > 500
    assert np.abs(pixels[2, 2] - rgb(PAPER[appearance])).max() < 8


def test_the_window_moves_and_the_map_fills_up():
    _, image = played(convolved())
    first = np.asarray(image.convert("RGB")).astype(int)
    image.seek(image.n_frames - 1)
    last = np.asarray(image.convert("RGB")).astype(int)
    right = first.shape[1] // 2
    blank = (first[:, right:] > 240).all(axis=-1).mean()
    assert (last[:, right:] > 240).all(axis=-1).mean() < blank - 0.1


def test_the_largest_one_is_still_small():
    data, _ = played(convolved(size=(14, 14), pad=0))
    assert len(data) < 1_200_000


def test_each_sum_gives_its_cell():
    trace = convolved()
    scene = scene_of(trace, 0, 255, "{:.6g}".format)
    for moment, value in zip(scene.moments, trace.output.ravel(), strict=True):
        (line,) = moment.lines
        products = [term.replace("(", "").replace(")", "").split("·") for term in line.terms]
        total = sum(float(a) * float(b) for a, b in products)
        said = float(line.end.removeprefix(" = "))
        assert total == pytest.approx(float(value) * 255, abs=0.01)
        assert said == pytest.approx(total, abs=0.01)


def test_a_colour_picture_has_a_sum_a_plane_and_one_of_all():
    *planes, total = scene_of(convolved(3), 0, 255, "{:.6g}".format).moments[0].lines
    assert len(planes) == 3
    assert [f" = {part.strip('()')}" for part in total.terms] == [line.end for line in planes]


def test_zeros_around_the_picture_are_no_pixels():
    scene = scene_of(convolved(pad=1), 0, 1, str)
    assert scene.is_border[0].all()
    assert not scene.is_border[1:-1, 1:-1].any()


def test_zeros_between_the_pixels_of_a_transposed_one_are_no_pixels_either():
    spec = ConvSpec(stride=(2, 2), padding=(1, 1), transposed=True)
    image, weight = np.ones((1, 2, 2), np.float32), np.ones((1, 1, 3, 3), np.float32)
    padded = np.zeros((1, 5, 5), np.float32)
    padded[:, 1:4:2, 1:4:2] = 1
    output = np.zeros((1, 3, 3), np.float32)
    trace = ConvTrace(image, weight, None, spec, padded, weight, output)
    np.testing.assert_array_equal(scene_of(trace, 0, 1, str).is_border, padded[0] == 0)


@pytest.mark.parametrize(
    ("spec", "image", "value", "says"),
    [
        (PoolSpec(), [[1, 2], [3, 4]], 4, "max(1; 2; 3; 4) = 4"),
        (PoolSpec("avg"), [[1, -2], [3, 6]], 2, "(1 + (-2) + 3 + 6) / 4 = 2"),
        (PoolSpec("lp"), [[1, 1], [1, 1]], 2, "(1^2 + 1^2 + 1^2 + 1^2)^(1/2) = 2"),
    ],
)
def test_a_pooling_says_what_it_keeps(spec, image, value, says):
    picture, output = np.array([image], np.float32), np.array([[[value]]], np.float32)
    scene = scene_of(PoolTrace(picture, spec, output), 0, 1, "{:g}".format)
    (line,) = scene.moments[0].lines
    assert f"{line.start}{line.joint.join(line.terms)}{line.end}" == says


def test_a_window_that_hangs_over_the_edge_is_shown():
    spec = PoolSpec("avg", (3, 3), (2, 2), (1, 1), ceil_mode=True)
    picture, output = np.ones((1, 4, 4), np.float32), np.ones((1, 3, 3), np.float32)
    scene = scene_of(PoolTrace(picture, spec, output), 0, 1, str)
    assert scene.planes.shape == (1, 7, 7)
    assert scene.is_border[0].all()
    assert scene.moments[-1].rows.max() == 6


@pytest.mark.parametrize(
    ("trace", "says"),
    [
        (convolved(size=(28, 28)), "28 × 28"),
        (convolved(size=(15, 15)), "169"),
        (convolved(3, (9, 9)), "48 cells"),
        (convolved(2), "not 2"),
    ],
)
def test_what_would_not_be_legible_is_explained(trace, says):
    assert MOST_SIDE < 28
    assert MOST_OUTPUTS < 169
    with pytest.raises(Explained, match=says):
        sliding_gif(trace, appearance="light", unit=1, format=str, titles=TITLES)
