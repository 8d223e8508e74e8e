"""Pictures on another grid: turned, or of another size. Knows no step and no digit."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from PIL import Image

from cnnviz.core.records import Floats


def fit(image: Floats, longest: int) -> Floats:
    """Shrink a picture until its longer side is at most `longest`; never enlarge it.

    Each new pixel is the mean of the area that it covers.

    Args:
        image: (C, H, W) float32 of any range; not modified.
        longest: In pixels, at least 1.

    Returns:
        (C, h, w) float32 in the same range and, but for rounding, the same proportions; at least
        one pixel a side. A picture that already fits is returned as it is.
    """
    height, width = image.shape[-2:]
    scale = longest / max(height, width)
    if scale >= 1:
        return image
    return resized(image, max(1, round(height * scale)), max(1, round(width * scale)))


def resized(image: Floats, height: int, width: int) -> Floats:
    """Give a picture another size: means of areas to shrink, bicubic curves to enlarge.

    (C, H, W) float32 in [0, 1], not modified → (C, height, width) in [0, 1]; sides of 1 or more.
    """
    rows = _with_rows(image, height).swapaxes(1, 2)
    return np.ascontiguousarray(_with_rows(rows, width).swapaxes(1, 2))


def _with_rows(image: Floats, count: int) -> Floats:
    """Make (C, N, M) have `count` rows."""
    _, rows, cols = image.shape
    if count == rows:
        return image.copy()
    if count < rows:  # rounding shall not lead out of the range
        return _area_means(image, count).clip(min(0, image.min()), max(1, image.max()))
    return by_plane(image, lambda plane: plane.resize((cols, count), Image.Resampling.BICUBIC))


def by_plane(image: Floats, change: Callable[[Image.Image], Image.Image]) -> Floats:
    """Let Pillow change every plane of (C, H, W); curves that overshoot are clipped to [0, 1]."""
    planes = [change(Image.fromarray(plane)) for plane in np.ascontiguousarray(image)]
    stacked: Floats = np.stack([np.asarray(plane) for plane in planes])
    return stacked.clip(0, 1)


def ground(plane: Image.Image) -> float:
    """Return the median of a picture's border: what its outside is like."""
    return float(np.median(border(np.asarray(plane))))


def _area_means(values: Floats, count: int) -> Floats:
    """Means of `count` equal pieces of (C, N, M) along N, whole or in parts: (C, count, M)."""
    size = values.shape[1]
    edges = np.arange(count + 1) * (size / count)
    pixels = np.arange(size)
    covered = np.minimum(edges[1:, None], pixels + 1) - np.maximum(edges[:-1, None], pixels)
    shares = np.clip(covered, 0, 1) * (count / size)  # (count, N): of each pixel in each piece
    return np.asarray(shares.astype(np.float32) @ values)


def turned(image: Floats, degrees: float) -> Floats:
    """Turn a picture clockwise about its middle, on a canvas that holds all of it.

    Quarter turns are exact. Otherwise pixels are interpolated (bicubic), and what was outside
    gets the median of the picture's border, channel by channel.

    Args:
        image: (C, H, W) float32 in [0, 1]; not modified.
        degrees: Anticlockwise where below 0.

    Returns:
        (C, H', W') float32 in [0, 1].
    """
    if (degrees / 90).is_integer():
        return np.rot90(image, -int(degrees / 90), axes=(1, 2)).copy()
    _, height, width = image.shape
    cos, sin = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    rows = math.ceil(abs(height * cos) + abs(width * sin) - 1e-9)
    cols = math.ceil(abs(width * cos) + abs(height * sin) - 1e-9)
    left = (width - cos * cols - sin * rows) / 2
    top = (height + sin * cols - cos * rows) / 2
    moves = (cos, sin, left, -sin, cos, top)  # where the pixel at (x, y) comes from
    kinds = Image.Transform.AFFINE, moves, Image.Resampling.BICUBIC
    return by_plane(
        image, lambda plane: plane.transform((cols, rows), *kinds, fillcolor=ground(plane))
    )


def border(plane: Floats) -> Floats:
    """Return the outermost pixels of (H, W) as (N,)."""
    return np.concatenate((plane[0], plane[-1], plane[:, 0], plane[:, -1]))
