"""BMP files, valid and broken, with the pixels of the arrays that they were made of."""

import struct
from collections.abc import Iterator

import numpy as np

from tests.pictures.cases import (  # fmt: skip
    ALPHA,
    COLOURS,
    GREY,
    INDICES,
    NOISE,
    RGB,
    Case,
    bad,
    over_white,
    valid,
)
from tests.pictures.encoders import bmp, padded

SEEN = COLOURS[INDICES]
TABLE = np.insert(COLOURS[:, ::-1], 3, 0, axis=1).tobytes()
BGR = NOISE[::-1, :, ::-1].reshape(24, -1)
HALVES = INDICES[::-1, ::2] << 4 | INDICES[::-1, 1::2]


def greys(*levels):
    return b"".join(bytes((level, level, level, 0)) for level in levels)


def plain_bmp() -> Iterator[Case]:
    yield valid("BMP 24", "a.bmp", bmp(padded(BGR), 24, 32, 24), NOISE)
    top_down = padded(BGR[::-1])
    yield valid("BMP top down", "a.bmp", bmp(top_down, 24, 32, -24), NOISE)
    for width in (29, 30, 31, 1):
        odd = padded(NOISE[::-1, :width, ::-1].reshape(24, -1))
        data = bmp(odd, 24, width, 24)
        yield valid(f"BMP 24, {width} wide", "a.bmp", data, NOISE[:, :width])
    four = np.dstack((NOISE[..., ::-1], ALPHA))[::-1].tobytes()
    yield valid("BMP 32", "a.bmp", bmp(four, 32, 32, 24), NOISE)
    yield valid("BMP 32 top down", "a.bmp", bmp(np.dstack((NOISE[..., ::-1], ALPHA)).tobytes(),
                32, 32, -24), NOISE)  # fmt: skip
    five = (NOISE[::-1] >> 3).astype("<u2")
    packed = (five[..., 0] << 10 | five[..., 1] << 5 | five[..., 2]).astype("<u2").tobytes()
    yield valid("BMP 16", "a.bmp", bmp(packed, 16, 32, 24), (NOISE >> 3), 1 / 255, largest=31)
    data = bmp(padded(BGR), 24, 32, 24, gap=b"?" * 77)
    yield valid("BMP with a gap before its pixels", "gap.bmp", data, NOISE)
    yield valid(
        "BMP with junk behind", "junk.bmp", bmp(padded(BGR), 24, 32, 24) + b"?" * 999, NOISE
    )
    for header in (12, 64, 108, 124):
        data = bmp(padded(BGR), 24, 32, 24, header=header)
        yield valid(f"BMP 24 with a header of {header}", "head.bmp", data, NOISE)


