"""The chain's section by itself: its rows, their clicks, its link and its refusals."""

import pytest
from streamlit.testing.v1 import AppTest

from cnnviz.core.kernels import KERNELS
from cnnviz.core.lab.chain import EXAMPLE, ActivationStep, Chain, ConvStep, PoolStep
from cnnviz.core.lab.chain_text import format_chain
from tests.ui.opening import header, words


def section():
    import streamlit as st

    from cnnviz.core.samples import draw_sample
    from cnnviz.ui import state
    from cnnviz.ui.lab.chain import chaining

    state.settle_language()
    chaining(draw_sample("digit-7"), 255)
    st.json(state.whole_link())


@pytest.fixture
def open_section():
    def opened(*, are_open=True, **query):
        app = AppTest.from_function(section, default_timeout=30)
        app.query_params["lang"] = "en"
        for name, value in query.items():
            app.query_params[name] = value
        check(app.run())
        return opened_rows(app) if are_open else app

    return opened


def check(app):
    assert not app.exception
    return app


def stages(app):
    (mounted,) = app.get("bidi_component")
    return header(mounted)["stages"]


def steps(app):
    return tuple(row.step for row in app.session_state["chain.steps"])


def row_ids(app):
    return [row.id for row in app.session_state["chain.steps"]]


def opened_rows(app):
    """The section with the controls of every step drawn: AppTest does not send what is open."""
    for _attempt in range(2):
        if app.selectbox:
            break
        mark_open(app)
        check(app.run())
    return app


def mark_open(app):
    for row in row_ids(app):
        app.session_state[f"chain.{row}.open"] = True


def changed(app, _widget):
    """The section after a widget was set; its controls are open while that is taken up."""
    mark_open(app)
    return check(app.run())


def press(app, key):
    changed(app, app.button(key=key).click())
    return opened_rows(app)


def test_it_starts_alive(open_section):
    app = open_section()
    assert steps(app) == EXAMPLE.steps
    assert [stage["shape"] for stage in stages(app)] == [
        "28 × 28", "28 × 28", "28 × 28", "14 × 14", "14 × 14", "14 × 14", "7 × 7"
    ]  # fmt: skip
    assert stages(app)[1]["title"] == f"1. {KERNELS['sobel-x'].name} 3 × 3"
    assert "sees 10 × 10 pixels" in words(app)
    assert not app.warning


def test_a_step_is_removed_and_added(open_section):
    app = open_section()
    first, *_, last = row_ids(app)
    assert all(app.button(key=f"chain.add.{kind}").disabled for kind in ("conv", "max"))
    app = press(app, f"chain.{first}.remove")
    assert steps(app) == EXAMPLE.steps[1:]
    app = press(app, "chain.add.avg")
    assert steps(app) == (*EXAMPLE.steps[1:], PoolStep("avg"))
    assert row_ids(app)[-1] > last, "controls of a removed step are not taken up again"


def test_the_last_step_stays(open_section):
    app = open_section(chain="relu")
    assert app.button(key=f"chain.{row_ids(app)[0]}.remove").disabled


def test_steps_move_with_what_was_set_in_them(open_section):
    app = open_section(chain="conv:box:3:1:0~relu")
    box, relu = row_ids(app)
    app = changed(app, app.number_input(key=f"chain.{box}.padding").set_value(4))
    app = opened_rows(app)
    app = press(app, f"chain.{box}.later")
    assert steps(app) == (ActivationStep("relu"), ConvStep("box", 3, padding=4))
    assert app.button(key=f"chain.{relu}.earlier").disabled
    app = press(app, f"chain.{box}.earlier")
    assert steps(app) == (ConvStep("box", 3, padding=4), ActivationStep("relu"))


