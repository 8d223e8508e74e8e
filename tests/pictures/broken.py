"""Files that are cut off or flipped, and small ones that claim to be huge."""

import struct
from collections.abc import Iterator

import numpy as np

from tests.pictures.cases import COLOURS, INDICES, NOISE, RGB, Case, bad, saved, with_palette
from tests.pictures.encoders import bmp, padded, png, with_frame_size


def broken() -> Iterator[Case]:
    files = {
        "png": png(NOISE, 2),
        "jpg": saved("JPEG", NOISE, quality=90),
        "gif": saved("GIF", with_palette(INDICES, COLOURS)),
        "bmp": bmp(padded(NOISE.reshape(24, -1)), 24, 32, 24),
        "webp": saved("WEBP", NOISE, lossless=True),
    }
    for kind, data in files.items():
        for tenths in range(1, 10):
            cut = data[: len(data) * tenths // 10]
            yield bad(f"{kind} cut off at {tenths}/10", f"cut.{kind}", cut)
    whole = files["png"]
    middle = bytearray(whole)
    middle[len(whole) // 2] ^= 4
    yield bad("PNG with a flipped bit", "flip.png", bytes(middle))
    yield bad("PNG with a flipped size", "flip.png", whole[:19] + b"\x21" + whole[20:])
    yield bad("PNG without its end", "end.png", whole[:-12])
    yield bad("PNG of no pixels", "zero.png", png(NOISE, 2, size=(0, 0)))
    yield bad("PNG signature alone", "a.png", whole[:8])
    yield bad("PNG whose line ends were changed", "a.png", whole.replace(b"\r\n", b"\n"))
    yield bad("JPEG without its end", "end.jpg", files["jpg"][:-2])
    yield bad("no bytes", "empty.png", b"")
    yield bad("one byte", "one.jpg", b"\xff")
    yield bad("zeros", "zeros.png", bytes(5000))
    yield bad("more than 10 MB", "big.png", whole + bytes(10 * 1024 * 1024))


def bombs() -> Iterator[Case]:
    tiny = np.zeros((1, 1), np.uint8)
    rgb = saved("JPEG", RGB)
    for height, width, colour, depth in (
        (30_000, 30_000, 0, 1), (12_000, 12_000, 2, 8), (9_400, 9_400, 6, 16), (5_001, 5_000, 2, 8),
        (1, 8_000_000, 0, 8), (8_000_000, 1, 0, 8), (20_001, 1, 0, 8), (2**31 - 1, 2**31 - 1, 0, 8),
    ):  # fmt: skip
        data = png(tiny, colour, depth, size=(height, width))
        yield bad(f"PNG that claims {height} x {width}", "bomb.png", data)
    for side in (65_500, 9_000, 4_900):
        data = with_frame_size(rgb, side, side)
        yield bad(f"JPEG that claims {side} x {side}", "bomb.jpg", data)
    many = saved("JPEG", RGB, progressive=True)
    last = many[many.rindex(b"\xff\xc4") : -2]
    yield bad("JPEG of 5,000 scans", "bomb.jpg", many[:-2] + last * 5000 + many[-2:])
    gif = saved("GIF", with_palette(INDICES, COLOURS))
    yield bad("GIF that claims 65535 x 65535", "bomb.gif", gif[:6] + b"\xff" * 4 + gif[10:])
    at = gif.index(b",\0\0\0\0")
    for claim in (b"\xff\xff", b"\0\x28"):
        data = gif[: at + 5] + claim * 2 + gif[at + 9 :]
        yield bad(f"GIF whose frame is {claim.hex()} wide", "bomb.gif", data)
    vp8x = b"VP8X" + struct.pack("<I", 10) + bytes(4) + b"\xff\x3f\0" * 2
    body = b"WEBP" + vp8x + saved("WEBP", NOISE, lossless=True)[12:]
    yield bad(
        "WebP that claims 16384 x 16384", "bomb.webp", b"RIFF" + struct.pack("<I", len(body)) + body
    )
    for side in (100_000, 19_000, -19_000):
        data = bmp(bytes(64), 1, 8, 8, colours=bytes(8), size=(abs(side), side))
        yield bad(f"BMP that claims {side}", "bomb.bmp", data)
    yield bad(
        "BMP run-length cut off",
        "bomb.bmp",
        bmp(b"\xff\0", 8, 5000, 5000, colours=bytes(1024), compression=1),
    )
