"""Pictures as arrays: the one loader for every way in, and grey.

The only place where what a person brought is decoded, by Pillow. Knows nothing of digits,
filters or where a file came from.
"""

from __future__ import annotations

import contextlib
import ctypes
import hashlib
import os
import threading
import warnings
from io import BytesIO

import numpy as np
from PIL import Image, ImageOps

from cnnviz.core.arrays import as_picture
from cnnviz.core.messages import N_, Explained
from cnnviz.core.pictures.formats import first_picture, sniff
from cnnviz.core.pictures.formats.png import has_all_pixels
from cnnviz.core.pictures.formats.single import Single
from cnnviz.core.records import Floats

MAX_BYTES = 10 * 1024 * 1024
MAX_PIXELS = 25_000_000
MAX_WEBP_PIXELS = 18_000_000
"""Pillow decodes every WebP as an animation, on four canvases: 16 bytes a pixel."""
MAX_SIDE = 20_000
LONGEST = 1024
"""Pixels on the longer side of a loaded picture; larger ones are shrunk."""
PARTS = (2, 4, 8)
"""What a JPEG's sides can be divided by while decoding, rounded up."""
NEAR = 0.9
"""Share of `LONGEST` from which such a part is taken as it comes."""

LUMA = (0.299, 0.587, 0.114)
"""Shares of red, green and blue in grey: ITU-R Recommendation BT.601-2, as in Pillow's `L`."""

_SLOTS = threading.BoundedSemaphore(2)
"""Pictures decoded at a time: each may take 350 MB for a moment, and many come at once."""

warnings.filterwarnings("ignore", module=r"PIL\.")  # odd metadata: thousands of lines a file


def load_image(data: bytes | bytearray | memoryview) -> Floats:
    """Read a picture file: PNG, JPEG, GIF, BMP or WebP, told apart by content alone.

    Upright by EXIF; the first frame of an animation; transparency over white. A file is opened if
    all its pixels are there, whatever is missing behind them: end mark, checksum, padding. Colours
    are as stored: profiles are not applied. Grey of 16 bits keeps them; colour of 16 bits is read
    with 8, which is what Pillow gives.

    Args:
        data: The whole file.

    Returns:
        (C, H, W) float32 in [0, 1], the longer side at most 1024. C = 1 for a grey file or a
        palette of greys, else 3. Multiples of 1/255 where the file has 8 bits or fewer.

    Raises:
        Explained: the file is empty, too large (in bytes, pixels or on one side, decided before
            decoding), of another format, damaged or cut off; or `data` are no bytes. Nothing else
            is ever raised.
    """
    if not isinstance(data, bytes | bytearray | memoryview):
        given = data if isinstance(data, str | os.PathLike) else type(data).__name__
        raise Explained(_NO_BYTES, value=str(given))
    data = bytes(data)
    if not data:
        raise Explained("The file is empty.")
    check_size(len(data))
    name = sniff(data)
    try:
        with _SLOTS:
            image = decoded(data, name)
            if max(image.shape) >= NEAR * LONGEST:
                _give_memory_back()
            return image
    except Explained:
        raise
    except MemoryError as error:
        raise Explained("There is not enough memory to open this picture now.") from error
    except Exception as error:  # Pillow's parsers raise errors of many families
        raise Explained("The file is damaged or cut off and cannot be read.") from error


