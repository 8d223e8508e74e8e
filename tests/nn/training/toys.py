"""Pictures that a tiny network learns in a blink, and what the tests of training do with them."""

import numpy as np

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
from cnnviz.nn.data import ImageData

SPEC = NetworkSpec(
    input_shape=(1, 8, 8),
    mean=(0.25,),
    std=(0.4,),
    layers=(
        ConvLayer(4, 3, padding=1),
        BatchNormLayer(),
        ActivationLayer("relu"),
        PoolLayer(),
        DropoutLayer(0.2),
        FlattenLayer(),
        LinearLayer(2),
    ),
)


def bars(count, size=8, classes=2, seed=0):
    """Noisy pictures with a bright row (class 0) or column (class 1) at a random place."""
    rng = np.random.default_rng(seed)
    images = rng.integers(0, 60, (count, 1, size, size), np.uint8)
    labels = rng.integers(0, classes, count).astype(np.uint8)
    for image, label, place in zip(images[:, 0], labels, rng.integers(0, size, count), strict=True):
        (image if label % 2 == 0 else image.T)[place] = 255
    return images, labels


def toy(**more):
    return ImageData(*bars(240, **more), *bars(100, seed=1, **more))


def finish(events):
    """All events, and what the generator returned."""
    seen = []
    while True:
        try:
            seen.append(next(events))
        except StopIteration as end:
            return seen, end.value
