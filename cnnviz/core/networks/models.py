"""The networks that come with this project or are trained by its commands, by data set."""

from __future__ import annotations

from cnnviz.core.networks.layer_specs import (
    ActivationLayer,
    BatchNormLayer,
    ConvLayer,
    FlattenLayer,
    Layer,
    LinearLayer,
    PoolLayer,
)
from cnnviz.core.networks.network_spec import NetworkSpec
from cnnviz.core.pictures.data_sets import DATA_SETS

_RELU = ActivationLayer("relu")
_HALVE = PoolLayer("maxpool", (2, 2), (2, 2))


def _block(first: int, second: int) -> tuple[Layer, ...]:
    """Halve the maps and look twice: the block of airbench94 (K. Jordan, arXiv:2404.00498)."""
    norm = BatchNormLayer()
    return (
        *(ConvLayer(first, (3, 3), padding="same"), _HALVE, norm, _RELU),
        *(ConvLayer(second, (3, 3), padding="same"), norm, _RELU),
    )


def _brightest(side: int) -> tuple[Layer, ...]:
    """Keep the largest value of each map, and weigh them: ten classes."""
    return PoolLayer("maxpool", (side, side), (side, side)), FlattenLayer(), LinearLayer(10)


def _network(dataset: str, *layers: Layer) -> NetworkSpec:
    """Return the network that takes a data set's pictures as they are."""
    given = DATA_SETS[dataset]
    return NetworkSpec(given.shape, given.mean, given.std, layers, given.labels)


MODELS: dict[str, NetworkSpec] = {
    # Two blocks small enough for every map to be looked at, after LeNet-5 (LeCun, Bottou, Bengio &
    # Haffner, Proc. IEEE 86, 1998), with ReLU and maximum pooling.
    "mnist": _network(
        "mnist",
        *(ConvLayer(8, (5, 5), padding="same"), _RELU, _HALVE),
        *(ConvLayer(16, (5, 5), padding="same"), _RELU, _HALVE),
        *(FlattenLayer(), LinearLayer(128), _RELU, LinearLayer(10)),
    ),
    "fashion": _network(
        "fashion",
        *(ConvLayer(16, (3, 3), padding="same"), BatchNormLayer(), _RELU),
        *_block(48, 48),
        *_block(96, 96),
        *_brightest(7),
    ),
    "cifar10": _network(
        "cifar10",
        *(ConvLayer(24, (2, 2)), _RELU),
        *_block(64, 64),
        *_block(160, 160),
        *_block(160, 160),
        *_brightest(3),
    ),
}
"""Networks that come along, trained."""

TRAINABLE: dict[str, NetworkSpec] = {
    **MODELS,
    # As MNIST's, smaller, for pictures of 8 × 8.
    "digits": _network(
        "digits",
        *(ConvLayer(8, (3, 3), padding="same"), _RELU, _HALVE),
        *(ConvLayer(16, (3, 3), padding="same"), _RELU, _HALVE),
        *(FlattenLayer(), LinearLayer(10)),
    ),
}
"""A network for every data set there is, to be trained."""
