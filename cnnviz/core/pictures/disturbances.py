"""Pictures made harder to recognise: turned, blurred, brightened, noisy, partly covered.

Knows no network: what the disturbance does to an answer is asked elsewhere.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from PIL import Image

from cnnviz.core.arrays import as_picture
from cnnviz.core.pictures.resampling import by_plane, ground
from cnnviz.core.records import Floats
from cnnviz.core.strict import make_plain, real, whole


@dataclass(frozen=True, slots=True)
class Disturbance:
    """What is done to a picture, in this order; the defaults change nothing.

    Attributes:
        rotation: Degrees clockwise about the middle, −180 to 180; the picture keeps its size.
        blur: Standard deviation of a Gaussian in pixels, 0 to 20.
        brightness: Added to every pixel, −1 to 1.
        noise: Standard deviation of Gaussian noise added to every value, 0 to 1.
        seed: Seed of the noise.
        patch: Side of a grey square over the picture's shorter side, 0 to 1.
        row: Where the square lies from top (0) to bottom (1).
        col: Where it lies from left (0) to right (1).

    Raises:
        Explained: a value outside these ranges.
    """

    rotation: float = 0.0
    blur: float = 0.0
    brightness: float = 0.0
    noise: float = 0.0
    seed: int = 0
    patch: float = 0.0
    row: float = 0.5
    col: float = 0.5

    def __post_init__(self) -> None:
        make_plain(self)
        real("rotation", self.rotation, -180, 180)
        real("blur", self.blur, 0, 20)
        real("brightness", self.brightness, -1, 1)
        real("noise", self.noise, 0, 1)
        whole("seed", self.seed, 0, 2**32 - 1)
        for name in ("patch", "row", "col"):
            real(name, getattr(self, name), 0, 1)


def disturb(image: Floats, disturbance: Disturbance) -> Floats:
    """Return a disturbed copy of a picture; both are (C, H, W) float32 in [0, 1]."""
    image = as_picture(image)
    values = _rotated(image, disturbance.rotation)
    values = _blurred(values, disturbance.blur) + np.float32(disturbance.brightness)
    if disturbance.noise:
        noise = np.random.default_rng(disturbance.seed).standard_normal(image.shape, np.float32)
        values = values + noise * np.float32(disturbance.noise)
    values = np.clip(values, 0, 1)
    _, height, width = image.shape
    side = round(disturbance.patch * min(height, width))
    top = round((height - side) * disturbance.row)
    left = round((width - side) * disturbance.col)
    values[:, top : top + side, left : left + side] = 0.5
    return values


def _rotated(image: Floats, degrees: float) -> Floats:
    """Turn about the middle; what comes in from outside is the median of the border."""
    if not degrees:
        return image
    cubic = Image.Resampling.BICUBIC
    return by_plane(image, lambda plane: plane.rotate(-degrees, cubic, fillcolor=ground(plane)))


def _blurred(image: Floats, sigma: float) -> Floats:
    """Convolve rows and columns with a Gaussian cut off at 3 σ; edges are continued."""
    if not sigma:
        return image
    radius = math.ceil(3 * sigma)
    kernel = np.exp(-0.5 * (np.arange(-radius, radius + 1) / sigma) ** 2)
    kernel = (kernel / kernel.sum()).astype(np.float32)
    for axis in (1, 2):
        pads = [(0, 0), (0, 0), (0, 0)]
        pads[axis] = (radius, radius)
        windows = np.lib.stride_tricks.sliding_window_view(
            np.pad(image, pads, "edge"), kernel.size, axis=axis
        )  # (C, H, W, K)
        image = windows @ kernel
    return image
