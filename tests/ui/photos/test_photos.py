"""Photographs named, through their page: the offline network on scikit-image's photographs."""

import csv
import io
import subprocess
import sys

import numpy as np
import pytest
from PIL import Image

from cnnviz.core.photos.answers import csv_table, torch_code
from cnnviz.core.photos.class_names import class_names
from cnnviz.core.photos.networks import PHOTO_NETWORKS
from tests.ui.opening import component, top5, words

CATS = {"tiger cat", "tabby", "Egyptian cat"}


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


def test_the_table_and_the_code_say_what_the_page_says(open_app, tmp_path):
    from cnnviz.core.samples import draw_sample
    from cnnviz.nn.photos.classification import classify_photo
    from cnnviz.nn.photos.pretrained import shared_photo_network

    image = draw_sample("coffee")
    answer = classify_photo(shared_photo_network("lite0"), image)
    rows = list(csv.DictReader(io.StringIO(csv_table(answer, ("x",) * 1000))))
    assert len(rows) == 1000
    assert rows[0]["name"] == "espresso"
    program, photograph = tmp_path / "classify.py", tmp_path / "coffee.png"
    program.write_text(torch_code(answer), encoding="utf-8")
    levels = np.round(image * 255).astype(np.uint8).transpose(1, 2, 0)
    Image.fromarray(levels).save(photograph)
    run = [sys.executable, str(program), str(photograph)]
    told = subprocess.run(run, capture_output=True, text=True, timeout=120)
    assert told.returncode == 0, told.stderr
    class_idx, probability = told.stdout.splitlines()[0].split()
    assert int(class_idx) == answer.predictions[0].class_idx
    assert float(probability) == pytest.approx(answer.predictions[0].probability, abs=1e-4)


@pytest.mark.parametrize(("lang", "name"), [("en", "goldfish"), ("pt_BR", "peixe-dourado")])
def test_any_class_can_be_asked_why(open_app, lang, name):
    app = open_app("classify", lang, photograph="cat")
    chosen, other = (app.selectbox(key=f"photo.{each}") for each in ("class", "other"))
    assert (len(chosen.options), len(other.options)) == (1000, 1001)
    assert chosen.options[:5] == top5(app), "the likeliest first"
    assert name in chosen.options
    chosen.set_value(1).run()
    stages = {each["id"]: each["title"] for each in component(app, "photo.why")[0]["stages"]}
    assert stages["first.on"] == name
    app.selectbox(key="photo.other").set_value(999).run()
    assert not app.exception
    stages = {each["id"]: each["title"] for each in component(app, "photo.why")[0]["stages"]}
    assert stages["second.on"] == name_of(app, 999)


def name_of(app, class_idx):
    return class_names(app.session_state["app.language"])[class_idx]


def test_a_class_stays_with_its_photograph(open_app):
    app = open_app("classify", photograph="cat")
    assert app.selectbox(key="photo.class").value == 282
    app.slider(key="photo.share").set_value(0.3).run()
    first = component(app, "photo.answer")[0]["stages"][-1]["classes"][0]["label"]
    assert name_of(app, app.selectbox(key="photo.class").value) == first
    app.selectbox(key="photo.class").set_value(1).run()
    app.slider(key="photo.share").set_value(0.9).run()
    assert app.selectbox(key="photo.class").value == 1
    app.selectbox(key="picture.sample.photograph").set_value("coffee").run()
    assert app.selectbox(key="photo.class").value == 967
    assert app.selectbox(key="photo.other").value is None


@pytest.mark.parametrize("lang", ["en", "pt_BR"])
def test_a_legend_says_how_far_its_colours_reach(open_app, lang):
    """The first layer's Grad-CAM is small all over: “0 … 0” stood under a full range of colours."""
    app = open_app("classify", lang, photograph="cat")
    app.selectbox(key="photo.layer.lite0").set_value("conv_stem").run()
    (found,) = (
        each for each in component(app, "photo.why")[0]["stages"] if each["id"] == "first.map"
    )
    low, high = (float(end.replace("−", "-").replace(",", ".")) for end in found["scale"][:2])
    assert low <= 0 < high < 0.01
