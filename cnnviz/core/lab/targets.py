"""The pictures of the challenges, the maps asked for, and how far an attempt is from its target."""

from __future__ import annotations

from itertools import product

import numpy as np

from cnnviz.core.lab.map_checks import TOLERANCE, Attempt, Verdict, missed, sizes_of, solved
from cnnviz.core.messages import N_
from cnnviz.core.records import Floats
from cnnviz.core.samples import draw_sample

SHIFT = 2
"""Pixels to the right."""

STAMP = np.array([[1, 0, 0], [1, 0, 0], [1, 1, 1]], np.float32)
"""What each dot becomes: a corner, which is another one when it is turned."""

_DOTS = ((3, 3, 1.0), (4, 13, 0.6), (10, 8, 0.8), (15, 3, 0.4), (15, 15, 1.0))  # row, col, light
_LENGTH = 11
_FAR = 4
"""Cells by which a map is looked for elsewhere."""


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


# ---------------------------------------------------------------- how far an attempt is

_ELSEWHERE = N_(
    "The picture arrives, but not in its place: it lies {down} rows too low and {right} columns "
    "too far right (below 0: too high, too far left)."
)
_TURNED = N_(
    "The corner is there, but turned by {degrees}°: the filter is laid onto the picture as it is, "
    "so the dot meets its weights from the other side."
)
_OTHER_SIZE = N_(
    "Your map has {height} × {width} cells and the target {rows} × {cols}; padding, stride and "
    "filter size decide that."
)
_SCALED = N_(
    "The shape is right, but every cell is {factor} times the target's, as the weights are."
)


def is_shifted(target: Floats, attempt: Attempt) -> Verdict:
    """Check that a map equals the target; tells a map that went elsewhere by how far it did."""
    verdict = _compared(target, attempt.output)
    if verdict.is_solved or target.shape != attempt.output.shape:
        return verdict
    for down, right in product(range(-_FAR, _FAR + 1), repeat=2):
        elsewhere = _moved(target, down, right)
        if elsewhere.any() and _are_equal(elsewhere, attempt.output):
            return missed(_ELSEWHERE, down=down, right=right)
    return verdict


def is_stamped(target: Floats, attempt: Attempt) -> Verdict:
    """Check that a map equals the target; tells a stamp that is turned the wrong way."""
    output = attempt.output
    if output.shape == target.shape and _are_equal(stamped(STAMP[::-1, ::-1]), output):
        return missed(_TURNED, degrees=180)
    return _compared(target, output)


def _compared(target: Floats, output: Floats) -> Verdict:
    if output.shape != target.shape:
        return missed(_OTHER_SIZE, **sizes_of(output, target.shape))
    if _are_equal(target, output):
        return solved(N_("All {total} cells equal the target."), total=output.size)
    offset = float((output - target).mean())
    if _are_equal(target + np.float32(offset), output):
        message = N_("Every cell is the target's plus {offset}: that is the bias.")
        return missed(message, offset=round(offset, 3))
    factor = float((output * target).sum() / (target * target).sum())
    if abs(factor) > TOLERANCE and _are_equal(target * np.float32(factor), output):
        return missed(_SCALED, factor=round(factor, 3))
    differing = abs(output - target)
    count, most = int((differing > TOLERANCE).sum()), round(float(differing.max()), 3)
    message = N_("{count} of {total} cells differ from the target, by {most} at most.")
    return missed(message, count=count, total=output.size, most=most)


def _are_equal(one: Floats, other: Floats) -> bool:
    return bool(abs(one - other).max() <= TOLERANCE)


def _moved(values: Floats, down: int, right: int) -> Floats:
    """A map moved by some cells, zeros where nothing comes from."""
    rows, cols = values.shape
    padded = np.pad(values, _FAR)
    return padded[_FAR - down : _FAR - down + rows, _FAR - right : _FAR - right + cols]
