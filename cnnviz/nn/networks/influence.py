"""Which pixels a cell can see, and which of them move it. Leaves shared networks as they are."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import torch
from torch import nn

from cnnviz.core.lab.pool_spec import PoolSpec
from cnnviz.core.lab.receptive_field import receptive_field
from cnnviz.core.lab.specs import ConvSpec
from cnnviz.core.records import Floats, LayerActivation
from cnnviz.nn.arrays import as_tensor
from cnnviz.nn.networks.build import Normalize
from cnnviz.nn.networks.walk import device_of, module_of, modules_to, position_of, run
from cnnviz.nn.networks.windows import POINTWISE, POOLINGS, UNCHANGED, conv_spec, pool_spec, unknown


def seen_pixels(
    network: nn.Sequential,
    activations: Sequence[LayerActivation],
    layer: str,
    row: int,
    col: int,
) -> tuple[int, int, int, int]:
    """Return (top, left, height, width) of the pixels that a cell can see, by its windows alone.

    The field may reach outside the picture, onto padding. From a flatten or linear layer on, it
    is the whole picture.

    Args:
        network: Only read.
        activations: What `capture` returned for this network and one picture.
        layer: Name of one of `activations`.
        row: Of the cell in that layer; 0 in flat ones, as is `col`.
        col: Of the cell.

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
    if isinstance(module, (*POINTWISE, *UNCHANGED, nn.BatchNorm2d, Normalize)):
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
    """Return how strongly each pixel moves a cell: |∂ cell / ∂ pixel|, added up over channels.

    The effective receptive field: what is 0 here does not matter for this picture, whatever the
    windows could see. In evaluation mode, on a copy of the picture; neither the network's
    gradients nor its modes change, so that threads may share it.

    Args:
        network: Only read.
        activations: What `capture` returned for this network and one picture.
        layer: Name of one of `activations`.
        channel: Of the cell; in flat layers its index, with `row` and `col` 0.
        row: Of the cell.
        col: Of the cell.

    Returns:
        (H, W) float32 of the picture's size, 0 and above.

    Raises:
        LookupError: there is no such layer; IndexError, which is one: no such cell in it.

    Reference: Luo, Li, Urtasun & Zemel, arXiv:1701.04128.
    """
    modules = modules_to(network, activations, layer)
    with torch.inference_mode(mode=False), torch.enable_grad():
        pixels = as_tensor(activations[0].values)[None].to(device_of(network)).requires_grad_()
        values = run(modules, pixels.clone())[0]  # a copy: layers may write in place
        maps = values[:, None, None] if values.ndim == 1 else values
        cell = channel, row, col
        if any(not 0 <= n < size for n, size in zip(cell, maps.shape, strict=True)):
            raise IndexError(f"cell {cell} outside {layer!r} of {tuple(maps.shape)}")
        (slopes,) = torch.autograd.grad(maps[cell], pixels)
    strength: Floats = slopes[0].abs().sum(dim=0).float().cpu().numpy()
    return np.ascontiguousarray(strength)
