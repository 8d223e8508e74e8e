"""Why a number of a network for photographs is what it is, through its page."""

import numpy as np
import pytest

from cnnviz.core.networks.explanations import Asked
from cnnviz.ui.trail import Trail
from tests.ui.opening import component


def why(app, side="first"):
    return component(app, f"numbers.why.lite0.{side}")


def test_the_first_convolution_is_shown_colour_by_colour(open_app):
    app = open_app("classify", photograph="cat", ask="number")
    header, arrays = why(app)
    assert header["map"]["layer"] == "conv"
    assert [plane["name"] for plane in header["planes"]] == ["Red", "Green", "Blue"]
    total = (arrays["patch"].astype(float) * arrays["kernel"]).sum()
    assert total == pytest.approx(header["value"], rel=1e-4)
    assert arrays["map"].shape == (112, 112)
    assert np.abs(arrays["map"]).max() == pytest.approx(abs(header["value"]))


def test_any_map_can_be_asked_about(open_app):
    app = open_app("classify", "pt_BR", photograph="cat", ask="number")
    app.number_input(key="numbers.channel").set_value(31).run()
    assert not app.exception
    assert why(app)[0]["map"]["channel"] == 31
    trail = Trail((Asked("activation", 31, 5, 5), Asked("batchnorm", 31, 5, 5)), 1)
    app.session_state["numbers.trail.lite0.first"] = trail
    app.run()
    header = why(app)[0]
    assert header["asked"] == "batchnorm,31,5,5"
    assert "√" in header["words"]["total"]


def test_a_curve_is_named_with_its_formula(open_app):
    app = open_app("classify", ask="number")
    app.session_state["numbers.trail.lite0.first"] = Trail((Asked("activation", 0, 3, 3),))
    app.run()
    assert why(app)[0]["words"]["formula"] == "min(max(0; x); 6)"


def test_a_logit_is_features_times_weights(open_app):
    app = open_app("classify", photograph="coffee", ask="number", end="last")
    header = why(app, "last")[0]
    assert header["map"]["channel"] == 967
    assert header["crumbs"] == ["Logits · espresso"]
    assert len(header["terms"]) == 8 + 8 + 1 + 1
    sizes = [term["size"] for term in header["terms"]]
    assert sum(sizes) == pytest.approx(header["value"], rel=1e-4)
    assert sizes[0] == max(sizes[:16])
    app.selectbox(key="numbers.class").set_value(285).run()
    assert why(app, "last")[0]["map"]["channel"] == 285


def test_what_is_chosen_is_what_is_asked_also_of_another_photograph(open_app):
    app = open_app("classify", photograph="cat", ask="number", end="last")
    assert app.selectbox(key="numbers.class").value == 282
    app.selectbox(key="picture.sample.photograph").set_value("coffee").run()
    assert app.selectbox(key="numbers.class").value == 967
    assert why(app, "last")[0]["map"]["channel"] == 967
    app.selectbox(key="numbers.class").set_value(968).run()
    assert why(app, "last")[0]["crumbs"] == ["Logits · cup"]
    assert app.selectbox(key="numbers.class").value == 968
    app.button(key="app.reset").click().run()
    assert not app.exception
    assert app.session_state["numbers.trail.lite0.last"] is None


def test_the_way_back_from_a_logit_ends_at_the_maps(open_app):
    app = open_app("classify", ask="number", end="last")
    app.session_state["numbers.trail.lite0.last"] = Trail((Asked("maps", 7, 3, 3),))
    app.run()
    assert "Here the way back ends" in why(app, "last")[0]["words"]["note"]
    app.session_state["numbers.trail.lite0.last"] = Trail((Asked("nowhere", 7, 3, 3),))
    app.run()
    assert not app.exception
    assert why(app, "last")[0]["map"]["layer"] == "logits"
