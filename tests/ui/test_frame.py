"""What goes wrong anywhere is one sentence where the person is, and a way on."""

import pytest
from streamlit.testing.v1 import AppTest

from cnnviz.core.messages import Explained
from cnnviz.ui import frame, state
from cnnviz.ui import streamlit_internals as internals
from tests.ui.opening import words


@pytest.fixture(autouse=True)
def errors_are_answered(monkeypatch, errors_stay_errors):
    monkeypatch.setattr(frame, "answer_errors", internals.answer_errors)


def fail(error):
    raise error


ERRORS = {
    "what nobody thought of": (ZeroDivisionError("/srv/secret"), "stands in the server’s log"),
    "a refusal": (Explained("The file is empty."), "The file is empty."),
    "what was deleted": (LookupError("no run 'x'"), "no longer on this server"),
    "a mistake of ours": (KeyError("x"), "stands in the server’s log"),
    "the disk": (OSError(5, "Input/output error", "/srv/secret"), "stands in the server’s log"),
}


@pytest.mark.parametrize("kind", ERRORS)
def test_an_error_in_a_page_is_one_sentence_and_the_frame_stays(open_app, monkeypatch, kind):
    error, said = ERRORS[kind]
    app = open_app("pooling")
    with monkeypatch.context() as patched:
        patched.setattr("cnnviz.ui.show.heading", lambda title, lead: fail(error))
        app.run()
    assert not app.exception
    (warning,) = app.warning
    assert said in warning.value
    assert "secret" not in warning.value
    assert app.selectbox(key=state.LANGUAGE_KEY)
    app.button(key="app.again.None").click().run()
    assert not app.exception
    assert not app.warning
    assert "Pooling" in words(app)


FRAGMENT = """
import streamlit as st
from cnnviz.ui import frame

@st.fragment
def part():
    st.button("again", key="again")
    if st.session_state.get("again"):
        raise OSError(5, "Input/output error", "/srv/secret")

with frame.answered():
    part()
    st.markdown("the rest")
"""


def test_an_error_in_a_fragment_is_one_sentence():
    app = AppTest.from_string(FRAGMENT).run()
    assert not app.warning
    app.button(key="again").click().run()
    assert not app.exception
    (warning,) = app.warning
    assert "stands in the server’s log" in warning.value


def test_an_error_in_a_callback_starts_the_page_over_and_is_said_once(monkeypatch):
    asked = []
    monkeypatch.setattr(frame, "start_over", lambda: asked.append(1))
    monkeypatch.setattr(frame, "fragment_at_work", lambda: None)
    kept = {}
    monkeypatch.setattr(state, "held", kept.get)
    monkeypatch.setattr(state, "hold", kept.__setitem__)
    assert frame._answer(ZeroDivisionError())
    assert asked == [1]
    shown = []
    monkeypatch.setattr("cnnviz.ui.show.refusal", shown.append)
    frame._tell()
    frame._tell()
    assert [str(each)[:20] for each in shown] == ["Something went wrong"]
