"""Digits found on a canvas, and a look inside the network, through the page."""

import base64

import numpy as np
import pytest

from cnnviz.core.photos.nms import dropped_pair
from cnnviz.figures.overlays import CELL, SCALE, class_picture
from cnnviz.ui.photos import canvas
from cnnviz.ui.photos.inside import MOST_MAPS
from tests.ui.opening import component, words


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


def test_no_score_is_high_enough_for_a_sentence(open_app, monkeypatch):
    app = open_app("classify", ask="find")
    every = canvas.found_digits(5, 0).by_window
    assert dropped_pair(every.kept(1, 1), every.kept(1, 0.3), 0.3) is None
    empty = canvas.found_digits(5, 0)._replace(by_window=every.kept(1, 1))
    monkeypatch.setattr(canvas, "found_digits", lambda *_: empty)
    app.slider(key="find.score").set_value(0.5).run()
    assert not app.exception
    assert "lower the threshold" in words(app)
    assert not app.table


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
