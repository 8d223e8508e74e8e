"""GIF files, valid and broken, with the pixels of the arrays that they were made of."""

import struct
from collections.abc import Iterator

import numpy as np

from tests.pictures.cases import (  # fmt: skip
    COLOURS,
    GREY,
    INDICES,
    Case,
    bad,
    saved,
    valid,
    with_palette,
)
from tests.pictures.encoders import blocks, gif, gif_frame, lzw, packed_codes, transparent

SEEN = COLOURS[INDICES]
TABLE = COLOURS.tobytes()
SIZE = INDICES.shape
MANY = np.random.default_rng(3).integers(0, 256, (256, 3), np.uint8)


def pillow_gif() -> Iterator[Case]:
    first, second = with_palette(INDICES, COLOURS), with_palette(15 - INDICES, COLOURS)
    yield valid("GIF", "a.gif", saved("GIF", first), SEEN)
    yield valid("GIF interlaced", "a.gif", saved("GIF", first, interlace=1), SEEN)
    yield valid("grey GIF", "grey.gif", saved("GIF", GREY), GREY)
    yield valid(
        "GIF with a transparent entry",
        "t.gif",
        saved("GIF", first, transparency=3),
        np.where(INDICES[..., None] == 3, 255, SEEN),
    )
    animated = {"save_all": True, "append_images": [second], "duration": 50}
    data = saved("GIF", first, comment=b"<b>" * 200, **animated)
    yield valid("animated GIF, first frame", "a.gif", data, SEEN)


def coded_gif() -> Iterator[Case]:
    """Code sizes, block lengths and the order of the rows."""
    for bits in (2, 3, 5, 6, 7, 8):
        indices = (np.arange(24 * 32).reshape(24, 32) * 7 % 2**bits).astype(np.uint8)
        data = gif(gif_frame(indices, bits=bits), screen=SIZE, colours=MANY[: 2**bits].tobytes())
        yield valid(f"GIF of {2**bits} colours", "codes.gif", data, MANY[indices])
    two = INDICES % 2
    data = gif(gif_frame(two, bits=2), screen=SIZE, colours=TABLE[:6])
    yield valid("GIF of 2 colours", "two.gif", data, COLOURS[two])
    data = gif(gif_frame(two, bits=1), screen=SIZE, colours=TABLE[:6])
    yield bad("GIF of 2 colours, codes of 1 bit", "two.gif", data)  # 2 at least: GIF89a, F
    data = gif(gif_frame(INDICES, bits=8), screen=SIZE, colours=TABLE)
    yield valid("GIF with codes wider than its palette", "wide.gif", data, SEEN)
    for height, width in ((1, 1), (3, 7), (5, 1), (9, 2), (13, 31)):
        part = INDICES[:height, :width]
        data = gif(gif_frame(part, interlaced=True), screen=part.shape, colours=TABLE)
        yield valid(f"GIF interlaced, {height} x {width}", "rows.gif", data, COLOURS[part])
    yield valid("GIF in blocks of 1 byte", "blocks.gif", gif(
        gif_frame(INDICES, longest=1), screen=SIZE, colours=TABLE), SEEN)  # fmt: skip
    clear = packed_codes(
        [pair for i in INDICES.flat for pair in ((16, 5), (int(i), 5))] + [(17, 5)]
    )
    yield valid("GIF that clears before each code", "clear.gif", gif(
        gif_frame(INDICES, stream=clear), screen=SIZE, colours=TABLE), SEEN)  # fmt: skip
    noise = np.random.default_rng(5).integers(0, 16, (96, 96), np.uint8)
    full = lzw(noise.tobytes(), 4)
    yield valid("GIF whose code table is full", "full.gif", gif(
        gif_frame(noise, stream=full), screen=(96, 96), colours=TABLE), COLOURS[noise])  # fmt: skip
    yield valid("GIF 87a", "old.gif", gif(
        gif_frame(INDICES), screen=SIZE, colours=TABLE, version=b"GIF87a"), SEEN)  # fmt: skip
    data = gif(gif_frame(INDICES), screen=SIZE, colours=TABLE)
    yield valid("GIF without its last byte", "end.gif", data[:-1], SEEN)
    without_end = lzw(INDICES.tobytes(), 4)
    yield valid("GIF with more codes than pixels", "more.gif", gif(
        gif_frame(INDICES[:20], stream=without_end), screen=(20, 32), colours=TABLE),
        SEEN[:20])  # fmt: skip


