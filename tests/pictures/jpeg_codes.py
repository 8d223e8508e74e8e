"""JPEG files of each way to code the pixels, and files whose codes are wrong or missing."""

import struct
from collections.abc import Iterator

import numpy as np
from PIL import Image

from tests.pictures.cases import COLS, GREY, LOSSY, RGB, ROWS, Case, bad, saved, valid  # fmt: skip
from tests.pictures.encoders import exif, segment, with_frame_size, with_segment

BEST = {"quality": 95, "subsampling": 0}
SMOOTH = np.dstack((ROWS + 100, 160 - COLS, ROWS // 2 + COLS + 60)).astype(np.uint8)
"""So smooth that colours at half the resolution stay within `LOSSY`."""


def marker(data, code):
    return data.index(bytes((0xFF, code)))


def changed(data, at, new):
    return data[:at] + new + data[at + len(new) :]


def segments(data):
    """{code: (start, end)} of a JPEG's segments up to its first pixels."""
    found, position, code = {}, 2, 0
    while code != 0xDA:
        code, length = struct.unpack_from(">xBH", data, position)
        found[code] = (position, position + 2 + length)
        position += 2 + length
    return found


def coded_jpeg() -> Iterator[Case]:
    for name, sampling in (("4:4:4", 0), ("4:2:2", 1), ("4:2:0", 2)):
        data = saved("JPEG", SMOOTH, quality=95, subsampling=sampling)
        yield valid(f"JPEG of {name}", "sub.jpg", data, SMOOTH, LOSSY)
        data = saved("JPEG", SMOOTH, quality=95, subsampling=sampling, progressive=True)
        yield valid(f"progressive JPEG of {name}", "sub.jpg", data, SMOOTH, LOSSY)
    ways = {
        "optimised codes": {"optimize": True},
        "a restart each block": {"restart_marker_blocks": 1},
        "a restart each 7 blocks": {"restart_marker_blocks": 7},
        "a restart each row": {"restart_marker_rows": 1},
        "restarts and scans": {"restart_marker_blocks": 3, "progressive": True},
        "16-bit tables": {"qtables": [[1] * 63 + [300], [1] * 63 + [300]]},
    }
    for name, options in ways.items():
        data = saved("JPEG", RGB, **BEST | options)
        yield valid(f"JPEG with {name}", "coded.jpg", data, RGB, LOSSY)
    for name, options in (("progressive", {"progressive": True}), ("restarts", {
        "restart_marker_blocks": 2})):  # fmt: skip
        data = saved("JPEG", GREY, quality=95, **options)
        yield valid(f"grey JPEG, {name}", "grey.jpg", data, GREY, LOSSY)
    for quality in (1, 10, 50, 100):
        scale = 5000 / quality if quality < 50 else 200 - 2 * quality
        step = np.clip((16 * scale + 50) // 100, 1, 255)  # of the mean: ITU-T T.81, table K.1
        data = saved("JPEG", np.full((9, 9), 77, np.uint8), quality=quality)
        flat = np.full((9, 9), 77)
        tolerance = (step / 16 + 1) / 255  # half a step, and 8 steps of the mean make one level
        yield valid(f"JPEG of quality {quality}, flat", "flat.jpg", data, flat, tolerance)
    for height, width in ((1, 1), (1, 17), (7, 9), (8, 8), (15, 16), (17, 3)):
        part = SMOOTH[:height, :width]
        data = saved("JPEG", part, quality=95)
        yield valid(f"JPEG of {height} x {width}, 4:2:0", "small.jpg", data, part, LOSSY)


def colour_codes() -> Iterator[Case]:
    data = saved("JPEG", RGB, keep_rgb=True, quality=95)
    yield valid("JPEG that holds RGB", "rgb.jpg", data, RGB, LOSSY)
    start, end = segments(data)[0xEE]
    ids = changed(data, marker(data, 0xC0) + 10, b"R")
    assert ids == data, "the components are named R, G and B"
    yield valid("RGB by names alone", "rgb.jpg", data[:start] + data[end:], RGB, LOSSY)
    luma, blue, red, black = COLS * 3 + 60, ROWS + 118, 140 - COLS // 2, 255 - ROWS * 4
    stored = np.dstack((luma, blue, red, black)).astype(np.uint8)
    picture = Image.frombytes("CMYK", (32, 24), (255 - stored).tobytes())
    data = saved("JPEG", picture, **BEST)
    at = data.index(b"Adobe") + 11
    assert data[at] == 0
    # Adobe's YCCK: YCbCr of RGB = 255 - CMY (ITU-T T.871), all stored inverted (TN 5116)
    seen = np.dstack((
        luma + 1.402 * (red - 128), luma - 0.344136 * (blue - 128) - 0.714136 * (red - 128),
        luma + 1.772 * (blue - 128),
    ))  # fmt: skip
    seen = (255 - np.clip(seen, 0, 255)) * black[..., None] / 255
    yield valid("YCCK JPEG (Adobe)", "ycck.jpg", changed(data, at, b"\2"), seen, LOSSY)
    start, end = segments(data)[0xEE]
    ink = (stored[..., :3].astype(float)) * stored[..., 3:] / 255
    data = data[:start] + data[end:]
    yield valid("CMYK JPEG without a word on it", "cmyk.jpg", data, ink, LOSSY)


def odd_segments() -> Iterator[Case]:
    rgb = saved("JPEG", RGB, **BEST)
    parts = segments(rgb)
    start, end = parts[0xC0]
    filled = rgb[:start] + b"\xff" * 9 + rgb[start:]
    yield valid("fill bytes before a marker", "fill.jpg", filled, RGB, LOSSY)
    yield valid(
        "fill bytes before the end", "fill.jpg", rgb[:-2] + b"\xff" * 9 + rgb[-2:], RGB, LOSSY
    )
    start, end = parts[0xC4]
    data = rgb[:start] + rgb[end:]  # as in Motion JPEG: decoders know the tables of K.3
    yield valid("JPEG without its standard codes", "mjpeg.jpg", data, RGB, LOSSY)
    small = saved("JPEG", 255 - RGB[:8, :8])
    thumbnail = b"JFXX\0\x10" + small
    yield valid("thumbnail in JFIF", "jfxx.jpg", with_segment(rgb, 0xE0, thumbnail), RGB, LOSSY)
    block = exif(1) + small
    data = with_segment(rgb, 0xE1, b"Exif\0\0" + block)
    yield valid("thumbnail in EXIF", "thumb.jpg", data, RGB, LOSSY)
    table = rgb[slice(*parts[0xDB])]
    other = table[:5] + b"\x63" * (len(table) - 5)
    yield valid("tables given twice", "twice.jpg", rgb[:2] + other + rgb[2:], RGB, LOSSY)
    looped = b"MM\0*\0\0\0\x08" + b"\0\1" + b"\x87\x69\0\4\0\0\0\1\0\0\0\x08" + b"\0\0\0\x08"
    yield valid("EXIF that points to itself", "loop.jpg", with_segment(
        rgb, 0xE1, b"Exif\0\0" + looped), RGB, LOSSY)  # fmt: skip
    many = b"II*\0\x08\0\0\0" + struct.pack("<H", 65_535) + b"\1\1\3\0\1\0\0\0\0\0\0\0" * 5000
    yield valid("EXIF of 65,535 entries", "many.jpg", with_segment(
        rgb, 0xE1, b"Exif\0\0" + many), RGB, LOSSY)  # fmt: skip
    yield valid("50 comments and empty segments", "many.jpg", rgb[:2] + segment(0xFE, b"") * 50
                + segment(0xEF, b"") * 50 + rgb[2:], RGB, LOSSY)  # fmt: skip


def wrong_codes() -> Iterator[Case]:
    rgb = saved("JPEG", RGB, **BEST)
    frame, scan = marker(rgb, 0xC0), marker(rgb, 0xDA)
    for name, code in (
        ("lossless", 0xC3), ("hierarchical", 0xC5), ("arithmetic", 0xC9),
        ("progressive and arithmetic", 0xCA), ("of the extension", 0xC8),
    ):  # fmt: skip
        yield bad(f"JPEG {name}", "sof.jpg", changed(rgb, frame + 1, bytes((code,))))
    yield bad("JPEG of 12 bits", "deep.jpg", changed(rgb, frame + 4, b"\x0c"))
    yield bad("JPEG of 2 components", "two.jpg", changed(rgb, frame + 9, b"\2"))
    yield bad("JPEG of a component 5 times as wide", "s.jpg", changed(rgb, frame + 11, b"\x51"))
    yield bad("JPEG of a table that is missing", "q.jpg", changed(rgb, frame + 12, b"\3"))
    lines = with_frame_size(rgb, 0, 32)
    yield bad("JPEG whose lines are counted later", "dnl.jpg", lines[:-2]
              + segment(0xDC, struct.pack(">H", 24)) + lines[-2:])  # fmt: skip
    yield bad("JPEG of no width", "zero.jpg", with_frame_size(rgb, 24, 0))
    for code, (start, end) in segments(rgb).items():
        cut = rgb[: (start + end) // 2]
        yield bad(f"JPEG cut off in segment {code:X}", "cut.jpg", cut)
        if code in (0xDB, 0xC0, 0xDA):
            yield bad(f"JPEG without segment {code:X}", "less.jpg", rgb[:start] + rgb[end:])
    start, end = segments(rgb)[0xE0]
    yield bad("JPEG segment of length 1", "len.jpg", changed(rgb, start + 2, b"\0\1"))
    yield bad("JPEG frame behind its scan", "swap.jpg", rgb[:frame] + rgb[scan:-2]
              + rgb[frame:scan] + rgb[-2:])  # fmt: skip
    yield bad("JPEG of two frames", "two.jpg", rgb[:scan] + rgb[frame : frame + 19] + rgb[scan:])


def silent_codes() -> Iterator[Case]:
    """Pixels that are missing although the end is there: most viewers paint the rest grey."""
    rgb = saved("JPEG", RGB, **BEST)
    start = segments(rgb)[0xDA][1]
    half = rgb[: (start + len(rgb)) // 2]
    yield bad("JPEG with half its pixels and an end", "half.jpg", half + b"\xff\xd9")
    yield bad("JPEG without pixels", "none.jpg", rgb[:start] + b"\xff\xd9")
    yield bad("JPEG whose last bytes are gone", "less.jpg", rgb[:-12] + b"\xff\xd9")
    yield bad("JPEG of twice the height", "lie.jpg", with_frame_size(rgb, 48, 32))
    yield bad("JPEG of a third more width", "lie.jpg", with_frame_size(rgb, 24, 48))
    data = saved("JPEG", RGB, progressive=True, **BEST)
    last = data.rindex(b"\xff\xda")
    yield bad("JPEG whose last scan is half there", "scan.jpg", data[: (last + len(data)) // 2]
              + b"\xff\xd9")  # fmt: skip
    first = segments(data)[0xDA][1]
    second = data.index(b"\xff\xc4", first)
    cut = data[: (first + second) // 2] + data[second:]
    yield bad("JPEG whose first scan is half there", "scan.jpg", cut)
    data = saved("JPEG", RGB, restart_marker_blocks=1, **BEST)
    at = data.index(b"\xff\xd3")
    yield bad("JPEG with a hole before a restart", "hole.jpg", data[: at - 20] + data[at:])
    yield bad("JPEG with a restart too few", "rst.jpg", data[:at] + data[data.index(b"\xff\xd4") :])
    end = data.index(b"\xff\xd4")
    yield bad("JPEG that ends before a restart", "rst.jpg", data[:end] + b"\xff\xd9")
