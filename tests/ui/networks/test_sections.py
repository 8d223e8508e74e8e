"""What can be done with a network, through its page; with the data set where it is, and without."""

import base64
import os

import numpy as np
import pytest

from cnnviz.core.networks.surgery import SetWeight, Zero
from cnnviz.ui import networks
from cnnviz.ui.history import Changes
from cnnviz.ui.networks import learned, sections, surgery
from tests.ui.opening import component, words

HAS_DATA = bool(os.environ.get("CNNVIZ_DATA"))


def test_the_sections_are_those_that_links_name():
    assert list(sections.SECTIONS) == ["sure", "inputs", "change", "filters", "embedding"]


@pytest.mark.parametrize("lang", ["en", "pt_BR"])
@pytest.mark.parametrize("section", sections.SECTIONS)
def test_every_section_opens(open_app, section, lang):
    app = open_app("network", lang, picture="digit-4", then=section)
    assert not app.exception
    assert not app.error


@pytest.mark.parametrize("section", ["change", "filters", "embedding"])
def test_without_the_data_set_a_sentence_says_so(open_app, section, monkeypatch, tmp_path):
    for kept in (
        networks._test_pictures,
        surgery._accuracy,
        learned._excitement,
        learned._laid_out,
    ):
        kept.clear()
    monkeypatch.setenv("CNNVIZ_DATA", str(tmp_path))
    monkeypatch.setenv("CNNVIZ_HOME", str(tmp_path))
    app = open_app("network", picture="digit-4", then=section)
    assert not app.exception
    assert "not on this server yet" in "".join(each.value for each in app.info)
    assert "MNIST" in next(each.label for each in app.button if "download.mnist" in each.key)


def test_a_filter_set_to_zero_changes_map_and_answer_and_is_undone(open_app):
    app = open_app("network", picture="digit-4", then="change", why="conv1,0,9,9")
    before, _arrays = component(app, "network.why")
    app.button(key="network.do.zero").click().run()
    assert not app.exception
    assert app.session_state["network.operations.mnist"] == Changes((Zero("conv1", 0),))
    after, arrays = component(app, "network.why")
    assert after["value"] != before["value"]
    assert not arrays["kernel"].any()
    assert "You have changed this network" in words(app)
    app.button(key="network.undo").click().run()
    again, _arrays = component(app, "network.why")
    assert again["value"] == before["value"]
    app.button(key="network.redo").click().run()
    assert component(app, "network.why")[0]["value"] == after["value"]
    app.button(key="network.over").click().run()
    assert component(app, "network.why")[0]["value"] == before["value"]
    assert "You have changed this network" not in words(app)


@pytest.mark.parametrize("name", ["off", "noise", "swap"])
def test_every_operation_changes_the_map(open_app, name):
    app = open_app("network", picture="digit-4", then="change", why="conv1,0,9,9")
    before, _arrays = component(app, "network.why")
    app.button(key=f"network.do.{name}").click().run()
    assert not app.exception
    assert component(app, "network.why")[0]["value"] != before["value"]


def test_only_the_weights_that_were_typed_change(open_app, monkeypatch):
    held = {}
    monkeypatch.setattr(surgery.state, "held", held.get)
    monkeypatch.setattr(surgery.state, "hold", held.__setitem__)
    shown = np.round(np.random.default_rng(0).normal(size=(1, 3, 3)), 3).astype(np.float32)
    typed = shown.copy()
    typed[0, 1, 2] = 2.5
    text = ";".join(",".join(f"{weight:g}" for weight in row) for row in typed[0])
    held[surgery._EDITOR] = {"changed": text}
    surgery._typed(surgery._Place("mnist", "conv2", 3, 5), shown)
    assert held["network.operations.mnist"].done == (SetWeight("conv2", 3, 5, 1, 2, 2.5),)
    held[surgery._EDITOR] = {"changed": "no filter"}
    surgery._typed(surgery._Place("mnist", "conv2", 3, 5), shown)
    assert len(held["network.operations.mnist"].done) == 1


def test_temperature_softens_the_answer(open_app):
    app = open_app("network", picture="digit-4", then="sure")
    told = component(app, "network.certainty")[0]["stages"][2]["classes"]
    sharp = max(row["share"] for row in told)
    app.select_slider(key="temperature").set_value(16.0).run()
    told = component(app, "network.certainty")[0]["stages"][2]["classes"]
    assert max(row["share"] for row in told) < sharp
    assert sum(row["share"] for row in told) == pytest.approx(1)


def test_the_difference_of_two_pictures_is_their_difference(open_app):
    app = open_app("network", picture="digit-4", then="inputs", **{"with": "other"})
    told, arrays = component(app, "network.compare.maps")
    peak = told["stages"][0]["peak"]
    assert {stage["peak"] for stage in told["stages"]} == {peak}
    one, other, difference = (
        (arrays[name].astype(float) - 128) / 127 for name in ("one", "other", "difference")
    )
    np.testing.assert_allclose(other - one, difference, atol=3 / 127)


@pytest.mark.skipif(not HAS_DATA, reason="needs MNIST")
def test_with_the_data_set_accuracy_exciting_pictures_and_points_are_shown(open_app):
    app = open_app("network", picture="digit-4", then="change")
    assert "fixed sample of 1,000 test pictures" in words(app)
    app = open_app("network", picture="digit-4", then="filters")
    assert len(component(app, "network.excites")[0]["stages"]) == 9
    app = open_app("network", picture="digit-4", then="embedding")
    assert app.get("plotly_chart")


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"picture": "checkerboard"}, "hardly a digit"),
        ({"picture": "stripes"}, "hardly a digit"),
        ({"picture": "digit-7"}, ""),
    ],
)
@pytest.mark.parametrize("language", ["en", "pt_BR"])
def test_an_answer_is_doubted_in_the_same_words_on_both_pages(open_app, asked, sentence, language):
    told = []
    for page in ("start", "network"):
        app = open_app(page, language, **asked)
        assert not app.exception
        told.append([each.value for each in app.info])
    assert told[0] == told[1]
    assert bool(told[0]) == bool(sentence)
    if language == "en":
        assert all(sentence in each for each in told[0])


@pytest.mark.parametrize("page", ["start", "network"])
def test_a_dot_on_the_pad_is_no_digit(open_app, page):
    pad = np.zeros((28, 28), np.uint8)
    pad[12:15, 12:15] = 255
    app = open_app(page)
    app.segmented_control(key="picture.source").set_value("draw").run()
    app.session_state["picture.brush"] = {"pixels": base64.b64encode(pad.tobytes()).decode()}
    app.run()
    assert not app.exception
    assert any("hardly a digit" in each.value for each in app.info)


def test_reset_puts_everything_back(open_app):
    app = open_app("network", picture="digit-4", then="change", why="conv1,0,9,9")
    app.button(key="network.do.zero").click().run()
    app.button(key="app.reset").click().run()
    assert not app.exception
    assert app.session_state["network.operations.mnist"] == Changes()
    app = open_app("network", picture="digit-4", then="sure")
    app.select_slider(key="temperature").set_value(16.0).run()
    app.button(key="app.reset").click().run()
    assert app.session_state["temperature"] == 1.0
    app = open_app("network", picture="digit-4", then="inputs")
    app.slider(key="network.down").set_value(5).run()
    app.button(key="app.reset").click().run()
    assert app.session_state["network.down"] == 0
