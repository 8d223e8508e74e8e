"""The pictures that come along: digits and patterns of our own making, photographs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from cnnviz.core.messages import N_
from cnnviz.core.records import Floats
from cnnviz.core.samples.clothes import draw_clothes
from cnnviz.core.samples.photographs import read_photograph
from cnnviz.core.samples.strokes import Doubles, write_digit

SHARPNESS = 4
"""Samples a pixel and side from which smooth edges are averaged."""


Kind = Literal["digit", "clothing", "pattern", "photograph"]


@dataclass(frozen=True, slots=True)
class Sample:
    """A picture to start from.

    Attributes:
        id: As in links (`picture=<id>`); stable.
        name: For people; translated where it is shown.
        kind: A digit (what the `mnist` network reads), a piece of clothing (`fashion`), a pattern
            (what shows a filter's work) or a photograph.
        draw: Makes the picture: (C, H, W) float32 in [0, 1], multiples of 1/255.
        credit: Whose photograph it is, and its licence; empty for our own.
    """

    id: str
    name: str
    kind: Kind
    draw: Callable[[], Floats]
    credit: str = ""


def draw_sample(sample_id: str) -> Floats:
    """Draw a sample anew.

    Returns:
        (C, H, W) float32 in [0, 1], C = 1 or 3, multiples of 1/255; yours to change.

    Raises:
        LookupError: no sample has this id; it names those there are.
        Explained: a photograph that is not installed.
    """
    for sample in SAMPLES:
        if sample.id == sample_id:
            return sample.draw()
    raise LookupError(f"no sample {sample_id!r}; there are {[sample.id for sample in SAMPLES]}")


def _edges() -> Floats:
    """An upright and a leaning square on a step from dark to light, (1, 48, 48)."""
    y, x = _grid(48, 48)
    light = np.where(x < 24, 0.1, 0.45)
    light = np.where((abs(x - 13) < 8) & (abs(y - 15) < 8), 0.95, light)
    light = np.where(abs(x - 36) + abs(y - 33) < 11, 0.95, light)
    return _picture(light)


def _stripes() -> Floats:
    """Vertical, horizontal and both diagonal stripes, a quarter each, 6 pixels a period."""
    y, x = _grid(48, 48)
    along = np.where(y < 24, np.where(x < 24, x, y), np.where(x < 24, x + y, x - y) / np.sqrt(2))
    return _picture((along % 6 < 3).astype(np.float64))


def _checkerboard() -> Floats:
    """Black and white squares of 6 pixels a side, (1, 48, 48)."""
    y, x = _grid(48, 48)
    return _picture((x // 6 + y // 6) % 2)


def _circle() -> Floats:
    """A disc in a ring: edges in every direction, (1, 48, 48)."""
    radius = _radius(_grid(48, 48), 24, 24)
    return _picture(((radius < 8) | ((radius > 15) & (radius < 20))).astype(np.float64))


def _gradient() -> Floats:
    """A smooth ramp from black to white above, the same in eight steps below, (1, 32, 64)."""
    y, x = _grid(32, 64)
    return _picture(np.where(y < 16, (x // 1) / 63, (x // 8) / 7))


def _colour() -> Floats:
    """Discs of red, green and blue light that overlap, (3, 32, 32)."""
    grid = _grid(32, 32)
    centres = ((12.0, 16.0), (20.0, 11.4), (20.0, 20.6))  # (y, x)
    discs = [(_radius(grid, *centre) < 8.5).astype(np.float64) for centre in centres]
    return np.concatenate([_picture(disc) for disc in discs])


def _grid(height: int, width: int) -> Doubles:
    """Places (y, x) in pixels, `SHARPNESS` a pixel and side, (2, H x S, W x S)."""
    return (np.mgrid[0 : height * SHARPNESS, 0 : width * SHARPNESS] + 0.5) / SHARPNESS


def _radius(grid: Doubles, y: float, x: float) -> Doubles:
    """Distance of each place to (y, x), in pixels."""
    return np.asarray(np.hypot(grid[0] - y, grid[1] - x))


def _picture(light: NDArray[np.float64]) -> Floats:
    """Average the places of each pixel and round to 1/255: (1, H, W)."""
    rows, cols = light.shape
    blocks = light.reshape(1, rows // SHARPNESS, SHARPNESS, cols // SHARPNESS, SHARPNESS)
    return np.asarray(np.round(blocks.mean(axis=(2, 4)) * 255) / 255, dtype=np.float32)


def _photograph(sample_id: str, name: str, file_name: str, credit: str) -> Sample:
    return Sample(sample_id, name, "photograph", partial(read_photograph, file_name), credit)


# Credits as in skimage.data's own documentation of each picture.
SAMPLES: tuple[Sample, ...] = (
    Sample("digit-0", N_("Digit 0"), "digit", partial(write_digit, 0)),
    Sample("digit-1", N_("Digit 1"), "digit", partial(write_digit, 1)),
    Sample("digit-2", N_("Digit 2"), "digit", partial(write_digit, 2)),
    Sample("digit-3", N_("Digit 3"), "digit", partial(write_digit, 3)),
    Sample("digit-4", N_("Digit 4"), "digit", partial(write_digit, 4)),
    Sample("digit-5", N_("Digit 5"), "digit", partial(write_digit, 5)),
    Sample("digit-6", N_("Digit 6"), "digit", partial(write_digit, 6)),
    Sample("digit-7", N_("Digit 7"), "digit", partial(write_digit, 7)),
    Sample("digit-8", N_("Digit 8"), "digit", partial(write_digit, 8)),
    Sample("digit-9", N_("Digit 9"), "digit", partial(write_digit, 9)),
    Sample("t-shirt", N_("T-shirt"), "clothing", partial(draw_clothes, "t-shirt")),
    Sample("trousers", N_("Trousers"), "clothing", partial(draw_clothes, "trousers")),
    Sample("dress", N_("Dress"), "clothing", partial(draw_clothes, "dress")),
    Sample("bag", N_("Bag"), "clothing", partial(draw_clothes, "bag")),
    Sample("ankle-boot", N_("Ankle boot"), "clothing", partial(draw_clothes, "ankle-boot")),
    Sample("edges", N_("Edges"), "pattern", _edges),
    Sample("stripes", N_("Stripes"), "pattern", _stripes),
    Sample("checkerboard", N_("Checkerboard"), "pattern", _checkerboard),
    Sample("circle", N_("Circle and ring"), "pattern", _circle),
    Sample("gradient", N_("Ramp and steps"), "pattern", _gradient),
    Sample("colour", N_("Red, green and blue light"), "pattern", _colour),
    _photograph("cat", N_("Cat"), "chelsea.png", "Chelsea, Stéfan van der Walt, CC0"),
    _photograph("coffee", N_("Coffee"), "coffee.png", "Rachel Michetti, Pikolo Espresso Bar, CC0"),
    _photograph(
        "astronaut", N_("Astronaut"), "astronaut.png", "Eileen Collins, NASA, public domain"
    ),
    _photograph("camera", N_("Cameraman"), "camera.png", "Lav Varshney, CC0"),
    _photograph("rocket", N_("Rocket"), "rocket.jpg", "Falcon 9, SpaceX, public domain"),
    _photograph("clock", N_("Clock"), "clock_motion.png", "Stéfan van der Walt, public domain"),
    _photograph("brick", N_("Brick wall"), "brick.png", "CC0Textures, CC0"),
    _photograph("grass", N_("Grass"), "grass.png", "linolafett, CC0"),
    _photograph("retina", N_("Retina"), "retina.jpg", "Mikael Häggström, CC0"),
    _photograph("galaxies", N_("Galaxies"), "hubble_deep_field.jpg", "Hubble, NASA, public domain"),
)
"""In the order in which they are shown."""

DEFAULT_SAMPLE = "digit-7"
