"""The lab through its page: random settings, ways out, sections, filters kept and changed."""

import random

import pytest
from streamlit.testing.v1 import AppTest

from cnnviz.core.kernels import KERNELS
from cnnviz.core.lab.specs import ConvSpec
from cnnviz.core.messages import Explained
from cnnviz.ui.lab.sections import SECTIONS
from cnnviz.ui.state import LANGUAGES
from tests.ui.opening import link, words
from tests.ui.test_pages import viewer

SIZE = (28, 28)
KERNEL = "box"  # means something at every size


def drawn_settings():
    """Two hundred settings of stride, padding, dilation and kernel; half of them impossible."""
    chance, kept = random.Random(7), {True: [], False: []}
    while min(map(len, kept.values())) < 100:
        setting = (
            chance.randint(0, 4),
            chance.randint(0, 5),
            chance.randint(0, 4),
            chance.randint(1, 11),
        )
        kept[output_of(setting) is not None].append(setting)
    return [*kept[True][:100], *kept[False][:100]]


def output_of(setting):
    stride, padding, dilation, kernel = setting
    try:
        spec = ConvSpec((kernel, kernel), (stride, stride), padding, (dilation, dilation))
        return spec.output_size(SIZE)
    except Explained:
        return None


def set_to(app, setting):
    for name, value in zip(("stride", "padding", "dilation"), setting, strict=False):
        app.segmented_control(key=name).set_value(value)
    app.number_input(key="kernel_size").set_value(setting[3])
    return app.run()


@pytest.mark.parametrize("batch", range(10))
def test_every_setting_has_a_map_or_a_sentence_and_a_way_out(open_app, batch):
    app = open_app("convolution", kernel=KERNEL)
    for setting in drawn_settings()[batch::10]:
        set_to(app, setting)
        assert not app.exception
        size = output_of(setting)
        if size:
            assert len(app.warning) == (min(size) < 2)  # a map of one cell cannot be pooled
            assert viewer(app)["words"]["output_shape"] == f"1 × {size[0]} × {size[1]}"
            continue
        assert len(app.warning) == 1, setting
        assert any("would make it possible" in each.value for each in app.markdown), setting


def way_out_page():
    """The controls and the offer alone: buttons of a page that was switched to lose their press."""
    import numpy as np
    import streamlit as st

    from cnnviz.ui import state
    from cnnviz.ui.lab import moves
    from cnnviz.ui.lab.filters import Filter

    state.settle_language()
    side = int(st.session_state.setdefault("kernel_size", int(st.query_params.get("kernel", 3))))
    size = (int(st.query_params.get("size", 28)),) * 2
    weights = np.ones((1, side, side), np.float32)
    moves.offer_way_out(moves.choose(), Filter("box", "", weights), size)


@pytest.mark.parametrize(
    "query",
    [
        {"stride": "0"},
        {"kernel": "11", "dilation": "4"},
        {"border": "same", "stride": "2"},
        {"padding_mode": "reflect", "padding": "5", "size": "4"},
        {"border": "sides", "padding_top": "9", "padding_mode": "circular", "size": "4"},
        {"apart": "yes", "stride_across": "0", "dilation": "0"},
    ],
)
def test_the_button_makes_the_change_that_is_offered(query):
    app = AppTest.from_function(way_out_page, default_timeout=60)
    for name, value in {"lang": "en", **query}.items():
        app.query_params[name] = value
    app.run()
    assert not app.exception
    app.button(key="lab.way_out").click().run()
    assert not app.exception
    assert not app.button


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("section", SECTIONS)
@pytest.mark.parametrize("picture", ["digit-7", "astronaut"])
def test_every_section_opens_in_every_language(open_app, section, lang, picture):
    app = open_app("convolution", lang, section=section, picture=picture, colour="all")
    assert not app.exception
    assert not app.error
    assert len(app.warning) == (section == "take")  # too large for the animation


