"""Any network on its page: those that are shipped, a person's own runs, nobody else's."""

import hashlib
from dataclasses import replace

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from cnnviz.core.networks.layer_specs import (
    ActivationLayer,
    BatchNormLayer,
    ConvLayer,
    FlattenLayer,
    LinearLayer,
    PoolLayer,
)
from cnnviz.core.networks.network_spec import NetworkSpec
from cnnviz.core.pictures.data_sets import DATA_SETS
from cnnviz.core.training.cards import SHIPPED, load_card
from cnnviz.core.training.records import RunLabel
from cnnviz.core.training.train_config import TrainConfig
from cnnviz.nn import build_network, library
from cnnviz.nn.data import load_dataset
from cnnviz.nn.networks.store import pack_weights
from cnnviz.nn.runs import create_run, delete_run, plan_run, relabel
from cnnviz.nn.runs.train import train_run
from cnnviz.nn.runs.writer import RunWriter
from cnnviz.ui import resources
from cnnviz.ui.networks import choose
from cnnviz.ui.networks.sections import SECTIONS
from cnnviz.ui.text import distinct
from cnnviz.ui.training.presets import PRESETS
from tests.ui.opening import ROOT, component, header, link, words

ANN, BOB = "a" * 32, "b" * 32
CONFIG = TrainConfig(epochs=2, batch_size=64, augment="none", device="cpu")
COLOUR = NetworkSpec(
    *((3, 32, 32), DATA_SETS["cifar10"].mean, DATA_SETS["cifar10"].std),
    (
        *(ConvLayer(4, (2, 2)), BatchNormLayer(), ActivationLayer("relu"), PoolLayer()),
        *(ConvLayer(3, (3, 3)), ActivationLayer("tanh"), PoolLayer("avgpool")),
        *(ConvLayer(5, (3, 3)), FlattenLayer(), LinearLayer(10)),
    ),
    DATA_SETS["cifar10"].labels,
)


@pytest.fixture(autouse=True)
def own_home(home, monkeypatch):
    monkeypatch.delenv("CNNVIZ_DATA", raising=False)
    for kept in (choose._run, choose._own, resources.card, resources.network):
        kept.clear()


def small_run(owner=ANN, **label):
    """A run that was trained: scikit-learn's digits, 8 × 8."""
    spec = PRESETS["tiny"].spec("digits", DATA_SETS["digits"].labels)
    run_id = create_run(spec, CONFIG, plan_run("digits", owner), RunLabel(**label))
    with RunWriter(run_id) as writer:
        assert train_run(writer) == "finished"
    return run_id


def untrained_run(spec=None, dataset="digits", owner=ANN, name="By hand"):
    """A run as if it were finished, with random weights."""
    spec = spec or PRESETS["tiny"].spec("digits", DATA_SETS["digits"].labels)
    run_id = create_run(spec, CONFIG, plan_run(dataset, owner), RunLabel(name))
    weights = pack_weights(build_network(spec))
    ten = tuple(tuple(int(row == col) for col in range(10)) for row in range(10))
    card = replace(
        load_card("mnist"),
        **{"id": run_id, "dataset": dataset, "spec": spec, "parameters": spec.parameters()},
        **{"accuracy": 1.0, "confusion_matrix": ten},
        sha256=hashlib.sha256(weights).hexdigest(),
    )
    with RunWriter(run_id) as writer:
        (writer.folder / "points.jsonl").touch()
        writer.finish(weights, card=card)
    return run_id


@pytest.fixture
def open_network():
    """Return a function that opens a network's page for a person whom the browser has named."""

    def opened(network, who=ANN, lang="en", **query):
        app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
        app.session_state["app.person"] = {"id": who}
        app.switch_page("pages/network.py")
        app.query_params.update({"lang": lang, "network": network, **query})
        app.run()
        assert not app.exception
        return app

    return opened


def seen(app):
    """The picture as the network got it, in [0, 1]."""
    _told, arrays = component(app, "network.seen")
    return arrays["seen"] / 255


def refused(app):
    return "".join(each.value for each in app.warning)


@pytest.mark.parametrize("network", SHIPPED)
def test_every_shipped_network_opens(open_network, network):
    app = open_network(network, lang="pt_BR")
    assert app.selectbox(key="word.network").value == network
    assert seen(app).shape == load_card(network).spec.input_shape
    assert link(app).get("network") == (None if network == "mnist" else network)


