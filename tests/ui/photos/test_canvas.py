"""Digits found on a canvas, and a look inside the network, through the page."""

import base64
import re

import numpy as np
import pytest

from cnnviz.core.photos.nms import dropped_pair
from cnnviz.core.pictures.resampling import resized
from cnnviz.core.samples.strokes import write_digit
from cnnviz.figures.overlays import CELL, SCALE, class_picture
from cnnviz.ui.photos import canvas
from cnnviz.ui.photos.inside import MOST_MAPS
from tests.ui.opening import component, words


def draw(app, image):
    """Put an image, (1, H, W), on the canvas that a person draws on."""
    pixels = np.round(image * 255).astype(np.uint8).tobytes()
    app.session_state["find.brush"] = {"pixels": base64.b64encode(pixels).decode()}
    app.run()


def written(places, longest):
    """The canvas with drawn digits at (row, col), their longer side so many pixels."""
    image = np.zeros((1, *canvas.SIZE), np.float32)
    for value, (row, col) in places.items():
        digit = write_digit(value)
        rows, cols = (np.flatnonzero(digit[0].any(axis=axis)) for axis in (1, 0))
        ink = digit[:, rows[0] : rows[-1] + 1, cols[0] : cols[-1] + 1]
        scale = longest / max(ink.shape)
        ink = resized(ink, *(max(1, round(side * scale)) for side in ink.shape[1:]))
        image[:, row : row + ink.shape[1], col : col + ink.shape[2]] = ink
    return image


def scribble():
    """Ink that is half like a digit: a cross in a ring."""
    rows, cols = np.mgrid[0 : canvas.SIZE[0], 0 : canvas.SIZE[1]]
    far = np.hypot(rows - 48, cols - 70)
    cross = (far < 9) & ((abs(rows - 48) < 2) | (abs(cols - 70) < 2))
    return (cross | (abs(far - 9) < 1.5))[None].astype(np.float32)


def table(app):
    return app.table[0].value


@pytest.mark.parametrize("count", [3, 6])
def test_so_many_digits_are_drawn_and_found(count):
    found = canvas.found_digits(count, 2)
    assert len(found.canvas.labels) == count
    for every in (found.by_ink, found.by_window):
        assert sorted(every.kept(0.3, 0.3).labels) == sorted(found.canvas.labels)
    scores = found.said.scores
    picture = class_picture(found.said.probabilities.argmax(axis=0), scores)
    assert picture.shape == (3, scores.shape[0] * CELL, scores.shape[1] * CELL)
    assert scores.max() == found.by_ink.scores.max() == found.by_window.scores.max()
    assert canvas.found_digits(count, 2) is found


def test_thresholds_sort_out_what_was_found(open_app):
    app = open_app("classify", ask="find")
    expected = canvas.found_digits(5, 0)
    assert sorted(table(app)["Class"]) == sorted(str(each) for each in expected.canvas.labels)
    assert "intersection over union" in words(app)
    before, after = component(app, "find.boxes")[0]["stages"]
    assert (before["rows"], after["cols"]) == tuple(
        side * SCALE for side in expected.canvas.image.shape[1:]
    )
    app.slider(key="find.iou").set_value(0.95).run()
    assert not app.exception
    assert len(table(app)) > 5
    app.slider(key="find.score").set_value(0.95).run()
    app.slider(key="find.iou").set_value(0.0).run()
    assert not app.exception


def test_another_canvas_holds_other_digits(open_app):
    app = open_app("classify", "pt_BR", ask="find")
    first = component(app, "find.map")[1]["canvas"]
    app.number_input(key="find.canvas").set_value(7).run()
    app.slider(key="find.count").set_value(6).run()
    assert not app.exception
    assert not np.array_equal(component(app, "find.map")[1]["canvas"], first)
    assert len(table(app)) == 6


def test_digits_that_a_person_drew_are_found_and_forgotten(open_app):
    app = open_app("classify", ask="find", canvas="own")
    assert "Draw some digits" in words(app)
    assert not app.table
    drawn = canvas.found_digits(4, 3).canvas
    pixels = np.round(drawn.image * 255).astype(np.uint8).tobytes()
    app.session_state["find.brush"] = {"pixels": base64.b64encode(pixels).decode()}
    app.run()
    assert not app.exception
    assert sorted(table(app)["Class"]) == sorted(str(each) for each in drawn.labels)
    app.session_state["find.brush"] = {"pixels": "AAAA"}  # no canvas: changes nothing
    app.run()
    assert len(table(app)) == 4
    app.button(key="app.forget").click().run()
    assert not app.exception
    assert not app.table


def test_a_score_that_no_box_has_is_said_with_the_best(open_app):
    app = open_app("classify", ask="find", canvas="own")
    draw(app, scribble())
    app.slider(key="find.score").set_value(0.95).run()
    assert not app.exception
    assert re.search(r"No box has this score; the best has 0\.\d+: lower the threshold", words(app))
    assert not app.table


@pytest.mark.parametrize("ink", ["full", "dot"])
def test_where_no_threshold_shows_a_box_none_is_blamed(open_app, ink):
    image = np.ones((1, *canvas.SIZE), np.float32)
    if ink == "dot":
        image[:] = 0
        image[0, 40:43, 70:73] = 1
    app = open_app("classify", ask="find", canvas="own")
    draw(app, image)
    assert "Nothing here looks like a whole digit, at any threshold" in words(app)
    assert "lower the threshold" not in words(app)
    assert not app.table


@pytest.mark.parametrize("longest", [13, 20, 27, 40])
def test_a_seven_and_a_one_of_any_size_are_found(open_app, longest):
    image = written({7: (8, 10), 1: (8, 90)}, longest)
    app = open_app("classify", ask="find", canvas="own")
    draw(app, image)
    assert sorted(table(app)["Class"]) == ["1", "7"]
    at_another_size = "This map is of the canvas at" in words(app)
    assert at_another_size == (longest != 20)
    app = open_app("classify", ask="find", canvas="own", box="ink")
    draw(app, image)
    assert sorted(table(app)["Class"]) == ["1", "7"]


def test_a_pair_that_is_told_of_overlaps():
    found = canvas.found_digits(5, 0).by_window
    before, after = found.kept(0.1, 1.0), found.kept(0.1, 0.2)
    dropped = dropped_pair(before, after, 0.2)
    assert 0.2 < dropped.iou < 1
    assert dropped.first < dropped.second
    assert not (after.boxes == before.boxes[dropped.second]).all(axis=1).any()


def test_a_map_is_shown_large_and_another_network_has_its_own(open_app):
    app = open_app("classify", photograph="cat", ask="inside")
    stages = component(app, "inside.maps")[0]["stages"]
    assert len(stages) == 9
    assert {stage["count"] for stage in stages} <= set(range(1, MOST_MAPS + 1))
    assert stages[-1]["shape"] == "1,280 × 7 × 7"
    app.session_state["inside.chosen"] = ("lite0", "blocks.4", 11)
    app.run()
    header, arrays = component(app, "inside.large")
    assert header["stages"][1]["title"] == "6. Block, map 11"
    assert arrays["large"].shape[-2:] == (14, 14)
    assert component(app, "inside.maps")[0]["chosen"] == {"layer": "blocks.4", "channel": 11}
    app.session_state["inside.chosen"] = ("resnet18", "blocks.4", 11)
    app.run()
    assert component(app, "inside.maps")[0]["chosen"]["layer"] == "conv_stem"
    filters = component(app, "inside.filters")[0]["stages"]
    assert len(filters) == 32
    assert all(each["is_colour"] for each in filters)
