"""Clothes and patterns drawn by ourselves; smooth edges are the average of many samples a pixel."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageDraw

from cnnviz.core.records import Floats
from cnnviz.core.samples.strokes import SIDE, Doubles

_CLOTHES_SAMPLES, _PATTERN_SAMPLES = 8, 4
"""Samples a pixel and side."""

Outline = tuple[tuple[float, float], ...]

# Outlines in pixels (x, y), filled one over the other with a level of 255.
_CLOTHES: dict[str, tuple[tuple[int, Outline], ...]] = {
    "t-shirt": (
        (
            215,
            ((9, 3), (12, 5), (16, 5), (19, 3), (25, 7), (27, 13), (22.5, 14.5), (20.5, 11),
             (20.5, 25), (7.5, 25), (7.5, 11), (5.5, 14.5), (1, 13), (3, 7)),
        ),
        (170, ((12, 5), (16, 5), (15, 6.5), (13, 6.5))),
    ),
    "trousers": (
        (190, ((9, 1), (19, 1), (20.5, 27), (16, 27), (14.5, 9), (13.5, 9), (12, 27), (7.5, 27))),
        (225, ((9, 1), (19, 1), (19.1, 3), (8.9, 3))),
    ),
    "dress": (
        (
            215,
            ((11, 1), (12, 3.5), (16, 3.5), (17, 1), (18.5, 1), (18.5, 11), (21.5, 27),
             (6.5, 27), (9.5, 11), (9.5, 1)),
        ),
        (150, ((9.5, 10.5), (18.5, 10.5), (18.6, 12), (9.4, 12))),
    ),
    "bag": (
        (150, ((8, 4), (20, 4), (22, 12), (20, 12), (18.5, 6), (9.5, 6), (8, 12), (6, 12))),
        (205, ((2, 11), (26, 11), (26, 25), (2, 25))),
        (165, ((2, 11), (26, 11), (26, 14), (2, 14))),
    ),
    "ankle-boot": (
        (
            200,
            ((13, 3), (25, 3), (26, 14), (26.5, 24.5), (22.5, 24.5), (21.5, 22.5), (15, 24.5),
             (1.5, 24.5), (1, 21), (5, 18), (11, 15)),
        ),
        (240, ((1, 22.5), (15, 22.5), (15, 24.5), (1.5, 24.5))),
    ),
}  # fmt: skip


def clothes(name: str) -> Floats:
    """Draw one of `_CLOTHES` as Fashion-MNIST shows it, grey on black.

    (1, 28, 28) float32 in [0, 1], multiples of 1/255.
    """
    scale = _CLOTHES_SAMPLES
    page = Image.new("L", (SIDE * scale, SIDE * scale))
    pen = ImageDraw.Draw(page)
    for level, outline in _CLOTHES[name]:
        pen.polygon([(x * scale, y * scale) for x, y in outline], fill=level)
    return _averaged(np.asarray(page, np.float64), scale)


def edges() -> Floats:
    """An upright and a leaning square on a step from dark to light, (1, 48, 48)."""
    y, x = _grid(48, 48)
    light = np.where(x < 24, 0.1, 0.45)
    light = np.where((abs(x - 13) < 8) & (abs(y - 15) < 8), 0.95, light)
    light = np.where(abs(x - 36) + abs(y - 33) < 11, 0.95, light)
    return _pattern(light)


def stripes() -> Floats:
    """Vertical, horizontal and both diagonal stripes, a quarter each, 6 pixels a period."""
    y, x = _grid(48, 48)
    along = np.where(y < 24, np.where(x < 24, x, y), np.where(x < 24, x + y, x - y) / np.sqrt(2))
    return _pattern((along % 6 < 3).astype(np.float64))


def checkerboard() -> Floats:
    """Black and white squares of 6 pixels a side, (1, 48, 48)."""
    y, x = _grid(48, 48)
    return _pattern((x // 6 + y // 6) % 2)


def circle() -> Floats:
    """A disc in a ring: edges in every direction, (1, 48, 48)."""
    radius = _radius(_grid(48, 48), 24, 24)
    return _pattern(((radius < 8) | ((radius > 15) & (radius < 20))).astype(np.float64))


def gradient() -> Floats:
    """A smooth ramp from black to white above, the same in eight steps below, (1, 32, 64)."""
    y, x = _grid(32, 64)
    return _pattern(np.where(y < 16, (x // 1) / 63, (x // 8) / 7))


def colour() -> Floats:
    """Discs of red, green and blue light that overlap, (3, 32, 32)."""
    grid = _grid(32, 32)
    centres = ((12.0, 16.0), (20.0, 11.4), (20.0, 20.6))  # (y, x)
    discs = [(_radius(grid, *centre) < 8.5).astype(np.float64) for centre in centres]
    return np.concatenate([_pattern(disc) for disc in discs])


def _grid(height: int, width: int) -> Doubles:
    """Places (y, x) in pixels, `_PATTERN_SAMPLES` a pixel and side, (2, H x S, W x S)."""
    return (
        np.mgrid[0 : height * _PATTERN_SAMPLES, 0 : width * _PATTERN_SAMPLES] + 0.5
    ) / _PATTERN_SAMPLES


def _radius(grid: Doubles, y: float, x: float) -> Doubles:
    """Distance of each place to (y, x), in pixels."""
    return np.asarray(np.hypot(grid[0] - y, grid[1] - x))


def _pattern(light: Doubles) -> Floats:
    return _averaged(light * 255, _PATTERN_SAMPLES)


def _averaged(levels: Doubles, samples: int) -> Floats:
    """Average the samples of each pixel, round, and return (1, H, W) multiples of 1/255."""
    rows, cols = levels.shape
    blocks = levels.reshape(1, rows // samples, samples, cols // samples, samples)
    return np.asarray(np.round(blocks.mean(axis=(2, 4))) / 255, dtype=np.float32)
