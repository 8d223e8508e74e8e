"""BMP files rewritten so that Pillow reads what they say. Decodes run lengths, nothing else.

Pillow 13 takes a palette of black and white, or of the darkest greys, for pixels of another
depth, leaves out empty rows of run lengths, and refuses pictures that end before their last row,
as they may. Source: Microsoft's "Bitmap Storage" and "Bitmap Compression"; OS/2's header of 12.
"""

from __future__ import annotations

import re
import struct

RUNS_OF_8, RUNS_OF_4 = 1, 2
"""Values of the field of compression."""

RUNS = re.compile(rb"(?:[^\0].){1,4096}", re.DOTALL)
"""Pairs of a number and what is repeated; 0 for a number begins an escape."""

HALVES = bytes.maketrans(b"0123456789abcdef", bytes(range(16)))
"""From the digits of bytes to their halves."""


def claimed_size(data: bytes) -> tuple[int, int]:
    """The (width, height) that a file claims."""
    _, width, height, _, _, _ = _fields(data)
    return width, abs(height)


def plain(data: bytes) -> bytes:
    """A file with a palette as one that has all 256 colours, and runs as plain rows.

    Colours that are missing are black, as in Windows and in browsers. Rows that no run reaches
    have the first colour. Other files come back as they are.

    Args:
        data: The whole file, its size held to be small enough.

    Raises:
        ValueError, IndexError or struct.error: it is damaged or cut off.
    """
    header, width, height, bits, compression, count = _fields(data)
    if bits > 8:
        return data
    (at,) = struct.unpack_from("<I", data, 10)
    entry, start = (3 if header == 12 else 4), 14 + header
    end = min(at, start + entry * min(count or 1 << bits, 256))
    colours = [data[i : i + 3] + b"\0" for i in range(start, end - entry + 1, entry)]
    rows = data[at:]
    if compression in (RUNS_OF_8, RUNS_OF_4):
        rows = _unrolled(rows, width, height, bits)
        bits, compression = 8, 0
    block = struct.pack("<IiiHHIIiiII", 40, width, height, 1, bits, compression, 0, 0, 0, 256, 0)
    table = b"".join(colours).ljust(1024, b"\0")
    return b"BM" + struct.pack("<III", 0, 0, 54 + 1024) + block + table + rows


def _fields(data: bytes) -> tuple[int, int, int, int, int, int]:
    """Length of the header, width, height (negative: top row first), bits, compression, colours."""
    (header,) = struct.unpack_from("<I", data, 14)
    if header == 12:
        width, height, _, bits = struct.unpack_from("<4H", data, 18)
        return header, width, height, bits, 0, 0
    width, height, _, bits, compression = struct.unpack_from("<2i2HI", data, 18)
    (count,) = struct.unpack_from("<I", data, 46)
    if width <= 0 or not height:
        raise ValueError(f"{width} x {height} pixels")
    return header, width, height, bits, compression, count


def _unrolled(codes: bytes, width: int, height: int, bits: int) -> bytes:
    """Rows of one byte a pixel, each filled up to four; what reaches beyond a row is cut."""
    stride = -(-width // 4) * 4
    rows, table = bytearray(stride * height), _patterns(bits)
    row = col = position = 0
    while row * width + col < height * width:
        count, value = codes[position], codes[position + 1]
        if count:  # all runs up to the next escape
            pairs = RUNS.match(codes, position)[0]  # type: ignore[index]
            position += len(pairs)
            pairs = pairs[: 2 * max(0, width - col)]
            run = b"".join([table[v][:n] for n, v in zip(pairs[::2], pairs[1::2], strict=True)])
        elif value == 0:  # end of the row
            row, col, position = row + 1, 0, position + 2
            continue
        elif value == 1:  # end of the picture
            break
        elif value == 2:  # go right, and on by rows
            row, col = row + codes[position + 3], col + codes[position + 2]
            position += 4
            continue
        else:
            run, position = _literal(codes, position + 2, value, bits)
        run = run[: max(0, width - col)]
        rows[row * stride + col : row * stride + col + len(run)] = run
        col += len(run)
    if row > height or (row == height and col):
        raise ValueError("runs beyond the last row")
    return bytes(rows)


def _patterns(bits: int) -> list[bytes]:
    """What each byte is repeated as: a pixel of 8 bits, or two of 4 in turn."""
    if bits == 8:
        return [bytes((value,)) * 255 for value in range(256)]
    return [bytes((value >> 4, value & 15)) * 128 for value in range(256)]


def _literal(codes: bytes, position: int, count: int, bits: int) -> tuple[bytes, int]:
    """That many pixels as they are, and where the next code is: at an even place."""
    length = -(-count * bits // 8)
    taken = codes[position : position + length]
    if len(taken) < length:
        raise ValueError("cut off")
    if bits == 4:
        taken = taken.hex().encode().translate(HALVES)
    return taken[:count], position + length + length % 2
