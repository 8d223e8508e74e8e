"""PNG files that must open, each with the pixels of the arrays that it was made of."""

import struct
import zlib
from collections.abc import Iterator

import numpy as np

from tests.pictures.cases import (  # fmt: skip
    ALPHA,
    COLOURS,
    COLS,
    GREY,
    INDICES,
    LOSSY,
    NOISE,
    RGB,
    RGBA,
    ROWS,
    Case,
    over_white,
    valid,
)
from tests.pictures.encoders import chunk, exif, palette, png, turned


def grey_png() -> Iterator[Case]:
    deep = (ROWS * 2000 + COLS * 500 + 77).astype(np.uint16)
    yield valid("grey 8", "grey.png", png(GREY, 0), GREY)
    for depth in (1, 2, 4):
        levels = INDICES % 2**depth
        yield valid(
            f"grey {depth}", f"{depth}.png", png(levels, 0, depth), levels, largest=2**depth - 1
        )
        data = png(levels, 3, depth, before=palette(COLOURS[: 2**depth]))
        yield valid(f"palette {depth}", f"p{depth}.png", data, COLOURS[levels])
        hole = chunk(b"tRNS", struct.pack(">H", 1))
        yield valid(
            f"grey {depth} with a transparent level",
            "t.png",
            png(levels, 0, depth, before=hole),
            np.where(levels == 1, 2**depth - 1, levels),
            largest=2**depth - 1,
        )
    yield valid("grey 16", "16.png", png(deep, 0, 16), deep, largest=65535)
    hole = chunk(b"tRNS", struct.pack(">H", int(deep[3, 4])))
    yield valid(
        "grey 16 with a transparent level",
        "16t.png",
        png(deep, 0, 16, before=hole),
        np.where(deep == deep[3, 4], 65535, deep),
        largest=65535,
    )
    yield valid(
        "grey and alpha",
        "la.png",
        png(np.dstack((GREY, ALPHA)), 4),
        over_white(GREY[..., None], ALPHA),
    )


def palette_png() -> Iterator[Case]:
    yield valid("palette 8", "p8.png", png(INDICES, 3, before=palette(COLOURS)), COLOURS[INDICES])
    greys = GREY[0, :16, None].repeat(3, axis=1)
    yield valid(
        "palette of greys", "pg.png", png(INDICES, 3, before=palette(greys)), greys[INDICES, 0]
    )
    alphas = np.arange(16) * 17
    data = png(INDICES, 3, before=palette(COLOURS) + chunk(b"tRNS", bytes(alphas.tolist())))
    yield valid(
        "palette with alphas", "pt.png", data, over_white(COLOURS[INDICES], alphas[INDICES])
    )
    data = png(INDICES, 3, before=palette(COLOURS) + chunk(b"tRNS", b"\xff\xff\0"))
    yield valid(
        "palette with a transparent entry",
        "pt1.png",
        data,
        np.where(INDICES[..., None] == 2, 255, COLOURS[INDICES]),
    )


def colour_png() -> Iterator[Case]:
    deep = (ROWS * 2000 + COLS * 500 + 77).astype(np.uint16)
    deep_rgb = np.dstack((deep, deep[::-1], deep[:, ::-1]))
    yield valid("RGB 8", "rgb.png", png(NOISE, 2), NOISE)
    yield valid("RGB 16", "rgb16.png", png(deep_rgb, 2, 16), deep_rgb, 1 / 255, largest=65535)
    hole = chunk(b"tRNS", struct.pack(">3H", *(int(v) for v in NOISE[5, 6])))
    punched = NOISE.copy()
    punched[5, 6] = 255
    yield valid("RGB with a transparent colour", "rgbt.png", png(NOISE, 2, before=hole), punched)
    hole = chunk(b"tRNS", struct.pack(">3H", *(int(v) for v in deep_rgb[5, 6])))
    punched = deep_rgb.copy()
    punched[5, 6] = 65535
    yield valid(
        "RGB 16 with a transparent colour",
        "rgb16t.png",
        png(deep_rgb, 2, 16, before=hole),
        punched,
        1 / 255,
        largest=65535,
    )
    yield valid("RGBA", "rgba.png", png(RGBA, 6), over_white(RGB, ALPHA))
    yield valid("RGBA 16", "rgba16.png", png(RGBA * np.uint16(257), 6, 16), over_white(RGB, ALPHA))
    yield valid("interlaced", "adam7.png", png(NOISE, 2, interlaced=True), NOISE)


