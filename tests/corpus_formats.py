"""JPEG, GIF, WebP and BMP files that must open, each with the pixels that it was made of."""

from collections.abc import Iterator

import numpy as np
from PIL import Image

from tests.encoders import bmp, exif, padded, segment, turned, with_segment
from tests.pictures import (
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
    saved,
    valid,
    with_palette,
)  # fmt: skip


def jpeg() -> Iterator[Case]:
    best = {"quality": 95, "subsampling": 0}
    rgb = saved("JPEG", RGB, **best)
    yield valid("JPEG", "photo.jpg", rgb, RGB, LOSSY)
    yield valid("JPEG named PNG", "photo.png", rgb, RGB, LOSSY)
    yield valid("grey JPEG", "grey.jpg", saved("JPEG", GREY, **best), GREY, LOSSY)
    yield valid(
        "progressive JPEG", "p.jpg", saved("JPEG", RGB, progressive=True, **best), RGB, LOSSY
    )
    ink = np.dstack((COLS * 4, ROWS * 6, GREY // 2, GREY // 3)).astype(np.uint8)
    seen = (255 - ink[..., :3].astype(float)) * (255 - ink[..., 3:]) / 255
    data = saved("JPEG", Image.frombytes("CMYK", (32, 24), ink.tobytes()), **best)
    assert b"Adobe" in data
    yield valid("CMYK JPEG (Adobe)", "cmyk.jpg", data, seen, LOSSY)
    later = Image.fromarray(255 - RGB)
    several = saved("MPO", RGB, save_all=True, append_images=[later], **best)
    yield valid("MPO, first picture", "phone.jpg", several, RGB, LOSSY)
    broken = with_segment(rgb, 0xE2, b"MPF\0II*\0\xff\xff\xff\xff" + bytes(16))
    yield valid("MPO that is none", "phone.jpg", broken, RGB, LOSSY)
    large = np.kron(RGB, np.ones((100, 100, 1), np.uint8))
    shrunk = large[np.arange(768) * 25 // 8 + 1][:, np.arange(1024) * 25 // 8 + 1]
    yield valid("large JPEG", "large.jpg", saved("JPEG", large, **best), shrunk, LOSSY)


def odd_jpeg() -> Iterator[Case]:
    """Valid pixels amid metadata that is broken or huge, or that says how to turn them."""
    best = {"quality": 95, "subsampling": 0}
    rgb = saved("JPEG", RGB, **best)
    yield valid("junk behind a JPEG", "junk.jpg", rgb + b"PK\3\4" * 50, RGB, LOSSY)
    oddities = {
        "EXIF that is none": (0xE1, b"Exif\0\0" + b"\xff" * 40),
        "EXIF that ends early": (0xE1, b"Exif\0\0" + exif(6)[:17]),
        "EXIF with orientation 99": (0xE1, b"Exif\0\0" + exif(99)),
        "profile that is none": (0xE2, b"ICC_PROFILE\0\1\1" + b"junk" * 30),
        "Photoshop block that is none": (0xED, b"Photoshop 3.0\0008BIM\xff"),
        "comment of markup": (0xFE, b"<script>alert(1)</script>"),
    }
    for name, (marker, block) in oddities.items():
        data = with_segment(rgb, marker, block)
        yield valid(f"JPEG with {name}", "odd.jpg", data, RGB, LOSSY)
    data = rgb[:2] + segment(0xE1, b"Exif\0\0" + bytes(65_000)) * 20 + rgb[2:]
    yield valid("JPEG with 20 EXIF blocks", "odd.jpg", data, RGB, LOSSY)
    for way in range(1, 9):
        stored = saved("JPEG", np.ascontiguousarray(turned(RGB, way)), **best)
        data = with_segment(stored, 0xE1, b"Exif\0\0" + exif(way, "<>"[way % 2]))
        yield valid(f"JPEG with EXIF orientation {way}", f"{way}.jpg", data, RGB, LOSSY)


def gif_and_webp() -> Iterator[Case]:
    colours = COLOURS[INDICES]
    first, second = with_palette(INDICES, COLOURS), with_palette(15 - INDICES, COLOURS)
    yield valid("GIF", "a.gif", saved("GIF", first), colours)
    yield valid("GIF interlaced", "a.gif", saved("GIF", first, interlace=1), colours)
    yield valid("grey GIF", "grey.gif", saved("GIF", GREY), GREY)
    yield valid(
        "GIF with a transparent entry",
        "t.gif",
        saved("GIF", first, transparency=3),
        np.where(INDICES[..., None] == 3, 255, colours),
    )
    animated = {"save_all": True, "append_images": [second], "duration": 50}
    data = saved("GIF", first, comment=b"<b>" * 200, **animated)
    yield valid("animated GIF, first frame", "a.gif", data, colours)
    yield valid("WebP lossless", "a.webp", saved("WEBP", NOISE, lossless=True), NOISE)
    yield valid("WebP lossy", "a.webp", saved("WEBP", RGB, quality=95), RGB, 16 / 255)
    yield valid(
        "WebP with alpha",
        "a.webp",
        saved("WEBP", RGBA, lossless=True, exact=True),
        over_white(RGB, ALPHA),
    )
    frames = {"append_images": [Image.fromarray(255 - NOISE)], "save_all": True}
    data = saved("WEBP", NOISE, lossless=True, duration=50, **frames)
    yield valid("animated WebP, first frame", "a.webp", data, NOISE)
    stored = np.ascontiguousarray(turned(NOISE, 8))
    data = saved("WEBP", stored, lossless=True, exif=b"Exif\0\0" + exif(8))
    yield valid("WebP with EXIF", "a.webp", data, NOISE)


def bitmaps() -> Iterator[Case]:
    bgr = padded(NOISE[::-1, :, ::-1].reshape(24, -1))
    yield valid("BMP 24", "a.bmp", bmp(bgr, 24, 32, 24), NOISE)
    top_down = padded(NOISE[..., ::-1].reshape(24, -1))
    yield valid("BMP top down", "a.bmp", bmp(top_down, 24, 32, -24), NOISE)
    odd = padded(NOISE[::-1, :29, ::-1].reshape(24, -1))
    yield valid("BMP with padded rows", "a.bmp", bmp(odd, 24, 29, 24), NOISE[:, :29])
    four = np.dstack((NOISE[..., ::-1], ALPHA))[::-1].tobytes()
    yield valid("BMP 32", "a.bmp", bmp(four, 32, 32, 24), NOISE)
    table = np.insert(COLOURS[:, ::-1], 3, 0, axis=1).tobytes()
    yield valid(
        "BMP 8", "a.bmp", bmp(padded(INDICES[::-1]), 8, 32, 24, colours=table), COLOURS[INDICES]
    )
    half = INDICES[::-1, ::2] << 4 | INDICES[::-1, 1::2]
    yield valid("BMP 4", "a.bmp", bmp(padded(half), 4, 32, 24, colours=table), COLOURS[INDICES])
    bits = np.packbits(INDICES[::-1] % 2, axis=1)
    yield valid(
        "BMP 1",
        "a.bmp",
        bmp(bits.tobytes(), 1, 32, 24, colours=bytes(4) + b"\xff" * 4),
        INDICES % 2,
        largest=1,
    )
    five = (NOISE[::-1] >> 3).astype("<u2")
    packed = (five[..., 0] << 10 | five[..., 1] << 5 | five[..., 2]).astype("<u2").tobytes()
    yield valid("BMP 16", "a.bmp", bmp(packed, 16, 32, 24), NOISE, 9 / 255)
    runs = b"".join(b"".join(b"\1%c" % i for i in row) + b"\0\0" for row in INDICES[::-1])
    yield valid(
        "BMP run-length",
        "a.bmp",
        bmp(runs + b"\0\1", 8, 32, 24, colours=table, compression=1),
        COLOURS[INDICES],
    )
