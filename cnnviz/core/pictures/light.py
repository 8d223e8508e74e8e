"""The light that falls on a page, told apart from the ink on it. Knows no digit and no step.

On a small copy of the picture, dark ink narrower than `REACH` is filled in from around it
(a morphological closing: the largest level near, then the smallest of those). Shading and
shadows are wider and stay, with their edges where they are. Light ink on a dark ground is the
same on the negative.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageFilter

from cnnviz.core.pictures.images import to_grey
from cnnviz.core.pictures.resampling import fit
from cnnviz.core.records import Floats

SMALL = 96
"""Pixels on the longer side of the copy that is looked at."""
REACH = 3
"""Ink may be as wide as one part in this many of the picture's longer side."""
FALL = 0.25
"""Light falls by at most this share within half the reach of the border."""
DARKEST = 0.05
"""Less light than this is not made up for: there would be nothing but noise."""


@dataclass(frozen=True, slots=True, eq=False)
class Background:
    """The page without the ink.

    Attributes:
        levels: (h, w) float32 in [0, 1], small.
        ink: (h, w) float32, at least 0: how far each pixel of the small copy departs from it.
        is_light: The ink is darker than it.
        target: The level that all of it gets, in [0, 1]: where it departs least from white
            (or, under light ink, from black).
    """

    levels: Floats
    ink: Floats
    is_light: bool
    target: float

    def span(self) -> dict[str, float]:
        """Return its darkest and its lightest level, and the one that all of it gets."""
        darkest, lightest = float(self.levels.min()), float(self.levels.max())
        return {"darkest": darkest, "lightest": lightest, "level": self.target}


def background(image: Floats) -> Background:
    """Estimate the slowly varying background of (C, H, W); see the top of this file."""
    small = fit(to_grey(image), SMALL)[0]
    is_light = _skew(small) <= 0
    levels = _closed(small) if is_light else 1 - _closed(1 - small)
    ink = np.abs(levels - small)
    target = float(levels.max() if is_light else levels.min())
    return Background(levels, ink, is_light, target)


def even_light(image: Floats, ground: Background) -> Floats:
    """Divide (C, H, W) by the light: the background gets `ground.target` everywhere.

    All channels are divided alike, so that colours stay. Under light ink, the negative is.
    """
    _, height, width = image.shape
    levels, target = ground.levels, ground.target
    if not ground.is_light:
        image, levels, target = 1 - image, 1 - levels, 1 - target
    gain = target / np.maximum(levels, max(min(DARKEST, target), 1e-6))
    picture = Image.fromarray(gain.astype(np.float32))
    large = np.asarray(picture.resize((width, height), Image.Resampling.BILINEAR))
    even: Floats = np.clip(image * large, 0, 1)
    return even if ground.is_light else 1 - even


def _closed(plane: Floats) -> Floats:
    """Fill in what is darker than its surroundings and narrower than the reach, (h, w).

    Along the border the light is followed outwards, unless that drop is more than `FALL`: then
    it is ink, or a table beside the page.
    """
    size = max(3, max(plane.shape) // REACH | 1)
    inner = (slice(size // 2, -(size // 2)),) * 2
    swelled = _swept(np.pad(plane, size // 2, constant_values=-np.inf), size)
    filled, followed = -_swept(-swelled[inner], size), -_swept(-swelled, size)[inner]
    return np.maximum(np.where(followed < (1 - FALL) * filled, filled, followed), plane)


def _swept(plane: Floats, size: int) -> Floats:
    """Largest level within an odd square window around each of (h, w), by doubling."""
    half = size // 2
    for _ in range(2):
        plane = np.pad(plane.T, ((half, half), (0, 0)), constant_values=-np.inf)
        reached = 1
        while reached < size:
            step = min(reached, size - reached)
            plane = np.maximum(plane[:-step], plane[step:])
            reached += step
    return plane


def _skew(plane: Floats) -> float:
    """Sum the cubes of what departs from the median of half the picture: below 0, ink is dark.

    Ink is the lesser part, and all on one side; noise and the edges of shadows are on both.
    """
    coarse = fit(plane[None], 32)[0]
    half = ImageFilter.MedianFilter(max(coarse.shape) // 2 | 1)
    middle = np.asarray(Image.fromarray(coarse).filter(half), dtype=np.float64)
    return float(((coarse - middle) ** 3).sum())
