"""PNG files whose chunks are many, rare, out of order, missing, doubled or wrong."""

import struct
import zlib
from collections.abc import Iterator

import numpy as np
from PIL import ImageCms

from tests.pictures.cases import (  # fmt: skip
    ALPHA,
    COLOURS,
    GREY,
    INDICES,
    NOISE,
    RGB,
    RGBA,
    Case,
    bad,
    over_white,
    valid,
)
from tests.pictures.encoders import chunk, chunks, palette, png

START = b"\x89PNG\r\n\x1a\n"


def header(*, height=24, width=32, depth=8, colour=2, packing=0, filtering=0, interlacing=0):
    fields = (width, height, depth, colour, packing, filtering, interlacing)
    return chunk(b"IHDR", struct.pack(">IIBBBBB", *fields))


def rare_chunks() -> Iterator[Case]:
    """Chunks that say how to show the pixels, which stay as they are stored."""
    profile = zlib.compress(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    rare = {
        "gamma": chunk(b"gAMA", struct.pack(">I", 100_000)),
        "primaries": chunk(b"cHRM", struct.pack(">8I", *range(10_000, 90_000, 10_000))),
        "sRGB": chunk(b"sRGB", b"\0"),
        "a profile": chunk(b"iCCP", b"sRGB\0\0" + profile),
        "oblong pixels": chunk(b"pHYs", struct.pack(">IIB", 1000, 2000, 0)),
        "significant bits": chunk(b"sBIT", b"\5\6\5"),
        "a time of no calendar": chunk(b"tIME", b"\xff" * 7),
        "an unknown chunk": chunk(b"abCd", b"\0\xff" * 99),
        "HDR coding": chunk(b"cICP", b"\x09\x10\0\1"),
        "text in two writings": chunk(b"iTXt", "a\0\0\0pt\0Título\0Convolução".encode()),
        "a suggested palette": palette(COLOURS) + chunk(b"hIST", bytes(32)),
    }
    for name, block in rare.items():
        yield valid(f"PNG with {name}", "rare.png", png(NOISE, 2, before=block), NOISE)
    block = chunk(b"bKGD", struct.pack(">3H", 255, 0, 0))
    seen = over_white(RGB, ALPHA)
    yield valid("background of its own, alpha", "bkgd.png", png(RGBA, 6, before=block), seen)
    hole = chunk(b"tRNS", struct.pack(">3H", *RGB[0, 0].tolist()))
    yield valid("transparent colour beside alpha", "t.png", png(RGBA, 6, before=hole), seen)


def transparent_chunks() -> Iterator[Case]:
    seen = COLOURS[INDICES]
    alphas = bytes(range(0, 160, 10))
    whole = over_white(seen, np.frombuffer(alphas, np.uint8)[INDICES])
    for name, shares, pixels in (
        ("as many alphas as colours, all opaque", b"\xff" * 16, seen),
        ("more alphas than colours", alphas + b"\x07" * 40, whole),
        ("no alphas at all", b"", seen),
        ("two transparent entries", b"\xff\0\0", np.where(
            np.isin(INDICES, (1, 2))[..., None], 255, seen)),
    ):  # fmt: skip
        block = palette(COLOURS) + chunk(b"tRNS", shares)
        yield valid(f"palette with {name}", "alphas.png", png(INDICES, 3, before=block), pixels)
    for name, colour, samples, block in (
        ("RGB whose transparent colour is cut", 2, NOISE, b"\0\1\0\2"),
        ("grey whose transparent level is cut", 0, GREY, b"\1"),
    ):
        yield bad(name, "t.png", png(samples, colour, before=chunk(b"tRNS", block)))
    # decoders must mask the bits that the depth has not: PNG specification, 11.3.1.1
    hole = chunk(b"tRNS", struct.pack(">H", 300))
    pixels = np.where(GREY == 300 % 256, 255, GREY)
    yield valid("transparent level of 9 bits", "t.png", png(GREY, 0, before=hole), pixels)
    hole = chunk(b"tRNS", struct.pack(">H", 5))
    pixels = np.where(INDICES % 4 == 1, 3, INDICES % 4)
    data = png(INDICES % 4, 0, 2, before=hole)
    yield valid("transparent level of 3 bits for 2", "t.png", data, pixels, largest=3)
    hole = chunk(b"tRNS", struct.pack(">3H", *(int(v) | 256 for v in NOISE[5, 6])))
    pixels = NOISE.copy()
    pixels[5, 6] = 255
    data = png(NOISE, 2, before=hole)
    yield valid("transparent colour of 9 bits", "t.png", data, pixels)


def palettes() -> Iterator[Case]:
    """A colour that the palette lacks is an error: PNG specification, 11.2.2."""
    few = palette(COLOURS[:9])
    yield valid(
        "palette of 9, all used", "p9.png", png(INDICES % 9, 3, before=few), COLOURS[INDICES % 9]
    )
    yield bad("palette of 9, a tenth used", "p.png", png(INDICES % 10, 3, before=few))
    yield bad("palette of 3 for 2 bits, 4 used", "p.png", png(INDICES % 4, 3, 2, before=few[:0]
              + palette(COLOURS[:3])))  # fmt: skip
    yield bad("palette missing", "p.png", png(INDICES, 3))
    yield bad("palette of none", "p.png", png(INDICES, 3, before=palette([])))
    yield bad("palette cut within a colour", "p.png", png(INDICES, 3, before=chunk(
        b"PLTE", COLOURS.tobytes()[:-1])))  # fmt: skip
    many = np.zeros((257, 3))
    yield bad("palette of 257", "p.png", png(INDICES, 3, before=palette(many)))
    yield bad("palette behind the pixels", "p.png", png(INDICES, 3, after=palette(COLOURS)))


def pieces() -> Iterator[Case]:
    """The pixels in several chunks, or in a stream that is too short, too long or damaged."""
    for count in (2, 7, 500):
        data = png(NOISE, 2, pieces=count)
        yield valid(f"pixels in {count} chunks", "pieces.png", data, NOISE)
    yield valid(
        "empty chunks before the pixels",
        "pieces.png",
        png(NOISE, 2, before=chunk(b"IDAT", b"") * 3),
        NOISE,
    )
    row = 1 + 3 * 32
    streams = {
        "a row short": lambda body: zlib.compress(body[:-row]),
        "half a row short": lambda body: zlib.compress(body[: -row // 2]),
        "half the rows short": lambda body: zlib.compress(body[: row * 12]),
        "of nothing": lambda body: zlib.compress(b""),
        "with a wrong sum": lambda body: zlib.compress(body)[:-1] + b"?",
        "without a header": lambda body: zlib.compress(body)[2:-4],
        "that needs a dictionary": lambda body: b"\x78\x20" + zlib.compress(body)[2:],
        "with a block of no kind": lambda body: zlib.compress(body)[:2] + b"\7" * 99,
        "of an unknown filter": lambda body: zlib.compress(b"\5" + body[1:]),
    }
    for name, stream in streams.items():
        yield bad(f"PNG stream {name}", "stream.png", png(NOISE, 2, stream=stream))
    data = png(NOISE, 2, stream=lambda body: zlib.compress(body[:-row]), interlaced=True)
    yield bad("interlaced PNG stream a row short", "stream.png", data)
    data = png(NOISE, 2, stream=lambda body: zlib.compress(body + body[:row]))
    yield valid("PNG stream a row too long", "stream.png", data, NOISE)


def wrong_headers() -> Iterator[Case]:
    parts = chunks(png(NOISE, 2))
    pixels, end = parts[b"IDAT"], parts[b"IEND"]
    wrong = {
        "palette of 16 bits": header(depth=16, colour=3),
        "RGB of 4 bits": header(depth=4),
        "grey of 3 bits": header(depth=3, colour=0),
        "colour type 7": header(colour=7),
        "packing 1": header(packing=1),
        "filtering 1": header(filtering=1),
        "interlacing 2": header(interlacing=2),
        "no width": header(width=0),
        "no height": header(height=0),
        "a negative width": header(width=2**31 + 32),
        "12 bytes": chunk(b"IHDR", header()[8:-5]),
        "more rows than pixels": header(height=25),
        "another width": header(width=31),
    }
    for name, first in wrong.items():
        yield bad(f"PNG header with {name}", "header.png", START + first + pixels + end)
    yield bad("PNG without a header", "header.png", START + pixels + end)
    yield bad("PNG with two headers", "header.png", START + header() + header(height=12) + pixels
              + end)  # fmt: skip
    yield bad("PNG without pixels", "none.png", START + header() + end)
    yield bad("PNG header behind the pixels", "header.png", START + pixels + header() + end)
    yield bad("PNG with an unknown critical chunk", "critical.png", png(NOISE, 2, before=chunk(
        b"ABCD", b"?")))  # fmt: skip
    raw = chunk(b"IDAT", zlib.decompress(pixels[8:-4])[:900])
    first = chunk(b"CgBI", b"\x50\0\x20\x06") + header()
    yield bad("PNG for iPhones", "icon.png", START + first + raw + end)
    for name, length in (("too long", 2**31 - 1), ("negative", 2**32 - 1), ("short", 20)):
        lie = struct.pack(">I", length) + pixels[4:]
        yield bad(f"PNG chunk whose length is {name}", "length.png", START + header() + lie + end)


def wrong_sums() -> Iterator[Case]:
    whole = png(INDICES, 3, before=palette(COLOURS) + chunk(b"tRNS", b"\0\x80"))
    for name, part in chunks(whole).items():
        data = whole.replace(part, part[:-1] + bytes((part[-1] ^ 1,)))
        yield bad(f"wrong checksum in {name.decode()}", "sum.png", data)
