"""What a network has learned: its filters, what excites them, many pictures as points of a plane.

Pictures pass in batches, so that memory does not grow with their number.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from cnnviz.core.arrays import as_pictures
from cnnviz.core.messages import Explained
from cnnviz.core.networks.learned import Embedding, Excitement, Indices
from cnnviz.core.records import Floats, LayerActivation
from cnnviz.core.strict import whole
from cnnviz.nn.arrays import as_array
from cnnviz.nn.networks.capture import capture
from cnnviz.nn.networks.evaluation import as_pixels
from cnnviz.nn.networks.walk import device_of, module_of, modules_to, position_of

_BATCH_BYTES = 64_000_000
"""Most that a batch takes before and behind any one layer; a single picture may take more."""
_LARGEST_BATCH = 500
MOST_PICTURES = 2000
"""More points hide each other; the time grows with the cube of it."""
MOST_VALUES = 32_000_000
"""Values of all pictures together: 128 MB."""
_ROUNDING = 1e-9
"""Less than this share of the variance is float32 rounding."""

Pictures = NDArray[np.uint8]


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
    return as_array(module.weight).copy()


def excite(network: nn.Sequential, layer: str, images: Pictures, *, k: int = 9) -> Excitement:
    """Find the pictures that excite each map of a layer most.

    Args:
        network: Asked as in evaluation, on the device it is on; not changed.
        layer: As in `LayerActivation`.
        images: (N, C, H, W) uint8, N ≥ 1.
        k: How many a map, ≥ 1; all of them where there are fewer.

    Raises:
        LookupError: there is no such layer.
        Explained: no pictures, or pictures that the network does not take.
    """
    whole("k", k, 1, 10**9)
    images = as_pictures(images)
    chain = _first_chain(network, images)
    shape = chain[position_of(chain, layer)].values.shape
    values, cells = np.zeros((0, shape[0]), np.float32), np.zeros((0, shape[0]), np.intp)
    indices, start = cells, 0
    for batch in _run_all(network, chain, layer, images):
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
    return as_array(peaks), cells.cpu().numpy().astype(np.intp)


def embed(network: nn.Sequential, images: Pictures) -> Embedding:
    """Lay pictures out by the principal components of the last hidden layer: PCA.

    The layer is the one before the last linear layer. Centred values are split into their
    directions of largest variance exactly (`torch.linalg.eigh` of the smaller of their two
    product matrices, in float64): the same pictures always give the same points.

    Args:
        network: Asked as in evaluation, on the device it is on; not changed.
        images: (N, C, H, W) uint8, 3 ≤ N ≤ `MOST_PICTURES`.

    Returns:
        Embedding that also places further pictures.

    Raises:
        Explained: too few or too many pictures, or a network without a hidden layer.

    Reference: Pearson, Philosophical Magazine 2 (11), 1901.
    """
    images = as_pictures(images)
    chain = _first_chain(network, images)
    hidden = _last_hidden(network, chain)
    most = min(MOST_PICTURES, MOST_VALUES // hidden.values.size)
    if not 3 <= len(images) <= most:
        raise Explained(
            "Between {least} and {most} pictures can be laid out, not {count}.",
            least=3,
            most=most,
            count=len(images),
        )
    values = torch.cat(
        [batch.flatten(1).cpu() for batch in _run_all(network, chain, hidden.name, images)]
    )  # (N, D)
    with torch.inference_mode():
        centre = values.mean(dim=0)
        axes, shares = _components(values - centre)
        points = (values - centre) @ axes.T
    return Embedding(hidden.name, as_array(points), as_array(centre), as_array(axes), shares)


def _last_hidden(network: nn.Sequential, chain: Sequence[LayerActivation]) -> LayerActivation:
    """Return what goes into a network's last linear layer."""
    for idx in range(len(chain) - 1, 1, -1):
        if isinstance(module_of(network, chain[idx].name), nn.Linear):
            return chain[idx - 1]
    raise Explained("The network has no hidden layer before a last linear one.")


def _components(centred: Tensor) -> tuple[Tensor, tuple[float, float]]:
    """Return the two directions of largest variance, (2, D), and their shares of it.

    A direction in which nothing varies, beyond rounding, is 0.
    """
    exact = centred.double()
    is_tall = exact.shape[0] >= exact.shape[1]
    product = exact.T @ exact if is_tall else exact @ exact.T
    variances, vectors = torch.linalg.eigh(product)  # ascending
    total = product.trace().item()
    axes, shares = exact.new_zeros(2, exact.shape[1]), [0.0, 0.0]
    for n in range(min(2, len(variances))):
        share = variances[-1 - n].item() / total if total > 0 else 0.0
        if share < _ROUNDING:
            break
        vector = vectors[:, -1 - n]
        axis = nn.functional.normalize(vector if is_tall else exact.T @ vector, dim=0)
        axes[n], shares[n] = axis * axis[axis.abs().argmax()].sign(), share
    return axes.float(), (shares[0], shares[1])


def _first_chain(network: nn.Sequential, images: Pictures) -> tuple[LayerActivation, ...]:
    """Return what a network makes of the first picture: the layers' names and shapes."""
    return capture(network, images[0].astype(np.float32) / 255)


def _run_all(
    network: nn.Sequential, chain: Sequence[LayerActivation], layer: str, images: Pictures
) -> Iterator[Tensor]:
    """Yield what a layer puts out for batches of pictures, (n, ...), in order, in evaluation."""
    modules, device = modules_to(network, chain, layer), device_of(network)
    largest = max(
        one.values.size + other.values.size for one, other in pairwise((*chain, chain[-1]))
    )
    batch = min(max(_BATCH_BYTES // (4 * largest), 1), _LARGEST_BATCH)
    for start in range(0, len(images), batch):
        with torch.inference_mode():
            part = torch.from_numpy(images[start : start + batch].copy()).to(device)
            yield modules(as_pixels(part))
