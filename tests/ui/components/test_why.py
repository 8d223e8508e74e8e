"""Why this number, through its page: what the browser is told is what PyTorch computed."""

from functools import cache

import numpy as np
import pytest

from cnnviz.core.networks.certainty import softmax
from cnnviz.core.networks.explanations import Asked
from cnnviz.core.samples import draw_sample
from cnnviz.ui.components.why import as_asked
from tests.ui.opening import header, link, unpack


@cache
def activations():
    from cnnviz.core.pictures.digits import prepare_digit
    from cnnviz.nn import capture, load_network

    image = prepare_digit(draw_sample("digit-4")).image
    return {each.name: each for each in capture(load_network("mnist"), image)}


def why(app):
    (found,) = (
        each
        for each in app.get("bidi_component")
        if each.proto.component_name.endswith("cnnviz_why")
    )
    return unpack(found.proto.bytes)


def asked(open_app, why_link, lang="en"):
    return why(open_app("network", lang, picture="digit-4", why=why_link))


CELLS = [
    "input,0,9,9", "normalize,0,9,9", "conv1,3,9,9", "relu1,3,9,9", "pool1,3,4,4",
    "conv2,11,0,0", "conv2,11,7,7", "relu2,11,7,7", "pool2,11,3,3", "flatten,300,0,0",
    "linear1,17,0,0", "relu3,17,0,0", "linear2,4,0,0", "probabilities,4,0,0",
]  # fmt: skip


@pytest.mark.parametrize("lang", ["en", "pt_BR"])
@pytest.mark.parametrize("cell", CELLS)
def test_every_kind_of_layer_tells_its_own_value(open_app, cell, lang):
    told, arrays = asked(open_app, cell, lang)
    layer, *place = cell.split(",")
    channel, row, col = map(int, place)
    if layer == "probabilities":
        expected = softmax(activations()["linear2"].values)[channel]
    else:
        values = activations()[layer].values
        expected = values[channel] if values.ndim == 1 else values[channel, row, col]
    assert told["value"] == pytest.approx(float(expected), abs=1e-6)
    assert told["crumbs"][told["position"]]
    at = told["map"]["cell"]
    assert arrays["map"][at[0], at[1]] == pytest.approx(float(expected), abs=1e-6)
    assert arrays["effective"].shape == (28, 28)
    assert arrays["picture"].shape == (1, 28, 28)


def test_the_planes_of_a_convolution_add_up(open_app):
    told, arrays = asked(open_app, "conv2,11,7,7")
    assert told["form"] == "planes"
    assert len(told["planes"]) == 8
    assert told["rows"] == told["cols"] == [5, 6, 7, 8, 9]
    before = activations()["pool1"].values[:, 5:10, 5:10]
    np.testing.assert_array_equal(arrays["patch"], before)
    from cnnviz.nn import load_network

    conv = load_network("mnist").get_submodule("conv2")
    np.testing.assert_array_equal(arrays["kernel"], conv.weight[11].numpy())
    total = float((arrays["patch"] * arrays["kernel"]).sum()) + float(conv.bias[11])
    assert told["value"] == pytest.approx(total, abs=1e-4)


def test_padding_is_told_apart_and_cannot_be_asked_about(open_app):
    told, arrays = asked(open_app, "conv2,11,0,0")
    assert told["rows"] == told["cols"] == [-1, -1, 0, 1, 2]
    assert (arrays["patch"][:, :2] == 0).all()


def test_a_pooling_tells_its_winner(open_app):
    told, arrays = asked(open_app, "pool1,3,4,4")
    row, col = told["winner"]
    assert arrays["patch"][0, row, col] == arrays["patch"].max() == told["value"]
    assert "kernel" not in arrays


def test_a_long_sum_is_its_largest_terms_and_the_rest(open_app):
    told, _arrays = asked(open_app, "linear1,17,0,0")
    assert sum(term["size"] for term in told["terms"]) == pytest.approx(told["value"], abs=1e-3)
    assert all(term["cell"]["layer"] == "flatten" for term in told["terms"][:16])
    assert told["terms"][-1]["cell"] is None


def test_the_most_certain_class_is_the_first_question(open_app):
    app = open_app("network", picture="digit-4")
    told, _arrays = why(app)
    assert told["asked"] == "probabilities,4,0,0"
    assert link(app)["why"] == "probabilities,4,0,0"


@pytest.mark.parametrize(
    "cell",
    ["conv9,0,0,0", "conv1,8,0,0", "conv1,0,28,0", "linear2,10,0,0", "linear2,1,1,0", "x",
     "conv1,-1,0,0", "conv1,a,0,0", "conv1,0,0,0,0", "conv1,99999999,0,0", ","],
)  # fmt: skip
def test_a_link_to_what_is_not_there_asks_the_first_question(open_app, cell):
    told, _arrays = asked(open_app, cell)
    assert told["asked"] == "probabilities,4,0,0"


def test_every_layer_is_on_the_wall_and_the_open_one_is_marked(open_app):
    app = open_app("network", picture="digit-4", why="pool2,5,1,1")
    walls = [
        header(each)
        for each in app.get("bidi_component")
        if each.proto.component_name.endswith("cnnviz_wall")
    ]
    (every,) = (told for told in walls if len(told["stages"]) > 8)
    assert every["chosen"] == {"layer": "pool2", "channel": 5}
    assert all(stage["choosable"] for stage in every["stages"])


def test_a_cell_is_taken_as_it_is_sent():
    sent = {"layer": "conv2", "channel": 3, "row": 5, "col": 5}
    assert as_asked(sent) == Asked("conv2", 3, 5, 5)


@pytest.mark.parametrize(
    "sent",
    [None, "conv2", [], {}, {"layer": 3}, {"layer": "conv2", "channel": 3, "row": 5},
     {"layer": "conv2", "channel": True, "row": 5, "col": 5},
     {"layer": "conv2", "channel": 3.0, "row": 5, "col": 5},
     {"layer": "conv2", "channel": -1, "row": 5, "col": 5},
     {"layer": ["conv2"], "channel": 3, "row": 5, "col": 5},
     {"layer": "conv2", "channel": 10**30, "row": 5, "col": 5}],
)  # fmt: skip
def test_anything_else_asks_nothing(sent):
    assert as_asked(sent) is None