def placed_gif() -> Iterator[Case]:
    """Palettes, frames that do not fill the screen (the rest lets the page through: white)."""
    local = gif_frame(INDICES, local=TABLE[::-1])
    seen = np.frombuffer(TABLE[::-1], np.uint8).reshape(-1, 3)[INDICES]
    yield valid("GIF with a local palette", "l.gif", gif(local, screen=SIZE, colours=TABLE), seen)
    yield valid("GIF with no other palette", "l.gif", gif(local, screen=SIZE), seen)
    greys = np.arange(16).repeat(3).astype(np.uint8).tobytes()
    data = gif(gif_frame(INDICES), screen=SIZE, colours=greys)
    yield valid("GIF of the darkest greys", "dark.gif", data, INDICES)
    for name, control, holes in (
        ("", b"", ()), (", transparent", transparent(2), (2,)),
        (", disposed of", transparent(2, disposal=2), (2,)),
    ):  # fmt: skip
        data = gif(
            control, gif_frame(INDICES, at=(3, 5)), screen=(30, 40), colours=TABLE, background=7
        )
        seen = np.full((30, 40, 3), 255)
        seen[3:27, 5:37] = np.where(np.isin(INDICES, holes)[..., None], 255, SEEN)
        yield valid(f"GIF frame inside the screen{name}", "inside.gif", data, seen)
    data = gif(gif_frame(INDICES, at=(6, 8)), screen=SIZE, colours=TABLE)
    seen = np.full((30, 40, 3), 255)
    seen[6:, 8:] = SEEN
    yield valid("GIF frame beyond the screen", "beyond.gif", data, seen)
    dark = gif(gif_frame(INDICES, at=(0, 1)), screen=(24, 40), colours=greys)
    seen = np.full((24, 40), 255)
    seen[:, 1:33] = INDICES
    yield valid("grey GIF frame inside the screen", "inside.gif", dark, seen)
    data = gif(gif_frame(INDICES), screen=(0, 0), colours=TABLE)
    yield valid("GIF whose screen is nothing", "screen.gif", data, SEEN)
    extensions = (
        b"!\xff\x0bNETSCAPE2.0" + blocks(b"\1\0\0"), b"!\xfe" + blocks(b"<script>" * 90),
        b"!\xff\x0bXMP DataXMP" + blocks(b"<x:xmpmeta/>"), b"!\xfe" + blocks(b"a", 1),
        b"!\1\x0c" + bytes(12) + blocks(b"plain text"), b"!\x99" + blocks(b"?" * 300),
    )  # fmt: skip
    data = gif(*extensions, transparent(2), gif_frame(INDICES), screen=SIZE, colours=TABLE)
    seen = np.where(INDICES[..., None] == 2, 255, SEEN)
    yield valid("GIF with each extension", "ext.gif", data, seen)
    data = gif(transparent(1), transparent(2), gif_frame(INDICES), screen=SIZE, colours=TABLE)
    yield valid("GIF with two transparent entries", "ext.gif", data, seen)
    frames = [gif_frame(INDICES)] + [transparent(0) + gif_frame(15 - INDICES)] * 300
    yield valid("GIF of 301 frames", "many.gif", gif(*frames, screen=SIZE, colours=TABLE), SEEN)


def wrong_gif() -> Iterator[Case]:
    codes = lzw(INDICES.tobytes(), 4)
    short = {
        "half its pixels": lzw(INDICES[:12].tobytes(), 4),
        "all but one pixel": lzw(INDICES.tobytes()[:-1], 4),
        "nothing but the end": packed_codes([(16, 5), (17, 5)]),
        "no codes": b"",
        "a code that is not known yet": packed_codes([(16, 5), (3, 5), (31, 5)]),
        "half its codes": codes[: len(codes) // 2],
    }
    for name, stream in short.items():
        data = gif(gif_frame(INDICES, stream=stream), screen=SIZE, colours=TABLE)
        yield bad(f"GIF with {name}", "short.gif", data)
    for name, part in (
        ("without frames", b""), ("frame of no width", gif_frame(INDICES[:, :0], stream=codes)),
        ("frame of no height", gif_frame(INDICES[:0], stream=codes)),
        ("frame with codes of 13 bits", gif_frame(INDICES, bits=13, stream=codes)),
        ("extension without an end", b"!\xfe" + b"\x04abcd" * 9),
        ("frame of an unknown kind", b"?" + gif_frame(INDICES)),
    ):  # fmt: skip
        yield bad(f"GIF {name}", "wrong.gif", gif(part, screen=SIZE, colours=TABLE))
    yield bad("GIF with fewer colours than used", "few.gif", gif(
        gif_frame(INDICES), screen=SIZE, colours=TABLE[: 3 * 8]))  # fmt: skip
    greys = np.arange(8).repeat(3).astype(np.uint8).tobytes()
    yield bad("GIF with fewer greys than used", "few.gif", gif(
        gif_frame(INDICES), screen=SIZE, colours=greys))  # fmt: skip
    yield bad("GIF without any palette", "no.gif", gif(gif_frame(INDICES), screen=SIZE))
    bomb = lzw(bytes(70_000), 2)
    data = gif(gif_frame(INDICES, bits=2, stream=bomb), screen=SIZE, colours=TABLE)
    far = struct.pack("<4H", 65_000, 65_000, 32, 24)
    yield bad(
        "GIF frame far outside", "far.gif", data.replace(struct.pack("<4H", 0, 0, 32, 24), far)
    )
    bombs = gif_frame(INDICES, bits=2, stream=bomb)
    large = bombs[:5] + struct.pack("<2H", 20_000, 1_250) + bombs[9:]
    yield bad("GIF of 25 megapixels in 400 bytes", "bomb.gif", gif(
        large, screen=(1_250, 20_000), colours=TABLE))  # fmt: skip
