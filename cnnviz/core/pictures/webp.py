"""The first frame of a WebP, and its pixels by the library that Pillow brings.

Pillow 13 decodes each WebP as an animation, in two canvases and a copy: 300 MB for 25 megapixels,
the file not counted. The library's plain decoder needs one canvas. Where it cannot be reached
(Pillow is linked statically on Windows), Pillow decodes. Source: RFC 9649, section 2.
"""

from __future__ import annotations

import ctypes
import functools
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, WebPImagePlugin, _webp

ALPHA_FLAG = 16
"""Of the VP8X chunk: RFC 9649, section 2.7.1."""


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """A still picture on a canvas.

    Attributes:
        canvas: (width, height) of the whole.
        size: (width, height) of the picture.
        place: Its (left, top) on the canvas.
        has_alpha: Whether its alpha counts.
        still: It alone, as a WebP file without metadata.
        exif: The EXIF block of the whole, or nothing.
    """

    canvas: tuple[int, int]
    size: tuple[int, int]
    place: tuple[int, int]
    has_alpha: bool
    still: bytes
    exif: bytes


def first_frame(data: bytes) -> Frame:
    """Find the first frame; decodes nothing.

    Raises:
        ValueError, KeyError, IndexError or struct.error: the file is damaged or cut off.
    """
    (length,) = struct.unpack_from("<I", data, 4)
    if length + 8 > len(data):
        raise ValueError("cut off")
    whole = dict(reversed(list(_chunks(data, 12, length + 8))))  # of each kind the first
    parts, canvas, place, size = whole, None, (0, 0), None
    if b"VP8X" in whole:
        canvas = _sizes(whole[b"VP8X"], 4)
    if b"ANMF" in whole:
        frame = whole[b"ANMF"]
        left, top = (2 * (value - 1) for value in _sizes(frame, 0))
        place, size = (left, top), _sizes(frame, 6)
        parts = dict(_chunks(frame, 16, len(frame)))
    kind = b"VP8L" if b"VP8L" in parts else b"VP8 "
    found, has_alpha = _bitstream(kind, parts[kind])
    has_alpha |= b"ALPH" in parts and kind == b"VP8 "
    canvas = canvas or found
    if found != (size or canvas):
        raise ValueError(f"{found} pixels instead of {size or canvas}")
    if place[0] + found[0] > canvas[0] or place[1] + found[1] > canvas[1]:
        raise ValueError("a frame beyond its canvas")
    still = _still(found, has_alpha, {k: parts[k] for k in (b"ALPH", kind) if k in parts})
    return Frame(canvas, found, place, has_alpha, still, whole.get(b"EXIF", b""))


def decoded(frame: Frame) -> Image.Image:
    """The canvas as RGBA, or RGBX where nothing is transparent; white beside the frame.

    The EXIF block is in its `info`.

    Raises:
        ValueError: the pixels are damaged or cut off.
    """
    (width, height), (left, top) = frame.canvas, frame.place
    library = _library()
    if library is None:
        pixels = _by_pillow(frame)
    else:
        covered = frame.canvas == frame.size
        pixels = np.empty((height, width, 4), np.uint8) if covered else _white(width, height)
        start = (top * width + left) * 4
        if not library.WebPDecodeRGBAInto(
            frame.still,
            len(frame.still),
            pixels.ctypes.data + start,
            pixels.nbytes - start,
            width * 4,
        ):
            raise ValueError("the pixels are damaged or cut off")
    mode = "RGBA" if frame.has_alpha else "RGBX"
    picture = Image.frombuffer(mode, frame.canvas, pixels, "raw", mode, 0, 1)
    picture.info["exif"] = frame.exif
    return picture


def _chunks(data: bytes, position: int, end: int) -> Iterator[tuple[bytes, bytes]]:
    while position < end:
        name, length = struct.unpack_from("<4sI", data, position)
        position += 8 + length
        if position > end:
            raise ValueError(f"the chunk {name!r} is cut off")
        yield name, data[position - length : position]
        position += length % 2


def _sizes(data: bytes, start: int) -> tuple[int, int]:
    """Two numbers of 24 bits, each stored less one."""
    if len(data) < start + 6:
        raise ValueError("cut off")
    first, second = (int.from_bytes(data[i : i + 3], "little") for i in (start, start + 3))
    return first + 1, second + 1


def _bitstream(kind: bytes, data: bytes) -> tuple[tuple[int, int], bool]:
    """(width, height), and whether there is alpha: RFC 9649, section 3.4; RFC 6386, 9.1."""
    if kind == b"VP8L":
        (bits,) = struct.unpack_from("<I", data, 1)
        return ((bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1), bool(bits >> 28 & 1)
    width, height = struct.unpack_from("<2H", data, 6)
    return (width & 0x3FFF, height & 0x3FFF), False


def _still(size: tuple[int, int], has_alpha: bool, parts: dict[bytes, bytes]) -> bytes:
    flags = struct.pack("<I", ALPHA_FLAG * has_alpha)
    sizes = b"".join((side - 1).to_bytes(3, "little") for side in size)
    whole = {b"VP8X": flags + sizes} | parts
    body = b"".join(
        name + struct.pack("<I", len(part)) + part + bytes(len(part) % 2)
        for name, part in whole.items()
    )
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body


def _white(width: int, height: int) -> NDArray[np.uint8]:
    return np.full((height, width, 4), 255, np.uint8)


@functools.cache
def _library() -> Any:
    """The library behind Pillow's own module, or None: symbols are looked up in what it needs."""
    try:
        library = ctypes.CDLL(_webp.__file__)
        decoder = library.WebPDecodeRGBAInto
    except (OSError, AttributeError):
        return None
    decoder.restype = ctypes.c_void_p
    decoder.argtypes = (
        ctypes.c_char_p, ctypes.c_size_t, ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int,
    )  # fmt: skip
    return library


class _FrugalWebP(WebPImagePlugin.WebPImageFile):
    """Lets go of the decoder with its two canvases once the first frame is out."""

    def _get_next(self) -> tuple[bytes, int, int]:
        frame = super()._get_next()
        del self._decoder
        return frame


def _by_pillow(frame: Frame) -> NDArray[np.uint8]:
    (width, height), (left, top) = frame.size, frame.place
    picture = _FrugalWebP(BytesIO(frame.still)).convert("RGBA")
    if frame.size == frame.canvas:
        return np.asarray(picture)
    pixels = _white(*frame.canvas)
    pixels[top : top + height, left : left + width] = np.asarray(picture)
    return pixels
