"""What lies over a picture: colours for what mattered, boxes for what was found.

One colour for all boxes, light on a dark rim, and the class in words: nothing hangs on telling
colours apart.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from cnnviz.core.photos.input import PhotoInput
from cnnviz.core.records import Floats
from cnnviz.figures.cells import Colours, Scale, ink_on, rgb
from cnnviz.figures.raster import width_of, write
from cnnviz.figures.theme import PALETTES

ATTENTION = ("#000004", "#3b0f70", "#8c2981", "#de4968", "#fe9f6d", "#fcfdbf")
"""matplotlib's magma: even to the eye, and safe for the colour-blind."""
_LIGHT = PALETTES["light"]
BOTH_WAYS = (_LIGHT.map_low, _LIGHT.neutral, _LIGHT.map_high)
"""Signed maps, zero in the middle. The same in both appearances: it lies on a picture."""

SCALE = 3
"""Pixels of the canvas to one of the picture, so that words fit."""
CELL = 13
"""Pixels to a cell of the map of classes."""
FAINT = 0.05
"""Cells with a score below have a class that does not count: it is written in grey."""
_LINE, _RIM, _INK = "#ffc61a", "#14161c", "#14161c"
_GREY = "#77748a"
_FONT = 15


def heat(values: Floats, *, is_signed: bool) -> Floats:
    """Return a map in colours.

    Args:
        values: (H, W) float32; NaN is shown as 0.
        is_signed: Whether the scale is symmetric about zero; else it runs from the smallest to the
            largest value.

    Returns:
        (3, H, W) float32 in [0, 1].
    """
    low, high = span(values, is_signed=is_signed)
    scale = Scale(low, high if high > low else low + 1, BOTH_WAYS if is_signed else ATTENTION)
    levels = scale.levels(np.nan_to_num(values, nan=0.0, posinf=0.0, neginf=0.0))
    return np.asarray((levels / 255).transpose(2, 0, 1), np.float32)


def span(values: Floats, *, is_signed: bool) -> tuple[float, float]:
    """Return the values at both ends of the scale."""
    finite = values[np.isfinite(values)]
    if not finite.size:
        return 0.0, 0.0
    if is_signed:
        peak = float(np.abs(finite).max())
        return -peak, peak
    return float(finite.min()), float(finite.max())


def overlay(image: Floats, colours: Floats, opacity: float) -> Floats:
    """Lay colours (3, H, W) over a picture of the same size; `opacity` from 0 to 1."""
    mixed: Floats = image * np.float32(1 - opacity) + colours * np.float32(opacity)
    return mixed


def framed(picture: Floats, seen: PhotoInput, shape: tuple[int, ...]) -> Floats:
    """Return a copy in colour with the square that a network looks at framed, the rest darkened.

    Args:
        picture: (C, h, w) float32 in [0, 1], C = 1 or 3: a small copy of the photograph.
        seen: Which square.
        shape: (C, H, W) of the photograph.
    """
    colour = picture.repeat(3, 0) if len(picture) == 1 else picture
    scale = colour.shape[1] / shape[1]
    top, left = round(seen.top * scale), round(seen.left * scale)
    side = max(4, round(seen.side * scale))
    inside = np.zeros(colour.shape[1:], bool)
    inside[top : top + side, left : left + side] = True
    core = np.zeros_like(inside)
    core[top + 3 : top + side - 3, left + 3 : left + side - 3] = True
    shown: Floats = np.where(inside, colour, colour * 0.45)
    shown[:, inside & ~core] = np.array(rgb(_LIGHT.accent))[:, None] / 255
    return shown.astype(np.float32)


# ---------------------------------------------------------------- boxes and classes


def boxes(picture: Floats, found: Floats, words: Sequence[str], *, scale: int = SCALE) -> Floats:
    """Return a picture with boxes on it, each with its word.

    Args:
        picture: (C, H, W) float32 in [0, 1], C = 1 or 3; not modified.
        found: (N, 4) top, left, bottom, right in pixels of the picture, the best first: it is
            drawn on top of the others.
        words: One a box; empty: the box stands for itself.
        scale: Pixels drawn to one of the picture.

    Returns:
        (3, H x scale, W x scale) float32 in [0, 1].
    """
    planes = picture if len(picture) == 3 else picture.repeat(3, 0)
    drawn = _enlarged(np.round(planes * 255).astype(np.uint8), scale)
    draw = ImageDraw.Draw(drawn)
    sides = [[round(float(side) * scale) for side in box] for box in found]
    for top, left, bottom, right in reversed(sides):
        draw.rectangle((left - 3, top - 3, right + 2, bottom + 2), outline=_RIM, width=4)
        draw.rectangle((left - 2, top - 2, right + 1, bottom + 1), outline=_LINE, width=2)
    for (top, left, _bottom, _right), word in reversed(list(zip(sides, words, strict=True))):
        if word:
            _tag(drawn, left - 2, top - 2, word)
    return _floats(drawn)


def _tag(picture: Image.Image, left: int, top: int, word: str) -> None:
    """Write a word above a box, or in its corner where the picture ends."""
    width, height = width_of(word, _FONT) + 6, _FONT + 3
    left = max(0, min(left, picture.width - width))
    top = top - height if top >= height else max(0, top)
    draw = ImageDraw.Draw(picture)
    draw.rectangle((left, top, left + width - 1, top + height - 1), _LINE, _RIM)
    write(picture, (left + width / 2, top + height / 2), word, _FONT, _INK)


def class_picture(classes: NDArray[np.int64], scores: Floats) -> Floats:
    """Return a map whose cells have the colour of their score, and their class written in them.

    Both are (H, W), scores in [0, 1]; the map is (3, H x `CELL`, W x `CELL`) float32 in [0, 1].
    """
    colours = np.round(heat(scores, is_signed=False) * 255).astype(np.uint8)
    picture = _enlarged(colours, CELL)
    for (row, col), class_idx in np.ndenumerate(classes):
        ink = _GREY if scores[row, col] < FAINT else ink_on(colours[:, row, col])
        at = (col + 0.5) * CELL, (row + 0.5) * CELL
        write(picture, at, str(class_idx), CELL - 2, ink)
    return _floats(picture)


def _enlarged(planes: Colours, scale: int) -> Image.Image:
    """Return (3, H, W) levels as a picture, each pixel a square of `scale`."""
    levels = planes.repeat(scale, 1).repeat(scale, 2).transpose(1, 2, 0)
    return Image.fromarray(np.ascontiguousarray(levels))


def _floats(picture: Image.Image) -> Floats:
    """Return an RGB picture as (3, H, W) in [0, 1]."""
    planes: Floats = (np.asarray(picture).transpose(2, 0, 1) / 255).astype(np.float32)
    return planes
