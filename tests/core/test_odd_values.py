"""Settings as notebooks compute them: numbers of NumPy and torch are taken, all else is refused."""

import json
from dataclasses import asdict, fields
from pathlib import Path

import numpy as np
import pytest
import torch

from cnnviz.core.lab.chain import ActivationStep, Chain, ConvStep, PoolStep
from cnnviz.core.lab.pool_spec import PoolSpec
from cnnviz.core.lab.receptive_field import receptive_field
from cnnviz.core.lab.specs import ConvSpec
from cnnviz.core.messages import Explained
from cnnviz.core.networks import layer_specs as layers
from cnnviz.core.networks.network_spec import NetworkSpec
from cnnviz.core.networks.surgery import Zero
from cnnviz.core.photos.input import PhotoCrop
from cnnviz.core.pictures import edits
from cnnviz.core.pictures.disturbances import Disturbance
from cnnviz.core.training.search import Ranges
from cnnviz.core.training.train_config import TrainConfig

PLAIN = {
    ConvSpec: {},
    PoolSpec: {},
    TrainConfig: {},
    Ranges: {},
    Disturbance: {},
    PhotoCrop: {},
    edits.Contrast: {"low": 1, "high": 9},
    edits.Rotate: {"degrees": 3},
    edits.Crop: {"top": 0, "left": 0, "height": 3, "width": 3},
    edits.Resize: {"height": 3, "width": 3},
    edits.SetPixel: {"row": 1, "col": 1, "levels": (1,)},
    ConvStep: {"kernel": "sobel-x"},
    ActivationStep: {"activation": "relu"},
    PoolStep: {},
    Chain: {"steps": (PoolStep(),)},
    layers.ConvLayer: {"filters": 2},
    layers.ActivationLayer: {},
    layers.PoolLayer: {},
    layers.DropoutLayer: {},
    layers.LinearLayer: {"features": 3},
    NetworkSpec: {
        "input_shape": (1, 4, 4),
        "mean": (0.0,),
        "std": (1.0,),
        "layers": (layers.FlattenLayer(), layers.LinearLayer(2)),
    },
    Zero: {"layer": "conv1", "kernel": 1},
}
ODD = [
    None, True, np.True_, -1, 0, 2.5, np.float32(2.5), float("nan"), float("inf"), 10**30, 1j,
    "", "x", "3", "same", np.str_("same"), b"x", Path("x"), (), (2,), (2, 2, 2), [2, 2], [None, 2],
    [[2, 2], [1, 1]], [[2], [3]], ((1, 2), 3), {}, {1}, np.array([2, 2]), np.int8(3), object(),
]  # fmt: skip


@pytest.mark.parametrize("record", PLAIN, ids=lambda record: record.__name__)
def test_any_value_is_taken_or_refused_with_a_sentence(record):
    refused = 0
    for each in fields(record):
        for odd in ODD:
            try:
                made = record(**{**PLAIN[record], each.name: odd})
            except Explained:
                refused += 1
            else:
                assert hash(made) == hash(made)
                json.dumps(asdict(made))  # what is no plain value would not go into a file
    assert refused >= len(ODD) / 2


@pytest.mark.parametrize("number", [np.int64, np.uint8, np.array, torch.tensor])
def test_numbers_of_numpy_and_torch_are_as_good_as_pythons(number):
    two, pair = number(2), (number(2), number(3))
    assert ConvSpec(two, stride=pair, padding=((two, two), pair), groups=two) == ConvSpec(
        2, stride=(2, 3), padding=((2, 2), (2, 3)), groups=2
    )
    assert PoolSpec("max", pair, stride=two, dilation=pair) == PoolSpec(
        "max", (2, 3), 2, (0, 0), (2, 3)
    )
    assert TrainConfig(epochs=two).to_json() == TrainConfig(epochs=2).to_json()
    assert (
        NetworkSpec(
            (number(1), 4, 4), [0.0], [1.0], [layers.FlattenLayer(), layers.LinearLayer(two)]
        ).to_json()
        == NetworkSpec(
            (1, 4, 4), (0.0,), (1.0,), (layers.FlattenLayer(), layers.LinearLayer(2))
        ).to_json()
    )
    assert edits.Crop(two, two, *pair) == edits.Crop(2, 2, 2, 3)
    assert receptive_field([ConvSpec(two)], two, two) == (2, 2, 2, 2)


@pytest.mark.parametrize("number", [np.float64, np.float32, np.array, torch.tensor])
def test_so_are_fractions_and_rows_of_them(number):
    half = number(0.5)
    assert PoolSpec("lp", norm=half) == PoolSpec("lp", norm=0.5)
    assert TrainConfig(label_smoothing=half) == TrainConfig(label_smoothing=0.5)
    assert Disturbance(noise=half) == Disturbance(noise=0.5)
    assert Ranges(lr=[number(0.25), half]) == Ranges(lr=(0.25, 0.5))


@pytest.mark.parametrize("row", [list, np.array, torch.tensor])
def test_so_are_rows(row):
    assert ConvSpec(row([3, 5])) == ConvSpec((3, 5))
    assert edits.SetPixel(0, 0, row([1, 2, 3])) == edits.SetPixel(0, 0, (1, 2, 3))
