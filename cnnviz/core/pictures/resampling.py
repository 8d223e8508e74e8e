"""Pictures on another grid: turned, or of another size. Knows no step and no digit."""

from __future__ import annotations

import math

import numpy as np
from PIL import Image

from cnnviz.core.pictures.images import area_means
from cnnviz.core.records import Floats


def resized(image: Floats, height: int, width: int) -> Floats:
    """Give a picture another size: means of areas to shrink, bicubic curves to enlarge.

    Args:
        image: (C, H, W) float32 in [0, 1]; not modified.
        height: New rows, at least 1.
        width: New columns, at least 1.

    Returns:
        (C, height, width) float32 in [0, 1].
    """
    rows = _with_rows(image, height).swapaxes(1, 2)
    return np.ascontiguousarray(_with_rows(rows, width).swapaxes(1, 2))


def _with_rows(image: Floats, count: int) -> Floats:
    """Make (C, N, M) have `count` rows."""
    _, rows, cols = image.shape
    if count == rows:
        return image.copy()
    if count < rows:
        return np.clip(area_means(image, count), 0, 1)
    planes = [
        np.asarray(Image.fromarray(plane).resize((cols, count), Image.Resampling.BICUBIC))
        for plane in np.ascontiguousarray(image)
    ]
    stacked: Floats = np.stack(planes)
    return stacked.clip(0, 1)


def shrunk(plane: Floats, longest: int) -> Floats:
    """Make (H, W) at most `longest` a side: quick means, good enough to look at."""
    scale = longest / max(plane.shape)
    if scale >= 1:
        return plane
    height, width = (max(1, round(side * scale)) for side in plane.shape)
    picture = Image.fromarray(plane).resize((width, height), Image.Resampling.BOX)
    return np.asarray(picture, dtype=np.float32)


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
    planes = [
        Image.fromarray(plane).transform(
            (cols, rows),
            Image.Transform.AFFINE,
            (cos, sin, left, -sin, cos, top),  # where the pixel at (x, y) comes from
            Image.Resampling.BICUBIC,
            fillcolor=float(np.median(border(plane))),
        )
        for plane in image
    ]
    stacked: Floats = np.stack([np.asarray(plane) for plane in planes])
    return stacked.clip(0, 1)


def border(plane: Floats) -> Floats:
    """Return the outermost pixels of (H, W) as (N,)."""
    return np.concatenate((plane[0], plane[-1], plane[:, 0], plane[:, -1]))