def palette_bmp() -> Iterator[Case]:
    data = bmp(padded(INDICES[::-1]), 8, 32, 24, colours=TABLE)
    yield valid("BMP 8", "a.bmp", data, SEEN)
    yield valid("BMP 4", "a.bmp", bmp(padded(HALVES), 4, 32, 24, colours=TABLE), SEEN)
    bits = padded(np.packbits(INDICES[::-1] % 2, axis=1))
    data = bmp(bits, 1, 32, 24, colours=greys(0, 255))
    yield valid("BMP 1", "a.bmp", data, INDICES % 2, largest=1)
    data = bmp(bits, 1, 32, 24, colours=greys(255, 0))
    yield valid("BMP 1, white first", "a.bmp", data, 1 - INDICES % 2, largest=1)
    data = bmp(bits, 1, 32, 24, colours=TABLE[:8])
    yield valid("BMP 1 in colours", "a.bmp", data, COLOURS[INDICES % 2])
    data = bmp(padded(INDICES), 8, 32, -24, colours=TABLE)
    yield valid("BMP 8 top down", "a.bmp", data, SEEN)
    data = bmp(padded(HALVES[::-1]), 4, 32, -24, colours=TABLE)
    yield valid("BMP 4 top down", "a.bmp", data, SEEN)
    narrow = np.packbits(INDICES[::-1, :13] % 2, axis=1)
    data = bmp(padded(narrow), 1, 13, 24, colours=TABLE[:8])
    yield valid("BMP 1, 13 wide", "narrow.bmp", data, COLOURS[INDICES[:, :13] % 2])
    data = bmp(padded(HALVES[:, :7]), 4, 13, 24, colours=TABLE)
    yield valid("BMP 4, 13 wide", "narrow.bmp", data, SEEN[:, :13])
    black_white = padded(INDICES[::-1] % 2)
    data = bmp(black_white, 8, 32, 24, colours=greys(0, 255))
    yield valid("BMP 8, black and white alone", "bw.bmp", data, INDICES % 2, largest=1)
    halves = INDICES % 2
    data = bmp(
        padded(halves[::-1, ::2] << 4 | halves[::-1, 1::2]), 4, 32, 24, colours=greys(0, 255)
    )
    yield valid("BMP 4, black and white alone", "bw.bmp", data, halves, largest=1)
    data = bmp(padded(HALVES), 4, 32, 24, colours=greys(*range(16)))
    yield valid("BMP 4 of the darkest greys", "dark.bmp", data, INDICES)
    data = bmp(padded(GREY[::-1]), 8, 32, 24, colours=greys(*range(256)))
    yield valid("BMP 8 of all greys", "grey.bmp", data, GREY)
    data = bmp(padded(INDICES[::-1] * 0), 8, 32, 24, colours=greys(0))
    yield valid("BMP 8 of one colour", "one.bmp", data, INDICES * 0)
    full = TABLE + bytes(1024 - len(TABLE))
    data = bmp(padded(INDICES[::-1]), 8, 32, 24, colours=full, count=0)
    yield valid("BMP 8 that counts no colours", "zero.bmp", data, SEEN)
    data = bmp(padded(INDICES[::-1]), 8, 32, 24, colours=TABLE + bytes(1200), count=316)
    yield valid("BMP 8 with 316 colours", "many.bmp", data, SEEN)
    old = COLOURS[:, ::-1].tobytes()
    data = bmp(padded(HALVES), 4, 32, 24, colours=old, header=12)
    yield valid("BMP 4 of OS/2", "os2.bmp", data, SEEN)
    data = bmp(padded(INDICES[::-1]), 8, 32, 24, colours=old, header=12, gap=b"")
    yield valid("BMP 8 of OS/2, palette cut short", "os2.bmp", data, SEEN)
    # a colour that the palette lacks is black, as in Windows and in browsers
    data = bmp(padded(INDICES[::-1]), 8, 32, 24, colours=TABLE[: 4 * 9])
    yield valid("BMP 8 with fewer colours than used", "few.bmp", data, np.where(
        INDICES[..., None] < 9, SEEN, 0))  # fmt: skip