def test_a_step_becomes_another_operation(open_section):
    app = open_section(chain="conv:box:3:1:0")
    (row,) = row_ids(app)
    app = changed(app, app.selectbox(key=f"chain.{row}.kind").set_value("activation"))
    assert steps(app) == (ActivationStep("relu"),)
    app = opened_rows(app)
    app = changed(app, app.selectbox(key=f"chain.{row}.activation").set_value("sigmoid"))
    assert steps(app) == (ActivationStep("sigmoid"),)
    assert [stage["unit"] for stage in stages(app)] == [255, 1]
    assert "as computed" in words(app)


def test_a_typed_filter(open_section):
    app = open_section(chain="conv:box:3:1:0")
    (row,) = row_ids(app)
    app = changed(app, app.selectbox(key=f"chain.{row}.kernel").set_value("custom"))
    app = opened_rows(app)
    app = changed(app, app.text_input(key=f"chain.{row}.weights").set_value("0 1/2; 3 4"))
    assert steps(app) == (ConvStep("0,0.5;3,4", None),)
    app = opened_rows(app)
    app = changed(app, app.text_input(key=f"chain.{row}.weights").set_value("0 x"))
    assert [each.value for each in app.warning] == ["Step 1: Row 1, column 2: “x” is not a number."]
    assert app.get("bidi_component") == []


def test_the_link_comes_back(open_section):
    chain = Chain((ConvStep("1,2;3,4", None, 2), PoolStep("avg", 3, 1)))
    app = open_section(chain=format_chain(chain))
    assert steps(app) == chain.steps
    assert format_chain(chain) in app.json[0].value
    assert format_chain(EXAMPLE) not in open_section().json[0].value


@pytest.mark.parametrize("text", ["", "bend", "conv:box:99:1:1", "~" * 99, "typed:1,nan:1:1"])
def test_a_hostile_link_is_a_sentence_and_the_example(open_section, text):
    app = open_section(are_open=False, chain=text)
    assert len(app.warning) == 1
    assert steps(app) == EXAMPLE.steps
    assert check(app.run()).warning == [], "it is said once"


def test_an_impossible_step_is_explained_with_its_number(open_section):
    app = open_section(chain="max:2:4~relu~conv:box:9:1:0")
    (warning,) = app.warning
    assert warning.value.startswith("Step 3: The window is 9 rows tall")
    app = changed(app, app.number_input(key=f"chain.{row_ids(app)[2]}.size").set_value(3))
    assert not app.warning


def test_every_control_holds_in_another_language(open_section):
    app = open_section(chain="conv:sobel-y:5:2:1~max:3:1")
    app.session_state["app.language"] = "pt_BR"
    app = check(app.run())
    assert steps(app) == (ConvStep("sobel-y", 5, 2, 1), PoolStep("max", 3, 1))


def test_closed_controls_cost_nothing_and_lose_nothing(open_section):
    app = open_section(are_open=False, chain="conv:box:3:1:0")
    assert not app.number_input
    (row,) = row_ids(app)
    app = opened_rows(app)
    app = changed(app, app.number_input(key=f"chain.{row}.size").set_value(5))
    app.session_state[f"chain.{row}.open"] = False
    app = check(check(app.run()).run())
    assert not app.number_input
    assert steps(app) == (ConvStep("box", 5),)
    app = opened_rows(app)
    assert app.number_input(key=f"chain.{row}.size").value == 5


def test_what_cannot_be_is_gone_when_its_controls_are_closed(open_section):
    app = open_section(chain="conv:sobel-x:3:1:1")
    (row,) = row_ids(app)
    app = changed(app, app.number_input(key=f"chain.{row}.size").set_value(1))
    assert app.warning[0].value.startswith("Step 1: ")
    app.session_state[f"chain.{row}.open"] = False
    app = check(app.run())
    assert not app.warning
    assert steps(app) == (ConvStep("sobel-x", 3, padding=1),)


def test_no_weights_at_all_are_a_sentence(open_section):
    app = open_section(chain="typed:1,2:1:0")
    (row,) = row_ids(app)
    app = changed(app, app.text_input(key=f"chain.{row}.weights").set_value(""))
    assert app.warning[0].value.startswith("Step 1: Type at least one number")
