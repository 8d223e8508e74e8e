"""BMP files, valid and broken, with the pixels of the arrays that they were made of."""

import struct
from collections.abc import Iterator

import numpy as np

from tests.pictures.cases import ALPHA, COLOURS, INDICES, NOISE, SEEN, Case, bad, over_white, valid

TABLE = np.insert(COLOURS[:, ::-1], 3, 0, axis=1).tobytes()
HALVES = INDICES[::-1, ::2] << 4 | INDICES[::-1, 1::2]


def bmp(rows, bits, width, height, *, colours=b"", compression=0, masks=b"", size=None, header=40):
    """A BMP of encoded rows (each already padded, bottom row first unless height < 0).

    `header`: its length, 12 for OS/2, 40, 56 and 124 for Windows; the masks lie in the longer.
    """
    width, height = size or (width, height)
    if header == 12:
        block = struct.pack("<IHHHH", 12, width, height, 1, bits)
    else:
        block = struct.pack("<IiiHHIIiiII", header, width, height, 1, bits, compression,
                            len(rows), 2835, 2835, len(colours) // 4, 0)  # fmt: skip
    block = (block + masks).ljust(header, b"\0") + colours
    at = 14 + len(block)
    return struct.pack("<2sIII", b"BM", at + len(rows), 0, at) + block + rows


def padded(rows):
    """(H, bytes) uint8 with each row filled up to a multiple of four bytes."""
    return np.pad(rows, ((0, 0), (0, -rows.shape[1] % 4))).tobytes()


def colour_bmp() -> Iterator[Case]:
    rows = NOISE[:, :29, ::-1].reshape(24, -1)
    yield valid("BMP 24, 29 wide", "a.bmp", bmp(padded(rows[::-1]), 24, 29, 24), NOISE[:, :29])
    yield valid("BMP top down", "a.bmp", bmp(padded(rows), 24, 29, -24), NOISE[:, :29])
    four = np.dstack((NOISE[..., ::-1], ALPHA))[::-1].tobytes()
    yield valid("BMP 32", "a.bmp", bmp(four, 32, 32, 24), NOISE)
    masks = struct.pack("<4I", 0xFF0000, 0xFF00, 0xFF, 0xFF000000)
    data = bmp(four, 32, 32, 24, compression=3, masks=masks, header=56)
    yield valid("BMP with alpha", "alpha.bmp", data, over_white(NOISE, ALPHA))
    red, green, blue = (NOISE[::-1, :, i].astype("<u2") for i in range(3))
    packed = (red >> 3 << 10 | green >> 3 << 5 | blue >> 3).tobytes()
    yield valid("BMP 16", "a.bmp", bmp(packed, 16, 32, 24), NOISE >> 3, 1 / 255, largest=31)
    packed = (red >> 3 << 11 | green >> 2 << 5 | blue >> 3).tobytes()
    masks = struct.pack("<3I", 0xF800, 0x7E0, 0x1F)
    seen = np.dstack((NOISE[..., 0] >> 3, NOISE[..., 1] >> 2, NOISE[..., 2] >> 3)) / (31, 63, 31)
    data = bmp(packed, 16, 32, 24, compression=3, masks=masks, header=124)
    yield valid("BMP 565", "565.bmp", data, seen, 1 / 255, largest=1)


def palette_bmp() -> Iterator[Case]:
    yield valid("BMP 8", "a.bmp", bmp(padded(INDICES[::-1]), 8, 32, 24, colours=TABLE), SEEN)
    data = bmp(padded(HALVES[:, :7]), 4, 13, 24, colours=TABLE)
    yield valid("BMP 4, 13 wide", "a.bmp", data, SEEN[:, :13])
    bits = padded(np.packbits(INDICES[::-1] % 2, axis=1))
    white_first = b"\xff\xff\xff\0" + bytes(4)
    data = bmp(bits, 1, 32, 24, colours=white_first)
    yield valid("BMP 1, white first", "a.bmp", data, 1 - INDICES % 2, largest=1)
    data = bmp(padded(HALVES), 4, 32, 24, colours=COLOURS[:, ::-1].tobytes(), header=12)
    yield valid("BMP 4 of OS/2", "os2.bmp", data, SEEN)
    singles = b"".join(b"".join(b"\1%c" % i for i in row) + b"\0\0" for row in INDICES[::-1])
    literal = b"".join(b"\0 " + row.tobytes() + b"\0\0" for row in HALVES)
    for bits, runs in ((8, singles), (4, literal)):
        data = bmp(runs + b"\0\1", bits, 32, 24, colours=TABLE, compression=8 // bits)
        yield valid(f"BMP runs of {bits} bits", "runs.bmp", data, SEEN)
    data = bmp(singles[:400], 8, 32, 24, colours=TABLE, compression=1)
    yield bad("BMP runs cut off", "runs.bmp", data)
    data = bmp(singles + b"\0\1", 8, 32, 24, colours=TABLE, compression=1)
    yield valid("BMP runs without their end", "runs.bmp", data[:-2], SEEN)
    data = bmp(padded(INDICES[::-1, :29]), 8, 29, 24, colours=TABLE)
    yield valid("BMP without its last padding", "short.bmp", data[:-3], SEEN[:, :29])
    yield bad("BMP without its last pixel", "short.bmp", data[:-4])


def wrong_bmp() -> Iterator[Case]:
    rows = padded(NOISE.reshape(24, -1))
    yield bad("BMP of 5 bits", "five.bmp", bmp(rows, 5, 32, 24))
    yield bad("BMP that holds a JPEG", "jpeg.bmp", bmp(rows, 24, 32, 24, compression=4))
