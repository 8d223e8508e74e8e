"""How a cell of each kind of layer is added up from cells of the layer before.

Nothing is computed twice for display: convolutions and poolings are read by `core.lab.traces`, and
an activation is the network's own layer, asked about one number.
"""

from __future__ import annotations

from functools import singledispatch
from typing import Literal, NamedTuple

import numpy as np
import torch
from torch import nn

from cnnviz.core.lab.specs import ConvSpec
from cnnviz.core.lab.traces import ConvTrace, PoolTrace
from cnnviz.core.networks.explanations import (
    BatchNormNumbers,
    Cell,
    NormalizeNumbers,
    Numbers,
    Places,
    PoolNumbers,
)
from cnnviz.core.records import Floats
from cnnviz.nn.arrays import as_array
from cnnviz.nn.networks.build import Normalize
from cnnviz.nn.networks.walk import POOLINGS, UNCHANGED, conv_spec, is_pointwise, pool_spec, unknown

_PADDING: dict[str, Literal["reflect", "edge", "wrap"]] = {
    "reflect": "reflect",
    "replicate": "edge",
    "circular": "wrap",
}
"""PyTorch's padding modes that repeat cells → NumPy's."""
_NOWHERE = (-1, -1, -1)


class LayerCell(NamedTuple):
    """A cell of a layer, and the values before and after that layer, (C, H, W)."""

    layer: str
    before: Floats
    after: Floats
    cell: Cell
    were_flat: bool


class Sum(NamedTuple):
    """The fields of an `Explanation` that depend on the kind of layer."""

    inputs: Floats
    weights: Floats | None
    terms: Floats
    sources: Places
    bias: float = 0.0
    numbers: Numbers | None = None


@singledispatch
def sum_of(module: nn.Module, asked: LayerCell) -> Sum:
    """Return what a cell of a layer was added up from.

    Raises:
        Explained: a layer that is not made cell by cell in a way known here; it names the layer.
    """
    if is_pointwise(module):
        return _activation(module, asked)
    raise unknown(asked.layer)


def pixel(value: np.float32) -> Sum:
    """Return the sum of a cell of the input: itself, from nowhere."""
    return Sum(*_one(value), np.array([_NOWHERE], np.intp))


@sum_of.register(nn.Conv2d)
def _convolution(module: nn.Conv2d, asked: LayerCell) -> Sum:
    weight, spec = as_array(module.weight), conv_spec(module)
    bias = None if module.bias is None else as_array(module.bias)
    lines = _lines(spec, asked.before.shape[1:])
    padded = asked.before[:, lines[0]][:, :, lines[1]]
    padded[:, lines[0] < 0] = 0
    padded[:, :, lines[1] < 0] = 0
    trace = ConvTrace(asked.before, weight, bias, spec, padded, weight, asked.after)
    read = trace.cell(*asked.cell)
    rows, cols = (
        line[corner : corner + extent : dilation]
        for line, corner, extent, dilation in zip(
            lines, read.corner, spec.extent, spec.dilation, strict=True
        )
    )
    outputs, depth = weight.shape[:2]
    group = asked.cell.channel // (outputs // spec.groups)
    sources = _places(np.arange(group * depth, (group + 1) * depth), rows, cols)
    kernel = weight[asked.cell.channel].copy()
    return Sum(read.patch.copy(), kernel, read.products, sources, read.bias)


def _lines(spec: ConvSpec, size: tuple[int, ...]) -> tuple[Places, Places]:
    """Return which rows and columns of the maps make up the padded ones; −1: zeros."""
    pads, mode = spec.pads((size[0], size[1])), _PADDING.get(spec.padding_mode)
    rows, cols = (
        np.pad(np.arange(size[n]), pads[n], constant_values=-1)
        if mode is None
        else np.pad(np.arange(size[n]), pads[n], mode)
        for n in (0, 1)
    )
    return rows, cols


