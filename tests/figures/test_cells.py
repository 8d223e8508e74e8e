"""Matrices laid out and drawn as PNG: their colours, numbers and ranges; pictures on a sheet."""

import io

import numpy as np
import pytest
from PIL import Image

from cnnviz.figures.cells import MARGIN, PAPER, ink_on, rgb, scale_of, sheet
from cnnviz.figures.raster import matrix_png
from cnnviz.figures.theme import PALETTES
from tests.figures.panels import SIGNED, panel_of


def opened(panel):
    return np.asarray(Image.open(io.BytesIO(matrix_png(panel))).convert("RGB"))


@pytest.mark.parametrize("appearance", PALETTES)
@pytest.mark.parametrize(
    ("kind", "low", "high"),
    [("signed", "map_low", "map_high"), ("weights", "weight_low", "weight_high")],
)
def test_signed_kinds_are_symmetric_about_zero(appearance, kind, low, high):
    palette, scale = PALETTES[appearance], scale_of(SIGNED, kind, appearance)
    assert (scale.low, scale.high) == (-2, 2)
    ends = scale.colours(np.array([-2, 0, 2], np.float32)).tolist()
    assert ends == [
        list(rgb(each)) for each in (getattr(palette, low), palette.neutral, getattr(palette, high))
    ]


def test_pixels_run_from_black_to_white_whatever_is_in_them():
    panel = panel_of(np.full((2, 2), 0.5, np.float32), "pixels", unit=255)
    assert panel.colours.tolist() == [[[128] * 3] * 2] * 2
    assert panel.ends == ("0", "255")


def test_what_is_no_number_has_a_scale_all_the_same():
    scale = scale_of(np.array([[-np.inf, np.nan]], np.float32), "signed", "light")
    assert (scale.low, scale.high) == (-1, 1)
    colours = scale.colours(np.array([-np.inf, -1], np.float32))
    np.testing.assert_array_equal(*colours)


def test_every_cell_is_a_square_of_its_colour():
    panel = panel_of(SIGNED)
    pixels = opened(panel)
    for row, col in np.ndindex(2, 2):
        corner = pixels[MARGIN + row * panel.cell + 2, MARGIN + col * panel.cell + 2]
        np.testing.assert_array_equal(corner, panel.colours[row, col])


def test_numbers_stand_in_the_cells_where_they_fit():
    assert panel_of(SIGNED).texts == (("-2", "0"), ("1", "0.5"))
    assert panel_of(np.ones((60, 60), np.float32)).texts is None
    assert panel_of(np.zeros((3, 4, 4), np.float32), "pixels").texts is None


def test_numbers_are_written_in_an_ink_that_can_be_read():
    assert ink_on((255, 255, 255)) == PAPER["dark"]
    assert ink_on((0, 0, 0)) == PAPER["light"]
    panel = panel_of(np.zeros((1, 1), np.float32), "pixels")
    assert opened(panel)[MARGIN : MARGIN + panel.cell, MARGIN : MARGIN + panel.cell].max() > 250


def test_a_colour_picture_keeps_its_colours():
    values = np.zeros((3, 4, 5), np.float32)
    values[0, 1, 2] = 1
    panel = panel_of(values, "pixels")
    at = MARGIN + 1 * panel.cell + 3, MARGIN + 2 * panel.cell + 3
    assert opened(panel)[at].tolist() == [255, 0, 0]


def test_every_picture_stands_in_its_place_with_a_frame_around_it():
    pictures = np.arange(5 * 3 * 2 * 4, dtype=np.float32).reshape(5, 3, 2, 4)
    laid = sheet(pictures, 2, frame=-1)
    assert laid.shape == (3, 3 * 4, 2 * 6)
    assert laid.dtype == np.float32
    for n, picture in enumerate(pictures):
        row, col = divmod(n, 2)
        np.testing.assert_array_equal(
            laid[:, 4 * row + 1 : 4 * row + 3, 6 * col + 1 : 6 * col + 5], picture
        )
    assert (laid == -1).sum() == laid.size - pictures.size
