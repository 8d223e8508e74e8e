"""Small writers of picture files, so that the tests know each pixel without any decoder."""

import struct
import zlib

import numpy as np

ADAM7 = ((0, 0, 8, 8), (0, 4, 8, 8), (4, 0, 8, 4), (0, 2, 4, 4), (2, 0, 4, 2), (0, 1, 2, 2),
         (1, 0, 2, 1))  # fmt: skip
"""First row and column and their steps in each pass: PNG specification, section 8.2."""


def chunk(name, data):
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def scanlines(pixels, depth):
    """Rows of (H, W, channels) samples packed to `depth` bits, each behind filter type 0."""
    rows = pixels.reshape(pixels.shape[0], -1)
    if depth == 16:
        packed = rows.astype(">u2").view(np.uint8)
    else:
        bits = np.unpackbits(rows.astype(np.uint8)[..., None], axis=2)[..., 8 - depth :]
        packed = np.packbits(bits.reshape(len(rows), -1), axis=1)
    return np.insert(packed, 0, 0, axis=1).tobytes()


def png(pixels, colour, depth=8, *, before=b"", after=b"", interlaced=False, size=None):
    """A PNG of (H, W, channels) samples, with raw chunks before and after the pixels.

    Colour types: 0 grey, 2 RGB, 3 palette, 4 grey and alpha, 6 RGBA. `size`: a lie.
    """
    height, width = size or pixels.shape[:2]
    passes = [pixels[r::rs, c::cs] for r, c, rs, cs in ADAM7] if interlaced else [pixels]
    body = b"".join(scanlines(part, depth) for part in passes if part.size)
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, interlaced)
    return b"".join(
        (
            b"\x89PNG\r\n\x1a\n",
            chunk(b"IHDR", header),
            before,
            chunk(b"IDAT", zlib.compress(body)),
            after,
            chunk(b"IEND", b""),
        )
    )


def palette(colours):
    return chunk(b"PLTE", np.asarray(colours, np.uint8).tobytes())


def bmp(rows, bits, width, height, *, colours=b"", compression=0, masks=b"", size=None):
    """A BMP of encoded rows (each already padded, bottom row first unless height < 0)."""
    at = 54 + len(masks) + len(colours)
    claimed_width, claimed_height = size or (width, height)
    header = struct.pack("<2sIII", b"BM", at + len(rows), 0, at)
    header += struct.pack(
        "<IiiHHIIiiII", 40, claimed_width, claimed_height, 1, bits, compression, len(rows),
        2835, 2835, len(colours) // 4, 0,
    )  # fmt: skip
    return header + masks + colours + rows


def padded(rows):
    """(H, bytes) uint8 with each row filled up to a multiple of four bytes."""
    return np.pad(rows, ((0, 0), (0, -rows.shape[1] % 4))).tobytes()


def exif(orientation, order=">"):
    """A TIFF block with nothing but the orientation."""
    mark = b"MM" if order == ">" else b"II"
    entry = struct.pack(order + "HHIHH", 0x0112, 3, 1, orientation, 0)
    return mark + struct.pack(order + "HIH", 42, 8, 1) + entry + struct.pack(order + "I", 0)


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


def turned(upright, orientation):
    """How a camera stores (H, W, ...) so that this EXIF orientation makes it upright.

    The orientation says where the first stored row and column lie in the upright picture
    (Exif 2.32, table 4): 6 means that row 0 is its right side and column 0 its top.
    """
    swapped = upright.swapaxes(0, 1)
    return {
        1: upright,
        2: upright[:, ::-1],
        3: upright[::-1, ::-1],
        4: upright[::-1],
        5: swapped,
        6: swapped[::-1],
        7: swapped[::-1, ::-1],
        8: swapped[:, ::-1],
    }[orientation]