@sum_of.register(POOLINGS)
def _pooling(module: nn.Module, asked: LayerCell) -> Sum:
    channel, (height, width) = asked.cell.channel, asked.before.shape[1:]
    spec = pool_spec(module, asked.layer, (height, width))
    read = PoolTrace(asked.before, spec, asked.after).cell(*asked.cell)
    rows, cols = (
        start + step * np.arange(count)
        for start, step, count in zip(read.corner, spec.dilation, read.patch.shape, strict=True)
    )
    rows = np.where(rows < height, rows, -1)
    cols = np.where(cols < width, cols, -1)
    sources = _places(np.array([channel]), rows, cols)[0]
    weights = np.full(read.patch.shape, 1 / read.divisor, np.float32)
    if read.winner is not None:
        weights = (sources[..., 1:] == read.winner).all(axis=-1).astype(np.float32)
    terms = np.where(sources[..., 0] < 0, np.float32(0), read.patch * weights)
    winner = None if read.winner is None else Cell(channel, *read.winner)
    return Sum(read.patch, weights, terms, sources, 0.0, PoolNumbers(winner, read.divisor))


@sum_of.register(nn.Linear)
def _linear(module: nn.Linear, asked: LayerCell) -> Sum:
    if not asked.were_flat:
        raise unknown(asked.layer)
    inputs, weights = asked.before.flatten(), as_array(module.weight[asked.cell.channel]).copy()
    sources = np.zeros((inputs.size, 3), np.intp)
    sources[:, 0] = np.arange(inputs.size)
    bias = 0.0 if module.bias is None else module.bias[asked.cell.channel].item()
    return Sum(inputs, weights, inputs * weights, sources, bias)


@sum_of.register(nn.Flatten)
def _flatten(module: nn.Flatten, asked: LayerCell) -> Sum:
    if asked.after.shape != (asked.before.size, 1, 1):
        raise unknown(asked.layer)
    source = np.unravel_index(asked.cell.channel, asked.before.shape)
    return Sum(*_one(asked.before[source]), np.array([source], np.intp))


@sum_of.register(UNCHANGED)
def _unchanged(module: nn.Module, asked: LayerCell) -> Sum:
    return Sum(*_one(asked.before[asked.cell]), np.array([asked.cell], np.intp))


def _activation(module: nn.Module, asked: LayerCell) -> Sum:
    inputs = np.array([asked.before[asked.cell]])
    with torch.inference_mode():
        terms = module(torch.from_numpy(inputs.copy())).numpy()
    return Sum(inputs, None, terms, np.array([asked.cell], np.intp))


@sum_of.register(Normalize)
def _normalize(module: Normalize, asked: LayerCell) -> Sum:
    mean, std = (each[asked.cell.channel].item() for each in (module.mean, module.std))
    return _scaled(asked, mean, 1 / std, 0.0, NormalizeNumbers(mean, std))


@sum_of.register(nn.BatchNorm2d)
def _batchnorm(module: nn.BatchNorm2d, asked: LayerCell) -> Sum:
    if module.running_mean is None or module.running_var is None:
        raise unknown(asked.layer)
    channel = asked.cell.channel
    mean, var = module.running_mean[channel].item(), module.running_var[channel].item()
    gamma = module.weight[channel].item() if module.affine else 1.0
    beta = module.bias[channel].item() if module.affine else 0.0
    numbers = BatchNormNumbers(mean, var, module.eps, gamma, beta)
    return _scaled(asked, mean, gamma / (var + module.eps) ** 0.5, beta, numbers)


def _scaled(asked: LayerCell, mean: float, scale: float, shift: float, numbers: Numbers) -> Sum:
    """Return scale · x − scale · mean + shift; the mean stands in no cell."""
    inputs = np.array([asked.before[asked.cell], mean], np.float32)
    weights = np.array([scale, -scale], np.float32)
    sources = np.array([asked.cell, _NOWHERE], np.intp)
    return Sum(inputs, weights, inputs * weights, sources, shift, numbers)


def _one(value: np.float32) -> tuple[Floats, Floats, Floats]:
    """Return inputs, weights and terms of a value that is passed on."""
    return np.array([value]), np.ones(1, np.float32), np.array([value])


def _places(channels: Places, rows: Places, cols: Places) -> Places:
    """Return channel, row and column of every tap, (C, h, w, 3); −1 for those on padding."""
    places = np.stack(np.meshgrid(channels, rows, cols, indexing="ij"), axis=-1)
    places[(places < 0).any(axis=-1)] = -1
    return places
