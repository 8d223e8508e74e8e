"""A small network that says of every pixel whether a digit's pen left ink there, in NumPy.

A U-Net of 96,000 weights: blocks of two 3 × 3 convolutions, halved four times and back up, each
block given what the one of its size on the way down saw. `python -m benchmarks.finder` trains it,
on pictures of MNIST's training digits, and folds its batch norms into the weights.

Source: Ronneberger, Fischer & Brox, "U-Net", arXiv:1505.04597.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np

from cnnviz.core.pictures.resampling import resized
from cnnviz.core.records import Floats

WEIGHTS = Path(__file__).parents[2] / "weights" / "finder.npz"
LEVELS = 5
"""Blocks on the way down; the last one sees 16 pixels as one."""


class Look(NamedTuple):
    """What the network says of a picture.

    Attributes:
        ink: (h, w) float32 in [0, 1]: how much of each pixel of the small copy is a digit's ink.
        none: Probability that there is no digit.
        several: Probability that there are two or more.
    """

    ink: Floats
    none: float
    several: float


def look(image: Floats, side: int) -> Look:
    """Look at a picture.

    Args:
        image: (C, H, W) float32 in [0, 1], C = 1 or 3; not modified.
        side: Pixels of the longer side of the copy that is looked at.
    """
    _, height, width = image.shape
    scale = side / max(height, width)
    rows, cols = max(1, round(height * scale)), max(1, round(width * scale))
    small = resized(image, rows, cols)
    step = 2 ** (LEVELS - 1)
    pads = [(0, 0), (0, -rows % step), (0, -cols % step)]
    values = np.pad(np.broadcast_to(small, (3, rows, cols)), pads, mode="edge")
    ink, count = _forward(values - values.mean(axis=(1, 2), keepdims=True), _weights())
    likely = np.exp(count - count.max())
    none, _one, several = likely / likely.sum()
    return Look(ink[:rows, :cols], float(none), float(several))


@cache
def _weights() -> dict[str, Floats]:
    with np.load(WEIGHTS) as stored:
        return {name: stored[name].astype(np.float32) for name in stored.files}


def _forward(values: Floats, weights: dict[str, Floats]) -> tuple[Floats, Floats]:
    """Ink (H, W) in [0, 1] and three logits, of (3, H, W) with sides that are multiples of 16."""
    values = values / (np.sqrt(np.square(values).mean()) + np.float32(0.02))
    kept: list[Floats] = []
    for level in range(LEVELS):
        values = _halved(values) if level else values
        for part in range(2):
            values = _convolved(values, weights, f"down{level}.{part}")
        kept.append(values)
    pooled = np.concatenate((values.max(axis=(1, 2)), values.mean(axis=(1, 2))))
    count = weights["count.weight"] @ pooled + weights["count.bias"]
    for level, beside in enumerate(reversed(kept[:-1])):
        values = np.concatenate((values.repeat(2, axis=1).repeat(2, axis=2), beside))
        values = _convolved(values, weights, f"up{level}")
    logits = np.tensordot(weights["ink.weight"], values, 1) + weights["ink.bias"]
    return 1 / (1 + np.exp(-logits)), count


def _halved(values: Floats) -> Floats:
    channels, height, width = values.shape
    pairs = values.reshape(channels, height // 2, 2, width // 2, 2)
    return np.asarray(pairs.max(axis=(2, 4)))


def _convolved(values: Floats, weights: dict[str, Floats], name: str) -> Floats:
    """Convolve (C, H, W) by 3 × 3 kernels with a margin of zeros, and cut off below 0.

    Rows with their margins lie one after the other, so each of the nine weights of a kernel meets
    one contiguous stretch: nine products of matrices, and no patch is copied.
    """
    kernels = weights[f"{name}.weight"]  # (3, 3, O, C)
    channels, height, width = values.shape
    framed = np.zeros((channels, height + 3, width + 2), np.float32)
    framed[:, 1 : height + 1, 1 : width + 1] = values
    flat, count = framed.reshape(channels, -1), height * (width + 2)
    total = np.repeat(weights[f"{name}.bias"][:, None], count, axis=1)  # (O, H x (W + 2))
    for row in range(3):
        for col in range(3):
            start = row * (width + 2) + col
            total += kernels[row, col] @ flat[:, start : start + count]
    return np.asarray(np.maximum(total.reshape(-1, height, width + 2)[:, :, :width], 0))
