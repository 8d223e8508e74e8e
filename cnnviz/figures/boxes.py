"""What was found where, as pictures: boxes with their classes on a canvas, and a map of classes.

One colour for all boxes, light on a dark rim, and the class in words: nothing hangs on telling
colours apart.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from cnnviz.core.records import Floats
from cnnviz.figures.cells import ink_on
from cnnviz.figures.heat import heat
from cnnviz.figures.lettering import width_of, write

SCALE = 3
"""Pixels of the picture to one of the canvas, so that words fit."""
CELL = 13
"""Pixels to a cell of the map of classes."""
FAINT = 0.05
"""Cells with a score below have a class that does not count: it is written in grey."""
_LINE, _RIM, _INK = "#ffc61a", "#14161c", "#14161c"
_GREY = "#77748a"
_FONT = 15


def boxes(picture: Floats, found: Floats, words: Sequence[str], *, scale: int = SCALE) -> Floats:
    """Return a picture with boxes on it, each with its word.

    Args:
        picture: (C, H, W) float32 in [0, 1], C = 1 or 3; not modified.
        found: (N, 4) top, left, bottom, right in pixels of the picture, the best first: it is
            drawn on top of the others.
        words: One a box; empty: it stands for itself.
        scale: Pixels drawn to one of the picture.

    Returns:
        (3, H x scale, W x scale) float32 in [0, 1].
    """
    levels = np.round(picture * 255).astype(np.uint8).repeat(scale, 1).repeat(scale, 2)
    planes = levels if len(levels) == 3 else levels.repeat(3, 0)
    drawn = Image.fromarray(np.ascontiguousarray(planes.transpose(1, 2, 0)))
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

    Args:
        classes: (H, W).
        scores: (H, W) float32 in [0, 1].

    Returns:
        (3, H x `CELL`, W x `CELL`) float32 in [0, 1].
    """
    colours = np.round(heat(scores, is_signed=False) * 255).astype(np.uint8).transpose(1, 2, 0)
    picture = Image.fromarray(np.ascontiguousarray(colours.repeat(CELL, 0).repeat(CELL, 1)))
    for (row, col), class_idx in np.ndenumerate(classes):
        ink = _GREY if scores[row, col] < FAINT else ink_on(colours[row, col])
        at = (col + 0.5) * CELL, (row + 0.5) * CELL
        write(picture, at, str(class_idx), CELL - 2, ink)
    return _floats(picture)


def _floats(picture: Image.Image) -> Floats:
    """Return an RGB picture as (3, H, W) in [0, 1]."""
    planes: Floats = (np.asarray(picture).transpose(2, 0, 1) / 255).astype(np.float32)
    return planes
