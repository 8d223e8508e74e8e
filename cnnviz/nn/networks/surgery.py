"""What a network would do with other filters: a changed copy, the original as it was."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from functools import singledispatch
from itertools import chain

import numpy as np
import torch
from torch import Tensor, nn

from cnnviz.core.messages import Explained
from cnnviz.core.networks.surgery import AddNoise, Operation, SetWeight, Swap, SwitchOff, Zero
from cnnviz.nn.networks.walk import POOLINGS, UNCHANGED, is_pointwise

_LEARNT = (nn.Conv2d, nn.Linear)


def operate(network: nn.Sequential, edits: Sequence[Operation]) -> nn.Sequential:
    """Return a copy of a network with changes made to its filters, in order.

    Args:
        network: Any `Sequential`; neither it nor its tensors change.
        edits: Later ones act on what earlier ones left.

    Returns:
        Network in evaluation mode, on the same device. It shares the tensors of layers that no
        edit touches; those of the others are its own, without gradients.

    Raises:
        Explained: an edit that this network cannot take; it names the layer and the numbers.
    """
    tensors = chain(network.parameters(), network.buffers())
    changed = copy.deepcopy(network, {id(tensor): tensor for tensor in tensors}).eval()
    own: set[str] = set()
    with torch.inference_mode(mode=False), torch.no_grad():
        for edit in edits:
            name, module = _edited(changed, edit)
            if name not in own:
                _make_own(module)
                own.add(name)
            _change(edit, module)
    return changed


def _edited(network: nn.Sequential, edit: Operation) -> tuple[str, nn.Module]:
    """Return the layer whose numbers an edit changes."""
    is_off = isinstance(edit, SwitchOff)
    name = _maker(network, edit.layer) if is_off else edit.layer
    module = _layers(network).get(name)
    if isinstance(module, (*_LEARNT, nn.BatchNorm2d) if is_off else _LEARNT):
        return name, module
    raise Explained("The layer “{layer}” has no filters to change.", layer=edit.layer)


def _layers(network: nn.Sequential) -> dict[str, nn.Module]:
    return {
        name: module
        for name, module in network.named_modules()
        if name and not isinstance(module, nn.Sequential)
    }


def _make_own(module: nn.Module) -> None:
    for name, parameter in list(module.named_parameters(recurse=False)):
        own = nn.Parameter(parameter.detach().clone(), requires_grad=False)
        setattr(module, name, own)


def _maker(network: nn.Sequential, layer: str) -> str:
    """Return the layer that makes a map: itself, or the first before it that can move 0 from 0."""
    layers = _layers(network)
    names = list(layers)
    end = names.index(layer) + 1 if layer in layers else 0
    movers = [name for name in names[:end] if not _keeps_zero(layers[name])]
    return movers[-1] if movers else layer


def _keeps_zero(module: nn.Module) -> bool:
    """Whether a layer makes 0 of 0, map by map."""
    if is_pointwise(module):
        return not module(torch.zeros(1)).any()
    return isinstance(module, POOLINGS | UNCHANGED)


@singledispatch
def _change(edit: Operation, module: nn.Module) -> None:
    raise TypeError(f"no operation {type(edit).__name__}")


@_change.register
def _(edit: Zero, module: nn.Module) -> None:
    weight = _weight(edit.layer, module, edit.kernel, channel=edit.channel or 0)
    kernel = weight[edit.kernel]
    (kernel if edit.channel is None else kernel[edit.channel]).zero_()


@_change.register
def _(edit: SetWeight, module: nn.Module) -> None:
    place = edit.kernel, edit.channel, edit.row, edit.col
    weight = _weight(edit.layer, module, edit.kernel, *place[1:])
    weight[place] = edit.value


@_change.register
def _(edit: Swap, module: nn.Module) -> None:
    for n in (edit.first, edit.second):
        _weight(edit.layer, module, n)
    for values in module.parameters():
        values[[edit.first, edit.second]] = values[[edit.second, edit.first]]


@_change.register
def _(edit: AddNoise, module: nn.Module) -> None:
    weight = _weight(edit.layer, module, edit.kernel)
    kernel = weight[edit.kernel]
    noise = np.random.default_rng(edit.seed).standard_normal(tuple(kernel.shape), np.float32)
    spread = weight.std(correction=0).item()
    kernel += torch.from_numpy(edit.scale * spread * noise).to(kernel)


@_change.register
def _(edit: SwitchOff, module: nn.Module) -> None:
    _weight(edit.layer, module, edit.channel)
    for values in module.parameters():
        values[edit.channel] = 0


def _weight(
    layer: str, module: nn.Module, kernel: int, channel: int = 0, row: int = 0, col: int = 0
) -> Tensor:
    """Return a layer's weights as (O, C, kH, kW), sharing memory; an index must lie within."""
    weight = module.weight
    if not isinstance(weight, Tensor):  # batch norm without numbers of its own
        raise Explained("The layer “{layer}” has no filters to change.", layer=layer)
    weight = weight.view(*weight.shape, *[1] * (4 - weight.ndim))
    if kernel >= len(weight):
        raise Explained(
            "The layer “{layer}” has {count} filters, counted from 0; there is no filter {kernel}.",
            layer=layer,
            count=len(weight),
            kernel=kernel,
        )
    depth, height, width = weight.shape[1:]
    if channel >= depth or row >= height or col >= width:
        raise Explained(
            "A filter of the layer “{layer}” has {channels} channels of {height} × {width}; there "
            "is no weight at {channel}, {row}, {col}, counted from 0.",
            layer=layer,
            channels=depth,
            height=height,
            width=width,
            channel=channel,
            row=row,
            col=col,
        )
    return weight
