"""SVG: matrices with their numbers, ranges and titles; QR codes that phones can read."""

import base64
import io
from xml.etree import ElementTree

import numpy as np
import pytest
import segno
from PIL import Image

from cnnviz.core.messages import Explained
from cnnviz.figures.cells import lay_out, side_by_side
from cnnviz.figures.svg import MOST_BYTES, MOST_SQUARES, matrix_svg, qr_svg
from tests.figures.panels import SIGNED, panel_of

SVG = "{http://www.w3.org/2000/svg}"

URL = "https://example.org/convolution?k=1,0,-1;2,0,-2;1,0,-1&lang=pt_BR"


def test_it_is_dark_on_light_with_a_quiet_zone():
    root = ElementTree.fromstring(qr_svg(URL))
    light, dark = root.iter("{http://www.w3.org/2000/svg}path")
    assert light.get("fill") == "#fff"
    assert dark.get("stroke") == "#000"
    modules = segno.make(URL, error="m", micro=False).symbol_size(border=4)[0]
    assert root.get("width") == str(4 * modules)
    assert dark.get("d").startswith("M4 4.5h7")  # the finder, four modules from the edge


def test_the_longest_link_fits_and_a_longer_one_is_explained():
    assert qr_svg("x" * MOST_BYTES)
    with pytest.raises(Explained, match="2332"):
        qr_svg("x" * (MOST_BYTES + 1))


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
