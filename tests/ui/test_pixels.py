"""The pixels page under AppTest: every kind of picture, and whatever a browser may send."""

import numpy as np
import pytest

from cnnviz.core.samples import draw_sample
from cnnviz.ui.components.pixels import Change, _change
from cnnviz.ui.state import LANGUAGES
from tests.ui.opening import link, words

VIEWER = "pixels.viewer.0"
PICTURES = ("digit-7", "gradient", "colour")


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("sample", PICTURES)
def test_the_page_counts_the_numbers(open_app, sample, lang):
    app = open_app("pixels", lang, picture=sample)
    image = draw_sample(sample)
    assert not app.error
    said = words(app)
    channels, height, width = image.shape
    assert f"({channels}, {height}, {width})" in said
    thousands = (lambda n: f"{n:,}") if lang == "en" else (lambda n: f"{n:,}".replace(",", "."))
    assert f"**{thousands(image.size)}**" in said
    assert f"**{thousands(4 * image.size)}**" in said


def test_a_pinned_pixel_is_in_the_link(open_app):
    app = open_app("pixels", picture="digit-7")
    app.session_state[VIEWER] = {"cell": [12, 7]}
    app.run()
    assert not app.exception
    assert link(app)["cell"] == "12,7"


def test_a_link_pins_a_pixel_and_a_pixel_elsewhere_is_forgotten(open_app):
    app = open_app("pixels", picture="digit-7", cell="12,7")
    assert link(app)["cell"] == "12,7"
    app = open_app("pixels", picture="digit-7", cell="99,7")
    assert link(app)["cell"] is None


@pytest.mark.parametrize(
    "sent",
    [
        {"cell": "12,7"},
        {"cell": [12, 7, 0]},
        {"cell": [-1, 7]},
        {"cell": [12, 28]},
        {"cell": [12.5, 7]},
        {"cell": [True, False]},
        {"cell": [[1], [2]]},
        {"cell": {"row": 1}},
        {"cell": [10**30, 0]},
    ],
)
def test_what_is_no_pixel_pins_none(open_app, sent):
    app = open_app("pixels", picture="digit-7")
    app.session_state[VIEWER] = sent
    app.run()
    assert not app.exception
    assert link(app)["cell"] is None


@pytest.mark.parametrize(
    "sent",
    [
        None, 3, "x", [], [1, 2, 3], {}, {"cell": [0, 0]}, {"levels": [3]},
        {"cell": [0, 0], "levels": 3}, {"cell": [0, 0], "levels": []},
        {"cell": [0, 0], "levels": [1, 2, 3]}, {"cell": [0, 0], "levels": ["3"]},
        {"cell": [0, 0], "levels": [True]}, {"cell": [0, 0], "levels": [2.5]},
        {"cell": [0, 0], "levels": [-1]}, {"cell": [0, 0], "levels": [256]},
        {"cell": [0, 0], "levels": [float("nan")]}, {"cell": [2, 0], "levels": [3]},
        {"cell": [0, -1], "levels": [3]}, {"cell": [0, 0], "levels": [51]},
    ],
)  # fmt: skip
def test_what_is_no_change_changes_nothing(sent):
    image = np.full((1, 2, 3), 0.2, np.float32)  # 0.2 is level 51
    assert _change(sent, image) is None


def test_a_change_is_taken_as_it_is():
    grey, colour = np.zeros((1, 2, 3), np.float32), np.zeros((3, 2, 3), np.float32)
    assert _change({"cell": [1, 2], "levels": [255]}, grey) == Change(1, 2, (255,))
    sent = {"cell": [0, 1], "levels": [0, 10, 0], "more": "ignored"}
    assert _change(sent, colour) == Change(0, 1, (0, 10, 0))
    finer = np.full((1, 1, 1), 100.4 / 255, np.float32)
    assert _change({"cell": [0, 0], "levels": [100]}, finer) == Change(0, 0, (100,))
