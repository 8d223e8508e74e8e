"""Activation functions of arrays by PyTorch."""

from __future__ import annotations

import torch

from cnnviz.core.messages import Explained
from cnnviz.core.records import Floats
from cnnviz.nn.arrays import as_tensor

_FUNCTIONS = {"none": torch.clone, "relu": torch.relu, "sigmoid": torch.sigmoid, "tanh": torch.tanh}


def activate(values: Floats, activation: str) -> Floats:
    """Apply an activation of `core.ACTIVATIONS` to every cell.

    Args:
        values: Any shape, float32; not modified.
        activation: Its id: "none", "relu", "sigmoid" or "tanh".

    Returns:
        New array of the same shape, float32.

    Raises:
        Explained: there is no such activation.
    """
    if activation not in _FUNCTIONS:
        raise Explained("There is no activation “{value}”.", value=activation)
    with torch.inference_mode():
        return _FUNCTIONS[activation](as_tensor(values)).numpy()
