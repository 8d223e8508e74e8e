"""Every page in every language through `app.py`; one gesture and one refusal each."""

import base64

import numpy as np
import pytest

from cnnviz.core.samples import DEFAULT_SAMPLE, SAMPLES, draw_sample
from cnnviz.ui.state import LANGUAGES
from tests.pictures.corpus import CASES
from tests.ui.opening import PAGES, header, link

LEADS = {
    ("start", "en"): "From pixels to an answer",
    ("start", "pt_BR"): "De pixels a uma resposta",
    ("pixels", "en"): "Pixels",
    ("pixels", "pt_BR"): "Pixels",
    ("convolution", "en"): "Convolution",
    ("convolution", "pt_BR"): "Convolução",
    ("pooling", "en"): "Pooling",
    ("pooling", "pt_BR"): "Pooling",
    ("network", "en"): "Network",
    ("network", "pt_BR"): "Rede",
    ("train", "en"): "Training",
    ("train", "pt_BR"): "Treino",
    ("classify", "en"): "Photographs",
    ("classify", "pt_BR"): "Fotografias",
}


def viewer(app, position=0):
    """What the page's viewer or wall was told: its components, those that all pages share apart."""
    told = [header(each) for each in app.get("bidi_component") if each.proto.bytes]
    return [each for each in told if {"op", "stages"} & each.keys()][position]


def windows(app):
    """Stride and kernel size, (rows, cols) each, as the viewer's windows lie."""
    axes = viewer(app)["axes"]
    return [axis["first"][1] - axis["first"][0] for axis in axes], [
        axis["count"][0] for axis in axes
    ]


def classes(app):
    """Label → share of the probabilities on the page."""
    told = [header(each) for each in app.get("bidi_component") if each.proto.bytes]
    stages = [stage for each in told for stage in each.get("stages", [])]
    (found,) = [stage for stage in stages if stage["id"] == "probabilities"]
    return {row["label"]: row["share"] for row in found["classes"]}


def best(app):
    shares = classes(app)
    return max(shares, key=shares.get)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("page", PAGES)
def test_every_page_opens_in_every_language(open_app, page, lang):
    app = open_app(page, lang)
    assert app.title[0].value == LEADS[page, lang]
    assert not app.error
    assert not app.warning


@pytest.mark.parametrize("sample", [sample.id for sample in SAMPLES])
@pytest.mark.parametrize("page", PAGES)
def test_every_example_opens_on_every_page(open_app, page, sample):
    app = open_app(page, picture=sample)
    assert not app.error
    if page not in ("train", "classify"):
        assert app.selectbox(key="picture.sample").value == sample


def test_the_browsers_language_is_the_default(open_app):
    app = open_app(lang="xx")
    assert app.title[0].value == LEADS["start", "en"]


def test_the_first_view_reads_stored_activations_and_says_the_digit(open_app):
    app = open_app()
    assert best(app) == DEFAULT_SAMPLE.removeprefix("digit-")
    assert sum(classes(app).values()) == pytest.approx(1, abs=1e-5)


def test_controls_change_what_is_computed(open_app):
    app = open_app("convolution")
    assert viewer(app)["words"]["output_shape"] == "1 × 26 × 26"
    app.segmented_control(key="stride").set_value(2).run()
    app.segmented_control(key="padding").set_value(1).run()
    assert viewer(app)["words"]["output_shape"] == "1 × 14 × 14"
    assert windows(app)[0] == [2, 2]
    app.selectbox(key="word.kernel").set_value("box").run()
    assert viewer(app)["weight_labels"] == ["1/9"] * 9
    assert not app.exception


def test_a_link_opens_its_view(open_app):
    app = open_app("convolution", "pt_BR", stride="2", kernel="gaussian", picture="circle")
    assert windows(app)[0] == [2, 2]
    assert viewer(app)["weight_labels"][4] == "1/4"
    assert app.selectbox(key="picture.sample").value == "circle"
    assert link(app)["lang"] == "pt_BR"


def test_a_typed_kernel_comes_from_the_link(open_app):
    app = open_app("convolution", k="0,0,0,0;0,1,0,0")
    assert windows(app)[1] == [2, 4]
    assert viewer(app)["weight_labels"] == ["0", "0", "0", "0", "0", "1", "0", "0"]


