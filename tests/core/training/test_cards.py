"""Cards and stored activations: what was written comes back, and nothing else is believed."""

import json
import math
from dataclasses import replace

import numpy as np
import pytest

from cnnviz.core.files import write_whole
from cnnviz.core.messages import Explained
from cnnviz.core.records import LayerActivation
from cnnviz.core.training.cards import (
    SHIPPED,
    NetworkCard,
    load_card,
    pack_activations,
    read_activations,
    read_card,
    weights_folder,
)
from cnnviz.core.training.train_config import TrainConfig
from tests.core.training.toy_card import CARD


def test_a_card_comes_back_from_json_and_from_a_file(tmp_path):
    assert NetworkCard.from_json(CARD.to_json()) == CARD
    write_whole(tmp_path / "tiny.json", CARD.to_json().encode())
    assert read_card(tmp_path / "tiny.json") == CARD
    assert [each.name for each in tmp_path.iterdir()] == ["tiny.json"]


def test_recalls_and_epochs_follow_from_the_card():
    assert CARD.recalls[:2] == (0.75, 0.75)
    assert math.isnan(CARD.recalls[2])
    assert CARD.config.epochs == 7


@pytest.mark.parametrize(
    "change",
    [
        {"accuracy": 0.76},
        {"accuracy": 75.0},
        {"parameters": 14},
        {"confusion_matrix": ((3, 1), (0, 4))},
        {"confusion_matrix": ((3, 1, 0), (0, 3, 1), (0, 0, -1))},
        {"confusion_matrix": ((0, 0, 0), (0, 0, 0), (0, 0, 0))},
        {"sha256": "ab" * 31},
        {"sha256": "xy" * 32},
        {"date": "yesterday"},
        {"seconds": math.nan},
        {"train_images": 0},
        {"device": ""},
        {"versions": (("torch",),)},
    ],
)
def test_a_card_that_contradicts_itself_is_explained(change):
    with pytest.raises(Explained):
        replace(CARD, **change)


@pytest.mark.parametrize("name", ["accuracy", "spec", "config", "sha256", "versions"])
def test_a_card_needs_every_entry_and_no_other(name):
    plain = json.loads(CARD.to_json())
    with pytest.raises(Explained):
        NetworkCard.from_json(json.dumps({**plain, "more": 1}))
    del plain[name]
    with pytest.raises(Explained):
        NetworkCard.from_json(json.dumps(plain))


@pytest.mark.parametrize("data", [b"", b"\xff\xfe{}", b"[]", b"{}", b" " * 2_000_000])
def test_a_file_that_is_no_card_is_explained(tmp_path, data):
    (tmp_path / "card.json").write_bytes(data)
    with pytest.raises(Explained):
        read_card(tmp_path / "card.json")


@pytest.mark.parametrize(
    "change",
    [
        {"epochs": 0},
        {"epochs": 2.5},
        {"batch_size": 0},
        {"lr": 0},
        {"lr": math.nan},
        {"weight_decay": -1},
        {"optimizer": "lion"},
        {"schedule": "step"},
        {"augment": 1},
        {"augment": "mirror"},
        {"label_smoothing": 0.6},
        {"start": "zero"},
        {"validation_share": 0.6},
        {"seed": -1},
        {"device": "tpu"},
        {"precision": "fp8"},
    ],
)
def test_impossible_training_is_explained(change):
    with pytest.raises(Explained):
        TrainConfig(**change)


def test_a_config_comes_back_from_json():
    config = TrainConfig(epochs=2, augment="objects", lr=0.1, label_smoothing=0.1)
    assert TrainConfig.from_json(config.to_json()) == config
    with pytest.raises(Explained, match="no entry “momentum”"):
        TrainConfig.from_json('{"momentum": 0.9}')


@pytest.mark.parametrize(("was", "kind"), [("true", "handwriting"), ("false", "none")])
def test_configs_from_before_there_were_kinds_of_augmentation_are_read(was, kind):
    assert TrainConfig.from_json(f'{{"augment": {was}}}').augment == kind


