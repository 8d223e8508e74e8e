import subprocess
import sys

import numpy as np
import pytest

from cnnviz.core.messages import Explained
from cnnviz.core.samples import DEFAULT_SAMPLE, SAMPLES, draw_sample

IDS = [sample.id for sample in SAMPLES]
DRAWN = [sample.id for sample in SAMPLES if sample.kind != "photograph"]
PHOTOGRAPHS = [sample for sample in SAMPLES if sample.kind == "photograph"]


@pytest.mark.parametrize("sample_id", DRAWN)
def test_a_sample_is_a_picture_of_whole_pixel_values(sample_id):
    image = draw_sample(sample_id)
    channels, height, width = image.shape
    assert channels == (3 if sample_id == "colour" else 1)
    assert 28 <= height <= 64
    assert 28 <= width <= 64
    assert image.dtype == np.float32
    assert image.min() >= 0
    assert image.max() <= 1
    assert image.max() - image.min() > 0.8
    nearest = np.round(image.astype(np.float64) * 255) / 255
    np.testing.assert_array_equal(image, nearest.astype(np.float32))


@pytest.mark.parametrize("sample", PHOTOGRAPHS, ids=lambda sample: sample.id)
def test_a_photograph_is_a_picture_with_a_credit(sample):
    image = sample.draw()
    assert image.shape[0] == (1 if sample.id in ("camera", "clock", "brick", "grass") else 3)
    assert 300 <= max(image.shape) <= 1024
    assert image.std() > 0.05
    assert sample.credit.endswith(("CC0", "public domain"))


def test_photographs_are_read_without_importing_their_package():
    code = (
        "import sys; from cnnviz.core.samples import draw_sample; draw_sample('cat');"
        "print('skimage' in sys.modules, 'scipy' in sys.modules)"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.split() == ["False", "False"]


def test_a_photograph_that_is_not_installed_is_a_sentence(monkeypatch):
    monkeypatch.setattr("cnnviz.core.samples.find_spec", lambda name: None)
    with pytest.raises(Explained, match=r"chelsea.png.*not installed"):
        draw_sample("cat")


def test_ids_are_unique_and_the_default_is_one_of_them():
    assert len(set(IDS)) == len(IDS)
    assert DEFAULT_SAMPLE in IDS
    assert [sample.id for sample in SAMPLES if sample.kind == "digit"] == [
        f"digit-{value}" for value in range(10)
    ]
    patterns = ["edges", "stripes", "checkerboard", "circle", "gradient", "colour"]
    assert [sample.id for sample in SAMPLES if sample.kind == "pattern"] == patterns


def test_each_drawing_is_the_readers_own():
    draw_sample("digit-3")[:] = 0
    assert draw_sample("digit-3").max() == 1


@pytest.mark.parametrize("sample_id", ["", "digit-10", "../digit-1", "Digit-1"])
def test_an_unknown_sample_is_named_with_those_there_are(sample_id):
    with pytest.raises(LookupError, match=r"digit-0.*colour"):
        draw_sample(sample_id)


@pytest.mark.parametrize("value", range(10))
def test_digits_are_laid_out_as_in_mnist(value):
    ink = draw_sample(f"digit-{value}")[0].astype(np.float64)
    rows, cols = np.nonzero(ink)
    assert max(np.ptp(rows), np.ptp(cols)) + 1 == 20
    share = ink / ink.sum()
    assert abs((share.sum(axis=1) * np.arange(28)).sum() - 14) <= 0.5
    assert abs((share.sum(axis=0) * np.arange(28)).sum() - 14) <= 0.5
    assert 0.05 < ink.mean() < 0.2  # MNIST's test digits: 0.13 on average


@pytest.mark.parametrize(
    ("value", "holes"), [(0, 1), (1, 0), (2, 0), (3, 0), (5, 0), (6, 1), (7, 0), (8, 2), (9, 1)]
)
def test_digits_enclose_as_many_holes_as_they_should(value, holes):
    dark = np.pad(draw_sample(f"digit-{value}")[0] < 0.4, 1, constant_values=True)
    assert _regions(dark) == holes + 1


def _regions(mask):
    """Number of 4-connected regions."""
    left = {(int(row), int(col)) for row, col in np.argwhere(mask)}
    count = 0
    while left:
        count += 1
        front = [left.pop()]
        while front:
            row, col = front.pop()
            near = {(row + 1, col), (row - 1, col), (row, col + 1), (row, col - 1)} & left
            left -= near
            front.extend(near)
    return count


def test_stripes_change_along_one_direction_only():
    stripes = draw_sample("stripes")[0]
    vertical, horizontal = stripes[:24, :24], stripes[:24, 24:]
    assert (np.diff(vertical, axis=0) == 0).all()
    assert (np.diff(horizontal, axis=1) == 0).all()
    assert list(vertical[0, :12]) == [1, 1, 1, 0, 0, 0, 1, 1, 1, 0, 0, 0]


def test_the_checkerboard_is_one():
    board = draw_sample("checkerboard")[0]
    rows, cols = np.indices(board.shape)
    np.testing.assert_array_equal(board, (rows // 6 + cols // 6) % 2)


def test_the_circle_looks_the_same_from_every_side():
    circle = draw_sample("circle")[0]
    np.testing.assert_array_equal(circle, circle[::-1])
    np.testing.assert_array_equal(circle, circle.T)
    assert circle[24, 24] == 1
    assert circle[24, 12] == 0
    assert circle[24, 6] == 1


def test_the_gradient_rises_smoothly_above_and_in_steps_below():
    above, below = draw_sample("gradient")[0][[0, -1]]
    assert (np.diff(above) > 0).all()
    assert np.count_nonzero(np.diff(below)) == 7
    assert list(below[::8] * 7) == pytest.approx(range(8), abs=0.02)


def test_light_adds_up_to_white_where_all_discs_meet():
    red, green, blue = draw_sample("colour")
    assert (red[16, 16], green[16, 16], blue[16, 16]) == (1, 1, 1)
    for disc in (red, green, blue):
        assert disc.sum() == pytest.approx(np.pi * 8.5**2, rel=0.01)
