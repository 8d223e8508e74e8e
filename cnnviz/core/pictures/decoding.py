"""From the bytes of a picture file to an array. Knows no page and no limit on bytes.

The only place, with `jpeg_decoding` and `webp`, where what a person brought is decoded;
`images.load_image` is the door.
"""

from __future__ import annotations

import contextlib
import ctypes
from io import BytesIO

import numpy as np
from PIL import (
    BmpImagePlugin,
    GifImagePlugin,
    Image,
    ImageFile,
    JpegImagePlugin,
    PngImagePlugin,
)

from cnnviz.core.messages import Explained
from cnnviz.core.pictures import bmp, headers, jpeg_decoding, webp
from cnnviz.core.records import Floats

MAX_PIXELS = 25_000_000
MAX_SIDE = 20_000
LONGEST = 1024
"""Pixels on the longer side of a loaded picture; larger ones are shrunk."""
LARGE = 4_000_000
"""Pixels from which decoding leaves memory behind that is worth giving back."""


class _ColourGif(GifImagePlugin.GifImageFile):
    """Keeps every palette: Pillow drops one of greys, and with it how many there are."""

    def _is_palette_needed(self, p: bytes) -> bool:
        return True


OPENERS: dict[str, type[ImageFile.ImageFile]] = {
    "PNG": PngImagePlugin.PngImageFile,
    "JPEG": JpegImagePlugin.JpegImageFile,
    "GIF": _ColourGif,
    "BMP": BmpImagePlugin.BmpImageFile,
}
"""Each format's own reader, never `Image.open`: no other parser is ever reached, and nothing
warns of sizes that are refused here anyway (warnings cannot be caught safely beside threads)."""

UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""What turns each EXIF orientation upright: Exif 2.32, table 4."""


def decode(data: bytes, name: str) -> Floats:
    """Decode from a fresh start: after a failure, Pillow would give half a picture in silence.

    Args:
        data: The whole file.
        name: Its format, as `headers.sniff` tells it.

    Raises:
        Explained: it is too large.
        Exception: of any family where it is damaged; `load_image` makes a sentence of it.
    """
    bare, exif = headers.without_metadata(data, name)
    picture = _opened(bare, name)
    pixels = picture.width * picture.height
    part = jpeg_decoding.part_near(*picture.size, LONGEST) if name == "JPEG" else None
    size = part or _shrunk(*picture.size)
    box = picture.tile[0][1] if isinstance(picture, _ColourGif) else None
    picture.draft(None, size)  # a JPEG decodes straight to a half, a quarter or an eighth
    if name == "JPEG":
        jpeg_decoding.load_whole(picture, bare, size)
    else:
        picture.load()
    _refuse_missing_colours(picture)
    plain = _plain(picture)
    if box:
        _whiten_around(plain, box)
    exif = exif or picture.info.get("exif", b"")
    may_be_grey = picture.mode in ("P", "PA") or (name == "PNG" and bare[25] == 4)
    small = _resized(plain, size)
    del picture, plain  # before any floats are made
    values = _values(small, headers.orientation(exif))
    if may_be_grey and (values == values[:1]).all():
        values = values[:1]
    if pixels > LARGE:
        _give_memory_back()
    return values


def _opened(bare: bytes, name: str) -> Image.Image:
    """Read the header alone, and refuse what is too large before anything is decoded.

    Only a WebP comes decoded: its reader is no file of Pillow's.
    """
    if name == "WEBP":
        frame = webp.first_frame(bare)
        _refuse_size(*frame.canvas)
        return webp.decoded(frame)
    if name == "GIF":
        _refuse_size(*headers.gif_size(bare))  # Pillow reserves memory on opening
    if name == "BMP":
        _refuse_size(*bmp.claimed_size(bare))
        bare = bmp.plain(bare)
    picture = OPENERS[name](BytesIO(bare))
    _refuse_size(*picture.size)
    if name == "PNG":
        headers.refuse_short_png(bare)
        _mend_transparency(picture, depth=bare[24])
    return picture


def _give_memory_back() -> None:
    """Hand freed memory to the system where the C library can: glibc keeps up to 190 MB."""
    with contextlib.suppress(OSError, AttributeError, TypeError):
        ctypes.CDLL(None).malloc_trim(0)


def _refuse_size(width: int, height: int) -> None:
    if max(width, height) > MAX_SIDE:
        raise Explained(
            "The picture has {width} × {height} pixels; each side may have {limit} at most.",
            width=width,
            height=height,
            limit=MAX_SIDE,
        )
    if width * height > MAX_PIXELS:
        raise Explained(
            "The picture has {width} × {height} pixels, {megapixels} million in all; "
            "up to {limit} million can be opened.",
            width=width,
            height=height,
            megapixels=-(-width * height // 100_000) / 10,
            limit=MAX_PIXELS // 1_000_000,
        )


def _refuse_missing_colours(picture: Image.Image) -> None:
    """Refuse pixels whose colour the palette lacks: an error by PNG's specification, 11.2.2."""
    if picture.mode != "P" and not isinstance(picture, _ColourGif):
        return
    table = picture.getpalette("RGB") or []
    hole = picture.info.get("transparency")
    used = [i for i, count in enumerate(picture.histogram()) if count and i != hole]
    if used and used[-1] * 3 + 3 > len(table):
        raise ValueError(f"the colour {used[-1]} is missing")


