"""Pictures as arrays: the one loader for every way in, grey, and smaller ones.

Knows nothing of digits, filters or where a file came from.
"""

from __future__ import annotations

import threading

import numpy as np

from cnnviz.core.messages import Explained
from cnnviz.core.pictures import headers
from cnnviz.core.pictures.decoding import MAX_PIXELS as MAX_PIXELS
from cnnviz.core.pictures.decoding import MAX_SIDE as MAX_SIDE
from cnnviz.core.pictures.decoding import decode
from cnnviz.core.records import Floats

MAX_BYTES = 10 * 1024 * 1024

LUMA = (0.299, 0.587, 0.114)
"""Shares of red, green and blue in grey: ITU-R Recommendation BT.601-2, as in Pillow's `L`."""

_SLOTS = threading.BoundedSemaphore(2)
"""Pictures decoded at a time: each may take 300 MB for a moment, and many come at once."""


def load_image(data: bytes) -> Floats:
    """Read a picture file: PNG, JPEG, GIF, BMP or WebP, told apart by content alone.

    Upright by EXIF; the first frame of an animation; transparency over white. Colours are as
    stored: profiles are not applied. Grey of 16 bits keeps them; colour of 16 bits is read
    with 8, which is what Pillow gives.

    Args:
        data: The whole file.

    Returns:
        (C, H, W) float32 in [0, 1], the longer side at most 1024. C = 1 for a grey file or a
        palette of greys, else 3. Multiples of 1/255 where the file has 8 bits or fewer.

    Raises:
        Explained: the file is empty, too large (in bytes, pixels or on one side, decided before
            decoding), of another format, damaged or cut off. Nothing else is ever raised.
    """
    if not data:
        raise Explained("The file is empty.")
    if len(data) > MAX_BYTES:
        raise Explained(
            "The file has {size_mb} MB, more than the {limit_mb} MB that can be opened.",
            size_mb=-(-len(data) * 10 // 2**20) / 10,
            limit_mb=MAX_BYTES // 2**20,
        )
    name = headers.sniff(data)
    try:
        with _SLOTS:
            return decode(data, name)
    except Explained:
        raise
    except MemoryError as error:
        raise Explained("There is not enough memory to open this picture now.") from error
    except Exception as error:  # Pillow's parsers raise errors of many families
        raise Explained("The file is damaged or cut off and cannot be read.") from error


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
    rows = area_means(image, max(1, round(height * scale)))  # (C, h, W)
    means = area_means(rows.swapaxes(1, 2), max(1, round(width * scale))).swapaxes(1, 2)
    return np.clip(means, 0, 1)


def area_means(values: Floats, count: int) -> Floats:
    """Means of `count` equal pieces of (C, N, M) along N, whole or in parts: (C, count, M)."""
    size = values.shape[1]
    edges = np.arange(count + 1) * (size / count)
    pixels = np.arange(size)
    covered = np.minimum(edges[1:, None], pixels + 1) - np.maximum(edges[:-1, None], pixels)
    shares = np.clip(covered, 0, 1) * (count / size)  # (count, N): of each pixel in each piece
    return np.asarray(shares.astype(np.float32) @ values)
