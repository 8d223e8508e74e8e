"""Input of a network for photographs: the picture resized, and a square of it.

The steps of torchvision's and timm's own preprocessing, on arrays: the shorter side is resized,
then a square of 224 pixels is cut out, by default from the middle. Knows no network.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PIL import Image

from cnnviz.core.arrays import as_picture
from cnnviz.core.messages import N_, Explained
from cnnviz.core.photos.networks import CROP, PhotoNetwork
from cnnviz.core.pictures.resampling import by_plane
from cnnviz.core.records import Floats
from cnnviz.core.strict import make_plain, real

LONGEST_RATIO = 16
"""A picture longer than this, in units of its shorter side, is refused: it would become huge."""
SMALLEST_SHARE = 0.25

_FILTERS = {"bilinear": Image.Resampling.BILINEAR, "bicubic": Image.Resampling.BICUBIC}


@dataclass(frozen=True, slots=True)
class PhotoCrop:
    """Which square of a photograph the network sees.

    Attributes:
        share: Side of the square over the picture's shorter side, in [0.25, 1]; None: what the
            network was tested with, such as 224 of 256.
        row: Where it lies from top (0) to bottom (1); 0.5 is the middle.
        col: Where it lies from left (0) to right (1).

    Raises:
        Explained: a value outside these ranges.
    """

    share: float | None = None
    row: float = 0.5
    col: float = 0.5

    def __post_init__(self) -> None:
        make_plain(self)
        if self.share is not None:
            real("share", self.share, SMALLEST_SHARE, 1)
        real("row", self.row, 0, 1)
        real("col", self.col, 0, 1)


@dataclass(frozen=True, slots=True, eq=False)
class PhotoInput:
    """The exact picture that a network sees, and which part of the photograph it is.

    Attributes:
        seen: (3, 224, 224) float32 in [0, 1], before the network's own normalisation.
        top: Upper edge of the square in pixels of the photograph; a fraction of one is possible.
        left: Its left edge.
        side: Its side.
        crop: How it was asked for.
    """

    seen: Floats
    top: float
    left: float
    side: float
    crop: PhotoCrop = PhotoCrop()


def photo_input(image: Floats, card: PhotoNetwork, crop: PhotoCrop | None = None) -> PhotoInput:
    """Turn a photograph into what a network takes.

    Args:
        image: (C, H, W) float32 in [0, 1], C = 1 or 3, any size; not modified. A grey one gets
            three equal channels.
        card: How the network was tested.
        crop: Square to cut out; None: the middle, as the network was tested.

    Raises:
        Explained: no such picture, or one that is more than 16 times as long as it is wide.
    """
    image = as_picture(image)
    _check(image)
    crop = crop or PhotoCrop()
    shorter = card.resize if crop.share is None else round(CROP / crop.share)
    resized = _scaled(image, shorter, card)
    top = _start(resized.shape[1], crop.row)
    left = _start(resized.shape[2], crop.col)
    seen = resized[:, top : top + CROP, left : left + CROP]
    scale = min(image.shape[1:]) / shorter
    if len(seen) == 1:
        seen = np.repeat(seen, 3, axis=0)
    seen = np.ascontiguousarray(seen)
    return PhotoInput(seen, top * scale, left * scale, CROP * scale, crop)


_TOO_NARROW = N_(
    "The picture is {height} × {width} pixels: a network that looks at a square cannot take one "
    "that is more than {most} times as long as it is wide. Crop it first."
)


def _check(image: Floats) -> None:
    _channels, height, width = image.shape
    if max(height, width) > LONGEST_RATIO * min(height, width):
        raise Explained(_TOO_NARROW, height=height, width=width, most=LONGEST_RATIO)


def _scaled(image: Floats, shorter: int, card: PhotoNetwork) -> Floats:
    """Resize the shorter side to `shorter` pixels, the longer one in proportion, rounded down.

    Pillow's filter widens with the reduction, as in torchvision's `Resize` of pictures.
    """
    height, width = (int(shorter * side / min(image.shape[1:])) for side in image.shape[1:])
    kernel = _FILTERS[card.interpolation]
    planes = image.astype(np.float32, copy=False)
    return by_plane(planes, lambda plane: plane.resize((width, height), kernel))


def _start(size: int, place: float) -> int:
    return round((size - CROP) * place)