@pytest.mark.parametrize("kernel", KERNELS)
def test_every_filter_opens(open_app, kernel):
    app = open_app("convolution", kernel=kernel)
    assert not app.warning
    assert words(app)


def test_a_colour_picture_under_a_flat_filter_has_75_products(open_app):
    query = {"picture": "astronaut", "edits": "resize:32,32", "colour": "all", "kernel_size": "5"}
    app = open_app("convolution", **query)
    assert len(viewer(app)["weight_labels"]) == 75
    assert any("76 parameters" in each.value for each in app.caption)
    assert link(app)["colour"] == "all"


def test_the_lectures_six_filters_have_456_parameters(open_app):
    query = {"picture": "astronaut", "edits": "resize:32,32", "colour": "all", "kernel_size": "5"}
    app = open_app("convolution", section="filters", **query)
    assert any("6 × 28 × 28" in each.value and "456" in each.value for each in app.caption)


def test_a_filter_of_three_planes_needs_a_colour_picture(open_app):
    app = open_app("convolution", k="1,0|0,1|2,2")
    assert len(app.warning) == 1
    app = open_app("convolution", k="1,0|0,1|2,2", picture="astronaut", colour="all")
    assert not app.warning


@pytest.mark.parametrize("mode", ["reflect", "replicate", "circular"])
def test_a_border_can_be_made_of_the_picture(open_app, mode):
    app = open_app("convolution", padding_mode=mode, border="sides", padding_top="3")
    assert not app.warning
    assert viewer(app)["words"]["output_shape"] == "1 × 29 × 26"


@pytest.mark.parametrize("kind", ["max", "avg", "lp", "adaptive_max", "adaptive_avg", "global_avg"])
@pytest.mark.parametrize("section", ["shift", "both", "take"])
def test_every_pooling_opens(open_app, kind, section):
    app = open_app("pooling", pool=kind, pool_section=section)
    assert not app.exception
    assert len(app.warning) == (section == "take")  # too large for the animation


def test_a_filter_is_found_by_what_it_does(open_app):
    app = open_app("convolution", "pt_BR")
    app.session_state["gallery.fold"] = True
    app.run()
    assert len(found(app)) == len(KERNELS)
    app.session_state["gallery.fold"] = True
    app.text_input(key="gallery.query").set_value("borda").run()
    assert 0 < len(found(app)) < len(KERNELS)
    assert "sobel-x" in found(app)
    assert "gaussian" not in found(app)
    app.session_state["gallery.fold"] = True
    app.text_input(key="gallery.query").set_value("nada disso").run()
    assert found(app) == []
    assert any("Nenhum filtro" in each.value for each in app.caption)


def found(app):
    mark = "gallery.take."
    return [each.key.removeprefix(mark) for each in app.button if (each.key or "").startswith(mark)]


def test_the_code_goes_as_far_as_is_asked(open_app):
    assert "relu" not in open_app("convolution", section="take").code[0].value
    app = open_app("convolution", section="take", code="pooled", activation="relu", pool="avg")
    assert "relu" in app.code[0].value
    assert "avg_pool2d" in app.code[0].value


def test_maps_beside_each_other_have_one_scale_that_holds_them_all(open_app):
    for query in ({"pool": "lp", "norm": "1"}, {"pool": "max", "pool_section": "both"}):
        app = open_app("pooling", **query)
        signed = [each for each in viewer(app, 1)["stages"] if each["kind"] == "signed"]
        peaks = {each["peak"] for each in signed}
        assert len(peaks) == 1
        assert peaks.pop() >= max(
            abs(end) for each in signed for pair in each["ranges"] for end in pair
        )


def test_comparing_shows_a_difference_at_once(open_app):
    stages = viewer(open_app("convolution", section="compare"), 1)["stages"]
    assert [each["id"] for each in stages] == ["one", "other", "difference"]
    assert stages[2]["ranges"][0] != [0, 0]
    app = open_app("convolution", section="compare", compare="padding_mode")
    assert any("Without a border" in each.value for each in app.caption)
