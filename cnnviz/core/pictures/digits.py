"""Any picture made into what a network trained on MNIST reads. Knows no network."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from cnnviz.core.arrays import as_picture
from cnnviz.core.messages import N_, Explained, Sentence
from cnnviz.core.pictures import edits
from cnnviz.core.pictures.ink import Box, ink_box
from cnnviz.core.pictures.light import Background, background
from cnnviz.core.pictures.resampling import border, fit
from cnnviz.core.records import Floats, Step

# MNIST's own recipe: the digit fitted in 20 × 20 pixels in its proportions, then moved by whole
# pixels so that its centre of mass lies in the middle of 28 × 28. LeCun, Cortes & Burges,
# yann.lecun.com/exdb/mnist. Measured on its 10,000 test digits: the longer side is 20 and the
# centre of mass within half a pixel of row and column 14.
SIDE = 28
LONGEST = 20
MIDDLE = 14
MARGIN = 4 / 20

FAINTEST = 8 / 255
"""Less contrast than this between ink and background is no ink."""
CLEAR = 15
"""Ink stands out by this many standard deviations of the noise. Measured on a small copy of
photographs: empty pages up to 12, faint pencil in a shadow from 30."""
EDGE = 0.1
"""Ink weaker than this (of 1) does not count when the digit is cropped."""
UNEVEN = 0.2
"""Light is evened where the background varies by more than this share of the ink's contrast."""


class Prepared(NamedTuple):
    """A picture as a network takes it, and how it became so.

    Attributes:
        image: (C, H, W) float32 in [0, 1], of the network's own size; a digit is white on black.
        steps: In order; what changed nothing is left out. The last one's image is `image`.
    """

    image: Floats
    steps: tuple[Step, ...]


class _Reading:
    """A picture on its way: what has been done to it so far."""

    def __init__(self, image: Floats) -> None:
        self.image = image
        self.edits: list[edits.Edit] = []
        self.steps: list[Step] = []

    def do(self, edit: edits.Edit) -> None:
        step = edits.apply_edit(self.image, edit)
        self.edits.append(edit)
        self.steps.append(step)
        self.image = step.image


def propose_digit(image: Floats) -> tuple[edits.Edit, ...]:
    """Say what makes the picture of a digit readable, as steps that a person can change.

    Grey, even light, white ink on black, full contrast, and a crop that leaves the margin
    that MNIST's digits have; whatever would change nothing is left out.

    Args:
        image: (C, H, W) float32 in [0, 1], C = 1 or 3, any size, ink dark on light or light on
            dark; not modified.

    Raises:
        Explained: the picture is flat, or holds nothing but noise.
    """
    reading, box = _read(image)
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
    reading, box = _read(image)
    height, width = box.size
    if (1, height, width) != reading.image.shape:
        reading.do(edits.Crop(box.top, box.left, height, width))
    scale = LONGEST / max(height, width)
    if scale != 1:
        reading.do(edits.Resize(max(1, round(height * scale)), max(1, round(width * scale))))
    centred = _centre(reading.image)
    return Prepared(centred.image, (*reading.steps, centred))


def _read(image: Floats) -> tuple[_Reading, Box]:
    """Make white ink on black, and find the box of the digit."""
    reading = _Reading(as_picture(image))
    if len(reading.image) == 3:
        reading.do(edits.Grey())
    ground = background(reading.image)
    edge = border(ground.levels)
    contrast = float(ground.ink.max() - np.median(ground.ink))
    if contrast < max(FAINTEST, CLEAR * _noise(ground)):
        raise Explained("There is no digit to read: all pixels are the same, or nearly so.")
    level = float(np.median(edge))
    if float(np.ptp(np.quantile(edge, (0.02, 0.98)))) > UNEVEN * contrast:
        reading.do(edits.EvenLight())
        level = ground.target
    if ground.is_light:
        reading.do(edits.Invert())
        level = 1 - level
    weakest = _stretch(reading, level)
    return reading, ink_box(reading.image[0], weakest)


def _noise(ground: Background) -> float:
    """Standard deviation of the small copy's noise, by the differences of neighbours."""
    rest = ground.levels - ground.ink
    steps = np.abs(np.diff(rest, axis=1)) if rest.shape[1] > 1 else np.zeros(1)
    return float(np.median(steps)) / 0.954


def _stretch(reading: _Reading, level: float) -> float:
    """Make the background black and the ink white; return the weakest ink that counts."""
    plane = reading.image[0]
    noise = 1.4826 * float(np.median(np.abs(border(plane) - level)))
    if noise < 1 / 512:
        low, high, weakest = level, float(plane.max()), EDGE
    else:
        look = fit(plane[None], 160)[0]
        high = float(np.quantile(look, 0.999))
        high = float(np.quantile(look[look > (level + high) / 2], 0.7))
        low, weakest = level + min(3 * noise, (high - level) / 2), 0.15
    lowest, highest = int(np.ceil(low * 255 - 1e-3)), int(np.floor(high * 255 + 1e-3))
    highest = max(highest, lowest + 1)
    if lowest > 1 or highest < 250:
        reading.do(edits.Contrast(lowest, highest))
    return weakest


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
