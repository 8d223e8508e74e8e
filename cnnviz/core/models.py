"""The networks this project trains and ships, by the data set they learn."""

from __future__ import annotations

from cnnviz.core.layer_specs import (
    ActivationLayer,
    ConvLayer,
    FlattenLayer,
    LinearLayer,
    PoolLayer,
)
from cnnviz.core.network_spec import NetworkSpec

# Two blocks small enough for every map to be looked at, after LeNet-5 (LeCun, Bottou, Bengio &
# Haffner, Proc. IEEE 86, 1998), with ReLU and maximum pooling.
_LAYERS = (
    ConvLayer(8, (5, 5), padding="same"),
    ActivationLayer("relu"),
    PoolLayer("maxpool", (2, 2), (2, 2)),
    ConvLayer(16, (5, 5), padding="same"),
    ActivationLayer("relu"),
    PoolLayer("maxpool", (2, 2), (2, 2)),
    FlattenLayer(),
    LinearLayer(128),
    ActivationLayer("relu"),
    LinearLayer(10),
)

MODELS: dict[str, NetworkSpec] = {
    "mnist": NetworkSpec(
        input_shape=(1, 28, 28),
        mean=(0.1307,),  # of the 60,000 training images, measured; std likewise
        std=(0.3081,),
        layers=_LAYERS,
        labels=("0", "1", "2", "3", "4", "5", "6", "7", "8", "9"),
    ),
}
