"""What the filters of a network have learnt to look for: their weights, and what excites them."""

from __future__ import annotations

import numpy as np
from torch import Tensor, nn

from cnnviz.core.messages import Explained
from cnnviz.core.networks.learned import Excitement, Indices
from cnnviz.core.records import Floats
from cnnviz.nn.networks.batches import Pictures, first_chain, run_all
from cnnviz.nn.networks.walk import module_of, position_of


def filters(network: nn.Sequential, layer: str) -> Floats:
    """Return the filters of a convolution, as a copy.

    Returns:
        (O, C / groups, kH, kW) float32; `core.networks.learned.order_by_similarity` sorts them.

    Raises:
        LookupError: there is no such layer.
        Explained: it is no convolution.
    """
    module = module_of(network, layer)
    if not isinstance(module, nn.Conv2d):
        raise Explained("The layer “{layer}” has no filters to look at.", layer=layer)
    weights: Floats = module.weight.detach().float().cpu().numpy()
    return weights.copy()


def excite(network: nn.Sequential, layer: str, images: Pictures, *, k: int = 9) -> Excitement:
    """Find the pictures that excite each map of a layer most.

    In batches, so that memory does not grow with the number of pictures.

    Args:
        network: Asked as in evaluation, on the device it is on; not changed.
        layer: As in `LayerActivation`.
        images: (N, C, H, W) uint8, N ≥ 1.
        k: How many a map, ≥ 1; all of them where there are fewer.

    Raises:
        LookupError: there is no such layer.
        Explained: no pictures, or pictures that the network does not take.
    """
    chain = first_chain(network, images)
    shape = chain[position_of(chain, layer)].values.shape
    values, cells = np.zeros((0, shape[0]), np.float32), np.zeros((0, shape[0]), np.intp)
    indices, start = cells, 0
    for batch in run_all(network, chain, layer, images):
        peaks, places = _peaks(batch)
        numbers = np.broadcast_to(np.arange(start, start + len(peaks))[:, None], peaks.shape)
        values, cells = np.concatenate((values, peaks)), np.concatenate((cells, places))
        indices = np.concatenate((indices, numbers))
        order = np.argsort(-values, axis=0, kind="stable")[:k]
        values = np.take_along_axis(values, order, axis=0)
        cells = np.take_along_axis(cells, order, axis=0)
        indices = np.take_along_axis(indices, order, axis=0)
        start += len(peaks)
    width = shape[-1] if len(shape) > 1 else 1
    return Excitement(
        layer, indices.T.copy(), values.T.copy(), np.stack(np.divmod(cells.T, width), axis=-1)
    )


def _peaks(values: Tensor) -> tuple[Floats, Indices]:
    """Return the largest cell of every map, and its number in it: both (n, M)."""
    maps = values.flatten(2) if values.ndim > 2 else values[..., None]  # (n, M, cells)
    peaks, cells = maps.float().max(dim=2)
    return peaks.cpu().numpy(), cells.cpu().numpy().astype(np.intp)
