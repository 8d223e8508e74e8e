"""Text on pictures: what the built-in font lacks is there all the same."""

import numpy as np
import pytest
from PIL import Image

from cnnviz.figures.lettering import lettered, width_of, write


def ink(text, size=24):
    return np.asarray(lettered(text, size)).astype(int)


@pytest.mark.parametrize("letters", ["oõ", "eé", "aâ", "cç", "ií", "aà", "OÕ"])
def test_an_accent_adds_ink_and_no_width(letters):
    plain, accented = map(ink, letters)
    assert plain.shape == accented.shape
    assert np.abs(plain - accented).sum() > 500


@pytest.mark.parametrize("sign", "−×")
def test_signs_are_not_the_box_of_a_missing_letter(sign):
    assert not np.array_equal(ink(sign), ink("\uffff"))
    assert ink(sign).max() == 255


def test_a_minus_is_one_bar():
    rows = ink("−").max(axis=1)
    assert 1 <= np.count_nonzero(rows) <= 4


def test_a_line_is_as_wide_as_it_says_and_stays_inside():
    assert lettered("0·3 + 1·2", 17).width == width_of("0·3 + 1·2", 17)


@pytest.mark.parametrize(("anchor", "at"), [("l", 10), ("m", 50), ("r", 90)])
def test_a_line_stands_where_it_is_told_to(anchor, at):
    page = Image.new("RGB", (100, 40), "white")
    write(page, (at, 20), "12", 20, "#000000", anchor)
    columns = np.flatnonzero(np.asarray(page).min(axis=(0, 2)) < 128)
    middle = {"l": columns[0], "m": columns.mean(), "r": columns[-1]}[anchor]
    assert abs(middle - at) <= 4
