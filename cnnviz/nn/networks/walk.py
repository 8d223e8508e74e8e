"""A network's layers by the names that `capture` gave them. Uses no hooks: networks are shared."""

from __future__ import annotations

import copy
from collections.abc import Sequence

import torch
from torch import Tensor, nn

from cnnviz.core.records import LayerActivation


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
) -> list[nn.Module]:
    """Return the modules from the first one to `layer`, in evaluation mode; none for the input.

    Those of a network in training mode are copies.

    Raises:
        LookupError: there is no such layer.
    """
    chain = activations[1 : position_of(activations, layer) + 1]
    modules = [module_of(network, each.name) for each in chain]
    if any(part.training for module in modules for part in module.modules()):
        return [copy.deepcopy(module).eval() for module in modules]
    return modules


def run(modules: Sequence[nn.Module], values: Tensor) -> Tensor:
    """Return what modules make of values, (N, ...), one after the other."""
    for module in modules:
        values = module(values)
    return values


def device_of(network: nn.Module) -> torch.device:
    """Return where a network's parameters are; the CPU where it has none."""
    parameter = next(network.parameters(), None)
    return torch.device("cpu") if parameter is None else parameter.device
