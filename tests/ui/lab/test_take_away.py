"""What is on screen to take away: each file is made, in the reader's language, when asked for."""

import io
from functools import partial
from threading import Thread
from xml.etree import ElementTree

import numpy as np
import pytest
import segno
import streamlit as st
from PIL import Image

from cnnviz.core.kernels.text import parse_filter
from cnnviz.core.lab.pool_spec import PoolSpec
from cnnviz.core.lab.specs import ConvSpec
from cnnviz.core.lab.torch_code import conv_code, pool_code
from cnnviz.figures import svg
from cnnviz.nn.lab.convolution import convolve
from cnnviz.nn.lab.operations import pool
from cnnviz.ui import reach, state
from cnnviz.ui.lab import take_away
from tests.ui.opening import words

IMAGE = np.arange(36, dtype=np.float32).reshape(1, 6, 6) * 7 / np.float32(255)
WEIGHT = np.array([[[[0.5, -1], [2, 0.25]]]], np.float32)


def in_a_thread(make):
    """Files are made outside the run that offered them."""
    made = []
    thread = Thread(target=lambda: made.append(make()))
    thread.start()
    thread.join()
    return made[0]


@pytest.fixture
def offered(monkeypatch):
    """File name → what makes it, of every button that was drawn."""
    files = {}

    def download_button(label, make, name, mime, *, key, help, on_click):
        assert help == name
        assert (label, on_click) == (name[-3:].upper(), "ignore")
        assert key.startswith("take.")
        assert mime.rpartition("/")[2].startswith(name[-3:])
        files[name] = make

    monkeypatch.setattr(take_away.st, "download_button", download_button)
    return files


@pytest.fixture
def in_portuguese(monkeypatch):
    token = state._language.set("pt_BR")
    yield
    state._language.reset(token)


def draw(trace):
    code = partial(conv_code, trace.image, trace.weight, trace.spec, trace.bias)
    take_away.take_away(trace, code, name="Média 3 × 3", link={}, unit=255)


def draw_pooling(trace):
    code = partial(pool_code, trace.image, trace.spec)
    take_away.take_away(trace, code, name=trace.spec.kind, link={}, unit=1)


def test_a_convolution_offers_everything_it_shows(offered):
    draw(convolve(IMAGE, WEIGHT, ConvSpec(2), None))
    made = {name: in_a_thread(make) for name, make in offered.items()}
    assert made.keys() >= {
        "cnnviz-picture.png",
        "cnnviz-picture.csv",
        "cnnviz-media-3-3-kernel.png",
        "cnnviz-media-3-3-map.svg",
        "cnnviz-media-3-3-window.gif",
        "cnnviz-qr.svg",
    }
    for name, data in made.items():
        if name.endswith("csv"):
            assert parse_filter(data).shape[0] == 1
        elif name.endswith("svg"):
            assert ElementTree.fromstring(data).tag.endswith("svg")
        else:
            assert Image.open(io.BytesIO(data)).format.lower() == name[-3:]


def test_the_picture_has_the_very_levels(offered):
    draw(convolve(IMAGE, WEIGHT, ConvSpec(2), None))
    held = Image.open(io.BytesIO(offered["cnnviz-picture.png"]()))
    np.testing.assert_array_equal(np.asarray(held), np.arange(36).reshape(6, 6) * 7)


@pytest.mark.usefixtures("in_portuguese")
def test_what_is_made_later_has_the_language_of_its_page(offered):
    draw(convolve(IMAGE, WEIGHT, ConvSpec(2), None))
    assert in_a_thread(offered["cnnviz-media-3-3-kernel.csv"]) == "0,5;-1\n2;0,25\n"
    drawing = in_a_thread(offered["cnnviz-media-3-3-kernel.svg"])
    assert "<title>Filtro</title>" in drawing
    assert ">0,25<" in drawing


