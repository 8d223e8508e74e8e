"""Pictures laid out in two dimensions by what a network's last hidden layer makes of them."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from cnnviz.core.messages import Explained
from cnnviz.core.networks.learned import Embedding
from cnnviz.core.records import Floats, LayerActivation
from cnnviz.nn.networks.batches import Pictures, first_chain, run_all
from cnnviz.nn.networks.walk import module_of

MOST_PICTURES = 2000
"""More points hide each other; the time grows with the cube of it."""
MOST_VALUES = 32_000_000
"""Values of all pictures together: 128 MB."""
_ROUNDING = 1e-9
"""Less than this share of the variance is float32 rounding."""


def embed(network: nn.Sequential, images: Pictures) -> Embedding:
    """Lay pictures out by the principal components of the last hidden layer: PCA.

    The layer is the one before the last linear layer. Centred values are split into their
    directions of largest variance exactly (`torch.linalg.eigh` of the smaller of their two
    product matrices, in float64), without chance: the same pictures give the same points.

    Args:
        network: Asked as in evaluation, on the device it is on; not changed.
        images: (N, C, H, W) uint8, 3 ≤ N ≤ `MOST_PICTURES`.

    Returns:
        Embedding that also places further pictures.

    Raises:
        Explained: too few or too many pictures, or a network without a hidden layer.

    Reference: Pearson, Philosophical Magazine 2 (11), 1901.
    """
    chain = first_chain(network, images)
    hidden = last_hidden(network, chain)
    most = min(MOST_PICTURES, MOST_VALUES // hidden.values.size)
    if not 3 <= len(images) <= most:
        raise Explained(
            "Between {least} and {most} pictures can be laid out, not {count}.",
            least=3,
            most=most,
            count=len(images),
        )
    values = torch.cat(
        [batch.flatten(1).cpu() for batch in run_all(network, chain, hidden.name, images)]
    )  # (N, D)
    with torch.inference_mode():
        centre = values.mean(dim=0)
        axes, shares = _components(values - centre)
        points = (values - centre) @ axes.T
    return Embedding(hidden.name, _array(points), _array(centre), _array(axes), shares)


def last_hidden(network: nn.Sequential, chain: Sequence[LayerActivation]) -> LayerActivation:
    """Return what goes into a network's last linear layer.

    Raises:
        Explained: it has none, or nothing but the picture goes into it.
    """
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


def _array(values: Tensor) -> Floats:
    array: Floats = values.float().numpy()
    return array
