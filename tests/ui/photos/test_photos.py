"""Photographs named, through their page: the offline network on scikit-image's photographs."""

import csv
import io
import subprocess
import sys

import numpy as np
import pytest
from PIL import Image

from cnnviz.core.photos.networks import PHOTO_NETWORKS
from cnnviz.figures.overlays import ATTENTION, heat, overlay, span
from cnnviz.ui.photos import choose
from tests.ui.opening import component, words

CATS = {"tiger cat", "tabby", "Egyptian cat"}


def top5(app):
    stages = component(app, "photo.answer")[0]["stages"]
    (found,) = (stage for stage in stages if stage["id"] == "top5")
    return [row["label"] for row in found["classes"]]


@pytest.mark.parametrize(
    ("photograph", "expected", "within"),
    [
        ("cat", CATS, 1),
        ("coffee", {"espresso"}, 1),
        ("camera", {"tripod"}, 2),
        ("rocket", {"missile", "projectile"}, 1),
    ],
)
def test_it_names_photographs_with_no_network(open_app, photograph, expected, within):
    app = open_app("classify", photograph=photograph)
    assert set(top5(app)[:within]) & expected


def test_the_page_is_alive_at_first_and_speaks_portuguese(open_app):
    assert top5(open_app("classify", "pt_BR"))[0] == "gato tigrado"


def test_what_is_no_class_is_doubted(open_app):
    app = open_app("classify", photograph="astronaut")
    assert "not sure" in "".join(each.value for each in app.info)


@pytest.mark.parametrize("lang", ["en", "pt_BR"])
@pytest.mark.parametrize("section", ["why", "inside", "number", "fool", "classes", "find"])
def test_every_section_opens(open_app, section, lang):
    app = open_app("classify", lang, ask=section)
    assert not app.exception
    assert not app.error


@pytest.mark.parametrize("network", [n for n, card in PHOTO_NETWORKS.items() if card.host])
def test_a_network_that_is_not_here_is_offered_with_what_it_costs(
    open_app, network, monkeypatch, tmp_path
):
    monkeypatch.setenv("CNNVIZ_HOME", str(tmp_path))
    app = open_app("classify", net=network)
    assert not app.exception
    label = app.button(key=f"photo.download.{network}").label
    assert PHOTO_NETWORKS[network].name in label
    assert "MB" in label
    assert "not on this server yet" in words(app)
    assert not list(tmp_path.rglob("*.pth"))


def test_a_download_without_a_network_is_one_sentence(open_app, monkeypatch, tmp_path):
    from cnnviz.nn.photos import weight_files

    def unreachable(*_args, **_options):
        raise OSError("no route")

    monkeypatch.setattr(weight_files, "_receive", unreachable)
    monkeypatch.setenv("CNNVIZ_HOME", str(tmp_path))
    app = open_app("classify", net="resnet18")
    app.button(key="photo.download.resnet18").click().run()
    assert not app.exception
    assert len(app.warning) == 1
    assert "could not be downloaded" in app.warning[0].value
    assert not list(tmp_path.rglob("*.pth"))


def test_two_classes_are_compared(open_app):
    app = open_app("classify", photograph="cat")
    other = app.selectbox(key="photo.other")
    other.set_value(other.options.index("Egyptian cat") and 285).run()
    assert not app.exception
    ids = [stage["id"] for stage in component(app, "photo.why")[0]["stages"]]
    assert ids == ["first.on", "first.map", "second.on", "second.map", "apart"]


def test_the_answer_can_be_changed_on_purpose(open_app):
    app = open_app("classify", photograph="cat", ask="fool")
    app.slider(key="fool.step").set_value(8).run()
    stages = {stage["id"]: stage for stage in component(app, "photo.fool")[0]["stages"]}
    before, after = (stages[name]["classes"] for name in ("before.top", "after.top"))
    assert before[0]["label"] != after[0]["label"]
    app.slider(key="fool.step").set_value(0).run()
    stages = {stage["id"]: stage for stage in component(app, "photo.fool")[0]["stages"]}
    assert stages["after.top"]["classes"] == stages["before.top"]["classes"]


def test_the_classes_can_be_searched(open_app):
    app = open_app("classify", "pt_BR", ask="classes")
    app.text_input(key="photo.search").set_value("gato").run()
    assert "gato tigrado" in app.table[0].value.to_string()


def test_the_frame_is_where_the_network_looks():
    from cnnviz.core.photos.answers import PhotoAnswer
    from cnnviz.core.photos.input import PhotoInput
    from cnnviz.ui.pictures.picture import picture_of

    picture = picture_of("sample", "x", np.full((1, 100, 200), 1, np.float32))
    seen = PhotoInput(np.zeros((3, 224, 224), np.float32), 10, 60, 80)
    answer = PhotoAnswer("lite0", seen, np.zeros(1), np.zeros(1), (), 0.0, None)
    shown = choose.framed(picture.image, picture, answer)
    assert shown.shape == (3, 100, 200)
    assert (shown[:, 50, 100] == 1).all()
    assert (shown[:, 5, 5] < 0.5).all()
    accent = [0xD6 / 255, 0, 0x6C / 255]  # of the light theme, #d6006c
    np.testing.assert_allclose(shown[:, 11, 100], accent, atol=1e-6)


def test_the_table_and_the_code_say_what_the_page_says(open_app, tmp_path):
    from cnnviz.core.samples import draw_sample
    from cnnviz.nn.photos.classification import classify_photo
    from cnnviz.nn.photos.pretrained import shared_photo_network

    image = draw_sample("coffee")
    answer = classify_photo(shared_photo_network("lite0"), image)
    rows = list(csv.DictReader(io.StringIO(choose._table(answer, ("x",) * 1000))))
    assert len(rows) == 1000
    assert rows[0]["name"] == "espresso"
    program, photograph = tmp_path / "classify.py", tmp_path / "coffee.png"
    program.write_text(choose.code(answer), encoding="utf-8")
    levels = np.round(image * 255).astype(np.uint8).transpose(1, 2, 0)
    Image.fromarray(levels).save(photograph)
    run = [sys.executable, str(program), str(photograph)]
    told = subprocess.run(run, capture_output=True, text=True, timeout=120)
    assert told.returncode == 0, told.stderr
    class_idx, probability = told.stdout.splitlines()[0].split()
    assert int(class_idx) == answer.predictions[0].class_idx
    assert float(probability) == pytest.approx(answer.predictions[0].probability, abs=0.01)


def test_heat_runs_over_its_whole_scale():
    values = np.array([[0.0, 1.0], [0.5, np.nan]], np.float32)
    colours = heat(values, is_signed=False)
    ends = [[int(c[at : at + 2], 16) / 255 for at in (1, 3, 5)] for c in ATTENTION]
    np.testing.assert_allclose(colours[:, 0, 0], ends[0], atol=1e-6)
    np.testing.assert_allclose(colours[:, 0, 1], ends[-1], atol=1e-6)
    assert span(values, is_signed=False) == (0, 1)
    assert span(values - 1, is_signed=True) == (-1, 1)
    assert span(np.full((2, 2), np.nan), is_signed=True) == (0, 0)
    assert np.isfinite(heat(np.zeros((2, 2), np.float32), is_signed=True)).all()
    image = np.ones((3, 2, 2), np.float32)
    np.testing.assert_array_equal(overlay(image, colours, 0.0), image)
    np.testing.assert_array_equal(overlay(image, colours, 1.0), colours)
