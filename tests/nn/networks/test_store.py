"""Weights on the disk: what was saved comes back, everything else is refused with a sentence."""

import hashlib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import safetensors.torch
import torch

from cnnviz.core.messages import Explained
from cnnviz.core.networks.layer_specs import (
    BatchNormLayer,
    ConvLayer,
    FlattenLayer,
    LinearLayer,
    PoolLayer,
)
from cnnviz.core.networks.models import MODELS
from cnnviz.core.networks.network_spec import NetworkSpec
from cnnviz.core.training.cards import read_activations, read_card
from cnnviz.nn.networks.build import build_network
from cnnviz.nn.networks.capture import capture
from cnnviz.nn.networks.store import first_picture, load_weights, pack_weights, save_network
from tests.core.training.toy_card import CARD

SPEC = NetworkSpec(
    (1, 28, 28),
    (0.5,),
    (0.25,),
    (ConvLayer(2), BatchNormLayer(), PoolLayer(), FlattenLayer(), LinearLayer(3)),
)


@pytest.fixture
def network():
    return build_network(SPEC, seed=1).eval()


def changed(network, **entries):
    """The network's weights with some entries replaced, or removed where they are `...`."""
    state = {**network.state_dict(), **{key.replace("_", "."): v for key, v in entries.items()}}
    return safetensors.torch.save({key: v for key, v in state.items() if v is not ...})


def test_weights_come_back(network, tmp_path):
    path = tmp_path / "w.safetensors"
    path.write_bytes(pack_weights(network))
    other = build_network(SPEC, seed=2)
    load_weights(other, path, sha256=hashlib.sha256(path.read_bytes()).hexdigest())
    for key, value in network.state_dict().items():
        assert torch.equal(other.state_dict()[key], value)
    assert pack_weights(other) == pack_weights(network)
    assert set(safetensors.torch.load_file(path)) == set(network.state_dict())


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (lambda n: b"", "damaged"),
        (lambda n: pack_weights(n)[:-1], "damaged"),
        (lambda n: pack_weights(n) + b"\0", "damaged"),
        (lambda n: b"\xff" * 8 + pack_weights(n)[8:], "damaged"),
        (lambda n: b"PK\x03\x04" + bytes(100), "damaged"),
        (lambda n: bytes(50_000_001), "larger than 50000000 bytes"),
        (lambda n: changed(n, linear1_bias=...), "lack “linear1.bias”"),
        (lambda n: changed(n, linear9_bias=torch.zeros(3)), "hold “linear9.bias”"),
        (
            lambda n: changed(n, linear1_bias=torch.zeros(4)),
            r"“linear1.bias” is float32 \(4,\) in the weights “w”; the network needs "
            r"float32 \(3,\)",
        ),
        (lambda n: changed(n, linear1_bias=torch.zeros(3, dtype=torch.float64)), "float64"),
        (lambda n: changed(n, linear1_bias=torch.tensor([0, float("nan"), 0])), "not finite"),
        (lambda n: changed(n, conv1_bias=torch.tensor([0, float("inf")])), "not finite"),
        (lambda n: changed(n, normalize_std=torch.zeros(1, 1, 1)), "another mean and spread"),
        (lambda n: safetensors.torch.save(build_network(MODELS["mnist"]).state_dict()), "“w”"),
        (lambda n: safetensors.torch.save({}), "lack “"),
    ],
)
def test_other_files_are_explained_and_change_nothing(network, tmp_path, data, sentence):
    before = pack_weights(network)
    (tmp_path / "w").write_bytes(data(network))
    with pytest.raises(Explained, match=sentence):
        load_weights(network, tmp_path / "w")
    assert pack_weights(network) == before


def test_every_flipped_byte_is_noticed(network, tmp_path):
    whole = pack_weights(network)
    digest, path = hashlib.sha256(whole).hexdigest(), tmp_path / "w"
    for place in np.random.default_rng(0).integers(0, len(whole), 50):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        with pytest.raises(Explained, match="not the ones their card names"):
            load_weights(network, path, sha256=digest)


def test_saving_writes_the_card_last_and_all_three_agree(network, tmp_path, monkeypatch):
    written, card = [], replace(CARD, spec=SPEC, parameters=SPEC.parameters())
    replace_file = Path.replace
    monkeypatch.setattr(
        Path, "replace", lambda self, to: (written.append(to.suffix), replace_file(self, to))[1]
    )
    save_network(network, card, tmp_path / "new")
    assert written == [".safetensors", ".npz", ".json"]
    assert read_card(tmp_path / "new" / "tiny.json") == card
    assert (tmp_path / "new" / "tiny.safetensors").read_bytes() == pack_weights(network)
    stored = read_activations(tmp_path / "new" / "tiny.npz")
    expected = capture(network, first_picture(card))
    for one, other in zip(stored, expected, strict=True):
        np.testing.assert_array_equal(one.values, other.values)
    assert len(list((tmp_path / "new").iterdir())) == 3
