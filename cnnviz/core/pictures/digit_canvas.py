"""Canvases of several digits, and what the ink under a sliding window says. Knows no network."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cnnviz.core.messages import N_, Explained
from cnnviz.core.pictures.digits import LONGEST, MIDDLE, SIDE
from cnnviz.core.records import Floats

INK = 0.2
"""Pixels above this are ink; a digit's box holds all of its ink."""
FEWEST, MOST = 3, 6
"""Digits on a random canvas."""
SCALES = (1.6, 1.26, 1.0, 0.8, 0.63, 0.5, 0.4, 0.32)
"""At so many times its size a canvas is looked at for digits of any size: a window has digits of 16
to 24 pixels for its own, and each step is a quarter."""
SMALLEST, LARGEST = 12, 60
"""Digits of so many pixels are found that way."""
_TRIES = 10_000
_NO_PLACE = N_(
    "{count} digits of {side} × {side} pixels find no place on {height} × {width} pixels."
)


@dataclass(frozen=True, slots=True, eq=False)
class DigitCanvas:
    """Several digits on one canvas, and where they are.

    Attributes:
        image: (1, H, W) float32 in [0, 1], white ink on black.
        boxes: (N, 4) float32: top, left, bottom, right of each digit's ink.
        labels: (N,) int64, 0 to 9.
    """

    image: Floats
    boxes: Floats
    labels: NDArray[np.int64]


def digit_canvas(
    images: NDArray[np.uint8],
    labels: NDArray[np.uint8],
    *,
    seed: int,
    size: tuple[int, int] = (112, 168),
) -> DigitCanvas:
    """Put three to six digits at random on a canvas; their 28 × 28 fields do not overlap.

    Args:
        images: (N, 1, 28, 28) uint8, such as MNIST's test pictures.
        labels: (N,) uint8.
        seed: Seed of number, choice and places; the same seed gives the same canvas.
        size: Height and width.

    Raises:
        Explained: the canvas is too small for six digits to find a place at random.
    """
    rng = np.random.default_rng(seed)
    count = int(rng.integers(FEWEST, MOST + 1))
    canvas = np.zeros((1, *size), np.float32)
    chosen = rng.integers(0, len(images), count)
    corners = _corners(rng, count, size)
    boxes = np.zeros((count, 4), np.float32)
    for which, (idx, (top, left)) in enumerate(zip(chosen, corners, strict=True)):
        digit = images[idx, 0].astype(np.float32) / 255
        canvas[0, top : top + SIDE, left : left + SIDE] = digit
        boxes[which] = _ink_boxes(digit[None] > INK)[0] + np.array([top, left, top, left])
    return DigitCanvas(canvas, boxes, labels[chosen].astype(np.int64))


def _corners(rng: np.random.Generator, count: int, size: tuple[int, int]) -> list[tuple[int, int]]:
    """Draw fields one after the other; one that overlaps an earlier one is drawn again."""
    corners: list[tuple[int, int]] = []
    for _ in range(_TRIES if min(size) >= SIDE else 0):
        top, left = (int(rng.integers(0, side - SIDE + 1)) for side in size)
        if all(max(abs(top - y), abs(left - x)) >= SIDE for y, x in corners):
            corners.append((top, left))
        if len(corners) == count:
            return corners
    height, width = size
    raise Explained(_NO_PLACE, count=count, side=SIDE, height=height, width=width)


@dataclass(frozen=True, slots=True, eq=False)
class WindowInk:
    """What the ink says of every window: whether a whole digit stands in its middle.

    Attributes:
        boxes: (N, 4) float32: of the ink in the window; zeros where there is none.
        fit: (N,) float32 in [0, 1]: 1 for a window as MNIST's pictures are, 0 for no ink.
    """

    boxes: Floats
    fit: Floats


def window_ink(plane: Floats, stride: int) -> WindowInk:
    """Judge each window by what all of MNIST's pictures have in common.

    A network that has seen digits only cannot say "nothing here": it finds one in half a digit
    and in none. So the ink decides whether there is something to name. In MNIST, the centre of
    mass lies at row and column 14, the ink is 20 pixels long, and nothing touches the border.
    `fit` is the product of three numbers that are 1 if that holds and fall as a Gaussian: of the
    distance of the centre of mass (σ = 6 pixels), of the length (σ = 4 pixels), and of the ink in
    the outermost two rows and columns (σ = 2 pixels' worth).

    Args:
        plane: (H, W) float32 in [0, 1], at least 28 × 28; white ink on black.
        stride: From one window to the next.

    Returns:
        Boxes and fits of all windows, row by row.
    """
    windows = np.lib.stride_tricks.sliding_window_view(plane, (SIDE, SIDE))[::stride, ::stride]
    across = windows.shape[1]
    windows = windows.reshape(-1, SIDE, SIDE)  # (N, 28, 28)
    mass = windows.sum(axis=(1, 2))
    places = np.arange(SIDE, dtype=np.float32)
    total = np.maximum(mass, 1e-6)
    rows = windows.sum(axis=2) @ places / total
    cols = windows.sum(axis=1) @ places / total
    edge = mass - windows[:, 2:-2, 2:-2].sum(axis=(1, 2))
    boxes = _ink_boxes(windows > INK)
    longest = np.maximum(boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1])
    off = ((rows - MIDDLE) ** 2 + (cols - MIDDLE) ** 2) / 36
    off += ((longest - LONGEST) / 4) ** 2 + (edge / 2) ** 2
    fit = np.where(longest > 0, np.exp(-off / 2), 0)
    corners = np.indices((len(windows) // across, across)).reshape(2, -1).T * stride  # (N, 2)
    boxes[longest > 0] += np.tile(corners, 2)[longest > 0]
    return WindowInk(boxes, fit.astype(np.float32))


def _ink_boxes(ink: NDArray[np.bool_]) -> Floats:
    """Return the boxes of (N, 28, 28) windows; zeros where there is no ink."""
    rows: NDArray[np.bool_] = np.asarray(ink.any(axis=2))  # (N, 28)
    cols: NDArray[np.bool_] = np.asarray(ink.any(axis=1))
    boxes = np.zeros((len(ink), 4), np.float32)
    boxes[:, 0], boxes[:, 1] = rows.argmax(1), cols.argmax(1)
    boxes[:, 2], boxes[:, 3] = SIDE - rows[:, ::-1].argmax(1), SIDE - cols[:, ::-1].argmax(1)
    boxes[~rows.any(axis=1)] = 0
    return boxes
