"""The first picture of a PNG. Source: Portable Network Graphics, third edition, W3C."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from itertools import chain

from cnnviz.core.pictures.formats.single import Single, placed

PNG_KEPT = (b"IHDR", b"PLTE", b"tRNS", b"eXIf")
"""Chunks before the pixels that say how to read and turn them, in order."""

SAMPLES = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
"""Numbers to a pixel, by the kind of colours: grey, RGB, palette, grey and alpha, RGB and alpha."""
ADAM7 = ((0, 0, 8, 8), (0, 4, 8, 8), (4, 0, 8, 4), (0, 2, 4, 4), (2, 0, 4, 2), (0, 1, 2, 2),
         (1, 0, 2, 1))  # fmt: skip
"""First row and column and their steps, of each pass over an interlaced picture."""
PIECE = 2**20
"""Bytes unpacked at a time: only counted."""

Chunk = tuple[bytes, bytes]
"""Name and content."""


def first_of_png(data: bytes) -> Single:
    """Return the picture; of an animation the first frame, as browsers show it.

    Where the picture in the usual place is no part of the animation, that is another one. Chunks
    behind the pixels say nothing, as in browsers: such an eXIf turns nothing.
    """
    chunks, before, pixels = _chunks(data), dict[bytes, bytes](), list[bytes]()
    after: Chunk = (b"IEND", b"")
    for name, content in chunks:
        if name == b"IDAT":
            pixels.append(content)
        elif pixels:
            after = name, content
            break
        elif name in PNG_KEPT or name[:1].islower():
            before.setdefault(name, content)
        else:
            raise ValueError(f"{name!r} is damaged, or must be known to read the pixels")
    size = struct.unpack_from(">II", before[b"IHDR"])
    if not any(before.get(b"acTL", b"")[:4]):
        return Single(_png_of(before, pixels))
    if b"fcTL" in before:
        if struct.unpack_from(">5I", before[b"fcTL"]) != (0, *size, 0, 0):
            raise ValueError("the first frame is not the picture")
        return Single(_png_of(before, pixels))
    return _first_frame(chain([after], chunks), before, size)


def has_all_pixels(png: bytes) -> bool:
    """Whether a file of `first_of_png` has all its pixels; Pillow makes up black ones.

    They are unpacked to be counted, and not kept.
    """
    parts = dict(_chunks(png))
    unpacking, rest, left = zlib.decompressobj(), parts[b"IDAT"], _scanlines(parts[b"IHDR"])
    while left > 0 and not unpacking.eof:
        piece = unpacking.decompress(rest, PIECE)
        rest, left = unpacking.unconsumed_tail, left - len(piece)
        if not piece and not rest:
            break
    return left <= 0


def _scanlines(header: bytes) -> int:
    """Return how many bytes the unpacked pixels take, with the filter's byte before each row."""
    width, height, depth, colours, *_others, is_interlaced = struct.unpack(">IIBBBBB", header)
    total = 0
    for top, left, down, right in ADAM7 if is_interlaced else ((0, 0, 1, 1),):
        rows, cols = -(-(height - top) // down), -(-(width - left) // right)
        if rows > 0 and cols > 0:
            total += rows * (1 + -(-cols * depth * SAMPLES[colours] // 8))
    return total


def _first_frame(
    chunks: Iterator[Chunk], before: dict[bytes, bytes], canvas: tuple[int, int]
) -> Single:
    """Make a picture of the first frame behind the one that is not part of the animation."""
    control, pixels = b"", list[bytes]()
    for name, content in chunks:
        if name == b"fcTL" and not control:
            control = content
        elif name == b"fdAT" and control:
            pixels.append(content[4:])
        elif pixels:
            break
    number, width, height, left, top = struct.unpack_from(">5I", control)
    if number:
        raise ValueError("the animation does not begin with its first frame")
    header = struct.pack(">II", width, height) + before[b"IHDR"][8:]
    data = _png_of({**before, b"IHDR": header}, pixels)
    return placed(data, (width, height), (left, top), canvas)


def _chunks(data: bytes) -> Iterator[Chunk]:
    """Read chunk by chunk: one whose checksum is wrong has no name, one cut off is not checked."""
    position = 8
    while position + 8 <= len(data):
        length, name = struct.unpack_from(">I4s", data, position)
        end = position + 8 + length
        content, checksum = data[position + 8 : end], data[end : end + 4]
        is_wrong = len(checksum) == 4 and int.from_bytes(checksum) != zlib.crc32(name + content)
        yield (b"" if is_wrong else name), content
        position = end + 4


def _png_of(before: dict[bytes, bytes], pixels: list[bytes]) -> bytes:
    """Put a PNG together."""
    kept = [(name, before[name]) for name in PNG_KEPT if name in before]
    parts = [*kept, (b"IDAT", b"".join(pixels)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*part) for part in parts)


def _chunk(name: bytes, content: bytes) -> bytes:
    checksum = zlib.crc32(content, zlib.crc32(name))
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", checksum)