def sized_png() -> Iterator[Case]:
    yield valid("one pixel", "1.png", png(NOISE[:1, :1], 2), NOISE[:1, :1])
    yield valid("wide", "wide.png", png(np.full((1, 20_000), 99), 0), np.full((1, 1024), 99))
    yield valid("tall", "tall.png", png(np.full((5000, 3), 99), 0), np.full((1024, 1), 99))
    large = np.kron(GREY, np.ones((64, 64), np.uint8))
    yield valid("large", "large.png", png(large, 0), large[1::2, 1::2], LOSSY)
    yield valid(
        "large 16", "large16.png", png(large * np.uint16(257), 0, 16), large[1::2, 1::2], LOSSY
    )
    half = np.dstack((large, large, large, np.full_like(large, 51)))
    yield valid("large RGBA", "large.png", png(half, 6), (204 + half[1::2, 1::2, :3] * 0.2), LOSSY)


def odd_png() -> Iterator[Case]:
    """Valid pixels amid metadata that is broken, huge or animated."""
    text = b"Comment\0\0" + zlib.compress(bytes(100_000_000), 1)
    frame = struct.pack(">IIIIIHHBB", 0, 32, 24, 0, 0, 1, 10, 0, 0)
    second = struct.pack(">IIIIIHHBB", 1, 32, 24, 0, 0, 1, 10, 0, 0)
    later = chunk(b"fcTL", second) + chunk(b"fdAT", struct.pack(">I", 2) + zlib.compress(b"junk"))
    start = chunk(b"acTL", struct.pack(">II", 2, 0)) + chunk(b"fcTL", frame)
    oddities = {
        "text that unpacks to 100 MB": {"before": chunk(b"zTXt", text)},
        "20,000 texts": {"before": chunk(b"tEXt", b"a\0b") * 20_000},
        "profile that is none": {"before": chunk(b"iCCP", b"x\0\0" + b"junk" * 9)},
        "profile that unpacks to 100 MB": {"before": chunk(b"iCCP", text)},
        "EXIF that is none": {"before": chunk(b"eXIf", b"MM\0*\xff\xff\xff\xff")},
        "animated, first frame": {"before": start, "after": later},
        "animated, no frames": {"before": chunk(b"acTL", bytes(8))},
        "wrong checksum in a comment": {"before": chunk(b"tEXt", b"a\0b")[:-1] + b"?"},
    }
    for name, chunks in oddities.items():
        yield valid(name, "odd.png", png(NOISE, 2, **chunks), NOISE)
    for place in ("before", "after"):
        data = png(turned(NOISE, 6), 2, **{place: chunk(b"eXIf", exif(6))})
        yield valid(f"PNG with EXIF {place} the pixels", "turned.png", data, NOISE)
    yield valid("junk behind the end", "junk.png", png(NOISE, 2) + b"<script>" * 99, NOISE)
    names = (
        "photo.jpg", "photo", "photo.png.exe", "<img src=x onerror=alert(1)>.png", ":red[x].png",
        "[a](javascript:alert(1)).png", "\u202egnp.exe", "../../etc/passwd", "x" * 5000 + ".png",
    )  # fmt: skip
    for name in names:
        yield valid(f"PNG named {name[:20]!r}", name, png(NOISE, 2), NOISE)