def check_size(count: int) -> None:
    """Refuse a file of more bytes than can be opened.

    Raises:
        Explained: it carries the numbers.
    """
    if count > MAX_BYTES:
        raise Explained(
            "The file has {size_mb} MB, more than the {limit_mb} MB that can be opened.",
            size_mb=-(-count * 10 // 2**20) / 10,
            limit_mb=MAX_BYTES // 2**20,
        )


def to_grey(image: Floats) -> Floats:
    """Turn a picture grey by luma.

    Args:
        image: (C, H, W) float32 in [0, 1], C = 1 or 3; not modified.

    Returns:
        (1, H, W) float32 in [0, 1]; a grey picture is returned as it is.
    """
    image = as_picture(image)
    if len(image) == 1:
        return image
    grey = np.tensordot(np.array([LUMA]), image, axes=1)  # (1, H, W)
    return np.clip(grey, 0, 1).astype(np.float32)


def decoded(data: bytes, name: str) -> Floats:
    """Decode a file of the format `name` once, by the parser of that format alone.

    After a failure, Pillow would give half a picture in silence. Raises errors of any family where
    the file is damaged; `load_image` makes a sentence of them.
    """
    single = first_picture(data, name)
    with _opened(single.data, name, single.canvas) as picture:
        if not (has_all_pixels(single.data) if name == "PNG" else _is_whole(single, name)):
            raise ValueError("pixels are missing")
        canvas = single.canvas or picture.size
        size = _size(*canvas, name)
        picture.draft(None, size)  # a JPEG decodes straight to a half, a quarter or an eighth
        picture.load()
        has_palette = picture.mode == "P"
        plain = _plain(picture)
        if single.canvas:
            plain = _on_canvas(plain, single.canvas, single.corner)
            picture.close()
        small = _resized(plain, size)
    values = _values(_upright(small))
    if has_palette and (values == values[:1]).all():
        values = values[:1]
    return values


def _is_whole(single: Single, name: str) -> bool:
    """Whether the same pixels come of a file whatever stands in place of a missing end."""
    ends = (single.data[-2:], *single.ends) if single.ends else ()
    return len({_digest(single.data[:-2] + end, name) for end in ends}) <= 1


def _digest(data: bytes, name: str) -> bytes:
    """Return what tells the very pixels of a file from others."""
    with _opened(data, name) as picture:
        return hashlib.sha256(picture.tobytes()).digest()


def _opened(data: bytes, name: str, canvas: tuple[int, int] | None = None) -> Image.Image:
    """Read the header alone, and refuse what is too large before anything is decoded."""
    try:
        picture = Image.open(BytesIO(data), formats=[name])
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise Explained(
            "The picture has far more than the {limit} million pixels that can be opened.",
            limit=MAX_PIXELS // 1_000_000,
        ) from error
    for size in (picture.size, canvas or picture.size):
        _refuse_size(*size, MAX_WEBP_PIXELS if name == "WEBP" else MAX_PIXELS)
    return picture


_NO_BYTES = N_(
    "A picture file is read from its bytes, which Path(…).read_bytes() returns, not from {value}."
)
_TOO_LONG = N_("The picture has {width} × {height} pixels; each side may have {limit} at most.")
_TOO_LARGE = N_(
    "The picture has {width} × {height} pixels, {megapixels} million in all; up to {limit} million "
    "can be opened."
)


def _refuse_size(width: int, height: int, most: int) -> None:
    if max(width, height) > MAX_SIDE:
        raise Explained(_TOO_LONG, width=width, height=height, limit=MAX_SIDE)
    if width * height > most:
        numbers = {"megapixels": -(-width * height // 100_000) / 10, "limit": most // 1_000_000}
        raise Explained(_TOO_LARGE, width=width, height=height, **numbers)


def _size(width: int, height: int, name: str) -> tuple[int, int]:
    """(width, height) with the longer side at most `LONGEST`, or a JPEG's part just below it."""
    longest = max(width, height)
    for part in PARTS if name == "JPEG" else ():
        if NEAR * LONGEST <= -(-longest // part) <= LONGEST:
            return -(-width // part), -(-height // part)
    scale = min(1, LONGEST / longest)
    return max(1, round(width * scale)), max(1, round(height * scale))


def _plain(picture: Image.Image) -> Image.Image:
    """Bring a decoded picture to one of the modes L, LA, RGB, RGBA and I;16."""
    if picture.mode.startswith("I;16"):
        return picture
    plain = "L" if picture.mode in ("1", "L", "LA") else "RGB"
    plain += "A" if picture.has_transparency_data else ""
    return picture if picture.mode == plain else picture.convert(plain)


def _on_canvas(
    picture: Image.Image, canvas: tuple[int, int], corner: tuple[int, int]
) -> Image.Image:
    """Put a picture on a larger one that is transparent, or white where it has no such thing."""
    is_deep = picture.mode.startswith("I;16")
    white = "white" if picture.mode in ("L", "RGB") else 65535 * is_deep
    whole = Image.new(picture.mode, canvas, white)
    whole.paste(picture, corner)
    whole.info = picture.info
    return whole


def _resized(picture: Image.Image, size: tuple[int, int]) -> Image.Image:
    """Shrink before any floats are made: they would take four times the memory."""
    if picture.size == size:
        return picture
    gap = None if picture.mode.startswith("I;16") else 3.0  # Pillow cannot reduce 16 bits
    return picture.resize(size, Image.Resampling.LANCZOS, reducing_gap=gap)


def _upright(picture: Image.Image) -> Image.Image:
    """Turn by EXIF; a block that cannot be read, wherever it came from, turns nothing."""
    with contextlib.suppress(Exception):
        return ImageOps.exif_transpose(picture)
    return picture


def _values(picture: Image.Image) -> Floats:
    """The pixels over white, in [0, 1], (C, H, W)."""
    pixels = np.atleast_3d(np.asarray(picture)).transpose(2, 0, 1).astype(np.float64)  # (C, H, W)
    if picture.mode.startswith("I;16"):
        return (pixels / 65535).astype(np.float32)
    if picture.mode in ("LA", "RGBA"):
        alpha = pixels[-1:] / 255
        pixels = np.round(255 - (255 - pixels[:-1]) * alpha)
    return (pixels / 255).astype(np.float32)


def _give_memory_back() -> None:
    """Hand freed memory to the system where the C library can: glibc keeps up to 190 MB."""
    with contextlib.suppress(OSError, AttributeError, TypeError):
        ctypes.CDLL(None).malloc_trim(0)
