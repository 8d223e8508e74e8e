"""Activation functions of arrays by PyTorch."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import torch
from torch import Tensor
from torch.nn import functional as F

from cnnviz.core.lab.activations import LEAK
from cnnviz.core.messages import Explained
from cnnviz.core.records import Floats
from cnnviz.nn.arrays import as_tensor

_FUNCTIONS: dict[str, Callable[[Tensor], Tensor]] = {
    "none": torch.clone,
    "relu": torch.relu,
    "leaky_relu": partial(F.leaky_relu, negative_slope=LEAK),
    "elu": F.elu,
    "gelu": F.gelu,
    "silu": F.silu,
    "softplus": F.softplus,
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
}


def activate(values: Floats, activation: str) -> Floats:
    """Apply an activation function to every cell.

    Args:
        values: Any shape, float32; not modified.
        activation: Its id, one of `core.ACTIVATIONS`.

    Returns:
        New array of the same shape, float32.

    Raises:
        Explained: there is no such activation.
    """
    if activation not in _FUNCTIONS:
        raise Explained("There is no activation “{value}”.", value=activation)
    with torch.inference_mode():
        return _FUNCTIONS[activation](as_tensor(values)).numpy()
