"""Changing the current picture in steps, on the start page, through AppTest."""

import numpy as np
import pytest

from cnnviz.core.pictures.edits import Crop, Invert, Rotate, SetPixel
from cnnviz.core.pictures.finder import KeepInk
from cnnviz.core.samples import draw_sample
from cnnviz.ui.history import Changes
from tests.ui.opening import link, words


@pytest.fixture
def open_fold(open_app):
    def opened(**query):
        app = open_app(**query)
        return again(app)

    return opened


def again(app):
    app.session_state["picture.changing"] = True  # AppTest does not keep an expander open
    return app.run()


def press(app, name):
    app.session_state["picture.changing"] = True
    app.button(key=f"picture.{name}").click()
    return app.run()


def done(app):
    held = app.session_state["_changes"].values() if "_changes" in app.session_state else ()
    (changes,) = held or (Changes(),)
    return changes


@pytest.mark.parametrize(
    ("name", "edit"),
    [
        ("do.invert", Invert()),
        ("do.ink", KeepInk()),
        ("do.left", Rotate(-90)),
        ("do.turn", Rotate(5)),
    ],
)
def test_a_step_is_done_seen_and_undone(open_fold, name, edit):
    app = press(open_fold(), name)
    assert not app.exception
    assert done(app) == Changes((edit,))
    assert any(each.value.startswith("1. ") for each in app.caption)
    assert link(app)["edits"]
    app = press(app, "undo")
    assert done(app) == Changes((), (edit,))
    app = press(app, "redo")
    assert done(app) == Changes((edit,))
    app = press(app, "over")
    assert done(app) == Changes()


def test_what_is_proposed_for_a_digit_are_steps_like_any_other(open_fold):
    app = press(press(open_fold(picture="digit-4"), "do.invert"), "do.propose")
    assert not app.exception
    assert len(done(app).done) > 1
    assert not app.info


def test_a_digit_that_can_be_read_as_it_is_gets_a_sentence_and_no_step(open_fold):
    app = press(open_fold(picture="digit-4"), "do.propose")
    assert [each.value for each in app.warning] == [
        "This picture needs no steps: the network can read it as it is."
    ]
    assert done(app) == Changes()


def test_a_flat_picture_gets_a_sentence_and_no_step(open_app):
    app = open_app()
    app.segmented_control(key="picture.source").set_value("draw").run()
    app = press(again(app), "do.propose")
    assert len(app.warning) == 1
    assert done(app) == Changes()


def test_a_link_opens_a_changed_picture(open_app):
    app = open_app(picture="digit-7", edits="crop:4,4,20,20;invert")
    assert done(app) == Changes((Crop(4, 4, 20, 20), Invert()))
    assert "Steps taken on this picture: 2." in words(app)


@pytest.mark.parametrize(
    "text", ["crop:99,0,5,5", "invert;crop:20,20,20,20", "x", "rotate:nan", ";" * 99, "a" * 9999]
)
def test_a_hostile_link_is_a_sentence(open_app, text):
    app = open_app(edits=text)
    assert not app.exception
    assert len(app.warning) == 1
    assert all(step == Invert() for step in done(app).done)
    assert app.run().warning == [], "it is said once"


def test_changes_belong_to_their_picture(open_app):
    app = open_app(picture="digit-7", edits="invert")
    app.selectbox(key="picture.sample").set_value("digit-3").run()
    assert link(app)["edits"] is None
    assert "Steps taken" not in words(app)
    app.selectbox(key="picture.sample").set_value("digit-7").run()
    assert link(app)["edits"]


def test_a_changed_pixel_is_a_step(open_app):
    app = open_app("pixels", picture="digit-7")
    app.session_state["_changes"] = {
        app.session_state["_picture"].key: Changes((SetPixel(0, 0, (200,)),))
    }
    app.run()
    assert not app.exception
    assert "1" in words(app)


def test_the_default_picture_when_changed_is_computed_anew(open_app):
    """Not read from the stored activations, which are those of the unchanged picture."""
    from tests.ui.test_pages import classes

    plain, turned = classes(open_app()), classes(open_app(edits="rotate:180"))
    assert not np.allclose(list(plain.values()), list(turned.values()), atol=0.01)
    assert draw_sample("digit-7").any()
