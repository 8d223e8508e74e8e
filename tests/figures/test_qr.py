"""QR codes: a drawing that phones can read, or a sentence."""

from xml.etree import ElementTree

import pytest
import segno

from cnnviz.core.messages import Explained
from cnnviz.figures.qr import MOST_BYTES, qr_svg

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
