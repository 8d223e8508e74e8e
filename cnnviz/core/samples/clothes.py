"""Clothes as Fashion-MNIST shows them, drawn by ourselves: grey shapes on black, 28 × 28."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageDraw

from cnnviz.core.records import Floats

SIDE = 28
_SHARPNESS = 8
"""Samples a pixel and side from which smooth edges are averaged."""

Outline = tuple[tuple[float, float], ...]

# Outlines in pixels (x, y), filled one over the other with a level of 255.
_SHAPES: dict[str, tuple[tuple[int, Outline], ...]] = {
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


def draw_clothes(name: str) -> Floats:
    """Draw one of `_SHAPES`: (1, 28, 28) float32 in [0, 1], multiples of 1/255."""
    page = Image.new("L", (SIDE * _SHARPNESS, SIDE * _SHARPNESS))
    pen = ImageDraw.Draw(page)
    for level, outline in _SHAPES[name]:
        pen.polygon([(x * _SHARPNESS, y * _SHARPNESS) for x, y in outline], fill=level)
    blocks = np.asarray(page, np.float64).reshape(1, SIDE, _SHARPNESS, SIDE, _SHARPNESS)
    return np.asarray(np.round(blocks.mean(axis=(2, 4))) / 255, dtype=np.float32)
