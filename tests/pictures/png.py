"""PNG files, valid and broken, each with the pixels of the arrays that it was made of."""

import struct
import zlib
from collections.abc import Iterator

import numpy as np

from tests.pictures.cases import (
    ALPHA,
    COLOURS,
    DEEP,
    GREY,
    INDICES,
    LOSSY,
    NOISE,
    RGB,
    RGBA,
    SEEN,
    Case,
    bad,
    exif,
    over_white,
    saved,
    turned,
    valid,
)

XMP = (
    b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-'
    b'syntax-ns#"><rdf:Description xmlns:tiff="http://ns.adobe.com/tiff/1.0/" '
    b'tiff:Orientation="6"/></rdf:RDF></x:xmpmeta>'
)
ITXT = b"iTXtXML:com.adobe.xmp\0\0\0\0\0"
RAW_PROFILE = (
    b"tEXtRaw profile type exif\0\nexif\n%8d\n" % 38 + (b"Exif\0\0" + exif(6)).hex().encode()
)
ADAM7 = ((0, 0, 8, 8), (0, 4, 8, 8), (4, 0, 8, 4), (0, 2, 4, 4), (2, 0, 4, 2), (0, 1, 2, 2),
         (1, 0, 2, 1))  # fmt: skip
"""First row and column and their steps in each pass: PNG specification, section 8.2."""


def chunk(name, data):
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def scanlines(pixels, depth):
    """Rows of (H, W, channels) samples packed to `depth` bits, each behind a 0: no filter."""
    samples = np.atleast_3d(pixels)
    rows = samples.reshape(len(samples), -1)
    if depth == 16:
        packed = np.ascontiguousarray(rows, ">u2").view(np.uint8)
    else:
        bits = np.unpackbits(rows.astype(np.uint8)[..., None], axis=2)[..., 8 - depth :]
        packed = np.packbits(bits.reshape(len(rows), -1), axis=1)
    return np.insert(packed, 0, 0, axis=1).tobytes()


def png(
    pixels, colour, depth=8, *, before=b"", after=b"", interlaced=False, size=None, stream=None
):
    """A PNG of (H, W, channels) samples, with raw chunks before and after the pixels.

    Colour types: 0 grey, 2 RGB, 3 palette, 4 grey and alpha, 6 RGBA. `size`: a lie.
    `stream`: what to make of the scanlines instead of packing them.
    """
    height, width = size or pixels.shape[:2]
    passes = [pixels[r::rs, c::cs] for r, c, rs, cs in ADAM7] if interlaced else [pixels]
    body = b"".join(scanlines(part, depth) for part in passes if part.size)
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, interlaced)
    packed = chunk(b"IDAT", (stream or zlib.compress)(body))
    start = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header)
    return start + before + packed + after + chunk(b"IEND", b"")


def palette(colours):
    return chunk(b"PLTE", np.asarray(colours, np.uint8).tobytes())


def grey_png() -> Iterator[Case]:
    for depth in (1, 2, 4):
        levels, most = INDICES % 2**depth, 2**depth - 1
        data = png(levels, 0, depth)
        yield valid(f"grey {depth}", f"{depth}.png", data, levels, largest=most)
        data = png(levels, 3, depth, before=palette(COLOURS[: 2**depth]))
        yield valid(f"palette {depth}", f"p{depth}.png", data, COLOURS[levels])
    yield valid("grey 8", "grey.png", png(GREY, 0), GREY)
    yield valid("grey 16", "16.png", png(DEEP, 0, 16), DEEP, largest=65535)
    hole = chunk(b"tRNS", struct.pack(">H", 77))
    pixels = np.where(GREY == 77, 255, GREY)
    yield valid("grey 8 with a transparent level", "t.png", png(GREY, 0, before=hole), pixels)
    data = png(np.dstack((GREY, ALPHA)), 4)
    yield valid("grey and alpha", "la.png", data, over_white(GREY[..., None], ALPHA))
    narrow = INDICES[:, :13] % 2
    data = png(narrow, 0, 1, interlaced=True)
    yield valid("interlaced grey 1, 13 wide", "adam7.png", data, narrow, largest=1)


def colour_png() -> Iterator[Case]:
    table = palette(COLOURS)
    yield valid("palette 8", "p8.png", png(INDICES, 3, before=table), SEEN)
    greys = GREY[0, :16, None].repeat(3, axis=1)
    data = png(INDICES, 3, before=palette(greys))
    yield valid("palette of greys", "pg.png", data, greys[INDICES, 0])
    alphas = np.arange(16) * 17
    data = png(INDICES, 3, before=table + chunk(b"tRNS", bytes(alphas.tolist())))
    yield valid("palette with alphas", "pt.png", data, over_white(SEEN, alphas[INDICES]))
    data = png(INDICES, 3, before=table + chunk(b"tRNS", b"\xff\xff\0"))
    pixels = np.where(INDICES[..., None] == 2, 255, SEEN)
    yield valid("palette with a transparent entry", "pt1.png", data, pixels)
    yield valid("RGB 8", "rgb.png", png(NOISE, 2), NOISE)
    deep = np.dstack((DEEP, DEEP[::-1], DEEP[:, ::-1]))
    yield valid("RGB 16", "rgb16.png", png(deep, 2, 16), deep, 1 / 255, largest=65535)
    hole = chunk(b"tRNS", struct.pack(">3H", *NOISE[5, 6].tolist()))
    pixels = NOISE.copy()
    pixels[5, 6] = 255
    data = png(NOISE, 2, before=hole)
    yield valid("RGB with a transparent colour", "rgbt.png", data, pixels)
    seen, deep = over_white(RGB, ALPHA), RGBA * np.uint16(257)
    yield valid("RGBA", "rgba.png", png(RGBA, 6), seen)
    yield valid("RGBA 16", "rgba16.png", png(deep, 6, 16), seen)
    yield valid("interlaced RGBA 16", "adam7.png", png(deep, 6, 16, interlaced=True), seen)
    yield valid("PNG by Pillow, filtered", "filter.png", saved("PNG", NOISE), NOISE)


