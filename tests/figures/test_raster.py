"""What is drawn in pixels: text with every letter it needs, and the very same levels in files."""

import unicodedata

import numpy as np
import pytest
from PIL import Image

from cnnviz.core.pictures.images import load_image
from cnnviz.figures.raster import png, width_of, write


def ink(text, size=24):
    """Return how dark each pixel of a line is, (H, W) from 0 to 255."""
    page = Image.new("RGB", (width_of(text, size), 2 * size), "white")
    write(page, (0, size), text, size, "#000000", "l")
    return 255 - np.asarray(page)[..., 0].astype(int)


@pytest.mark.parametrize("letters", ["oõ", "eé", "aâ", "cç", "ií", "aà", "OÕ"])
def test_an_accent_adds_ink_and_no_width(letters):
    plain, accented = map(ink, letters)
    assert plain.shape == accented.shape
    assert np.abs(plain - accented).sum() > 500


@pytest.mark.parametrize("letter", "áâãàçéêíóôõúüÁÂÃÀÇÉÊÍÓÔÕÚÜ−×·…“”")
def test_no_letter_is_the_box_of_a_missing_one(letter):
    assert not np.array_equal(ink(letter), ink("\uffff"))
    assert ink(letter).max() > 200


@pytest.mark.parametrize("letter", "ãçé")
def test_a_letter_and_its_accent_are_written_as_one(letter):
    np.testing.assert_array_equal(ink(letter), ink(unicodedata.normalize("NFD", letter)))


@pytest.mark.parametrize("space", ["\u00a0", "\u202f"])
def test_a_space_that_does_not_break_is_no_ink(space):
    assert ink(f"1{space}2").max() == 255
    assert ink(space).max() == 0


def test_a_minus_is_one_bar():
    rows = ink("−").max(axis=1)
    assert 1 <= np.count_nonzero(rows) <= 4


def test_a_line_stays_inside_the_width_it_says():
    wide = ink("0·3 + 1·2", 17)
    assert wide.shape[1] == width_of("0·3 + 1·2", 17)
    page = Image.new("RGB", (wide.shape[1] + 40, 34), "white")
    write(page, (0, 17), "0·3 + 1·2", 17, "#000000", "l")
    assert np.asarray(page)[:, wide.shape[1] :].min() == 255


@pytest.mark.parametrize(("anchor", "at"), [("l", 10), ("m", 50), ("r", 90)])
def test_a_line_stands_where_it_is_told_to(anchor, at):
    page = Image.new("RGB", (100, 40), "white")
    write(page, (at, 20), "12", 20, "#000000", anchor)
    columns = np.flatnonzero(np.asarray(page).min(axis=(0, 2)) < 128)
    middle = {"l": columns[0], "m": columns.mean(), "r": columns[-1]}[anchor]
    assert abs(middle - at) <= 4


@pytest.mark.parametrize("shape", [(1, 5, 7), (3, 5, 7)])
def test_a_png_holds_the_very_same_levels(shape):
    levels = np.random.default_rng(0).integers(0, 256, shape, np.uint8)
    image = load_image(png(levels))
    np.testing.assert_array_equal(np.round(image * 255), levels)


def test_a_finer_grey_picture_is_written_with_16_bits():
    levels = (np.arange(35, dtype=np.float32) / 40000).reshape(1, 5, 7)
    np.testing.assert_allclose(load_image(png(levels)), levels, atol=1 / 65535)
