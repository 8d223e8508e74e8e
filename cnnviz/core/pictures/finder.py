"""Where in a picture a digit stands: looked for as a whole, then closer; and its ink alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cnnviz.core.messages import N_, Explained, Sentence
from cnnviz.core.pictures.ink import Box, pieces
from cnnviz.core.pictures.ink_network import look
from cnnviz.core.pictures.resampling import resized
from cnnviz.core.records import Floats, Step

SIDE = 96
"""Pixels of the longer side at which a picture is looked at."""
LIKELY = 0.5
"""More than this is ink."""
NEAR = 0.3
"""Pieces of ink that are nearer than this share of the largest one's length belong to it."""
ROOM = 0.25
"""Around a digit, so much of its length is looked at, too."""


FAINT = 0.06
"""Less than this is a guess, and becomes black."""


@dataclass(frozen=True, slots=True)
class KeepInk:
    """Only the ink of a digit, white on black."""

    def _apply(self, image: Floats) -> Step:
        ink = look(image, SIDE).ink
        if ink.max() <= LIKELY:
            raise Explained("Nothing in this picture looks like the ink of a digit.")
        kept = resized(np.where(ink > FAINT, ink, 0)[None], *image.shape[1:])
        sentence = Sentence(
            "A small network that learnt to tell a digit’s ink from lines, edges and shadows kept "
            "the ink, white on black."
        )
        return Step(N_("Ink"), sentence, kept)


class Found(NamedTuple):
    """A digit in a picture.

    Attributes:
        place: The part of the picture that holds it, with room around it, in pixels.
        box: The box of its ink.
        ink: (h, w) float32 in [0, 1] of a small copy of `place`.
        certainty: Mean distance of the ink from “perhaps”, in [0, 1].
        none: Probability that there is no digit.
        several: Probability that there are several.
        is_cut: It reaches the border of the picture.
    """

    place: Box
    box: Box
    ink: Floats
    certainty: float
    none: float
    several: float
    is_cut: bool


def find_digit(image: Floats) -> Found | None:
    """Find the largest digit of (C, H, W) float32 in [0, 1]; None where nothing looks like ink."""
    height, width = image.shape[1:]
    whole = look(image, SIDE)
    inner = _main(whole.ink)
    if inner is None:
        return None
    place, several = Box(0, 0, height, width), max(whole.several, _another(whole.ink, inner))
    looks = {place: whole}  # a digit that fills the picture is not looked at twice
    box = _scaled(inner, place, whole.ink.shape)
    for _ in range(3):
        place = _with_room(box, height, width)
        if place not in looks:
            looks[place] = look(_part(image, place), SIDE)
        closer = looks[place]
        inner = _main(closer.ink)
        if inner is None:
            return None
        new = _scaled(inner, place, closer.ink.shape)
        settled = overlap(box, new) > 0.8
        box = new
        if settled:
            break
    ink = closer.ink
    is_cut = box.top <= 1 or box.left <= 1 or box.bottom >= height - 1 or box.right >= width - 1
    sure = float(np.abs(2 * ink[ink > 0.1] - 1).mean())
    return Found(place, box, ink, sure, closer.none, max(several, closer.several), is_cut)


def _main(ink: Floats) -> Box | None:
    """The box of the largest piece of ink and what is near it."""
    mask = ink > LIKELY
    if not mask.any():
        return None
    labels, count = pieces(mask)
    mass = np.bincount(labels.ravel(), ink.ravel(), count + 1)
    mass[0] = 0
    boxes = [_box(labels == n) for n in range(1, count + 1)]
    main = boxes[int(mass.argmax()) - 1]
    reach = NEAR * max(main.size)
    for other, weight in zip(boxes, mass[1:], strict=True):
        gap = max(other.top - main.bottom, main.top - other.bottom,
                  other.left - main.right, main.left - other.right)  # fmt: skip
        if gap <= reach and weight >= 0.04 * mass.max():
            main = Box(min(main.top, other.top), min(main.left, other.left),
                       max(main.bottom, other.bottom), max(main.right, other.right))  # fmt: skip
    return main


def _another(ink: Floats, main: Box) -> float:
    """1 where beside the main ink there is more of about its size, else 0."""
    rest = ink.copy()
    rest[main.top : main.bottom, main.left : main.right] = 0
    other = _main(rest)
    if other is None or max(other.size) < 0.6 * max(main.size):
        return 0.0
    inked = [float(ink[b.top : b.bottom, b.left : b.right].sum()) for b in (main, other)]
    return float(inked[1] > 0.4 * inked[0])


def _box(mask: NDArray[np.bool_]) -> Box:
    rows, cols = (np.flatnonzero(mask.any(axis=axis)) for axis in (1, 0))
    return Box(int(rows[0]), int(cols[0]), int(rows[-1]) + 1, int(cols[-1]) + 1)


def _scaled(box: Box, place: Box, shape: tuple[int, ...]) -> Box:
    rows, cols = (full / small for full, small in zip(place.size, shape, strict=True))
    return Box(
        place.top + int(box.top * rows), place.left + int(box.left * cols),
        place.top + int(np.ceil(box.bottom * rows)), place.left + int(np.ceil(box.right * cols)),
    )  # fmt: skip


def _with_room(box: Box, height: int, width: int) -> Box:
    """Widen a box to a square with room around it, within the picture."""
    side = max(box.size) * (1 + 2 * ROOM)
    row, col = (box.top + box.bottom) / 2, (box.left + box.right) / 2
    return Box(
        max(0, round(row - side / 2)), max(0, round(col - side / 2)),
        min(height, round(row + side / 2)), min(width, round(col + side / 2)),
    )  # fmt: skip


def _part(image: Floats, place: Box) -> Floats:
    return image[:, place.top : place.bottom, place.left : place.right]


def overlap(one: Box, other: Box) -> float:
    """Return what two boxes share over what they cover together."""
    rows = min(one.bottom, other.bottom) - max(one.top, other.top)
    cols = min(one.right, other.right) - max(one.left, other.left)
    shared = max(0, rows) * max(0, cols)
    areas = [each.size[0] * each.size[1] for each in (one, other)]
    return shared / max(1, sum(areas) - shared)
