"""Many pictures through a network in batches, so that memory does not grow with their number."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from cnnviz.core.messages import Explained
from cnnviz.core.records import LayerActivation
from cnnviz.nn.networks.capture import capture
from cnnviz.nn.networks.evaluation import as_pixels
from cnnviz.nn.networks.walk import device_of, modules_to, run

_BATCH_BYTES = 64_000_000
"""What a batch may take at most before and behind any one layer; a single picture may take more."""
_LARGEST_BATCH = 500

Pictures = NDArray[np.uint8]


def first_chain(network: nn.Sequential, images: Pictures) -> tuple[LayerActivation, ...]:
    """Return what a network makes of the first of many pictures: their names and shapes.

    Args:
        network: As for `capture`.
        images: (N, C, H, W) uint8, N ≥ 1.

    Raises:
        Explained: no pictures, or pictures that the network does not take.
    """
    if images.ndim != 4 or not len(images) or images.dtype != np.uint8:
        raise Explained(
            "Many pictures are bytes (pictures, channels, height, width), not an array {shape}.",
            shape=f"{images.dtype} {images.shape}",
        )
    return capture(network, images[0].astype(np.float32) / 255)


def run_all(
    network: nn.Sequential, chain: Sequence[LayerActivation], layer: str, images: Pictures
) -> Iterator[Tensor]:
    """Yield what a layer puts out for batches of pictures, (n, ...), in order, in evaluation.

    Args:
        network: Not changed.
        chain: What `first_chain` returned.
        layer: Name of one of them.
        images: (N, C, H, W) uint8.

    Raises:
        LookupError: there is no such layer.
    """
    modules, device = modules_to(network, chain, layer), device_of(network)
    largest = max(
        one.values.size + other.values.size for one, other in pairwise((*chain, chain[-1]))
    )
    batch = min(max(_BATCH_BYTES // (4 * largest), 1), _LARGEST_BATCH)
    for start in range(0, len(images), batch):
        with torch.inference_mode():
            part = torch.from_numpy(images[start : start + batch].copy()).to(device)
            yield run(modules, as_pixels(part))
