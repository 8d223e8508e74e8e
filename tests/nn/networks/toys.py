"""Networks that tests share: one with every kind of layer of ours, one from outside, TinyVGG."""

import numpy as np
import torch
from torch import nn

from cnnviz.core.networks.layer_specs import (
    ActivationLayer,
    BatchNormLayer,
    ConvLayer,
    DropoutLayer,
    FlattenLayer,
    LinearLayer,
    PoolLayer,
)
from cnnviz.core.networks.network_spec import NetworkSpec
from cnnviz.nn import build_network

EVERYTHING = NetworkSpec(
    input_shape=(3, 17, 14),
    mean=(0.25, 0.5, 0.4),
    std=(0.5, 2.0, 0.3),
    layers=(
        ConvLayer(6, (3, 2), stride=(2, 1), padding=(1, 0)),
        BatchNormLayer(),
        ActivationLayer("sigmoid"),
        PoolLayer("avgpool", (2, 3), (1, 2)),
        DropoutLayer(0.5),
        ConvLayer(5, (5, 3), padding="same"),
        ActivationLayer("tanh"),
        PoolLayer("maxpool", (3, 2), (2, 1)),
        ActivationLayer("relu"),
        FlattenLayer(),
        LinearLayer(12),
        ActivationLayer("relu"),
        LinearLayer(3),
    ),
)
# Published at poloclub.github.io/cnn-explainer (Wang et al., arXiv:2004.15004).
TINY_VGG = NetworkSpec(
    input_shape=(3, 64, 64),
    mean=(0.0, 0.0, 0.0),
    std=(1.0, 1.0, 1.0),
    layers=(
        *(
            *(ConvLayer(10), ActivationLayer("relu")),
            *(ConvLayer(10), ActivationLayer("relu"), PoolLayer()),
        )
        * 2,
        FlattenLayer(),
        LinearLayer(10),
    ),
)


def everything():
    """EVERYTHING as if trained: batch norm has seen pictures, and its four numbers are its own."""
    network = build_network(EVERYTHING, seed=3).eval().requires_grad_(False)
    generator = torch.Generator().manual_seed(4)
    norm = network.batchnorm1
    for values in (norm.weight, norm.bias, norm.running_mean):
        values.normal_(generator=generator)
    norm.running_var.uniform_(0.1, 3, generator=generator)
    return network


def outsider():
    """What no spec of ours describes: groups, dilation, other borders, windows over the edge."""
    torch.manual_seed(5)
    return nn.Sequential(
        nn.Conv2d(4, 6, 3, groups=2, dilation=2, padding=3, padding_mode="reflect"),
        nn.BatchNorm2d(6, affine=False),
        nn.ReLU(inplace=True),
        nn.MaxPool2d(3, 2, padding=1, dilation=2, ceil_mode=True),
        nn.Sequential(nn.Conv2d(6, 6, (3, 5), groups=6, padding="same", bias=False), nn.GELU()),
        nn.AvgPool2d(3, 2, padding=1, ceil_mode=True, count_include_pad=False),
        nn.Conv2d(6, 4, 3, padding=(2, 1), padding_mode="circular"),
        nn.LeakyReLU(),
        nn.Conv2d(4, 4, 3, stride=(1, 2), padding=1, padding_mode="replicate"),
        nn.AdaptiveMaxPool2d((3, 3)),
        nn.Dropout2d(),
        nn.AdaptiveAvgPool2d((2, None)),
        nn.Flatten(),
        nn.Linear(24, 5, bias=False),
    ).eval()


def picture(shape, seed=0):
    return np.random.default_rng(seed).random(shape, np.float32)


def pictures(count, shape=EVERYTHING.input_shape, seed=0):
    return np.random.default_rng(seed).integers(0, 256, (count, *shape), np.uint8)
