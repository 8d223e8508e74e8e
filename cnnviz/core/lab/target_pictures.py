"""The pictures of the challenges, and what they are to become. Every number is drawn here."""

from __future__ import annotations

import numpy as np

from cnnviz.core.records import Floats
from cnnviz.core.samples import draw_sample

SHIFT = 2
"""Pixels to the right."""

STAMP = np.array([[1, 0, 0], [1, 0, 0], [1, 1, 1]], np.float32)
"""What each dot becomes: a corner, which is another one when it is turned."""

STROKES = ("upright", "level", "falling", "rising")
"""The strokes of `strokes`: above left, above right, below left, below right."""

_DOTS = ((3, 3, 1.0), (4, 13, 0.6), (10, 8, 0.8), (15, 3, 0.4), (15, 15, 1.0))  # row, col, light
_LENGTH = 11


def digit() -> Floats:
    """The digit 4, (1, 28, 28), with four dark columns on either side."""
    return draw_sample("digit-4")


def shifted() -> Floats:
    """The digit moved to the right, (28, 28)."""
    image: Floats = digit()[0]
    moved = np.zeros_like(image)
    moved[:, SHIFT:] = image[:, :-SHIFT]
    return moved


def dots() -> Floats:
    """Five dots that differ in brightness, (1, 20, 20)."""
    image = np.zeros((1, 20, 20), np.float32)
    for row, col, light in _DOTS:
        image[0, row, col] = np.float32(round(255 * light) / 255)
    return image


def stamped(stamp: Floats = STAMP) -> Floats:
    """A stamp (3, 3) in place of each dot, as bright as the dot, (20, 20)."""
    image: Floats = dots()[0]
    pressed = np.zeros_like(image)
    for row, col, _light in _DOTS:
        pressed[row - 1 : row + 2, col - 1 : col + 2] += image[row, col] * stamp
    return pressed


def strokes() -> Floats:
    """Four strokes a pixel wide in the four quarters, see `STROKES`, (1, 32, 32)."""
    image = np.zeros((1, 32, 32), np.float32)
    for n in range(_LENGTH):
        for row, col in ((3 + n, 8), (8, 19 + n), (19 + n, 3 + n), (29 - n, 19 + n)):
            image[0, row, col] = 1
    return image
