"""JPEG files that must open, each with the pixels that it was made of."""

from collections.abc import Iterator

import numpy as np
from PIL import Image

from tests.pictures.cases import COLS, GREY, LOSSY, RGB, ROWS, Case, saved, valid
from tests.pictures.encoders import exif, segment, turned, with_segment


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
