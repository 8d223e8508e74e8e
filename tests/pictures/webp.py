"""WebP files, valid and broken, with the pixels of the arrays that they were made of."""

import struct
from collections.abc import Iterator

import numpy as np
from PIL import Image

from tests.pictures.cases import (
    ALPHA,
    LOSSY,
    NOISE,
    RGB,
    RGBA,
    Case,
    bad,
    exif,
    over_white,
    saved,
    turned,
    valid,
)
from tests.pictures.png import XMP


def riff(*chunks, claimed=None):
    """A WebP of chunks; `claimed`: a lie on its size."""
    body = b"WEBP" + b"".join(chunks)
    return b"RIFF" + struct.pack("<I", len(body) if claimed is None else claimed) + body


def riff_chunk(name, data):
    return name + struct.pack("<I", len(data)) + data + bytes(len(data) % 2)


def vp8x(height, width, flags=0):
    """Flags: 2 animation, 4 XMP, 8 EXIF, 16 alpha, 32 profile. WebP container, figure 7."""
    sizes = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    return riff_chunk(b"VP8X", bytes((flags, 0, 0, 0)) + sizes)


def webp_frame(height, width, *parts, at=(0, 0)):
    """A frame of an animation; `at`: its first row and column, even numbers."""
    sizes = (at[1] // 2, at[0] // 2, width - 1, height - 1, 40)
    head = b"".join(value.to_bytes(3, "little") for value in sizes)
    return riff_chunk(b"ANMF", head + b"\0" + b"".join(parts))


def plain_webp() -> Iterator[Case]:
    still = saved("WEBP", NOISE, lossless=True)
    yield valid("WebP lossless", "a.webp", still, NOISE)
    yield valid("WebP lossy", "a.webp", saved("WEBP", RGB, quality=95), RGB, 16 / 255)
    data = saved("WEBP", RGBA, lossless=True, exact=True)
    yield valid("WebP with alpha", "a.webp", data, over_white(RGB, ALPHA))
    soft = np.dstack((np.full((24, 32, 3), (90, 140, 60), np.uint8), ALPHA))
    data = saved("WEBP", soft, quality=95)
    yield valid("WebP lossy with alpha", "a.webp", data, over_white(soft[..., :3], ALPHA), LOSSY)
    stored = np.ascontiguousarray(turned(NOISE, 6))
    data = saved("WEBP", stored, lossless=True, exif=exif(6))
    yield valid("WebP with EXIF", "turned.webp", data, NOISE)


def animated_webp() -> Iterator[Case]:
    frames = {"append_images": [Image.fromarray(255 - NOISE)], "save_all": True, "duration": 50}
    data = saved("WEBP", NOISE, lossless=True, **frames)
    yield valid("animated WebP, first frame", "a.webp", data, NOISE)
    loop = riff_chunk(b"ANIM", b"\0\0\xff\xff\0\0")  # red, which decoders may ignore, and do
    still = saved("WEBP", RGBA, lossless=True, exact=True)
    pixels = np.full((40, 50, 3), 255)
    pixels[6:30, 8:40] = over_white(RGB, ALPHA)
    data = riff(vp8x(40, 50, 18), loop, webp_frame(24, 32, still[12:], at=(6, 8)))
    yield valid("WebP frame inside its canvas, with alpha", "inside.webp", data, pixels)


def ending_webp() -> Iterator[Case]:
    """All pixels, whatever size the file claims, and without the byte that makes it even."""
    whole = saved("WEBP", NOISE, lossless=True)
    for more in (-1, 1, 100):
        claim = struct.pack("<I", len(whole) - 8 + more)
        data = whole[:4] + claim + whole[8:]
        yield valid(f"WebP that claims {more} bytes more", "size.webp", data, NOISE)
    odd = riff(b"VP8L" + struct.pack("<I", len(whole) - 19) + whole[20:] + b"\0")
    yield valid("WebP without its padding", "odd.webp", odd, NOISE)
    yield bad("WebP without its last byte", "cut.webp", odd[:-1])
    turned_one = saved("WEBP", np.ascontiguousarray(turned(NOISE, 6)), lossless=True, exif=exif(6))
    yield bad("WebP without half of its EXIF", "cut.webp", turned_one[:-20])


def odd_webp() -> Iterator[Case]:
    still = saved("WEBP", NOISE, lossless=True)
    told = riff(vp8x(24, 32, 4), still[12:], riff_chunk(b"XMP ", XMP))
    yield valid("WebP that XMP would turn, but not in browsers", "xmp.webp", told, NOISE)
    pixels = np.full((40, 50, 3), 255)
    pixels[6:30, 8:40] = NOISE
    frame = webp_frame(24, 32, still[12:], at=(6, 8))
    data = riff(vp8x(40, 50, 2), riff_chunk(b"ANIM", b"\0\0\xff\xff\0\0"), frame)
    yield valid("WebP frame inside its canvas, opaque", "inside.webp", data, pixels)
    out = webp_frame(24, 32, still[12:], at=(20, 8))
    yield bad("WebP frame that reaches out", "out.webp", riff(vp8x(40, 50, 2), out))


def wrong_webp() -> Iterator[Case]:
    whole = saved("WEBP", NOISE, lossless=True)
    lossy = saved("WEBP", RGB, quality=95)[20:-90]
    yield bad("WebP whose codes are cut", "cut.webp", riff(riff_chunk(b"VP8L", whole[20:900])))
    yield bad("WebP lossy whose codes are cut", "cut.webp", riff(riff_chunk(b"VP8 ", lossy)))
    yield bad("WebP without pixels", "none.webp", riff(vp8x(24, 32)))
