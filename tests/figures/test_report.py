"""The report: one page, well formed, with all it needs inside it."""

import base64
import io
from html.parser import HTMLParser

import numpy as np
from PIL import Image

from cnnviz.figures.report import Report, ReportPicture, page

VOID = {"meta", "img", "br", "link", "input", "hr"}


class Checked(HTMLParser):
    """Keeps the open tags, so that each end has its beginning."""

    def __init__(self):
        super().__init__()
        self.open, self.images, self.attributes, self.text = [], [], [], []

    def handle_starttag(self, tag, attrs):
        self.attributes += [(tag, name, value) for name, value in attrs]
        if tag == "img":
            self.images.append(dict(attrs))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text.append(data)


def checked(text):
    parsed = Checked()
    parsed.feed(text)
    parsed.close()
    assert parsed.open == []
    assert "http" not in text
    assert "url(" not in text
    assert not any(name in ("href", "srcset", "action") for _tag, name, _value in parsed.attributes)
    assert all(each["src"].startswith("data:image/png;base64,") for each in parsed.images)
    return parsed


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