def bit_fields() -> Iterator[Case]:
    red, green, blue = (NOISE[::-1, :, i].astype("<u4") for i in range(3))
    alpha = ALPHA[::-1].astype("<u4")
    packed = (red >> 3 << 11 | green >> 2 << 5 | blue >> 3).astype("<u2").tobytes()
    seen = np.dstack((NOISE[..., 0] >> 3, NOISE[..., 1] >> 2, NOISE[..., 2] >> 3)) / (31, 63, 31)
    masks = struct.pack("<3I", 0xF800, 0x7E0, 0x1F)
    for header in (40, 124):
        data = bmp(packed, 16, 32, 24, compression=3, masks=masks, header=header)
        yield valid(f"BMP 565, header of {header}", "565.bmp", data, seen, 1 / 255, largest=1)
    packed = (blue | green << 8 | red << 16 | alpha << 24).astype("<u4").tobytes()
    masks = struct.pack("<3I", 0xFF0000, 0xFF00, 0xFF)
    data = bmp(packed, 32, 32, 24, compression=3, masks=masks)
    yield valid("BMP 32 with masks", "888.bmp", data, NOISE)
    masks += struct.pack("<I", 0xFF000000)
    for header in (56, 108):
        data = bmp(packed, 32, 32, 24, compression=3, masks=masks, header=header)
        seen = over_white(NOISE, ALPHA)
        yield valid(f"BMP with alpha, header of {header}", "alpha.bmp", data, seen)
    packed = (red | green << 8 | blue << 16 | alpha << 24).astype("<u4").tobytes()
    masks = struct.pack("<4I", 0xFF, 0xFF00, 0xFF0000, 0xFF000000)
    data = bmp(packed, 32, 32, 24, compression=3, masks=masks, header=124)
    yield valid("BMP with alpha, red first", "rgba.bmp", data, over_white(NOISE, ALPHA))
    for name, bits, rows, masks in (
        ("444", 16, bytes(1536), (0xF00, 0xF0, 0xF)),
        ("of 10 bits a colour", 32, bytes(3072), (0x3FF00000, 0xFFC00, 0x3FF)),
        ("that overlap", 32, bytes(3072), (0xFFFF00, 0xFFFF, 0xFF)),
    ):
        data = bmp(rows, bits, 32, 24, compression=3, masks=struct.pack("<3I", *masks))
        yield bad(f"BMP masks {name}", "masks.bmp", data)


