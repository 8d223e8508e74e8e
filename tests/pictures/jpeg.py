"""JPEG files, valid and broken, each with the pixels that it was made of."""

import struct
from collections.abc import Iterator

import numpy as np
from PIL import Image

from tests.pictures.cases import (
    COLS,
    GREY,
    LOSSY,
    RGB,
    ROWS,
    SMOOTH,
    Case,
    bad,
    exif,
    saved,
    turned,
    valid,
)

BEST = {"quality": 95, "subsampling": 0}
RESTARTS = {"restart_marker_blocks": 1}


def segment(marker, data):
    """A JPEG segment."""
    return struct.pack(">BBH", 0xFF, marker, len(data) + 2) + data


def with_segment(jpeg, marker, data):
    """A JPEG with a segment right after its first two bytes."""
    return jpeg[:2] + segment(marker, data) + jpeg[2:]


def with_frame_size(jpeg, height, width):
    """A JPEG whose frame header lies about its size."""
    at = next(jpeg.index(bytes((0xFF, m))) for m in (0xC0, 0xC2) if bytes((0xFF, m)) in jpeg)
    return jpeg[: at + 5] + struct.pack(">HH", height, width) + jpeg[at + 9 :]


def changed(data, at, new):
    return data[:at] + new + data[at + len(new) :]


def coded_jpeg() -> Iterator[Case]:
    ways = {
        "JPEG": {}, "progressive JPEG": {"progressive": True},
        "JPEG with a restart each block": {"restart_marker_blocks": 1},
        "JPEG that holds RGB": {"keep_rgb": True},
    }  # fmt: skip
    for name, options in ways.items():
        yield valid(name, "photo.jpg", saved("JPEG", RGB, **BEST | options), RGB, LOSSY)
    yield valid("grey JPEG", "grey.jpg", saved("JPEG", GREY, **BEST), GREY, LOSSY)
    data = saved("JPEG", SMOOTH, quality=95, subsampling=2)
    yield valid("JPEG of 4:2:0, named PNG", "photo.png", data, SMOOTH, LOSSY)
    large = np.kron(RGB, np.ones((100, 100, 1), np.uint8))
    shrunk = large[np.arange(768) * 25 // 8 + 1][:, np.arange(1024) * 25 // 8 + 1]
    yield valid("large JPEG", "large.jpg", saved("JPEG", large, **BEST), shrunk, LOSSY)
    large = np.kron(RGB, np.ones((63, 63, 1), np.uint8))  # 2016 wide: decoded to its half
    data = saved("JPEG", large, **BEST)
    yield valid("JPEG twice as large", "large.jpg", data, large[::2, ::2], 12 / 255)


def inks() -> Iterator[Case]:
    ink = np.dstack((COLS * 4, ROWS * 6, GREY // 2, GREY // 3)).astype(np.uint8)
    seen = (255 - ink[..., :3].astype(float)) * (255 - ink[..., 3:]) / 255
    data = saved("JPEG", Image.frombytes("CMYK", (32, 24), ink.tobytes()), **BEST)
    assert b"Adobe" in data
    yield valid("CMYK JPEG (Adobe)", "cmyk.jpg", data, seen, LOSSY)
    luma, blue, red, black = COLS * 3 + 60, ROWS + 118, 140 - COLS // 2, 255 - ROWS * 4
    stored = np.dstack((luma, blue, red, black)).astype(np.uint8)
    data = saved("JPEG", Image.frombytes("CMYK", (32, 24), (255 - stored).tobytes()), **BEST)
    at = data.index(b"Adobe") + 11
    assert data[at] == 0
    # Adobe's YCCK: YCbCr of RGB = 255 - CMY (ITU-T T.871), all stored inverted (TN 5116)
    seen = np.dstack((
        luma + 1.402 * (red - 128), luma - 0.344136 * (blue - 128) - 0.714136 * (red - 128),
        luma + 1.772 * (blue - 128),
    ))  # fmt: skip
    seen = (255 - np.clip(seen, 0, 255)) * black[..., None] / 255
    yield valid("YCCK JPEG (Adobe)", "ycck.jpg", changed(data, at, b"\2"), seen, LOSSY)


def odd_jpeg() -> Iterator[Case]:
    """Valid pixels amid metadata that is broken, or that says how to turn them."""
    rgb = saved("JPEG", RGB, **BEST)
    several = saved("MPO", RGB, save_all=True, append_images=[Image.fromarray(255 - RGB)], **BEST)
    yield valid("MPO, first picture", "phone.jpg", several, RGB, LOSSY)
    yield valid("junk behind a JPEG", "junk.jpg", rgb + b"PK\3\4" * 50, RGB, LOSSY)
    looped = b"MM\0*\0\0\0\x08" + b"\0\1" + b"\x87\x69\0\4\0\0\0\1\0\0\0\x08" + b"\0\0\0\x08"
    oddities = {
        "MPO that is none": (0xE2, b"MPF\0II*\0\xff\xff\xff\xff" + bytes(16)),
        "EXIF that points to itself": (0xE1, b"Exif\0\0" + looped),
        "comment of markup": (0xFE, b"<script>alert(1)</script>"),
    }
    for name, (marker, block) in oddities.items():
        yield valid(f"JPEG with {name}", "odd.jpg", with_segment(rgb, marker, block), RGB, LOSSY)
    for way in range(1, 9):
        stored = saved("JPEG", np.ascontiguousarray(turned(RGB, way)), **BEST)
        data = with_segment(stored, 0xE1, b"Exif\0\0" + exif(way, "<>"[way % 2]))
        yield valid(f"JPEG with EXIF orientation {way}", f"{way}.jpg", data, RGB, LOSSY)


def ending_jpeg() -> Iterator[Case]:
    """All pixels, but no end mark or half of one; and a byte less, which holds some."""
    ways = {"JPEG": {}, "progressive JPEG": {"progressive": True}, "JPEG in intervals": RESTARTS}
    for name, options in ways.items():
        data = saved("JPEG", RGB, **BEST | options)
        for left_out in (1, 2):
            named = f"{name} without the last {left_out} bytes"
            yield valid(named, "end.jpg", data[:-left_out], RGB, LOSSY)
        yield bad(f"{name} without its last pixels", "end.jpg", data[:-6])
    early = saved("JPEG", RGB, progressive=True, **BEST)
    scan = early.rindex(b"\xff\xc4")
    yield bad("progressive JPEG without its last scan", "end.jpg", early[:scan])
    mark = saved("JPEG", RGB, **BEST | RESTARTS)
    yield bad("JPEG without its last interval", "end.jpg", mark[: mark.rindex(b"\xff\xd2")])


def wrong_jpeg() -> Iterator[Case]:
    rgb = saved("JPEG", RGB, **BEST)
    frame = rgb.index(b"\xff\xc0")
    yield bad("JPEG lossless", "sof.jpg", changed(rgb, frame + 1, b"\xc3"))
    yield bad("JPEG of 12 bits", "deep.jpg", changed(rgb, frame + 4, b"\x0c"))
    yield bad("JPEG of no width", "zero.jpg", with_frame_size(rgb, 24, 0))