def test_a_run_opens_with_its_own_pictures_classes_and_numbers(open_network):
    run_id = untrained_run(name="Mine")
    app = open_network(run_id, picture="digit-4")
    assert app.selectbox(key="word.network").value == run_id
    assert link(app)["network"] == run_id
    assert seen(app).shape == (1, 8, 8)
    told, _arrays = component(app, "network.wall")
    assert [stage["id"] for stage in told["stages"]][:3] == ["input", "normalize", "conv1"]
    from cnnviz.nn import capture, load_network

    logits = capture(load_network(run_id), seen(app).astype(np.float32))[-1].values
    told, _arrays = component(app, "network.why")
    assert told["asked"] == f"probabilities,{int(logits.argmax())},0,0"
    assert "hardly a digit" not in words(app)


@pytest.mark.parametrize("section", SECTIONS)
def test_every_section_works_for_a_small_run(open_network, section):
    run_id = untrained_run()
    app = open_network(run_id, then=section, picture="digit-4")
    assert not refused(app)
    if section == "change":
        assert "sample of 360 test pictures" in words(app)
    if section == "filters":
        assert len(component(app, "network.excites")[0]["stages"]) == 9
    if section == "embedding":
        assert app.get("plotly_chart")


@pytest.mark.parametrize("section", ["inputs", "change", "filters", "embedding"])
def test_every_section_works_for_colours_and_batch_norm(open_network, section):
    run_id = untrained_run(COLOUR, "cifar10")
    app = open_network(run_id, then=section, why="batchnorm1,2,9,9")
    assert seen(app).shape == (3, 32, 32)
    assert component(app, "network.why")[0]["asked"] == "batchnorm1,2,9,9"
    assert "draw" not in app.segmented_control(key="picture.source").options
    assert "names one of them whatever it sees" in words(app)
    if section == "filters":
        told, _arrays = component(app, "network.filters")
        assert {stage["kind"] for stage in told["stages"]} == {"pixels"}
        app.selectbox(key=f"network.filters.layer.{run_id}").set_value("conv3").run()
        assert not app.exception
        told, _arrays = component(app, "network.filters")
        assert {stage["kind"] for stage in told["stages"]} == {"weights"}, "three maps, no colours"
    if section in ("change", "filters", "embedding"):
        assert "not on this server yet" in "".join(each.value for each in app.info)
        assert any("network" in each.key and "download" in each.key for each in app.button)


def test_what_was_changed_in_one_network_stays_there(open_network):
    app = open_network("mnist", then="change", picture="digit-4")
    app.button(key="network.do.zero").click().run()
    run_id = untrained_run()
    choose._own.clear()
    app.run()
    app.selectbox(key="word.network").set_value(run_id).run()
    assert not app.exception
    assert "You have changed this network" not in words(app)
    app.selectbox(key="word.network").set_value("mnist").run()
    assert "You have changed this network" in words(app)


def test_another_persons_run_is_not_there_unless_it_is_shared(open_network):
    run_id = untrained_run(owner=BOB, name="Secret")
    app = open_network(run_id)
    assert app.selectbox(key="word.network").value == "mnist"
    assert "somebody else’s" in refused(app)
    assert "Secret" not in words(app) + "".join(app.selectbox(key="word.network").options)
    relabel(run_id, BOB, RunLabel("For all", shared=True))
    choose._run.clear()
    app = open_network(run_id)
    assert app.selectbox(key="word.network").value == run_id
    assert "For all" in "".join(app.selectbox(key="word.network").options)


@pytest.mark.parametrize(
    ("network", "lang"),
    [("../mnist", "en"), ("run-", "pt_BR"), ("run-0123456789ab", "en"), ("MNIST", "pt_BR")],
)
def test_what_is_not_there_is_said_and_mnist_shown(open_network, network, lang):
    app = open_network(network, lang=lang)
    assert app.selectbox(key="word.network").value == "mnist"
    assert "MNIST" in refused(app)


def test_a_run_that_is_waiting_has_no_network(open_network):
    spec = PRESETS["tiny"].spec("digits", DATA_SETS["digits"].labels)
    app = open_network(create_run(spec, CONFIG, plan_run("digits", ANN)))
    assert "not finished" in refused(app)


def test_a_run_that_goes_while_it_is_looked_at_is_said_to_have_gone(open_network):
    run_id = untrained_run()
    app = open_network(run_id)
    delete_run(run_id, ANN)
    choose._run.clear()
    choose._own.clear()
    app.run()
    assert not app.exception
    assert app.selectbox(key="word.network").value == "mnist"
    assert "not there" in refused(app)
    app.button(key="app.reset").click().run()
    assert not refused(app)