def test_a_colour_filter_is_written_as_it_can_be_pasted(offered):
    image = np.repeat(IMAGE, 3, axis=0)
    weight = np.random.default_rng(0).normal(size=(1, 3, 3, 3)).astype(np.float32)
    draw(convolve(image, weight, ConvSpec(3), None))
    text = offered["cnnviz-media-3-3-kernel.csv"]()
    np.testing.assert_array_equal(parse_filter(text), weight[0])


def test_a_pooling_offers_everything_it_shows(offered):
    trace = pool(IMAGE, PoolSpec("lp", dilation=(1, 1)))
    draw_pooling(trace)
    gif = Image.open(io.BytesIO(in_a_thread(offered["cnnviz-lp-window.gif"])))
    assert gif.n_frames == 9
    read = parse_filter(in_a_thread(offered["cnnviz-lp-map.csv"]))
    np.testing.assert_array_equal(read, trace.output)


def test_a_map_with_infinities_can_be_drawn(offered):
    trace = pool(IMAGE, PoolSpec("max", (2, 2), (1, 1), (1, 1), (7, 7)))
    assert np.isinf(trace.output).any()
    draw_pooling(trace)
    for make in offered.values():
        assert in_a_thread(make)


@pytest.mark.parametrize(
    ("page", "param"), [("convolution", "section"), ("pooling", "pool_section")]
)
@pytest.mark.parametrize("language", ["en", "pt_BR"])
def test_the_section_has_code_and_the_link_of_the_view(
    open_app, monkeypatch, page, param, language
):
    scanned = []
    monkeypatch.setattr(svg.segno, "make", _noting(scanned, segno.make))
    app = open_app(page, language, **{param: "take"}, stride="2", pool_stride="3")
    program, link = (each.value for each in app.code)
    assert ("F.conv2d" if page == "convolution" else "F.max_pool2d") in program
    assert ("stride=2" if page == "convolution" else "stride=3") in program
    assert f"{param}=take" in link
    assert f"lang={language}" in link
    assert scanned == [link]
    assert {"en": "0 to 1", "pt_BR": "0 a 1"}[language] in words(app)


@pytest.mark.parametrize(
    ("language", "said"), [("en", "is another computer to everybody else"), ("pt_BR", "na rede")]
)
@pytest.mark.parametrize("page", ["convolution", "pooling"])
def test_a_link_that_only_this_computer_could_follow_is_made_one_for_all(
    open_app, monkeypatch, language, said, page
):
    scanned = []
    monkeypatch.setattr(svg.segno, "make", _noting(scanned, segno.make))
    monkeypatch.setattr(reach, "others_host", lambda: "192.168.1.7")
    here = f"http://localhost:{st.get_option('server.port')}/aula/{page}"
    monkeypatch.setattr(type(st.context), "url", here)
    app = open_app(page, language, section="take", pool_section="take")
    link = app.code[1].value
    assert scanned == [link]
    assert link.startswith(here.replace("localhost", "192.168.1.7") + "?")
    (note,) = (each.value for each in app.info if "192.168.1.7" in each.value)
    assert said in note
    assert "localhost" in note


@pytest.mark.parametrize(
    ("language", "said"), [("en", "Only this computer"), ("pt_BR", "Só este computador")]
)
def test_a_link_that_only_this_computer_can_follow_says_so(open_app, monkeypatch, language, said):
    monkeypatch.setattr(type(st.context), "url", "http://[::1]:8080/convolution")
    app = open_app("convolution", language, section="take")
    assert app.code[1].value.startswith("http://[::1]:8080/convolution?")
    (note,) = (each.value for each in app.info if said in each.value)
    assert "[::1]" in note


def test_a_link_that_everybody_can_follow_has_no_note(open_app, monkeypatch):
    monkeypatch.setattr(type(st.context), "url", "https://aula.example/cnn/convolution")
    app = open_app("convolution", "en", section="take")
    assert app.code[1].value.startswith("https://aula.example/cnn/convolution?")
    assert not app.info


def _noting(calls, function):
    def noted(text, **options):
        calls.append(text)
        return function(text, **options)

    return noted
