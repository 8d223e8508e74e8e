"""How much of the picture each layer of a network sees, from its spec alone."""

from __future__ import annotations

from cnnviz.core.lab.pool_spec import PoolSpec
from cnnviz.core.lab.receptive_field import receptive_field
from cnnviz.core.lab.specs import ConvSpec
from cnnviz.core.networks.layer_specs import ConvLayer, PoolLayer
from cnnviz.core.networks.network_spec import NetworkSpec


def layer_fields(spec: NetworkSpec) -> tuple[tuple[int, int], ...]:
    """Return (height, width) of the pixels that one cell can see, for each of `spec.shapes()`.

    It may be larger than the picture, whose padding is seen, too. Flat layers see all of it.
    """
    windows: list[ConvSpec | PoolSpec] = []
    fields = [(1, 1), (1, 1)]  # the pixels, and those pixels normalised
    for layer, step in zip(spec.layers, spec.shapes()[2:], strict=True):
        if len(step.shape) == 1:
            fields.append(spec.input_shape[1:])
            continue
        if isinstance(layer, ConvLayer | PoolLayer):
            windows.append(layer.spec)
        fields.append(receptive_field(windows, 0, 0)[2:])
    return tuple(fields)
