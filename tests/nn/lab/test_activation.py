"""Activations against PyTorch's modules and their formulas in float64."""

import math

import numpy as np
import pytest
import torch

from cnnviz.core.lab.activations import ACTIVATIONS
from cnnviz.core.messages import Explained
from cnnviz.nn.lab.operations import activate

FORMULAS = {
    "none": lambda x: x,
    "relu": lambda x: max(0.0, x),
    "leaky_relu": lambda x: x if x > 0 else 0.01 * x,
    "elu": lambda x: x if x > 0 else math.expm1(x),
    "gelu": lambda x: x / 2 * (1 + math.erf(x / math.sqrt(2))),
    "silu": lambda x: x / (1 + math.exp(-x)),
    "softplus": lambda x: max(x, 0.0) + math.log1p(math.exp(-abs(x))),
    "sigmoid": lambda x: 1 / (1 + math.exp(-x)),
    "tanh": math.tanh,
}
MODULES = {
    "none": torch.nn.Identity(),
    "relu": torch.nn.ReLU(),
    "leaky_relu": torch.nn.LeakyReLU(),
    "elu": torch.nn.ELU(),
    "gelu": torch.nn.GELU(),
    "silu": torch.nn.SiLU(),
    "softplus": torch.nn.Softplus(),
    "sigmoid": torch.nn.Sigmoid(),
    "tanh": torch.nn.Tanh(),
}
VALUES = np.concatenate([np.linspace(-30, 30, 241), [0, 1e-6, -1e-6]]).astype(np.float32)


def test_all_are_tested_and_told():
    assert ACTIVATIONS.keys() == FORMULAS.keys() == MODULES.keys()
    for each in ACTIVATIONS.values():
        assert all((each.name, each.formula, each.does, each.source))


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_values_are_those_of_the_formula_and_of_pytorch(name):
    values = VALUES.reshape(1, 61, 4)
    result = activate(values, name)
    assert (result.shape, result.dtype) == (values.shape, np.float32)
    np.testing.assert_array_equal(result, MODULES[name](torch.from_numpy(values)).numpy())
    expected = [FORMULAS[name](x) for x in VALUES.astype(np.float64).tolist()]
    np.testing.assert_allclose(result.ravel(), expected, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_what_keeps_the_unit_is_said_truly(name):
    scaled = np.allclose(activate(255 * VALUES, name), 255 * activate(VALUES, name), rtol=1e-5)
    assert scaled == ACTIVATIONS[name].keeps_unit


def test_the_map_is_neither_changed_nor_shared():
    values = np.array([-1.0, 1.0], np.float32)
    activate(values, "none")[:] = 7
    np.testing.assert_array_equal(values, [-1, 1])


def test_an_unknown_one_is_explained():
    with pytest.raises(Explained, match="no activation “swish”"):
        activate(VALUES, "swish")
