"""Animated PNG files, whose first frame need not be the picture in the usual place."""

import struct
import zlib
from collections.abc import Iterator

import numpy as np

from tests.pictures.cases import (
    ALPHA,
    COLOURS,
    DEEP,
    INDICES,
    NOISE,
    Case,
    bad,
    exif,
    over_white,
    valid,
)
from tests.pictures.png import chunk, palette, png, scanlines


def control(number, height=24, width=32, at=(0, 0), ways=(0, 0)):
    """The head of a frame; `ways`: how it is disposed of and blended. PNG, section 11.3.6."""
    places = (number, width, height, at[1], at[0], 1, 10, *ways)
    return chunk(b"fcTL", struct.pack(">5IHHBB", *places))


def frame_data(number, pixels, depth=8, pieces=1):
    packed = zlib.compress(scanlines(pixels, depth))
    cuts = [len(packed) * n // pieces for n in range(pieces + 1)]
    return b"".join(
        chunk(b"fdAT", struct.pack(">I", number + n) + packed[cuts[n] : cuts[n + 1]])
        for n in range(pieces)
    )


def animated_png() -> Iterator[Case]:
    """What is shown is the first frame: not the picture in the usual place, where it is none."""
    shown, begin = 255 - NOISE, chunk(b"acTL", struct.pack(">II", 2, 0))
    after = control(0) + frame_data(1, shown, pieces=3) + control(4) + frame_data(5, NOISE)
    hidden = png(NOISE, 2, before=begin, after=after)
    yield valid("animated PNG, hidden picture", "hidden.png", hidden, shown)
    yield valid("animated PNG, hidden picture, cut off", "cut.png", hidden[:-600], shown)
    inside = np.full((24, 32, 3), 255)
    inside[4:20, 6:26] = shown[4:20, 6:26]
    after = control(0, 16, 20, (4, 6)) + frame_data(1, shown[4:20, 6:26])
    data = png(NOISE, 2, before=begin, after=after)
    yield valid("animated PNG, first frame inside its canvas", "inside.png", data, inside)
    soft = np.dstack((shown, ALPHA))[4:20, 6:26]
    inside = np.full((24, 32, 3), 255)
    inside[4:20, 6:26] = over_white(soft[..., :3], soft[..., 3])
    after = control(0, 16, 20, (4, 6), ways=(2, 1)) + frame_data(1, soft)
    data = png(np.dstack((NOISE, ALPHA)), 6, before=begin, after=after)
    yield valid("animated PNG, first frame inside with alpha", "alpha.png", data, inside)
    deep = np.full((24, 32), 65535)
    deep[4:20, 6:26] = 65535 - DEEP[4:20, 6:26]
    after = control(0, 16, 20, (4, 6)) + frame_data(1, 65535 - DEEP[4:20, 6:26], 16)
    data = png(DEEP, 0, 16, before=begin, after=after)
    yield valid("animated PNG, grey 16 inside", "deep.png", data, deep, largest=65535)
    table = palette(COLOURS) + chunk(b"tRNS", b"\xff\xff\0")
    after = control(0) + frame_data(1, 15 - INDICES)
    data = png(INDICES, 3, before=table + begin + chunk(b"eXIf", exif(3)), after=after)
    pixels = np.where((INDICES == 13)[..., None], 255, COLOURS[15 - INDICES])[::-1, ::-1]
    yield valid("animated PNG, palette, turned", "palette.png", data, pixels)
    nothing = chunk(b"acTL", bytes(8))
    data = png(NOISE, 2, before=nothing, after=control(0) + frame_data(1, shown))
    yield valid("animated PNG of no frames", "none.png", data, NOISE)
    parts = {
        "without its first frame": control(0),
        "that begins with another": control(3) + frame_data(4, shown),
        "whose frame reaches out": control(0, 24, 32, (1, 0)) + frame_data(1, shown),
        "whose frame has half its pixels": control(0) + frame_data(1, shown[:12]),
    }
    for name, part in parts.items():
        yield bad(f"animated PNG {name}", "wrong.png", png(NOISE, 2, before=begin, after=part))
    small = begin + control(0, 16, 20)
    yield bad("animated PNG, first frame of another size", "wrong.png", png(NOISE, 2, before=small))
