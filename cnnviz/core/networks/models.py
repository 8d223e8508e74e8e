"""The networks this project trains and ships, by the data set they learn."""

from __future__ import annotations

from cnnviz.core.messages import N_
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

_RELU = ActivationLayer("relu")
_HALVE = PoolLayer("maxpool", (2, 2), (2, 2))

# Two blocks small enough for every map to be looked at, after LeNet-5 (LeCun, Bottou, Bengio &
# Haffner, Proc. IEEE 86, 1998), with ReLU and maximum pooling.
_LAYERS = (
    ConvLayer(8, (5, 5), padding="same"),
    _RELU,
    _HALVE,
    ConvLayer(16, (5, 5), padding="same"),
    _RELU,
    _HALVE,
    FlattenLayer(),
    LinearLayer(128),
    _RELU,
    LinearLayer(10),
)


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


CLOTHES = (
    N_("T-shirt"),
    N_("Trousers"),
    N_("Pullover"),
    N_("Dress"),
    N_("Coat"),
    N_("Sandal"),
    N_("Shirt"),
    N_("Sneaker"),
    N_("Bag"),
    N_("Ankle boot"),
)
"""Fashion-MNIST's classes, in the official order."""
OBJECTS = (
    N_("airplane"),
    N_("automobile"),
    N_("bird"),
    N_("cat"),
    N_("deer"),
    N_("dog"),
    N_("frog"),
    N_("horse"),
    N_("ship"),
    N_("truck"),
)
"""CIFAR-10's, likewise."""

MODELS: dict[str, NetworkSpec] = {
    "mnist": NetworkSpec(
        input_shape=(1, 28, 28),
        mean=(0.1307,),  # of the 60,000 training images, measured; std likewise
        std=(0.3081,),
        layers=_LAYERS,
        labels=("0", "1", "2", "3", "4", "5", "6", "7", "8", "9"),
    ),
    "fashion": NetworkSpec(
        input_shape=(1, 28, 28),
        mean=(0.2860,),  # of the 60,000 training images; std likewise
        std=(0.3530,),
        layers=(
            *(ConvLayer(16, (3, 3), padding="same"), BatchNormLayer(), _RELU),
            *_block(48, 48),
            *_block(96, 96),
            *_brightest(7),
        ),
        labels=CLOTHES,
    ),
    "cifar10": NetworkSpec(
        input_shape=(3, 32, 32),
        mean=(0.4914, 0.4822, 0.4465),  # of the 50,000 training images; std likewise
        std=(0.2470, 0.2435, 0.2616),
        layers=(
            *(ConvLayer(24, (2, 2)), _RELU),
            *_block(64, 64),
            *_block(160, 160),
            *_block(160, 160),
            *_brightest(3),
        ),
        labels=OBJECTS,
    ),
}