def _shrunk(width: int, height: int) -> tuple[int, int]:
    """(width, height) with the longer side at most `LONGEST`."""
    scale = min(1, LONGEST / max(width, height))
    return max(1, round(width * scale)), max(1, round(height * scale))


def _mend_transparency(picture: Image.Image, depth: int) -> None:
    """Bring a PNG's one transparent colour to the 8 bits to which Pillow brings the pixels.

    Bits beyond the depth do not count: PNG specification, 11.3.1.1.
    """
    colour, most = picture.info.get("transparency"), 2**depth - 1
    if picture.mode == "L" and colour is not None:
        picture.info["transparency"] = (colour & most) * 255 // most
    if picture.mode == "RGB" and colour:
        picture.info["transparency"] = tuple(
            (value & most) >> max(0, depth - 8) for value in colour
        )


def _plain(picture: Image.Image) -> Image.Image:
    """Bring a decoded picture to one of the modes L, LA, RGB, RGBA, I;16..., I, F."""
    mode, colour = picture.mode, picture.info.get("transparency")
    if mode.startswith("I;16") and colour is not None:
        values = np.array(picture)
        values[values == colour] = 65535
        return Image.fromarray(values)
    if mode[0] in "IF":
        return picture
    if mode == "La":
        return picture.convert("LA")
    plain = "L" if mode in ("1", "L", "LA") else "RGB"
    if colour is not None or mode in ("LA", "PA", "RGBA", "RGBa"):
        plain += "A"
    return picture if mode == plain else picture.convert(plain)


def _whiten_around(picture: Image.Image, box: tuple[int, int, int, int]) -> None:
    """Show the page where the first frame of a GIF leaves its screen open, as browsers do."""
    left, top, right, bottom = box
    width, height = picture.size
    for strip in (
        (0, 0, width, top), (0, bottom, width, height),
        (0, top, left, bottom), (right, top, width, bottom),
    ):  # fmt: skip
        picture.paste("white", strip)


def _resized(picture: Image.Image, size: tuple[int, int]) -> Image.Image:
    """Shrink before any floats are made: they would take four times the memory."""
    if picture.size == size:
        return picture
    gap = None if picture.mode.startswith("I;16") else 3.0  # Pillow cannot reduce 16 bits
    return picture.resize(size, Image.Resampling.LANCZOS, reducing_gap=gap)


def _values(picture: Image.Image, orientation: int) -> Floats:
    """The pixels upright, over white, in [0, 1], (C, H, W)."""
    if orientation in UPRIGHT:
        picture = picture.transpose(UPRIGHT[orientation])
    pixels = np.atleast_3d(np.asarray(picture)).transpose(2, 0, 1).astype(np.float64)  # (C, H, W)
    if picture.mode[0] in "IF":
        scale = 1 if picture.mode == "F" else 65535
        return np.clip(np.nan_to_num(pixels / scale, posinf=0, neginf=0), 0, 1).astype(np.float32)
    if picture.mode in ("LA", "RGBA"):
        alpha = pixels[-1:] / 255
        pixels = np.round(255 - (255 - pixels[:-1]) * alpha)
    return (pixels / 255).astype(np.float32)