@pytest.mark.parametrize("text", ["1 2; 3", "nan", "", "eval(1)", "1 " * 40])
def test_what_is_no_kernel_is_one_sentence(open_app, text):
    app = open_app("convolution", kernel="custom")
    app.text_area(key="word.k").set_value(text).run()
    assert not app.exception
    assert len(app.warning) == 1
    app.text_area(key="word.k").set_value("1 0 -1").run()
    assert not app.warning
    assert windows(app)[1] == [1, 3]


def test_an_impossible_setting_is_explained_with_its_numbers(open_app):
    app = open_app("convolution", kernel_size="11", dilation="4")
    assert len(app.warning) == 1
    assert "41" in app.warning[0].value
    assert "28" in app.warning[0].value
    app.segmented_control(key="dilation").set_value(1).run()
    assert not app.warning


@pytest.mark.parametrize(
    ("name", "value"),
    [("stride", "99"), ("padding", "-1"), ("kernel", "x"), ("k", "x"), ("picture", "../x"),
     ("stride", ""), ("padding", ""), ("kernel_size", ""), ("dilation", ""), ("pool_size", ""),
     ("pool_stride", ""), ("bias", ""), ("bias", "nan"), ("kernel", ""), ("cell", ""),
     ("cell", "999999,1"), ("unit", "7"), ("lang", "<b>"), ("layer", "x"), ("channel", "9" * 9)],
)  # fmt: skip
@pytest.mark.parametrize("page", PAGES)
def test_a_hostile_link_opens_the_page_all_the_same(open_app, page, name, value):
    query = {name: value} if name != "lang" else {}
    app = open_app(page, value if name == "lang" else "en", **query)
    assert not app.exception
    assert app.title


def drawn(app, pixels):
    encoded = base64.b64encode(pixels.astype(np.uint8).tobytes()).decode()
    app.session_state["picture.brush"] = {"pixels": encoded}
    return app.run()


def test_a_drawing_is_read_and_follows_to_the_other_pages(open_app):
    app = open_app("network")
    app.segmented_control(key="picture.source").set_value("draw").run()
    assert any("no digit, no class" in info.value for info in app.info)
    digit = np.round(draw_sample("digit-3") * 255)
    drawn(app, digit)
    assert not app.info
    assert best(app) == "3"
    app.switch_page("pages/convolution.py").run()
    assert not app.info
    assert app.segmented_control(key="picture.source").value == "draw"


@pytest.mark.parametrize("sent", [{"pixels": "!"}, {"pixels": "QUJD"}, {"pixels": 3}, {}])
def test_a_broken_drawing_changes_nothing(open_app, sent):
    app = open_app("network")
    app.segmented_control(key="picture.source").set_value("draw").run()
    app.session_state["picture.brush"] = sent
    app.run()
    assert not app.exception
    assert any("no digit, no class" in info.value for info in app.info)


def test_a_refused_kernel_leaves_the_other_settings_in_place(open_app):
    app = open_app("convolution", kernel_size="1", stride="2", padding="3")
    assert len(app.warning) == 1
    assert app.segmented_control(key="stride").value == 2
    assert app.segmented_control(key="padding").value == 3


def test_an_upload_is_kept_while_another_source_is_looked_at(open_app):
    app = open_app()
    app.segmented_control(key="picture.source").set_value("upload").run()
    assert any("Nothing here yet" in caption.value for caption in app.caption)
    case = next(case for case in CASES if not case.refused)
    app.file_uploader[0].upload(case.filename, case.data).run()
    held = app.session_state["_picture"].digest
    app.segmented_control(key="picture.source").set_value("sample").run()
    assert app.session_state["_picture"].digest != held
    app.segmented_control(key="picture.source").set_value("upload").run()
    assert app.session_state["_picture"].digest == held


def test_languages_switch_in_place(open_app):
    app = open_app("convolution", stride="3", kernel="box")
    app.selectbox(key="app.language").set_value("pt_BR").run()
    assert app.title[0].value == LEADS["convolution", "pt_BR"]
    assert windows(app)[0] == [3, 3]
    assert viewer(app)["weight_labels"] == ["1/9"] * 9