def test_a_damaged_run_is_said_to_be_so(open_network, home):
    run_id = untrained_run()
    (home / "runs" / run_id / "weights.safetensors").write_bytes(b"nothing")
    app = open_network(run_id)
    assert app.selectbox(key="word.network").value == "mnist"
    assert refused(app)


def test_nobody_is_answered_before_the_browser_says_who_asks(open_app):
    app = open_app("network", network=untrained_run())
    assert not app.exception
    assert not app.warning
    assert not [each for each in app.selectbox if each.key == "word.network"]


def test_names_that_are_alike_are_told_apart():
    given = (("run-1", "Mine"), ("run-2", "Mine"), ("run-3", "Yours"), ("run-4", "Mine"))
    assert list(distinct(given).values()) == ["Mine", "Mine (2)", "Yours", "Mine (3)"]


@pytest.mark.parametrize("how", ["inside", "draw"])
def test_a_click_opens_a_run_or_draws_for_it(open_network, how):
    run_id = untrained_run()
    app = open_network("mnist")
    app.switch_page("pages/train.py").run()
    app.button(key=f"network.open.{how}.{run_id}").click().run()
    assert not app.exception
    assert app.selectbox(key="word.network").value == run_id
    assert ("The pad is empty" in words(app)) == (how == "draw")


@pytest.mark.parametrize("scale", ["map", "network"])
def test_the_scale_of_colours_is_what_is_asked_for(open_network, scale):
    app = open_network("mnist", scale=scale, picture="digit-4")
    told, arrays = component(app, "network.wall")
    stages = [stage for stage in told["stages"] if stage["kind"] == "signed"]
    peaks = {stage["peak"] for stage in stages}
    assert (len(peaks) == 1) == (scale == "network")
    assert {stage["is_each"] for stage in stages} == {scale == "map"}
    for stage in stages:
        reach = np.abs(arrays[stage["id"]].astype(int) - 128)
        if scale == "map" and reach.ndim == 3:
            live = [max(map(abs, low_high)) > 0 for low_high in stage["ranges"]]
            assert (reach.max(axis=(1, 2))[live] == 127).all()
        largest = max(max(map(abs, each)) for each in stage["ranges"])
        if scale != "map":
            assert reach.max() == round(127 * largest / stage["peak"])


def test_the_plan_names_every_layer_and_where_it_is_shown(open_network):
    app = open_network("mnist", picture="digit-4", why="conv2,3,4,4")
    (mounted,) = (e for e in app.get("bidi_component") if "-network.plan" in e.proto.id)
    told = header(mounted)
    spec = load_card("mnist").spec
    names = [step.name for step in spec.shapes()]
    assert [box["name"] for box in told["boxes"]] == [*names, "probabilities"]
    assert told["chosen"] == "conv2"
    wall, _arrays = component(app, "network.wall")
    answer, _arrays = component(app, "network.answer")
    shown = {stage["id"] for stage in (*wall["stages"], *answer["stages"])}
    assert {box["shows"] for box in told["boxes"]} <= shown
    by_name = {box["name"]: box for box in told["boxes"]}
    assert by_name["conv2"]["learns"] == "3,216 learnt"
    assert by_name["conv2"]["sees"] == "sees 14 × 14"
    assert by_name["linear1"]["sees"] == "sees all of it"
    assert by_name["relu1"]["learns"] == ""


def test_the_card_tells_recall_and_shows_the_mistakes(open_network):
    run_id = small_run()
    app = open_network(run_id, picture="digit-4")
    assert not app.get("plotly_chart"), "it is made when it is opened"
    app.session_state["network.card"] = True
    app.run()
    assert not app.exception
    data = load_dataset("digits")
    card, mistakes = library.load_card(run_id), library.load_mistakes(run_id, data)
    told, _arrays = component(app, "network.recall")
    shares = [row["share"] for row in told["stages"][0]["classes"]]
    assert shares == pytest.approx(card.recalls, abs=1e-6)
    told, arrays = component(app, "network.mistakes")
    assert len(told["stages"]) == len(mistakes) > 0
    images = data.test_images
    for stage, each in zip(told["stages"], mistakes, strict=True):
        assert stage["title"].startswith(f"“{each.truth}”, taken for “{each.answer}”")
        np.testing.assert_array_equal(arrays[stage["id"]], images[each.index])
