"""What each layer sees, beside what is measured on the network itself."""

import numpy as np
import pytest

from cnnviz.core.networks.layer_fields import layer_fields
from cnnviz.core.networks.models import MODELS
from cnnviz.nn import build_network, capture
from cnnviz.nn.networks.explain import seen_pixels
from tests.nn.networks.toys import EVERYTHING, TINY_VGG


def test_tiny_vgg_sees_what_is_published():
    steps = TINY_VGG.shapes()
    fields = [
        field
        for step, field in zip(steps, layer_fields(TINY_VGG), strict=True)
        if step.kind in ("conv", "maxpool")
    ]
    assert fields == [(n, n) for n in (3, 5, 6, 10, 14, 16)]
    assert layer_fields(TINY_VGG)[-1] == (64, 64)


@pytest.mark.parametrize("spec", [*MODELS.values(), EVERYTHING])
def test_a_spec_says_what_the_network_says(spec):
    network = build_network(spec).eval()
    activations = capture(network, np.zeros(spec.input_shape, np.float32))
    for activation, field in zip(activations, layer_fields(spec), strict=True):
        assert seen_pixels(network, activations, activation.name, 0, 0)[2:] == field
