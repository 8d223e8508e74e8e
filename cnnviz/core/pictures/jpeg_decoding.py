"""Decoding JPEGs: straight to a part of their size, and whole or not at all."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from io import BytesIO

from PIL import Image, ImageChops, JpegImagePlugin

from cnnviz.core.pictures import jpeg

PARTS = (2, 4, 8)
"""What the sides can be divided by while decoding, rounded up."""
NEAR = 0.9
"""Share of the wanted length from which such a part is taken as it comes."""


def part_near(width: int, height: int, longest: int) -> tuple[int, int] | None:
    """Return the (width, height) of the part whose longer side is just below `longest`, if any."""
    for part in PARTS:
        if NEAR * longest <= -(-max(width, height) // part) <= longest:
            return -(-width // part), -(-height // part)
    return None


def load_whole(picture: Image.Image, bare: bytes, size: tuple[int, int]) -> None:
    """Load a picture, unless it ends before its pixels do: those are painted grey in silence.

    Pillow keeps the decoder's warnings to itself. So decode once more with other bytes behind
    the codes: they can only show where codes are missing. Both decode at once, as Pillow needs
    no lock of Python's for it, but for progressive ones, which take much memory meanwhile.

    Args:
        picture: Opened from `bare`, its draft set to `size`.
        bare: The file, as `jpeg.bare` leaves it.
        size: (width, height) in pixels.

    Raises:
        ValueError: codes are missing.
    """
    other = JpegImagePlugin.JpegImageFile(BytesIO(jpeg.filled(bare)))
    other.draft(None, size)
    with ThreadPoolExecutor(1) as beside:
        loading = beside.submit(picture.load)
        if "progressive" in picture.info:
            loading.result()
        other.load()
        loading.result()
    if ImageChops.difference(picture, other).getbbox(alpha_only=False):
        raise ValueError("codes of some pixels are missing")