def run_lengths() -> Iterator[Case]:
    singles = b"".join(b"".join(b"\1%c" % i for i in row) + b"\0\0" for row in INDICES[::-1])
    pairs = b"".join(b"".join(b"\2%c" % i for i in row) + b"\0\0" for row in HALVES)
    literal = b"".join(b"\0 " + row.tobytes() + b"\0\0" for row in INDICES[::-1])
    nibbles = b"".join(b"\0 " + row.tobytes() + b"\0\0" for row in HALVES)
    odd = b"".join(
        b"\0\x1f" + row[:31].tobytes() + b"\0\1%c\0\0" % row[31] for row in INDICES[::-1]
    )
    odd_nibbles = b"".join(b"\0\x1f" + row.tobytes() + b"\1%c\0\0" % (row[-1] << 4 & 240)
                           for row in HALVES)  # fmt: skip
    streams = {
        "of 8 bits": (singles + b"\0\1", 1), "of 4 bits": (pairs + b"\0\1", 2),
        "of 8 bits, literal": (literal + b"\0\1", 1), "of 4 bits, literal": (nibbles + b"\0\1", 2),
        "of 8 bits, odd literals": (odd + b"\0\1", 1),
        "of 4 bits, odd literals": (odd_nibbles + b"\0\1", 2),
        "without an end": (singles, 1),
        "that ends within its last row": (singles[:-2] + b"\0\1", 1),
    }  # fmt: skip
    for name, (rows, way) in streams.items():
        data = bmp(rows, 8 // way, 32, 24, colours=TABLE, compression=way)
        seen = SEEN.copy()
        if "4 bits, odd" in name:
            seen[:, 31] = COLOURS[INDICES[:, 31] & 15]
        yield valid(f"BMP runs {name}", "runs.bmp", data, seen)
    yield valid("BMP runs behind a gap of 1", "gap.bmp", bmp(
        odd + b"\0\1", 8, 32, 24, colours=TABLE, compression=1, gap=b"?"), SEEN)  # fmt: skip
    skipped = np.zeros((24, 32), np.uint8)
    skipped[-1, :4], skipped[-3, 9:14], skipped[-4, 20:22], skipped[0, 31] = 3, 4, 5, 6
    rows = b"\4\3\0\2\5\2\5\4\0\2\6\1\2\5\0\2\x09\x14\1\6\0\1"
    for way, twice in ((1, 1), (2, 17)):
        runs = bytearray(rows)
        for at in (1, 7, 13, 19):
            runs[at] *= twice
        data = bmp(bytes(runs), 8 // way, 32, 24, colours=TABLE, compression=way)
        name = f"BMP runs of {8 // way} bits that skip"
        yield valid(name, "delta.bmp", data, COLOURS[skipped])
    empty = np.zeros((24, 32), np.uint8)
    empty[-1], empty[-4] = 7, 9
    rows = b"\x20\7\0\0" + b"\0\0" * 2 + b"\x20\x09\0\1"
    data = bmp(rows, 8, 32, 24, colours=TABLE, compression=1)
    yield valid("BMP runs with empty rows, ended early", "rows.bmp", data, COLOURS[empty])
    short = b"".join(b"\3%c\0\0" % (i % 16) for i in range(24)) + b"\0\1"
    stairs = np.zeros((24, 32), np.uint8)
    stairs[::-1][:, :3] = (np.arange(24) % 16)[:, None]
    data = bmp(short, 8, 32, 24, colours=TABLE, compression=1)
    yield valid("BMP runs that end their rows early", "rows.bmp", data, COLOURS[stairs])
    long = b"".join(b"\xff%c\0\0" % (i % 16) for i in range(24)) + b"\0\1"
    data = bmp(long, 8, 32, 24, colours=TABLE, compression=1)
    bands = COLOURS[(np.arange(24)[::-1] % 16)].repeat(32, axis=0).reshape(24, 32, 3)
    yield valid("BMP runs longer than their rows", "long.bmp", data, bands)
    for name, rows in (
        ("cut off", singles[: len(singles) // 2]), ("cut off in a literal", literal[:20]),
        ("that skip too far", b"\0\2\0\x19" + singles),
        ("of nothing", b""),
    ):  # fmt: skip
        data = bmp(rows, 8, 32, 24, colours=TABLE, compression=1)
        yield bad(f"BMP runs {name}", "bad.bmp", data)


def wrong_bmp() -> Iterator[Case]:
    rows = padded(BGR)
    good = bmp(rows, 24, 32, 24)
    yield bad("BMP without its last row", "short.bmp", good[:-96])
    yield bad("BMP of 5 bits", "five.bmp", bmp(rows, 5, 32, 24))
    yield bad("BMP that holds a JPEG", "jpeg.bmp", bmp(rows, 24, 32, 24, compression=4))
    yield bad("BMP of compression 99", "99.bmp", bmp(rows, 24, 32, 24, compression=99))
    yield bad("BMP whose pixels lie beyond its end", "far.bmp", good[:10] + b"\xff" * 4 + good[14:])
    yield bad("BMP with a header of 17", "head.bmp", good[:14] + b"\x11" + good[15:])
    yield bad("BMP with a header of 4 billion", "head.bmp", good[:14] + b"\xff" * 4 + good[18:])
    yield bad("BMP of no width", "zero.bmp", bmp(rows, 24, 32, 24, size=(0, 24)))
    yield bad("BMP of no height", "zero.bmp", bmp(rows, 24, 32, 24, size=(32, 0)))
    yield bad("BMP of negative width", "neg.bmp", bmp(rows, 24, 32, 24, size=(-32, 24)))
    yield bad("BMP that claims 4 billion colours", "many.bmp", bmp(
        padded(INDICES), 8, 32, 24, colours=TABLE, count=2**31)[:99])  # fmt: skip
    yield bad("BMP header alone", "head.bmp", good[:54])
    bomb = bmp(b"\xff\0" * 98_000 + b"\0\1", 8, 20_000, 1_251, colours=TABLE, compression=1)
    yield bad("BMP runs of 25.02 megapixels", "bomb.bmp", bomb)
    large = bmp(b"\0\2\xff\xff" * 9, 8, 20_000, 1_250, colours=TABLE, compression=1)
    yield bad("BMP runs that skip over 25 megapixels", "bomb.bmp", large)
    assert RGB.shape == NOISE.shape
