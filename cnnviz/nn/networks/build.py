"""Networks built from specs: `torch.nn.Sequential`, layer by layer, named as in the spec."""

from __future__ import annotations

import math
from collections import OrderedDict
from typing import Any

import torch
from torch import Tensor, nn

from cnnviz.core.networks.layer_kinds import layer_kinds
from cnnviz.core.networks.layer_specs import Layer, Shape
from cnnviz.core.networks.network_spec import NetworkSpec
from cnnviz.core.strict import instance, whole
from cnnviz.nn.arrays import LaidOutFlatten


class Normalize(nn.Module):
    """The first layer of every network: (x − mean) / std, channel by channel.

    Attributes:
        input_shape: (C, H, W) of the pictures the network takes.
        mean: (C, 1, 1) buffer, stored with the weights.
        std: (C, 1, 1) buffer, stored with the weights.
    """

    mean: Tensor
    std: Tensor

    def __init__(self, spec: NetworkSpec) -> None:
        super().__init__()
        self.input_shape = spec.input_shape
        self.register_buffer("mean", torch.tensor(spec.mean).view(-1, 1, 1))
        self.register_buffer("std", torch.tensor(spec.std).view(-1, 1, 1))

    def forward(self, images: Tensor) -> Tensor:
        """Normalise (N, C, H, W) images in [0, 1]."""
        return (images - self.mean) / self.std


class SeededDropout(nn.Dropout):
    """Dropout that draws from a generator of its own, never from the one all threads share.

    Attributes:
        generator: On the network's device; `train` sets it. None: PyTorch's global one.
    """

    generator: torch.Generator | None = None

    def forward(self, values: Tensor) -> Tensor:
        """Set a share `p` of the values to 0 and scale the rest by 1 / (1 − p), in training."""
        if not self.training or self.generator is None:
            return super().forward(values)
        return values * _kept(values, 1 - self.p, self.generator)


def _kept(values: Tensor, share: float, generator: torch.Generator) -> Tensor:
    """Draw 1 / share for a share of the values, 0 for the others.

    On a processor `bernoulli_` draws them one by one, a fifth of a training step of PyTorch's
    example network for MNIST: there one draw of 64 bits makes four of 16.
    """
    kept = torch.empty_like(values)
    if values.device.type != "cpu":
        return kept.bernoulli_(share, generator=generator).div_(share)
    draws = torch.empty(-(-values.numel() // 4), dtype=torch.int64)
    draws.random_(-(2**63), None, generator=generator)
    is_kept = draws.view(torch.int16)[: values.numel()] >= round((1 - share) * 2**16) - 2**15
    return kept.copy_(is_kept.view(values.shape)).div_(share)


_OWN: dict[str, type[nn.Module]] = {"Dropout": SeededDropout, "Flatten": LaidOutFlatten}
"""Modules of ours in place of PyTorch's."""
_DRAWN = (nn.Conv2d, nn.Linear)
"""Modules whose weights are drawn."""


def build_network(spec: NetworkSpec, *, seed: int = 0) -> nn.Sequential:
    """Build a network with random weights, the same ones for the same seed.

    Args:
        spec: Its layers and the pictures it takes.
        seed: Seed of its own generator; PyTorch's global one is neither read nor advanced.

    Returns:
        Network in training mode on the CPU. It takes (N, C, H, W) float32 in [0, 1], normalises
        in its first layer, and returns (N, classes) logits.
    """
    instance("spec", spec, NetworkSpec)
    whole("seed", seed, 0, 2**32 - 1)
    layers: OrderedDict[str, nn.Module] = OrderedDict(normalize=Normalize(spec))
    steps = spec.shapes()
    for step, before, layer in zip(steps[2:], steps[1:], spec.layers, strict=False):
        layers[step.name] = _module(layer, before.shape)
    network = nn.Sequential(layers)
    _initialise(network, torch.Generator().manual_seed(int(seed)))
    return network


def _module(layer: Layer, shape: Shape) -> nn.Module:
    """Build one layer for maps or values of `shape`.

    Weights are made on the "meta" device, where PyTorch draws nothing, and set afterwards.
    """
    kind = layer_kinds()[layer.kind]
    made: Any = _OWN.get(kind.module) or getattr(nn, kind.module)
    given, options = kind.arguments(layer, shape)
    module: nn.Module = made(*given, **options, **({"device": "meta"} if made in _DRAWN else {}))
    return module.to_empty(device="cpu") if made in _DRAWN else module


@torch.no_grad()
def _initialise(network: nn.Sequential, generator: torch.Generator) -> None:
    """Draw weights and biases uniformly within ±1 / √fan-in, PyTorch's own default.

    Source: He et al., arXiv:1502.01852, with a = √5, as `nn.Conv2d.reset_parameters` has it.
    """
    for layer in network:
        if isinstance(layer, _DRAWN):
            bound = 1 / math.sqrt(layer.weight[0].numel())
            for parameter in layer.parameters():
                parameter.uniform_(-bound, bound, generator=generator)
