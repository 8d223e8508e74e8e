"""PyTorch: convolution and pooling of arrays, networks, data sets and training."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnnviz.core.networks.network_spec import NetworkSpec
from cnnviz.core.training.train_config import TrainConfig
from cnnviz.nn.lab.activation import activate
from cnnviz.nn.lab.convolution import convolve
from cnnviz.nn.lab.pooling import pool
from cnnviz.nn.networks.build import build_network
from cnnviz.nn.networks.capture import capture
from cnnviz.nn.networks.explain import explain
from cnnviz.nn.networks.store import load_card, load_network, load_weights

if TYPE_CHECKING:
    from cnnviz.nn.photos.classification import classify
    from cnnviz.nn.training import train

__all__ = [
    "NetworkSpec",
    "TrainConfig",
    "activate",
    "build_network",
    "capture",
    "classify",
    "convolve",
    "explain",
    "load_card",
    "load_network",
    "load_weights",
    "pool",
    "train",
]


def __getattr__(name: str) -> Any:
    """Import `train` when it is asked for, so that `python -m cnnviz.nn.training` finds it new."""
    if name == "classify":
        from cnnviz.nn.photos.classification import classify

        return classify
    if name != "train":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from cnnviz.nn.training import train

    return train