def test_only_known_names_are_loaded_and_never_a_path():
    for name in ("cifar", "", "../weights/mnist", str(weights_folder() / "mnist"), "run-00ff"):
        with pytest.raises(LookupError, match="mnist"):
            load_card(name)


PROMISED = {
    "mnist": (60_000, 0.995, 0.98),
    "fashion": (60_000, 0.935, 0.75),
    "cifar10": (50_000, 0.9, 0.75),
}
"""Training pictures, the least accuracy, and the least share right of any class."""


@pytest.mark.parametrize("name", SHIPPED)
def test_the_shipped_card_counts_the_whole_test_set(name):
    card, (learnt, accuracy, recall) = load_card(name), PROMISED[name]
    assert (card.id, card.train_images) == (name, learnt)
    assert sum(map(sum, card.confusion_matrix)) == 10_000
    right = sum(card.confusion_matrix[idx][idx] for idx in range(10))
    assert card.accuracy == right / 10_000
    assert card.accuracy >= accuracy
    assert min(card.recalls) >= recall
    shapes = [(each.name, each.kind, each.shape) for each in card.spec.shapes()]
    stored = read_activations(weights_folder() / f"{name}.npz")
    assert [(each.name, each.kind, each.values.shape) for each in stored] == shapes
    size = {path.suffix: path.stat().st_size for path in weights_folder().glob(f"{name}.*")}
    assert size[".safetensors"] + size[".json"] <= 4_000_000
    assert size[".npz"] <= 1_000_000  # what a page shows before torch is there


ACTIVATIONS = (
    LayerActivation("input", "input", np.arange(8, dtype=np.float32).reshape(2, 2, 2)),
    LayerActivation("linear1", "linear", np.array([-1.5, 2.0], np.float32)),
    LayerActivation("file", "relu", np.array([0.0], np.float32)),
)


def test_activations_come_back_in_order(tmp_path):
    write_whole(tmp_path / "a.npz", pack_activations(ACTIVATIONS))
    again = read_activations(tmp_path / "a.npz")
    assert [(each.name, each.kind) for each in again] == [
        ("input", "input"), ("linear1", "linear"), ("file", "relu"),
    ]  # fmt: skip
    for one, other in zip(again, ACTIVATIONS, strict=True):
        np.testing.assert_array_equal(one.values, other.values, strict=True)


@pytest.mark.parametrize("share", [0, 0.3, 0.9])
def test_cut_off_activations_are_explained(tmp_path, share):
    data = pack_activations(ACTIVATIONS)
    (tmp_path / "a.npz").write_bytes(data[: int(len(data) * share)])
    with pytest.raises(Explained, match="damaged"):
        read_activations(tmp_path / "a.npz")


@pytest.mark.parametrize(
    "arrays",
    [
        {"input:input": np.zeros(3, np.float64)},
        {"input:input": np.zeros((2, 2), np.float32)},
        {"input:input": np.array([np.nan], np.float32)},
        {"input": np.zeros(3, np.float32)},
        {f"a{n}:relu": np.zeros(1, np.float32) for n in range(100)},
        {"input:input": np.zeros(20_000_000, np.float32)},
    ],
)
def test_arrays_that_are_no_activations_are_explained(tmp_path, arrays):
    np.savez_compressed(tmp_path / "a.npz", **arrays)
    with pytest.raises(Explained, match="damaged"):
        read_activations(tmp_path / "a.npz")


class Canary:
    def __reduce__(self):
        return (pytest.fail, ("code in the file was run",))


def test_activations_are_never_code(tmp_path):
    np.savez(tmp_path / "a.npz", **{"input:input": np.array([Canary()], object)})
    with pytest.raises(Explained, match="damaged"):
        read_activations(tmp_path / "a.npz")


def test_a_file_is_replaced_whole_or_not_at_all(tmp_path, monkeypatch):
    path = tmp_path / "card.json"
    write_whole(path, b"old")

    def full(handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("cnnviz.core.files.os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        write_whole(path, b"new")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]