def sized_png() -> Iterator[Case]:
    yield valid("one pixel", "1.png", png(NOISE[:1, :1], 2), NOISE[:1, :1])
    yield valid("tall", "tall.png", png(np.full((5000, 3), 99), 0), np.full((1024, 1), 99))
    large = np.kron(GREY, np.ones((64, 64), np.uint8))
    small = large[1::2, 1::2]
    yield valid("large", "large.png", png(large, 0), small, LOSSY)
    yield valid("large 16", "large16.png", png(large * np.uint16(257), 0, 16), small, LOSSY)
    half = np.dstack((large, large, large, np.full_like(large, 51)))
    yield valid("large RGBA", "large.png", png(half, 6), 204 + half[1::2, 1::2, :3] * 0.2, LOSSY)


def odd_png() -> Iterator[Case]:
    """Valid pixels amid metadata that is broken, huge, animated or says how to turn them."""
    frame = struct.pack(">IIIIIHHBB", 0, 32, 24, 0, 0, 1, 10, 0, 0)
    second = struct.pack(">IIIIIHHBB", 1, 32, 24, 0, 0, 1, 10, 0, 0)
    later = chunk(b"fcTL", second) + chunk(b"fdAT", struct.pack(">I", 2) + zlib.compress(b"junk"))
    start = chunk(b"acTL", struct.pack(">II", 2, 0)) + chunk(b"fcTL", frame)
    data = png(NOISE, 2, before=start, after=later)
    yield valid("animated PNG, first frame", "odd.png", data, NOISE)
    data = png(NOISE, 2, before=chunk(b"tEXt", b"a\0b") * 20_000)
    yield valid("20,000 texts", "odd.png", data, NOISE)
    data = png(NOISE, 2, before=chunk(b"eXIf", b"MM\0*\xff\xff\xff\xff"))
    yield valid("PNG with EXIF that is none", "odd.png", data, NOISE)
    yield valid("junk behind the end", "junk.png", png(NOISE, 2) + b"<script>" * 99, NOISE)
    data = png(turned(NOISE, 6), 2, before=chunk(b"eXIf", exif(6)) + chunk(b"eXIf", exif(3)))
    yield valid("PNG with EXIF before the pixels", "turned.png", data, NOISE)
    data = png(NOISE, 2, after=chunk(b"eXIf", exif(6)))
    yield valid("PNG with EXIF after the pixels, as browsers show it", "late.png", data, NOISE)
    for name, told in (("XMP", ITXT + XMP), ("a raw profile", RAW_PROFILE)):
        data = png(NOISE, 2, before=chunk(told[:4], told[4:]))
        yield valid(f"PNG that {name} would turn, but not in browsers", "told.png", data, NOISE)
    data = png(turned(DEEP, 8), 0, 16, before=chunk(b"eXIf", exif(8)))
    yield valid("grey 16, turned", "turned.png", data, DEEP, largest=65535)
    names = ("<img src=x onerror=alert(1)>.png", "../../etc/passwd", "x" * 5000 + ".png")
    for name in names:
        yield valid(f"PNG named {name[:20]!r}", name, png(NOISE, 2), NOISE)


def ending_png() -> Iterator[Case]:
    """All pixels, and less and less behind them: of the last 20 bytes none is a pixel's."""
    whole = png(NOISE, 2)
    for name, bytes_left_out in (("end", 12), ("checksum", 16), ("sums", 20)):
        yield valid(f"PNG without its {name}", "end.png", whole[:-bytes_left_out], NOISE)
    late = chunk(b"tEXt", b"a\0b")[:-1] + b"?"
    yield valid("PNG with a wrong checksum after it", "late.png", png(NOISE, 2, after=late), NOISE)
    yield bad("PNG without its last pixel", "end.png", whole[:-24])


def wrong_png() -> Iterator[Case]:
    whole = png(NOISE, 2)
    yield bad(
        "PNG with an unknown chunk that matters",
        "abcd.png",
        png(NOISE, 2, before=chunk(b"ABCD", b"")),
    )
    yield bad("PNG of no width", "wrong.png", png(NOISE, 2, size=(24, 0)))
    yield bad("PNG without pixels", "wrong.png", whole[:33] + chunk(b"IEND", b""))
    yield bad("PNG with half its pixels", "wrong.png", png(NOISE[:12], 2, size=(24, 32)))
    yield bad("PNG palette missing", "wrong.png", png(INDICES, 3))
    data = png(NOISE, 2, stream=lambda body: zlib.compress(b"\5" + body[1:]))
    yield bad("PNG of an unknown filter", "wrong.png", data)
    for name in (b"IHDR", b"IDAT"):
        at = whole.index(name) + 9
        data = whole[:at] + bytes((whole[at] ^ 4,)) + whole[at + 1 :]
        yield bad(f"PNG with a flipped bit in {name.decode()}", "flip.png", data)


def stuffed_png() -> Iterator[Case]:
    text = b"Comment\0\0" + zlib.compress(bytes(100_000_000), 1)
    data = png(NOISE, 2, before=chunk(b"zTXt", text))
    yield valid("PNG with a text of 100 MB, which nobody reads", "bomb.png", data, NOISE)
