"""WebP files, valid and broken, with the pixels of the arrays that they were made of."""

import struct
from collections.abc import Iterator

import numpy as np
from PIL import Image

from tests.pictures.cases import (  # fmt: skip
    ALPHA,
    LOSSY,
    NOISE,
    RGB,
    RGBA,
    Case,
    bad,
    over_white,
    saved,
    valid,
)
from tests.pictures.encoders import exif, riff, riff_chunk, turned, vp8x, webp_frame

EXACT = {"lossless": True, "exact": True}


def parts(data):
    """The chunks of a WebP as (name, content)."""
    found, position = [], 12
    while position < len(data):
        name, length = struct.unpack_from("<4sI", data, position)
        found.append((name, data[position + 8 : position + 8 + length]))
        position += 8 + length + length % 2
    return found


def pixels_of(picture, **options):
    """What holds the pixels alone, as chunks: VP8L, or VP8 behind its ALPH."""
    chunks = parts(saved("WEBP", np.ascontiguousarray(picture), **options))
    return b"".join(riff_chunk(n, d) for n, d in chunks if n in (b"VP8L", b"VP8 ", b"ALPH"))


def pillow_webp() -> Iterator[Case]:
    seen = over_white(RGB, ALPHA)
    yield valid("WebP lossless", "a.webp", saved("WEBP", NOISE, lossless=True), NOISE)
    yield valid("WebP lossy", "a.webp", saved("WEBP", RGB, quality=95), RGB, 16 / 255)
    yield valid("WebP with alpha", "a.webp", saved("WEBP", RGBA, **EXACT), seen)
    soft = np.dstack((np.full((24, 32, 3), (90, 140, 60), np.uint8), ALPHA))
    data = saved("WEBP", soft, quality=95)
    yield valid("WebP lossy with alpha", "a.webp", data, over_white(soft[..., :3], ALPHA), LOSSY)
    data = saved("WEBP", soft, quality=95, alpha_quality=100, method=6, exact=True)
    yield valid("WebP lossy, packed alpha", "a.webp", data, over_white(soft[..., :3], ALPHA), LOSSY)
    frames = {"append_images": [Image.fromarray(255 - NOISE)], "save_all": True}
    data = saved("WEBP", NOISE, lossless=True, duration=50, **frames)
    yield valid("animated WebP, first frame", "a.webp", data, NOISE)
    for height, width in ((1, 1), (1, 31), (7, 1), (17, 5)):
        part = NOISE[:height, :width]
        data = saved("WEBP", part, lossless=True)
        yield valid(f"WebP lossless, {height} x {width}", "small.webp", data, part)
    flat = np.full((3, 5, 3), (80, 150, 200), np.uint8)
    yield valid("WebP lossy, 3 x 5", "small.webp", saved("WEBP", flat, quality=90), flat, LOSSY)
    few = np.array([(0, 0, 0), (255, 255, 255), (200, 9, 9)], np.uint8)[NOISE[..., 0] % 3]
    yield valid("WebP of three colours", "few.webp", saved("WEBP", few, lossless=True), few)
    for way in range(1, 9):
        stored = np.ascontiguousarray(turned(NOISE, way))
        block = b"Exif\0\0" * (way % 2) + exif(way, "<>"[way // 3 % 2])
        data = saved("WEBP", stored, lossless=True, exif=block)
        yield valid(f"WebP with EXIF orientation {way}", f"{way}.webp", data, NOISE)


def boxed_webp() -> Iterator[Case]:
    """Pixels amid other chunks, and frames that leave a part of the canvas open: white."""
    noise, clear = pixels_of(NOISE, lossless=True), pixels_of(RGBA, **EXACT)
    extra = {
        "profile": (32, b"ICCP"), "XMP": (4, b"XMP "), "an unknown chunk": (0, b"abcd"),
    }  # fmt: skip
    for name, (flag, kind) in extra.items():
        block = riff_chunk(kind, b"<junk>" * 9)
        order = (block, noise) if kind == b"ICCP" else (noise, block)
        data = riff(vp8x(24, 32, flag), *order)
        yield valid(f"WebP with {name}", "box.webp", data, NOISE)
    data = riff(vp8x(24, 32), noise)
    yield valid("WebP in a larger box", "box.webp", data, NOISE)
    yield valid("WebP without its alpha flag", "box.webp", riff(vp8x(24, 32), clear), over_white(
        RGB, ALPHA))  # fmt: skip
    yield valid("WebP with junk behind", "junk.webp", riff(noise) + b"<script>" * 9, NOISE)
    loop = riff_chunk(b"ANIM", b"\0\0\xff\xff\0\0")  # red, which decoders may ignore, and do
    seen = np.full((40, 50, 3), 255)
    for name, flags, part, pixels in (
        ("", 2, noise, NOISE), (" with alpha", 18, clear, over_white(RGB, ALPHA)),
        (" lossy", 2, pixels_of(RGB, quality=95), RGB),
    ):  # fmt: skip
        frames = (webp_frame(24, 32, part, at=(6, 8)), webp_frame(40, 50, b"junk"))
        data = riff(vp8x(40, 50, flags), loop, *frames[:1])
        seen = np.full((40, 50, 3), 255)
        seen[6:30, 8:40] = pixels
        tolerance = 16 / 255 if "lossy" in name else 1e-6
        yield valid(f"WebP frame inside its canvas{name}", "inside.webp", data, seen, tolerance)
    data = riff(vp8x(24, 32, 2), loop, webp_frame(24, 32, noise))
    yield valid("WebP animation of one frame", "one.webp", data, NOISE)


def wrong_webp() -> Iterator[Case]:
    noise = pixels_of(NOISE, lossless=True)
    lossy = pixels_of(RGB, quality=95)
    loop = riff_chunk(b"ANIM", bytes(6))
    whole = riff(noise)
    yield bad("WebP that claims 100 bytes more", "size.webp", riff(noise, claimed=len(whole) + 92))
    yield bad("WebP that claims half its bytes", "size.webp", riff(noise, claimed=len(whole) // 2))
    yield bad("WebP that claims no bytes", "size.webp", riff(noise, claimed=0))
    yield bad(
        "WebP chunk that claims too much", "chunk.webp", whole[:16] + b"\xff" * 4 + whole[20:]
    )
    yield bad(
        "WebP whose codes are cut",
        "cut.webp",
        riff(riff_chunk(b"VP8L", noise[8 : len(noise) // 2])),
    )
    yield bad("WebP lossy whose codes are cut", "cut.webp", riff(riff_chunk(b"VP8 ", lossy[8:-90])))
    yield bad("WebP without pixels", "none.webp", riff(vp8x(24, 32)))
    yield bad("WebP of nothing", "none.webp", riff())
    yield bad("WebP alpha without colours", "alpha.webp", riff(vp8x(24, 32, 16), riff_chunk(
        b"ALPH", b"\0" + ALPHA.tobytes())))  # fmt: skip
    yield bad("WebP smaller than its canvas", "canvas.webp", riff(vp8x(25, 32), noise))
    yield bad("WebP animation without frames", "frames.webp", riff(vp8x(24, 32, 2), loop))
    yield bad("WebP frame outside its canvas", "frame.webp", riff(
        vp8x(24, 32, 2), loop, webp_frame(24, 32, noise, at=(2, 0))))  # fmt: skip
    yield bad("WebP frame of another size", "frame.webp", riff(
        vp8x(24, 32, 2), loop, webp_frame(22, 32, noise)))  # fmt: skip
    yield bad("WebP frame that is empty", "frame.webp", riff(
        vp8x(24, 32, 2), loop, webp_frame(24, 32)))  # fmt: skip
    yield bad("WebP frame whose codes are cut", "frame.webp", riff(
        vp8x(24, 32, 2), loop, webp_frame(24, 32, riff_chunk(b"VP8L", noise[8:900]))))  # fmt: skip
    yield bad(
        "WebP of another version", "v.webp", whole[:24] + bytes((whole[24] | 0xE0,)) + whole[25:]
    )
    yield bad("WebP with wrong signature", "v.webp", whole[:20] + b"\0" + whole[21:])
    yield bad("WebP between two frames", "key.webp", riff(riff_chunk(b"VP8 ", bytes((lossy[8] | 1,))
              + lossy[9:])))  # fmt: skip
    for height, width in ((16_384, 16_384), (5_001, 5_000), (1, 16_777_216)):
        data = riff(vp8x(height, width, 2), loop, webp_frame(24, 32, noise))
        yield bad(f"animated WebP that claims {height} x {width}", "bomb.webp", data)
    bits = struct.pack("<BI", 0x2F, 16_383 | 16_383 << 14)
    yield bad("WebP lossless that claims 16384 x 16384", "bomb.webp", riff(riff_chunk(
        b"VP8L", bits + noise[13:])))  # fmt: skip
    bits = struct.pack("<BI", 0x2F, 4_999 | 4_999 << 14)
    yield bad("WebP lossless that claims 5000 x 5000", "bomb.webp", riff(riff_chunk(
        b"VP8L", bits + noise[13:])))  # fmt: skip
    claim = lossy[:14] + struct.pack("<HH", 5_000, 5_000) + lossy[18:]
    yield bad("WebP lossy that claims 5000 x 5000", "bomb.webp", riff(claim))
