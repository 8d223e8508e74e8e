"""Any picture made into what a network trained on MNIST reads. Knows no network."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from cnnviz.core.arrays import as_picture
from cnnviz.core.messages import N_, Explained, Sentence
from cnnviz.core.pictures import edits
from cnnviz.core.pictures.finder import Found, find_digit, overlap
from cnnviz.core.pictures.reading import Reading, found_reading, plain_reading
from cnnviz.core.records import Floats, Step

# MNIST's own recipe: the digit fitted in 20 × 20 pixels in its proportions, then moved by whole
# pixels so that its centre of mass lies in the middle of 28 × 28. LeCun, Cortes & Burges,
# yann.lecun.com/exdb/mnist. Measured on its 10,000 test digits: the longer side is 20 and the
# centre of mass within half a pixel of row and column 14.
SIDE = 28
LONGEST = 20
MIDDLE = 14
MARGIN = 4 / 20

ALIKE = 0.5
"""Two readings with more of their ink in common are of the same digit. Measured on photographs of
60 kinds: mostly 0.88 where both are right, at most 0.4 where one of them is wrong."""
SAME_PLACE = 0.5
"""Two boxes that have more than this of what they cover in common are in the same place."""
NO_DIGIT, SEVERAL = 0.8, 0.7
"""Limits of what the finder says, as probabilities."""
NO_INK, UNCERTAIN = 0.6, 0.78
"""Limits of its certainty about the ink. Measured: at least 0.64 with MNIST's digits, and at most
0.6 with nine in ten of Fashion-MNIST's clothes."""


class Prepared(NamedTuple):
    """A picture as a network takes it, and how it became so.

    Attributes:
        image: (C, H, W) float32 in [0, 1], of the network's own size; a digit is white on black.
        steps: In order; what changed nothing is left out. The last one's image is `image`.
        doubt: Why this may not be the one digit that was meant; None where nothing says so.
    """

    image: Floats
    steps: tuple[Step, ...]
    doubt: Sentence | None = None


def propose_digit(image: Floats) -> tuple[edits.Edit, ...]:
    """Say what makes the picture of a digit readable, as steps that a person can change.

    Mostly grey, even light, white ink on black, full contrast, and a crop that leaves the margin
    that MNIST's digits have; whatever would change nothing is left out. Where there is more to be
    seen than ink: a crop to the digit, and of that the ink alone.

    Args:
        image: (C, H, W) float32 in [0, 1], C = 1 or 3, any size, ink dark on light or light on
            dark; not modified.

    Raises:
        Explained: the picture is flat, or nothing in it stands out as ink does.
    """
    reading, _doubted = _read(as_picture(image))
    box = reading.box
    _, height, width = reading.image.shape
    longest = max(box.size)
    side = longest + 2 * round(MARGIN * longest)
    top, bottom = _around(box.top, box.bottom, side, height)
    left, right = _around(box.left, box.right, side, width)
    if (bottom - top) * (right - left) < 0.8 * height * width:
        reading.do(edits.Crop(top, left, bottom - top, right - left))
    return tuple(reading.edits)


def prepare_digit(image: Floats) -> Prepared:
    """Make any picture of a digit look like one of MNIST's, (1, 28, 28).

    By the steps of `propose_digit`, but cropped closely; then MNIST's own recipe. Takes and refuses
    what `propose_digit` does.
    """
    reading, doubt = _read(as_picture(image))
    closing = _closing_steps(reading)
    return Prepared(closing[-1].image, (*reading.steps, *closing), doubt)


def _read(image: Floats) -> tuple[Reading, Sentence | None]:
    """Choose between the two ways: the plain one, unless it and the finder see another digit."""
    found = find_digit(image)
    is_digit = found is not None and found.none < NO_DIGIT and found.certainty > NO_INK
    is_certain = found is not None and found.certainty > UNCERTAIN
    try:
        plain = plain_reading(image)
    except Explained:
        if found is None or not is_digit:
            raise
        return found_reading(image, found), _doubt(found)
    if found is None or not is_digit:
        return plain, Sentence(N_("This is hardly a digit: nothing in the picture looks like one."))
    if image.shape == (1, SIDE, SIDE):
        return plain, _several(found)
    other = found_reading(image, found)
    one, two = (_closing_steps(each)[-1].image for each in (plain, other))
    is_there = overlap(plain.box, found.box) > SAME_PLACE
    if is_there and _alike(one, two):
        return plain, _several(found) or _cut(found)
    return plain if is_there and not is_certain else other, _doubt(found)


def _alike(one: Floats, other: Floats) -> bool:
    """Whether two digits, (1, 28, 28), are the same, moved by a pixel at most."""
    shifts = [(row, col) for row in (-1, 0, 1) for col in (-1, 0, 1)]
    moved = [np.roll(other, shift, axis=(1, 2)) for shift in shifts]
    common = [float(np.minimum(one, m).sum() / np.maximum(one, m).sum()) for m in moved]
    return max(common) > ALIKE


def _doubt(found: Found) -> Sentence | None:
    """Say what the finder noticed that makes a reading doubtful."""
    uncertain = Sentence(
        N_("The ink is hard to tell from what is around it: this reading is uncertain.")
    )
    is_certain = found.certainty > UNCERTAIN
    return _several(found) or _cut(found) or (None if is_certain else uncertain)


def _several(found: Found) -> Sentence | None:
    if found.several < SEVERAL:
        return None
    return Sentence(
        N_("There seem to be several digits here, and the network reads one: crop to it.")
    )


def _cut(found: Found) -> Sentence | None:
    if not found.is_cut:
        return None
    return Sentence(N_("The digit touches the edge of the picture: a part of it may be missing."))


def _closing_steps(reading: Reading) -> list[Step]:
    """Crop to the digit, fit it in 20 × 20 pixels, and centre it."""
    (height, width), box = reading.box.size, reading.box
    steps: list[Step] = []
    image = reading.image
    if (1, height, width) != image.shape:
        steps.append(edits.apply_edit(image, edits.Crop(box.top, box.left, height, width)))
        image = steps[-1].image
    scale = LONGEST / max(height, width)
    if scale != 1:
        size = max(1, round(height * scale)), max(1, round(width * scale))
        steps.append(edits.apply_edit(image, edits.Resize(*size)))
        image = steps[-1].image
    return [*steps, _centre(image)]


def _around(start: int, end: int, side: int, size: int) -> tuple[int, int]:
    """Widen start…end to `side` about its middle, within 0…size."""
    first = max(0, (start + end - side) // 2)
    return first, min(size, first + side)


def _centre(image: Floats) -> Step:
    """Thin lines grew faint when shrunk, so the ink is brought back to 1."""
    _, height, width = image.shape
    top = _start(image.sum(axis=(0, 2)))
    left = _start(image.sum(axis=(0, 1)))
    field = np.zeros((1, SIDE, SIDE), np.float32)
    field[:, top : top + height, left : left + width] = image / image.max()
    sentence = Sentence(
        "Placed in {side} × {side} pixels with its centre of mass in the middle, the strongest "
        "ink at full white: this is what the network sees.",
        {"side": SIDE},
    )
    return Step(N_("Centre"), sentence, field)


def _start(ink: Floats) -> int:
    """Where ink, (N,), begins on the field when its centre of mass is in the middle."""
    centre = float(np.average(np.arange(ink.size), weights=ink))
    start = round(round(MIDDLE - centre, 4))  # what floats add in the last place decides nothing
    return min(max(start, 0), SIDE - ink.size)
