"""Why one cell of a network has its value, which pixels it can see, and which of them move it.

Shared networks are left as they are, in training mode or not.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import torch
from torch import nn

from cnnviz.core.lab.pool_spec import PoolSpec
from cnnviz.core.lab.receptive_field import receptive_field
from cnnviz.core.lab.specs import ConvSpec
from cnnviz.core.networks.explanations import Cell, Explanation
from cnnviz.core.records import Floats, LayerActivation
from cnnviz.nn.arrays import as_array, as_tensor
from cnnviz.nn.networks.build import Normalize
from cnnviz.nn.networks.layer_sums import LayerCell, pixel, sum_of
from cnnviz.nn.networks.walk import (
    POOLINGS,
    UNCHANGED,
    conv_spec,
    device_of,
    is_pointwise,
    module_of,
    modules_to,
    pool_spec,
    position_of,
    unknown,
)


def explain(
    network: nn.Sequential,
    activations: Sequence[LayerActivation],
    layer: str,
    channel: int,
    row: int,
    col: int,
) -> Explanation:
    """Return the exact computation of one cell, naming the cells of the layer before.

    Ask again for one of `explanation.origins()` in the layer `explanation.before`, and so on: the
    trail ends at a pixel of the layer "input", which has no origins.

    Args:
        network: Explained as in evaluation, whatever its mode; only read.
        activations: What `capture` returned for this network and one picture.
        layer: Name of one of `activations`.
        channel: Channel of the cell; its index in flat layers, where `row` and `col` are 0.
        row: Its row.
        col: Its column.

    Returns:
        Explanation whose `value` is that in `activations`; its `total` agrees with it within
        1e-5 × `size`.

    Raises:
        LookupError: there is no such layer; IndexError, which is one: no such cell in it.
        Explained: a layer that is not made cell by cell in a way known here; it names the layer.
    """
    idx, cell = position_of(activations, layer), Cell(channel, row, col)
    before, after = activations[max(idx - 1, 0)], activations[idx]
    maps = _maps(after)
    _check_cell(cell, layer, maps.shape)
    if idx == 0:
        found = pixel(maps[cell])
    else:
        asked = LayerCell(layer, _maps(before), maps, cell, before.values.ndim == 1)
        found = sum_of(module_of(network, layer), asked)
    return Explanation(
        layer, after.kind, before.name if idx else "", cell, float(maps[cell]), *found
    )


def _check_cell(cell: tuple[int, int, int], layer: str, shape: Sequence[int]) -> None:
    if any(not 0 <= n < size for n, size in zip(cell, shape, strict=True)):
        raise IndexError(f"cell {tuple(cell)} outside {layer!r} of {tuple(shape)}")


def _maps(activation: LayerActivation) -> Floats:
    """Return the values as (C, H, W); flat ones as (N, 1, 1)."""
    values = activation.values
    if values.ndim == 1:
        return values[:, None, None]
    if values.ndim != 3:
        raise unknown(activation.name)
    return values


def seen_pixels(
    network: nn.Sequential, activations: Sequence[LayerActivation], layer: str, row: int, col: int
) -> tuple[int, int, int, int]:
    """Return (top, left, height, width) of the pixels that a cell can see, by its windows alone.

    The field may reach outside the picture, onto padding. From a flatten or linear layer on, it
    is the whole picture. Arguments are as in `explain`.

    Raises:
        LookupError: there is no such layer.
        Explained: a layer on the way whose windows are not known here, or depend on the size.

    Reference: As `core.lab.receptive_field`.
    """
    specs: list[ConvSpec | PoolSpec] = []
    chain = activations[: position_of(activations, layer) + 1]
    for before, after in pairwise(chain):
        module = module_of(network, after.name)
        if isinstance(module, nn.Flatten | nn.Linear):
            height, width = activations[0].values.shape[1:]
            return 0, 0, height, width
        specs += _windows(module, before, after.name)
    return receptive_field(specs, row, col)


def _windows(
    module: nn.Module, before: LayerActivation, layer: str
) -> tuple[ConvSpec | PoolSpec, ...]:
    """Return the window of a layer; none for those that work cell by cell."""
    if isinstance(module, nn.Conv2d):
        return (conv_spec(module),)
    if isinstance(module, POOLINGS):
        height, width = before.values.shape[1:]
        return (pool_spec(module, layer, (height, width)),)
    if is_pointwise(module) or isinstance(module, UNCHANGED | nn.BatchNorm2d | Normalize):
        return ()
    raise unknown(layer)


def influence(
    network: nn.Sequential,
    activations: Sequence[LayerActivation],
    layer: str,
    channel: int,
    row: int,
    col: int,
) -> Floats:
    """Return how strongly each pixel moves a cell: |∂ cell / ∂ pixel|, summed over channels.

    The effective receptive field: a pixel with 0 does not matter for this picture, whatever the
    windows could see. Computed in evaluation mode on a copy of the picture; neither the network's
    gradients nor its modes change, so that threads may share it. Arguments are as in `explain`.

    Returns:
        (H, W) float32 of the picture's size, 0 and above.

    Raises:
        LookupError: there is no such layer; IndexError, which is one: no such cell in it.

    Reference: Luo, Li, Urtasun & Zemel, arXiv:1701.04128.
    """
    modules = modules_to(network, activations, layer)
    with torch.inference_mode(mode=False), torch.enable_grad():
        pixels = as_tensor(activations[0].values)[None].to(device_of(network)).requires_grad_()
        values = modules(pixels.clone())[0]  # a copy: layers may write in place
        maps = values[:, None, None] if values.ndim == 1 else values
        _check_cell((channel, row, col), layer, maps.shape)
        (slopes,) = torch.autograd.grad(maps[channel, row, col], pixels)
    return np.ascontiguousarray(as_array(slopes[0].abs().sum(dim=0)))
