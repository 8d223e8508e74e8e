"""Two ways to make white ink on black of a picture, and to say where the digit is in it.

The plain way takes for ink all that departs from the ground. It is exact, but a table beside the
page departs from it, too. The other way asks the finder, which knows what digits look like.
"""

from __future__ import annotations

import numpy as np

from cnnviz.core.messages import Explained
from cnnviz.core.pictures import edits
from cnnviz.core.pictures.finder import Found, KeepInk
from cnnviz.core.pictures.ink import Box, ink_box
from cnnviz.core.pictures.light import Background, background
from cnnviz.core.pictures.resampling import border, fit
from cnnviz.core.records import Floats, Step

FAINTEST = 8 / 255
"""Less contrast than this between ink and background is no ink."""
CLEAR = 15
"""Ink stands out by this many standard deviations of the noise. Measured on a small copy of
photographs: empty pages up to 12, faint pencil in a shadow from 30."""
EDGE = 0.1
"""Ink weaker than this (of 1) does not count when the digit is cropped."""
UNEVEN = 0.2
"""Light is evened where the background varies by more than this share of the ink's contrast."""


class Reading:
    """A picture on its way: what has been done to it so far, and the box of the digit in it."""

    def __init__(self, image: Floats) -> None:
        self.image = image
        self.edits: list[edits.Edit] = []
        self.steps: list[Step] = []
        self.box = Box(0, 0, *image.shape[1:])

    def do(self, edit: edits.Edit) -> None:
        """Do one thing more to the picture."""
        step = edits.apply_edit(self.image, edit)
        self.edits.append(edit)
        self.steps.append(step)
        self.image = step.image


def found_reading(image: Floats, found: Found) -> Reading:
    """Crop to what the finder found, and keep of it what it takes for ink."""
    reading = Reading(image)
    (height, width), place = found.place.size, found.place
    if (height, width) != image.shape[1:]:
        reading.do(edits.Crop(place.top, place.left, height, width))
    reading.do(KeepInk())
    reading.box = ink_box(reading.image[0], EDGE)
    return reading


def plain_reading(image: Floats) -> Reading:
    """Take for ink what departs from the ground, and for the digit the most of it.

    Raises:
        Explained: nothing does, or no more than noise.
    """
    reading = Reading(image)
    if image.shape[0] == 3:
        reading.do(edits.Grey())
    ground = background(reading.image)
    edge = border(ground.levels)
    contrast = float(ground.ink.max() - np.median(ground.ink))
    if contrast < max(FAINTEST, CLEAR * _noise(ground)):
        raise _nothing(image)
    level = float(np.median(edge))
    if float(np.ptp(np.quantile(edge, (0.02, 0.98)))) > UNEVEN * contrast:
        reading.do(edits.EvenLight())
        level = ground.target
    if ground.is_light:
        reading.do(edits.Invert())
        level = 1 - level
    weakest = _stretch(reading, level)
    reading.box = ink_box(reading.image[0], weakest)
    return reading


def _nothing(image: Floats) -> Explained:
    """Say why there is nothing to read: the true reason."""
    if float(np.ptp(image, axis=(1, 2)).max()) < 2 * FAINTEST:
        return Explained("There is no digit to read: all pixels are the same, or nearly so.")
    return Explained(
        "There is no digit to read: nothing here stands out from the ground as ink does. Write it "
        "with a darker pen, or photograph it closer and in more light."
    )


def _noise(ground: Background) -> float:
    """Standard deviation of the small copy's noise, by the differences of neighbours."""
    rest = ground.levels - ground.ink
    steps = np.abs(np.diff(rest, axis=1)) if rest.shape[1] > 1 else np.zeros(1)
    return float(np.median(steps)) / 0.954


def _stretch(reading: Reading, level: float) -> float:
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
