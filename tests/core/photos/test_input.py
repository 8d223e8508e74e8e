"""What a network sees of a photograph: place and values checked against arithmetic by hand."""

import numpy as np
import pytest

from cnnviz.core.messages import Explained
from cnnviz.core.photos.input import PhotoCrop, photo_input
from cnnviz.core.photos.networks import PHOTO_NETWORKS, photo_network

LITE0 = photo_network("lite0")


def ramp(height, width):
    """Red grows with the row, green with the column; blue is constant."""
    rows = np.linspace(0, 1, height, dtype=np.float32)[:, None].repeat(width, 1)
    cols = np.linspace(0, 1, width, dtype=np.float32)[None].repeat(height, 0)
    return np.stack([rows, cols, np.full_like(rows, 0.25)])


def test_a_picture_of_the_right_size_is_cut_and_not_changed():
    image = ramp(256, 256)
    result = photo_input(image, LITE0)
    np.testing.assert_array_equal(result.seen, image[:, 16:240, 16:240])
    assert (result.top, result.left, result.side) == (16, 16, 224)
    assert result.seen.dtype == np.float32
    assert result.seen.flags.c_contiguous


def test_the_crop_can_be_moved_and_widened():
    image = ramp(512, 1024)
    seen = photo_input(image, LITE0, PhotoCrop(1.0, row=0.5, col=1.0))
    assert (seen.top, seen.left, seen.side) == (0, 512, 512)
    assert seen.seen[1].min() > 0.49
    corner = photo_input(image, LITE0, PhotoCrop(0.5, row=0, col=0))
    assert (corner.top, corner.left, corner.side) == (0, 0, 256)
    assert corner.seen[0].max() == pytest.approx(0.5, abs=0.01)
    assert corner.seen[1].max() == pytest.approx(0.25, abs=0.01)


def test_grey_pictures_get_three_equal_channels():
    seen = photo_input(ramp(300, 280)[:1], LITE0).seen
    np.testing.assert_array_equal(seen[0], seen[1])
    np.testing.assert_array_equal(seen[0], seen[2])


@pytest.mark.parametrize("shape", [(1, 1, 1), (3, 1, 16), (3, 16, 1), (1, 2, 3), (3, 1024, 64)])
@pytest.mark.parametrize("name", PHOTO_NETWORKS)
def test_odd_sizes_give_full_inputs_in_range(shape, name):
    image = np.random.default_rng(0).random(shape, np.float32)
    seen = photo_input(image, photo_network(name)).seen
    assert seen.shape == (3, 224, 224)
    assert seen.min() >= 0
    assert seen.max() <= 1


@pytest.mark.parametrize(
    ("image", "sentence"),
    [
        (np.zeros((2, 9, 9), np.float32), "1 channel or 3; this array, .2, 9, 9., has 2"),
        (np.zeros((3, 0, 9), np.float32), "this one is .3, 0, 9."),
        (np.full((3, 9, 9), np.nan, np.float32), "243 values are no finite numbers"),
        (np.full((3, 9, 9), 255, np.float32), "from 255.0 to 255.0"),
        (np.zeros((3, 10, 161), np.float32), "10 × 161 pixels"),
    ],
)
def test_what_is_no_photograph_is_refused(image, sentence):
    with pytest.raises(Explained, match=sentence):
        photo_input(image, LITE0)


@pytest.mark.parametrize(
    "crop", [{"share": 0.2}, {"share": 1.1}, {"row": -0.1}, {"col": 2}, {"row": float("nan")}]
)
def test_crops_outside_the_picture_are_refused(crop):
    with pytest.raises(Explained, match="must be a number from"):
        PhotoCrop(**crop)


def test_unknown_networks_are_refused():
    with pytest.raises(LookupError, match="lite0, alexnet"):
        photo_network("../lite0")
