"""Why one cell of a network has its value, from the values and weights that PyTorch used."""

from __future__ import annotations

from collections.abc import Sequence

from torch import nn

from cnnviz.core.networks.explanations import Cell, Explanation
from cnnviz.core.records import Floats, LayerActivation
from cnnviz.nn.networks.layer_sums import Asked, pixel, sum_of
from cnnviz.nn.networks.walk import module_of, position_of
from cnnviz.nn.networks.windows import unknown


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
        channel: Of the cell; in flat layers its index.
        row: Of the cell; in flat layers 0, as is `col`.
        col: Of the cell.

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
    if any(not 0 <= n < size for n, size in zip(cell, maps.shape, strict=True)):
        raise IndexError(f"cell {tuple(cell)} outside {layer!r} of {maps.shape}")
    if idx == 0:
        found = pixel(maps[cell])
    else:
        asked = Asked(layer, _maps(before), maps, cell, before.values.ndim == 1)
        found = sum_of(module_of(network, layer), asked)
    return Explanation(
        layer, after.kind, before.name if idx else "", cell, float(maps[cell]), *found
    )


def _maps(activation: LayerActivation) -> Floats:
    """Return the values as (C, H, W); flat ones as (N, 1, 1)."""
    values = activation.values
    if values.ndim == 1:
        return values[:, None, None]
    if values.ndim != 3:
        raise unknown(activation.name)
    return values
