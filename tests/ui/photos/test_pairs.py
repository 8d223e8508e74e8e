"""Look-alikes: pairs of photographs, from samples and from people, kept in the session."""

import io

import numpy as np
import pytest
from PIL import Image

from cnnviz.core.photos.class_names import LOOK_ALIKES, class_names
from cnnviz.core.samples import SAMPLES
from cnnviz.ui.photos.pairs import SIDE
from tests.ui.opening import component, words


def first(app, side):
    stages = component(app, f"pairs.{side}")[0]["stages"]
    return stages[1]["classes"][0]["label"]


def jpeg(height, width):
    levels = np.random.default_rng(0).integers(0, 255, (height, width, 3), np.uint8)
    file = io.BytesIO()
    Image.fromarray(levels).save(file, "JPEG")
    return file.getvalue()


def test_every_puzzle_has_classes_and_samples_that_exist():
    photographs = {each.id for each in SAMPLES if each.kind == "photograph"}
    names = class_names()
    assert [names[each] for each in LOOK_ALIKES["sheepdog"].known] == [
        "komondor", "Old English sheepdog", "swab",
    ]  # fmt: skip
    assert names[LOOK_ALIKES["labrador"].known[1]] == "Labrador retriever"
    assert {names[each] for each in LOOK_ALIKES["owl"].known} == {"great grey owl", "Granny Smith"}
    assert names[931] == "bagel"
    for each in LOOK_ALIKES.values():
        assert set(each.samples) <= photographs
        assert all(0 <= known < 1000 for known in each.known)


@pytest.mark.parametrize("lang", ["en", "pt_BR"])
def test_a_pair_of_samples_is_there_at_first(open_app, lang):
    app = open_app("classify", lang, ask="pairs")
    espresso, bubble = ("espresso", "bubble") if lang == "en" else ("café expresso", "bolha")
    assert (first(app, 0), first(app, 1)) == (espresso, bubble)
    assert f"{espresso}, 95" in words(app)
    assert f"{bubble}, 55" in words(app)


def test_a_side_is_filled_by_an_upload_and_kept_small(open_app):
    app = open_app("classify", ask="pairs")
    app.selectbox(key="pairs.chosen").set_value("labrador").run()
    assert words(app).count("Nothing here yet") == 2
    app.file_uploader(key="pairs.upload.labrador.0.0").upload("dog.jpg", jpeg(700, 900)).run()
    assert not app.exception
    pair = app.session_state["_pairs"]["labrador"]
    assert pair.sides[0].levels.shape == (3, round(700 * SIDE / 900), SIDE)
    assert pair.sides[1] is None
    assert words(app).count("Nothing here yet") == 1
    app.selectbox(key="pairs.example.labrador.1.1").set_value("cat").run()
    assert first(app, 1) in ("tiger cat", "tabby", "Egyptian cat")
    app.selectbox(key="pairs.chosen").set_value("round").run()
    app.selectbox(key="pairs.chosen").set_value("labrador").run()
    assert first(app, 1) in ("tiger cat", "tabby", "Egyptian cat")


def test_what_is_no_picture_is_refused_in_a_sentence(open_app):
    app = open_app("classify", ask="pairs")
    app.selectbox(key="pairs.chosen").set_value("owl").run()
    app.file_uploader(key="pairs.upload.owl.1.0").upload("x.png", b"no picture").run()
    assert not app.exception
    assert len(app.error) == 1
    app.run()
    assert not app.error


def test_a_pair_of_ones_own_has_a_name_and_is_forgotten_with_the_pictures(open_app):
    app = open_app("classify", ask="pairs")
    app.text_input(key="pairs.name").set_value("cat or cushion")
    app.button(key="pairs.add").click().run()
    assert not app.exception
    chosen = app.selectbox(key="pairs.chosen").value
    assert "cat or cushion" in app.selectbox(key="pairs.chosen").options
    app.selectbox(key=f"pairs.example.{chosen}.0.0").set_value("cat").run()
    assert first(app, 0) in ("tiger cat", "tabby", "Egyptian cat")
    app.button(key="app.forget").click().run()
    assert not app.exception
    assert app.selectbox(key="pairs.chosen").value == "round"
    assert "cat or cushion" not in app.selectbox(key="pairs.chosen").options


def test_the_same_answer_to_both_is_said(open_app):
    app = open_app("classify", ask="pairs")
    app.selectbox(key="pairs.example.round.1.0").set_value("coffee").run()
    assert "It says the same to both: espresso" in words(app)


@pytest.mark.parametrize(
    ("lang", "said"), [("en", "goldfish: 0.0"), ("pt_BR", "peixe-dourado: 0,0")]
)
def test_any_class_is_compared_on_both_sides(open_app, lang, said):
    app = open_app("classify", lang, ask="pairs")
    assert app.selectbox(key="pairs.class").value == 967
    assert len(app.selectbox(key="pairs.class").options) == 1000
    app.selectbox(key="pairs.class").set_value(1).run()
    assert any(each.value.startswith(said) for each in app.markdown)
    app.selectbox(key="pairs.chosen").set_value("labrador").run()
    assert not app.exception
