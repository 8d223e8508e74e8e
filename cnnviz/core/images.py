"""Pictures as arrays: grey and smaller ones. Knows nothing of digits or filters."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from cnnviz.core.records import Floats

LUMA = (0.299, 0.587, 0.114)
"""Shares of red, green and blue in grey: ITU-R Recommendation BT.601-2, as in Pillow's `L`."""


def to_grey(image: Floats) -> Floats:
    """Turn a picture grey by luma.

    Args:
        image: (C, H, W) float32 in [0, 1], C = 1 or 3; not modified.

    Returns:
        (1, H, W) float32 in [0, 1]; a grey picture comes back as it is.
    """
    if image.shape[0] == 1:
        return image
    grey = np.tensordot(np.array([LUMA]), image, axes=1)  # (1, H, W)
    return np.clip(grey, 0, 1).astype(np.float32)


def fit(image: Floats, longest: int) -> Floats:
    """Shrink a picture until its longer side is at most `longest`; never enlarge it.

    Each new pixel is the mean of the area that it covers.

    Args:
        image: (C, H, W) float32 in [0, 1]; not modified.
        longest: In pixels, at least 1.

    Returns:
        (C, h, w) float32 in [0, 1], at least one pixel a side, in the same proportions but for
        rounding; a picture that already fits comes back as it is.
    """
    height, width = image.shape[-2:]
    scale = longest / max(height, width)
    if scale >= 1:
        return image
    rows = _area_means(image.astype(np.float64), max(1, round(height * scale)))  # (C, h, W)
    means = _area_means(rows.swapaxes(1, 2), max(1, round(width * scale))).swapaxes(1, 2)
    return np.clip(means, 0, 1).astype(np.float32)


def _area_means(values: NDArray[np.float64], count: int) -> NDArray[np.float64]:
    """Means of `count` equal pieces of (C, N, M) along N, whole or in parts: (C, count, M).

    The sum up to a place inside a pixel is the sum up to its edge plus a share of the pixel.
    """
    size = values.shape[1]
    edges = np.arange(count + 1) * (size / count)
    whole = np.minimum(edges.astype(np.int64), size - 1)
    sums = np.cumsum(values, axis=1) - values  # before each pixel
    upto = sums[:, whole] + (edges - whole)[:, None] * values[:, whole]
    return np.asarray(np.diff(upto, axis=1) * (count / size))
