"""A network's layers by the names that `capture` gave them, and how the windows of each move.

Uses no hooks: networks are shared.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import Any

import torch
from torch import nn

from cnnviz.core.lab.activations import ACTIVATIONS
from cnnviz.core.lab.pool_spec import PoolSpec
from cnnviz.core.lab.specs import ConvSpec
from cnnviz.core.messages import Explained
from cnnviz.core.records import LayerActivation, Pair

UNCHANGED = nn.Dropout | nn.Dropout2d | nn.Identity
"""Layers that leave every value as it is, in evaluation."""
POOLINGS = nn.MaxPool2d | nn.AvgPool2d | nn.AdaptiveMaxPool2d | nn.AdaptiveAvgPool2d


def is_pointwise(module: nn.Module) -> bool:
    """Whether a layer makes each value from the one in its place, by an activation function."""
    known = (getattr(nn, each.module) for each in ACTIVATIONS.values() if each.id != "none")
    return isinstance(module, (*known, nn.ReLU6, nn.Hardswish))


def position_of(activations: Sequence[LayerActivation], layer: str) -> int:
    """Return where a layer stands in a chain of activations; the input is at 0.

    Raises:
        LookupError: there is no such layer; it names those there are.
    """
    names = [each.name for each in activations]
    if layer not in names:
        raise LookupError(f"no layer {layer!r}; there are {', '.join(names)}")
    return names.index(layer)


def module_of(network: nn.Sequential, layer: str) -> nn.Module:
    """Return the module behind a name; the input has none.

    Raises:
        LookupError: the network has no such layer.
    """
    try:
        return network.get_submodule(layer)
    except AttributeError:
        raise LookupError(f"no layer {layer!r} in the network") from None


def modules_to(
    network: nn.Sequential, activations: Sequence[LayerActivation], layer: str
) -> nn.Sequential:
    """Return the modules from the first one to `layer`, in evaluation mode; none for the input.

    Those of a network in training mode are copies.

    Raises:
        LookupError: there is no such layer.
    """
    chain = activations[1 : position_of(activations, layer) + 1]
    modules = nn.Sequential(*(module_of(network, each.name) for each in chain))
    if any(part.training for module in modules for part in module.modules()):
        return copy.deepcopy(modules).eval()
    return modules


def device_of(network: nn.Module) -> torch.device:
    """Return where a network's parameters are; the CPU where it has none."""
    parameter = next(network.parameters(), None)
    return torch.device("cpu") if parameter is None else parameter.device


def unknown(layer: str) -> Explained:
    """Return the refusal of a layer that is not made cell by cell in a way known here."""
    return Explained(
        "The numbers of the layer “{layer}” cannot be explained one by one.", layer=layer
    )


def conv_spec(module: nn.Conv2d) -> ConvSpec:
    """Return how a convolution's windows move."""
    settings: Any = module
    return ConvSpec(
        kernel_size=settings.kernel_size,
        stride=settings.stride,
        padding=settings.padding,
        dilation=settings.dilation,
        groups=settings.groups,
        padding_mode=settings.padding_mode,
    )


def pool_spec(module: nn.Module, layer: str, size: Pair) -> PoolSpec:
    """Return how the windows of one of `POOLINGS` move over maps of `size` (H, W).

    Raises:
        Explained: a divisor of somebody's own; it names the layer.
    """
    settings: Any = module
    if isinstance(module, nn.AdaptiveMaxPool2d | nn.AdaptiveAvgPool2d):
        kind = "adaptive_max" if isinstance(module, nn.AdaptiveMaxPool2d) else "adaptive_avg"
        wanted = _pair(settings.output_size)
        rows, cols = (given or own for given, own in zip(wanted, size, strict=True))
        return PoolSpec(kind, output_size=(rows, cols))  # type: ignore[arg-type]
    window = _pair(settings.kernel_size), _pair(settings.stride), _pair(settings.padding)
    if isinstance(module, nn.MaxPool2d):
        return PoolSpec("max", *window, _pair(settings.dilation), settings.ceil_mode)
    if settings.divisor_override is not None:
        raise unknown(layer)
    return PoolSpec(
        "avg", *window, ceil_mode=settings.ceil_mode, count_include_pad=settings.count_include_pad
    )


def _pair(value: Any) -> Any:
    return tuple(value) if isinstance(value, tuple | list) else (value, value)
