"""The report: one page, well formed, with all it needs inside it."""

import base64
import io

import numpy as np
from PIL import Image

from cnnviz.figures.report import Report, ReportPicture, page
from tests.figures.html import checked


def opened(image):
    data = base64.b64decode(image["src"].partition(",")[2])
    return np.asarray(Image.open(io.BytesIO(data)))


def test_pictures_words_and_numbers_are_in_the_page_and_escaped():
    colour = np.random.default_rng(0).integers(0, 256, (3, 5, 7), np.uint8)
    grey = np.full((1, 4, 4), 128, np.uint8)
    report = Report(
        "pt-BR",
        "<script>alert(1)</script>",
        ("A & B",),
        (
            ReportPicture('"quoted"', colour),
            ReportPicture("map", grey, ("−1", "1", ("#000000", "#ffffff"))),
        ),
        ("Class", "Probability"),
        ((("cat <i>", "50%"), 0.5), (("dog", "0%"), 0.0)),
        (("Network", (("Name", "x>y"),)),),
        "today",
    )
    parsed = checked(page(report))
    assert ("html", "lang", "pt-BR") in parsed.attributes
    told = "".join(parsed.text)
    for word in ("<script>alert(1)</script>", "A & B", "cat <i>", "x>y", "−1", "today"):
        assert word in told
    assert not any(tag in ("script", "i") for tag, _name, _value in parsed.attributes)
    np.testing.assert_array_equal(opened(parsed.images[0]), colour.transpose(1, 2, 0))
    assert opened(parsed.images[1]).shape == (4, 4)
    assert any("linear-gradient" in str(value) for _tag, _name, value in parsed.attributes)
    assert ("span", "style", "width: 50.0%") in parsed.attributes
