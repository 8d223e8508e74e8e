"""Trained networks by their id: what is shipped is what its card says, paths are no ids."""

import hashlib
import json

import numpy as np
import pytest

from cnnviz.core.networks.certainty import predict
from cnnviz.core.networks.models import MODELS
from cnnviz.core.pictures.digits import prepare_digit
from cnnviz.core.samples import SAMPLES, draw_sample
from cnnviz.core.training.cards import SHIPPED, load_card, read_activations, weights_folder
from cnnviz.nn.library import load_network
from cnnviz.nn.networks.capture import capture
from cnnviz.nn.networks.store import first_picture


def test_unknown_names_and_paths_are_refused():
    for name in ("alexnet", "../mnist", "/etc/passwd", "run-1234abcd", "mnist.json"):
        with pytest.raises(LookupError):
            load_network(name)


@pytest.mark.parametrize("name", SHIPPED)
def test_card_and_weights_agree(name):
    card, data = load_card(name), (weights_folder() / f"{name}.safetensors").read_bytes()
    assert hashlib.sha256(data).hexdigest() == card.sha256
    network = load_network(name)
    assert sum(each.numel() for each in network.parameters()) == card.parameters
    assert card.spec == MODELS[name]
    assert [layer for layer, _ in network.named_children()] == [
        "normalize", *card.spec.names(),
    ]  # fmt: skip
    assert not any(each.requires_grad for each in network.parameters())
    assert not any(module.training for module in network.modules())


@pytest.mark.parametrize("name", SHIPPED)
def test_stored_activations_are_what_torch_computes(name):
    stored = read_activations(weights_folder() / f"{name}.npz")
    computed = capture(load_network(name), first_picture(load_card(name)))
    for one, other in zip(stored, computed, strict=True):
        assert (one.name, one.kind) == (other.name, other.kind)
        scale = max(1.0, float(np.abs(other.values).max()))
        np.testing.assert_allclose(one.values, other.values, rtol=0, atol=1e-5 * scale)


@pytest.mark.parametrize("digit", [each.id for each in SAMPLES if each.kind == "digit"])
def test_the_shipped_network_reads_our_own_digits(digit):
    image = prepare_digit(draw_sample(digit)).image
    best = predict(capture(load_network("mnist"), image)[-1].values, MODELS["mnist"].labels)[0]
    assert best.label == digit.removeprefix("digit-")
    assert best.probability >= 0.9


def test_the_card_is_readable_without_torch():
    plain = json.loads((weights_folder() / "mnist.json").read_text())
    assert plain["accuracy"] >= 0.995
    assert plain["parameters"] == 105_194
