"""PNG files that lay their pixels out in each way that the format knows: passes, filters, bits."""

import zlib
from collections.abc import Iterator

import numpy as np

from tests.pictures.cases import (  # fmt: skip
    ALPHA,
    COLOURS,
    COLS,
    GREY,
    INDICES,
    NOISE,
    RGB,
    RGBA,
    ROWS,
    Case,
    over_white,
    valid,
)
from tests.pictures.encoders import chunk, exif, palette, png, turned

DEEP = (ROWS * 2000 + COLS * 500 + 77).astype(np.uint16)
DEEP_RGB = np.dstack((DEEP, DEEP[::-1], DEEP[:, ::-1]))
GREY_ALPHA = np.dstack((GREY, ALPHA))
NAMES = {0: "grey", 2: "RGB", 3: "palette", 4: "grey and alpha", 6: "RGBA"}


def kinds():
    """Each colour type and depth: samples, the pixels seen, their largest value, tolerance."""
    for depth in (1, 2, 4):
        levels = INDICES % 2**depth
        yield 0, depth, levels, levels, 2**depth - 1, 1e-6
        yield 3, depth, levels, COLOURS[levels], 255, 1e-6
    yield 0, 8, GREY, GREY, 255, 1e-6
    yield 0, 16, DEEP, DEEP, 65535, 1e-6
    yield 2, 8, NOISE, NOISE, 255, 1e-6
    yield 2, 16, DEEP_RGB, DEEP_RGB, 65535, 1 / 255
    yield 3, 8, INDICES, COLOURS[INDICES], 255, 1e-6
    seen = over_white(GREY[..., None], ALPHA)
    yield 4, 8, GREY_ALPHA, seen, 255, 1e-6
    yield 4, 16, GREY_ALPHA * np.uint16(257), seen, 255, 1e-6
    yield 6, 8, RGBA, over_white(RGB, ALPHA), 255, 1e-6
    yield 6, 16, RGBA * np.uint16(257), over_white(RGB, ALPHA), 255, 1e-6


def interlaced_png() -> Iterator[Case]:
    for colour, depth, samples, seen, largest, tolerance in kinds():
        table = palette(COLOURS[: min(16, 2**depth)]) if colour == 3 else b""
        data = png(samples, colour, depth, before=table, interlaced=True)
        name = f"interlaced {NAMES[colour]} of {depth} bits"
        yield valid(name, "adam7.png", data, seen, tolerance, largest=largest)
    for height, width in ((1, 1), (1, 5), (5, 1), (2, 2), (3, 9)):  # some passes are empty
        data = png(NOISE[:height, :width], 2, interlaced=True, filters=(4, 1))
        yield valid(f"interlaced {height} x {width}", "a.png", data, NOISE[:height, :width])
    data = png(INDICES[:5, :3] % 4, 0, 2, interlaced=True, filters=(2,))
    yield valid("interlaced 5 x 3 of 2 bits", "a.png", data, INDICES[:5, :3] % 4, largest=3)


def packed_png() -> Iterator[Case]:
    """Rows that end within a byte, and a grey with alpha of 16 bits."""
    for depth, widths in ((1, (1, 2, 3, 5, 6, 7, 9)), (2, (1, 3, 5)), (4, (1, 3))):
        for width in widths:
            levels = INDICES[::2, -width:] % 2**depth
            data = png(levels, 0, depth, filters=(0, 2))
            name = f"grey of {depth} bits, {width} wide"
            yield valid(name, "narrow.png", data, levels, largest=2**depth - 1)
    levels = INDICES[:, :13] % 2
    data = png(levels, 3, 1, before=palette(COLOURS[:2]))
    yield valid("palette of 1 bit, 13 wide", "narrow.png", data, COLOURS[levels])
    seen = over_white(GREY[..., None], ALPHA)
    data = png(GREY_ALPHA * np.uint16(257), 4, 16)
    yield valid("grey and alpha of 16 bits", "la16.png", data, seen)


def filtered_png() -> Iterator[Case]:
    names = ("sub", "up", "average", "Paeth")
    for kind, name in enumerate(names, start=1):
        data = png(NOISE, 2, filters=(kind,))
        yield valid(f"filter {name}", "filter.png", data, NOISE)
    data = png(NOISE, 2, filters=(4, 3, 2, 1, 0))
    yield valid("another filter in each row", "filter.png", data, NOISE)
    data = png(DEEP, 0, 16, filters=(3, 4))
    yield valid("filters over 16 bits", "filter.png", data, DEEP, largest=65535)
    data = png(INDICES % 2, 0, 1, filters=(4, 1, 3))
    yield valid("filters over 1 bit", "filter.png", data, INDICES % 2, largest=1)
    data = png(RGBA * np.uint16(257), 6, 16, filters=(1, 4))
    yield valid("filters over 8 bytes a pixel", "filter.png", data, over_white(RGB, ALPHA))
    for level, name in ((0, "stored"), (9, "packed hardest")):
        data = png(NOISE, 2, stream=lambda body, level=level: zlib.compress(body, level))
        yield valid(f"pixels {name}", "deflate.png", data, NOISE)
    data = png(NOISE, 2, stream=small_window)
    yield valid("window of 512 bytes", "deflate.png", data, NOISE)


def small_window(body):
    packer = zlib.compressobj(9, zlib.DEFLATED, 9, 9, zlib.Z_FIXED)
    return packer.compress(body) + packer.flush()


def turned_png() -> Iterator[Case]:
    for way in (1, 2, 3, 4, 5, 7, 8):
        block = chunk(b"eXIf", exif(way, "><"[way % 2]))
        data = png(turned(NOISE, way), 2, before=block)
        yield valid(f"PNG with EXIF orientation {way}", f"{way}.png", data, NOISE)
    data = png(turned(DEEP, 6), 0, 16, before=chunk(b"eXIf", exif(6)))
    yield valid("grey of 16 bits, turned", "turned16.png", data, DEEP, largest=65535)
    block = palette(COLOURS) + chunk(b"tRNS", b"\xff\0") + chunk(b"eXIf", exif(8))
    seen = np.where(INDICES[..., None] == 1, 255, COLOURS[INDICES])
    data = png(turned(INDICES, 8), 3, before=block)
    yield valid("palette with a hole, turned", "turned.png", data, seen)
