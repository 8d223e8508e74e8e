"""What a file of the corpus is: bytes, and the pixels that they must give or a refusal."""

import io
import struct
from dataclasses import dataclass

import numpy as np
from PIL import Image

EXACT = 1e-6
LOSSY = 6 / 255
ROWS, COLS = np.mgrid[0:24, 0:32]
GREY = (ROWS * 7 + COLS * 2).astype(np.uint8)  # smooth, and different from every side
RGB = np.stack((GREY, 255 - COLS * 8, ROWS * 10), axis=2).astype(np.uint8)
ALPHA = (COLS * 8).astype(np.uint8)
RGBA = np.dstack((RGB, ALPHA))
NOISE = np.random.default_rng(0).integers(0, 256, (24, 32, 3), np.uint8)
SMOOTH = np.dstack((ROWS + 100, 160 - COLS, ROWS // 2 + COLS + 60)).astype(np.uint8)
"""So smooth that colours at half the resolution stay within `LOSSY`."""
DEEP = (ROWS * 2000 + COLS * 500 + 77).astype(np.uint16)
COLOURS = np.array([(x * 17, 255 - x * 9, x * x) for x in range(16)], np.uint8)
INDICES = ((ROWS // 2 + COLS // 3) % 16).astype(np.uint8)
SEEN = COLOURS[INDICES]


@dataclass(frozen=True, slots=True, eq=False)
class Case:
    """A file and what must become of it: `expected` pixels (C, H, W), or a refusal."""

    name: str
    filename: str
    data: bytes
    expected: np.ndarray | None
    tolerance: float
    refused: bool


def valid(name, filename, data, pixels, tolerance=EXACT, *, largest=255):
    """A case that must give (H, W) or (H, W, C) samples out of `largest`."""
    planes = np.atleast_3d(pixels).transpose(2, 0, 1) / largest
    return Case(name, filename, data, planes.astype(np.float32), tolerance, refused=False)


def bad(name, filename, data):
    return Case(name, filename, data, None, 0.0, refused=True)


def saved(kind, image, **options):
    """An array, or a Pillow picture, as a file by Pillow."""
    file = io.BytesIO()
    picture = Image.fromarray(image) if isinstance(image, np.ndarray) else image
    picture.save(file, kind, **options)
    return file.getvalue()


def over_white(colours, alpha):
    share = alpha[..., None] / 255
    return np.round(colours * share + 255 * (1 - share))


def with_palette(indices, colours):
    picture = Image.fromarray(indices, "L").convert("P")
    picture.putpalette(colours.tobytes())
    return picture


def exif(orientation, order=">"):
    """A TIFF block with nothing but the orientation."""
    mark = b"MM" if order == ">" else b"II"
    entry = struct.pack(order + "HHIHH", 0x0112, 3, 1, orientation, 0)
    return mark + struct.pack(order + "HIH", 42, 8, 1) + entry + struct.pack(order + "I", 0)


def turned(upright, orientation):
    """How a camera stores (H, W, ...) so that this EXIF orientation makes it upright.

    The orientation says where the first stored row and column lie in the upright picture
    (Exif 2.32, table 4): 6 means that row 0 is its right side and column 0 its top.
    """
    swapped = upright.swapaxes(0, 1)
    return {
        1: upright,
        2: upright[:, ::-1],
        3: upright[::-1, ::-1],
        4: upright[::-1],
        5: swapped,
        6: swapped[::-1],
        7: swapped[::-1, ::-1],
        8: swapped[:, ::-1],
    }[orientation]
