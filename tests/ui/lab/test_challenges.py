"""The section of the challenges by itself: solved, missed, impossible; hints one by one."""

import pytest
from streamlit.testing.v1 import AppTest

from cnnviz.core.lab.challenges import CHALLENGES
from tests.ui.opening import header, words


def section(kernel, moves):
    import streamlit as st

    from cnnviz.core.kernels.text import parse_kernel
    from cnnviz.core.lab.specs import ConvSpec
    from cnnviz.ui import state
    from cnnviz.ui.lab.challenges import challenges

    state.settle_language()
    weights = parse_kernel(st.text_input("kernel", kernel, key="kernel"))
    challenges(weights, ConvSpec(weights.shape, **moves), 0.0)


@pytest.fixture
def open_section():
    def opened(challenge_id, kernel, lang="en", **moves):
        app = AppTest.from_function(section, default_timeout=30, args=(kernel, moves))
        app.query_params["lang"] = lang
        app.query_params["challenge"] = challenge_id
        app.run()
        assert not app.exception
        return app

    return opened


def stages(app):
    (mounted,) = app.get("bidi_component")
    return {stage["id"]: stage for stage in header(mounted)["stages"]}


@pytest.mark.parametrize("challenge_id", CHALLENGES)
def test_each_opens_from_its_link_with_what_is_missing(open_section, challenge_id):
    app = open_section(challenge_id, "1 0 -1; 2 0 -2; 1 0 -1")
    assert CHALLENGES[challenge_id].task in words(app)
    assert len(app.info) == 1
    assert not app.success
    assert "0 of 6 tasks solved" in words(app)
    assert ("target" in stages(app)) == bool(CHALLENGES[challenge_id].target)


def test_a_solved_one_is_remembered(open_section):
    app = open_section("stamp", "1 1 1; 0 0 1; 0 0 1", padding=1)
    assert "All 400 cells equal the target." in app.success[0].value
    assert stages(app)["difference"]["ranges"] == [[0, 0]]
    app.text_input(key="kernel").set_value("1 1 1; 0 0 1; 0 0 2").run()
    assert not app.success
    assert "1 of 6 tasks solved · Turn dots into corners" in words(app)


def test_maps_of_other_sizes_have_no_difference(open_section):
    assert stages(open_section("shift", "1 1; 1 1")).keys() == {"picture", "target", "yours"}


def test_what_does_not_fit_the_picture_is_explained(open_section):
    app = open_section("stamp", "1 1 1", dilation=(1, 15))
    assert "31 columns wide" in app.warning[0].value
    assert not app.get("bidi_component")


def test_channels_in_groups_do_not_matter_here(open_section):
    assert open_section("halve", "1 1; 1 1", stride=(2, 2), groups=3).success


def test_hints_come_one_by_one(open_section):
    first, second = CHALLENGES["keep"].hints
    app = open_section("keep", "1")
    assert first not in words(app)
    app.session_state["challenges.keep.hint1"] = True
    app.run()
    assert first in words(app)
    assert second not in words(app)
    app.session_state["challenges.keep.hint2"] = True
    app.run()
    assert second in words(app)
