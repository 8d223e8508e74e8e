"""What a finder is trained on: pictures as a whole and, closer, around their digits."""

import numpy as np

from cnnviz.core.pictures.resampling import fit, resized
from tests.pictures.digit_photos.mixed import mixed

WHOLE, CLOSE = 96, 64
"""Pixels a side."""
UNKNOWN = -1
"""How many digits there are where only a part of one is seen."""


def views(digits, number):
    """The picture of that number, twice: (4, 96, 96) and (4, 64, 64) uint8, colours and ink.

    With each, how many digits it shows: 0, 1, 2 for more, or `UNKNOWN`.
    """
    photo, ink, count = mixed(digits, number)
    rng = np.random.default_rng((number, 1))
    both = np.concatenate((photo.astype(np.float32).transpose(2, 0, 1) / 255, ink[None]))
    top, bottom, left, right = _close(ink, rng)
    part = both[:, top:bottom, left:right]
    scale = CLOSE / max(part.shape[1:])
    close = resized(part, *(max(1, round(side * scale)) for side in part.shape[1:]))
    seen = part[3].sum() / max(ink.sum(), 1e-6)
    closely = count if seen > 0.8 else 0 if seen < 0.1 else UNKNOWN
    counts = min(count, 2), min(closely, 2)
    return _padded(fit(both, WHOLE), WHOLE), _padded(close, CLOSE), counts


def _close(ink, rng):
    """A part of the picture around its ink, mostly; rows and columns."""
    height, width = ink.shape
    rows, cols = np.nonzero(ink > 0.3)
    if len(rows) > 20 and rng.random() < 0.9:
        longest = max(np.ptp(rows), np.ptp(cols)) + 1
        side = longest * rng.uniform(1.1, 2.4)
        off = rng.uniform(-0.4, 0.4, 2) * (side - longest)
        middle = (rows.min() + rows.max()) / 2 + off[0], (cols.min() + cols.max()) / 2 + off[1]
    else:
        side = min(height, width) * rng.uniform(0.25, 1)
        middle = rng.uniform(0, height), rng.uniform(0, width)
    start = [max(0, int(each - side / 2)) for each in middle]
    end = [min(size, int(np.ceil(each + side / 2)))
           for each, size in zip(middle, (height, width), strict=True)]  # fmt: skip
    if min(end[0] - start[0], end[1] - start[1]) < 8:
        return 0, height, 0, width
    return start[0], end[0], start[1], end[1]


def _padded(both, side):
    """Square: the picture goes on as it ends, the ink does not."""
    pads = (0, 0), (0, side - both.shape[1]), (0, side - both.shape[2])
    whole = np.concatenate((np.pad(both[:3], pads, "edge"), np.pad(both[3:], pads)))
    return np.round(whole.clip(0, 1) * 255).astype(np.uint8)
