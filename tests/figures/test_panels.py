"""Matrices as PNG and SVG files: their colours, their numbers, their ranges."""

import base64
import io
from xml.etree import ElementTree

import numpy as np
import pytest
from PIL import Image

from cnnviz.figures.cells import MARGIN, PAPER, ink_on, lay_out, rgb, scale_of, side_by_side
from cnnviz.figures.raster import matrix_png
from cnnviz.figures.svg import MOST_SQUARES, matrix_svg
from cnnviz.figures.theme import PALETTES

SVG = "{http://www.w3.org/2000/svg}"
SIGNED = np.array([[-2.0, 0.0], [1.0, 0.5]], np.float32)


def panel_of(values, kind="signed", appearance="light", unit=1):
    return lay_out(values, kind=kind, appearance=appearance, unit=unit, format="{:g}".format)


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


def test_planes_stand_beside_each_other_with_nothing_between():
    values = side_by_side(np.ones((3, 2, 4), np.float32))
    assert values.shape == (2, 14)
    root = ElementTree.fromstring(matrix_svg(panel_of(values, "weights"), "Filter"))
    squares = [each for each in root.iter(f"{SVG}rect") if each.get("width") == each.get("height")]
    assert len(squares) == 3 * 2 * 4


def test_an_svg_says_its_numbers_range_and_title():
    root = ElementTree.fromstring(matrix_svg(panel_of(SIGNED, unit=255), "<Map> & more"))
    assert root.find(f"{SVG}title").text == "<Map> & more"
    said = [each.text for each in root.iter(f"{SVG}text")]
    assert said == ["-510", "0", "255", "127.5", "-510", "510"]


def test_text_cannot_leave_its_place():
    panel = lay_out(SIGNED, kind="signed", appearance="dark", unit=1, format=lambda _: "<script>&")
    root = ElementTree.fromstring(matrix_svg(panel, "</title><script>"))
    assert not [each for each in root.iter() if each.tag.endswith("script")]


def test_a_large_map_is_one_embedded_picture_of_the_same_colours():
    values = np.random.default_rng(0).normal(size=(224, 224)).astype(np.float32)
    assert values.size > MOST_SQUARES
    panel = panel_of(values)
    drawing = matrix_svg(panel, "Map")
    image = ElementTree.fromstring(drawing).find(f".//{SVG}image")
    data = image.get("href").removeprefix("data:image/png;base64,")
    held = Image.open(io.BytesIO(base64.b64decode(data)))
    np.testing.assert_array_equal(np.asarray(held), panel.colours)
    assert "pixelated" in image.get("style")
    assert len(drawing) < 300_000
