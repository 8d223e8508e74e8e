"""Any picture made into what a network trained on MNIST reads. Knows no network."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from PIL import Image

from cnnviz.core.images import LUMA, to_grey
from cnnviz.core.messages import N_, Explained, Sentence
from cnnviz.core.records import Floats

# MNIST's own recipe: the digit fitted in 20 × 20 pixels in its proportions, then moved by whole
# pixels so that its centre of mass lies in the middle of 28 × 28. LeCun, Cortes & Burges,
# yann.lecun.com/exdb/mnist. Measured on its 10,000 test digits: the longer side is 20 and the
# centre of mass within half a pixel of row and column 14.
SIDE = 28
LONGEST = 20
MIDDLE = 14

FAINTEST = 8 / 255
"""Less contrast than this between ink and background is no ink."""
EDGE = 0.1
"""Ink weaker than this (of 1) does not count when the digit is cropped."""


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """One thing that was done to the picture.

    Attributes:
        name: Short, for people; translated where it is shown.
        sentence: What was done, with its numbers.
        image: (1, h, w) float32 in [0, 1], after the step.
    """

    name: str
    sentence: Sentence
    image: Floats


class PreparedDigit(NamedTuple):
    """A digit as MNIST has it, and how it became so.

    Attributes:
        image: (1, 28, 28) float32 in [0, 1], white ink on black.
        steps: In order; what changed nothing is left out. The last one's image is `image`.
    """

    image: Floats
    steps: tuple[Step, ...]


def prepare_digit(image: Floats) -> PreparedDigit:
    """Make any picture of a digit look like one of MNIST's.

    Args:
        image: (C, H, W) float32 in [0, 1], C = 1 or 3, any size, ink dark on light or light on
            dark; not modified.

    Raises:
        Explained: the picture is flat: it holds no ink.
    """
    steps: list[Step] = []
    for stage in (_grey, _invert, _stretch, _crop, _resize, _centre):
        step = stage(image)
        if step is not None:
            steps.append(step)
            image = step.image
    return PreparedDigit(image, tuple(steps))


def _grey(image: Floats) -> Step | None:
    if image.shape[0] == 1:
        return None
    sentence = Sentence(
        "Turned to grey: {red} of red, {green} of green and {blue} of blue.",
        dict(zip(("red", "green", "blue"), LUMA, strict=True)),
    )
    return Step(N_("Grey"), sentence, to_grey(image))


def _invert(image: Floats) -> Step | None:
    """Ink is what departs furthest from the background, which is judged at the border."""
    background = float(np.median(_border(image)))
    darker, lighter = background - float(image.min()), float(image.max()) - background
    if max(darker, lighter) < FAINTEST:
        raise Explained("There is no digit to read: all pixels are the same, or nearly so.")
    if darker <= lighter:
        return None
    sentence = Sentence("Inverted, because the ink is darker than the background around it.")
    return Step(N_("Invert"), sentence, 1 - image)


def _stretch(image: Floats) -> Step | None:
    """Three times the border's median deviation covers its noise and an even shadow's slope."""
    border = _border(image)
    background, highest = float(np.median(border)), float(image.max())
    noise = 3 * float(np.median(np.abs(border - background)))
    lowest = background + min(noise, (highest - background) / 2)
    if lowest == 0 and highest == 1:
        return None
    sentence = Sentence(
        "Contrast stretched: {lowest} of 255 and below become black, {highest} becomes white.",
        {"lowest": round(lowest * 255), "highest": round(highest * 255)},
    )
    ink = np.clip(image - lowest, 0, None)
    return Step(N_("Contrast"), sentence, ink / ink.max())


def _crop(image: Floats) -> Step | None:
    rows, cols = (np.flatnonzero((image[0] > EDGE).any(axis=axis)) for axis in (1, 0))
    top, bottom, left, right = (int(i) for i in (rows[0], rows[-1], cols[0], cols[-1]))
    cropped = image[:, top : bottom + 1, left : right + 1]
    if cropped.shape == image.shape:
        return None
    sentence = Sentence(
        "Cropped to the ink: rows {top} to {bottom}, columns {left} to {right}.",
        {"top": top, "bottom": bottom, "left": left, "right": right},
    )
    return Step(N_("Crop"), sentence, cropped)


def _resize(image: Floats) -> Step | None:
    """Thin lines grow faint when shrunk, so the ink is brought back to 1."""
    _, height, width = image.shape
    scale = LONGEST / max(height, width)
    if scale == 1:
        return None
    new_height, new_width = max(1, round(height * scale)), max(1, round(width * scale))
    picture = Image.fromarray(image[0]).resize((new_width, new_height), Image.Resampling.BICUBIC)
    ink = np.clip(np.asarray(picture, dtype=np.float32), 0, None)[None]  # (1, h, w)
    sentence = Sentence(
        "Resized from {height} × {width} to {new_height} × {new_width} pixels, "
        "the strongest ink at full white.",
        {"height": height, "width": width, "new_height": new_height, "new_width": new_width},
    )
    return Step(N_("Resize"), sentence, ink / ink.max())


def _centre(image: Floats) -> Step:
    _, height, width = image.shape
    top = _start(image.sum(axis=(0, 2)))
    left = _start(image.sum(axis=(0, 1)))
    field = np.zeros((1, SIDE, SIDE), np.float32)
    field[:, top : top + height, left : left + width] = image
    sentence = Sentence(
        "Placed in {side} × {side} pixels with its centre of mass in the middle: "
        "this is what the network sees.",
        {"side": SIDE},
    )
    return Step(N_("Centre"), sentence, field)


def _start(ink: Floats) -> int:
    """Where ink, (N,), begins on the field when its centre of mass is in the middle."""
    centre = float(np.average(np.arange(ink.size), weights=ink))
    return min(max(round(MIDDLE - centre), 0), SIDE - ink.size)


def _border(image: Floats) -> Floats:
    """The outermost pixels of (1, H, W), (N,)."""
    grey = image[0]
    return np.concatenate((grey[0], grey[-1], grey[:, 0], grey[:, -1]))
