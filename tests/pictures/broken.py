"""Files that are cut off, and small ones that claim to be huge."""

from collections.abc import Iterator

import numpy as np

from tests.pictures.bmp import bmp
from tests.pictures.cases import COLOURS, INDICES, NOISE, RGB, Case, bad, saved, with_palette
from tests.pictures.jpeg import with_frame_size
from tests.pictures.png import png
from tests.pictures.webp import riff, riff_chunk, vp8x, webp_frame

FILES = {
    "png": png(NOISE, 2),
    "jpg": saved("JPEG", RGB),
    "gif": saved("GIF", with_palette(INDICES, COLOURS)),
    "bmp": saved("BMP", NOISE),
    "webp": saved("WEBP", NOISE, lossless=True),
}
"""A whole file of each format, by its ending."""


def broken() -> Iterator[Case]:
    for kind, data in FILES.items():
        for tenths in (3, 9):
            cut = data[: len(data) * tenths // 10]
            yield bad(f"{kind} cut off at {tenths}/10", f"cut.{kind}", cut)
    yield bad("no bytes", "empty.png", b"")
    yield bad("more than 10 MB", "big.png", FILES["png"] + bytes(10 * 1024 * 1024))


def bombs() -> Iterator[Case]:
    tiny = np.zeros((1, 1), np.uint8)
    for height, width in ((30_000, 30_000), (5_001, 5_000)):
        data = png(tiny, 2, size=(height, width))
        yield bad(f"PNG that claims {height} x {width}", "bomb.png", data)
    yield bad("JPEG that claims 9000 x 9000", "bomb.jpg", with_frame_size(FILES["jpg"], 9000, 9000))
    many = saved("JPEG", RGB, progressive=True)
    last = many[many.rindex(b"\xff\xc4") : -2]
    yield bad("JPEG of 5,000 scans", "bomb.jpg", many[:-2] + last * 5000 + many[-2:])
    gif = FILES["gif"]
    yield bad("GIF that claims 65535 x 65535", "bomb.gif", gif[:6] + b"\xff" * 4 + gif[10:])
    at = gif.index(b",\0\0\0\0")
    data = gif[: at + 5] + b"\0\x28" * 2 + gif[at + 9 :]
    yield bad("GIF whose frame is 10240 wide", "bomb.gif", data)
    frame = webp_frame(24, 32, FILES["webp"][12:])
    for side in (16_384, 5_000):
        data = riff(vp8x(side, side, 2), riff_chunk(b"ANIM", bytes(6)), frame)
        yield bad(f"WebP that claims {side} x {side}", "bomb.webp", data)
    for side in (19_000, -5_001):
        data = bmp(bytes(64), 1, 8, 8, colours=bytes(8), size=(abs(side), side))
        yield bad(f"BMP that claims {side}", "bomb.bmp", data)
