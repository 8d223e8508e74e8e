"""The first picture of a GIF. Source: GIF89a, sections 17 to 26."""

from __future__ import annotations

import struct

from cnnviz.core.pictures.formats.single import Single, placed


def first_of_gif(data: bytes) -> Single:
    """Return the first frame, without comments and the like before it.

    What it leaves free of the screen is transparent, as in browsers. A frame larger than the
    screen makes that larger.
    """
    at, control = _frame_at(data)
    left, top, width, height, flags = struct.unpack_from("<4HB", data, at + 1)
    screen = struct.unpack_from("<HH", data, 6)
    canvas = max(screen[0], left + width), max(screen[1], top + height)
    start = at + 10 + _palette_size(flags)
    size = struct.pack("<HH", width, height)
    head = data[:6] + size + data[10 : 13 + _palette_size(data[10])] + control
    frame = b"," + bytes(4) + size + data[at + 9 : start + 1] + _codes(data, start + 1)
    return placed(head + frame + b";", (width, height), (left, top), canvas)


def _palette_size(flags: int) -> int:
    return 3 << (flags & 7) + 1 if flags & 128 else 0


def _frame_at(data: bytes) -> tuple[int, bytes]:
    """Return where the first frame begins, and the extension that has its transparent colour."""
    position, control = 13 + _palette_size(data[10]), b""
    while data[position] != 0x2C:
        if data[position] != 0x21:  # decoders go on to the next block that they know
            position += 1
            continue
        start, position = (
            position,
            position + 2,
        )  # an extension: a label, then blocks up to an empty one
        while data[position]:
            position += data[position] + 1
        position += 1
        if data[start + 1 : start + 3] == b"\xf9\x04" and position == start + 8:
            control = data[start:position]
    return position, control


def _codes(data: bytes, start: int) -> bytes:
    """Return the blocks with the pixels' codes and an empty one; the last may be cut off."""
    position = start
    while position < len(data) and data[position]:
        if position + data[position] >= len(data):
            rest = data[position + 1 :]
            return data[start:position] + (bytes((len(rest),)) + rest if rest else b"") + b"\0"
        position += data[position] + 1
    return data[start:position] + b"\0"
