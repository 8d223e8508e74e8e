"""GIF files, valid and broken, with the pixels of the arrays that they were made of."""

import struct
from collections.abc import Iterator

import numpy as np

from tests.pictures.cases import COLOURS, GREY, INDICES, SEEN, Case, bad, saved, valid, with_palette

TABLE = COLOURS.tobytes()
SIZE = INDICES.shape


def lzw(values, bits):
    """Bytes below 2 ** bits as LZW codes, lowest bit first: GIF89a, appendix F."""
    clear = 1 << bits
    table, width, word = {bytes((i,)): i for i in range(clear)}, bits + 1, b""
    codes = [(clear, width)]
    for value in values:
        longer = word + bytes((value,))
        if longer in table:
            word = longer
            continue
        codes.append((table[word], width))
        table[longer] = len(table) + 2
        width += len(table) + 1 == 1 << width
        word = longer[-1:]
    total = place = 0
    for code, size in (*codes, (table[word], width), (clear + 1, width)):
        total |= code << place
        place += size
    return total.to_bytes(-(-place // 8), "little")


def blocks(data):
    """GIF's blocks of a length and that many bytes, up to an empty one."""
    parts = [data[i : i + 255] for i in range(0, len(data), 255)]
    return b"".join(bytes((len(part),)) + part for part in parts) + b"\0"


def gif_frame(indices, *, bits=4, at=(0, 0), local=b"", stream=None):
    """One picture of a GIF; `at`: its first row and column; `stream`: instead of its own codes."""
    height, width = indices.shape
    flags = 0x80 | (len(local) // 3).bit_length() - 2 if local else 0
    head = struct.pack("<B4HB", 0x2C, at[1], at[0], width, height, flags)
    codes = lzw(indices.astype(np.uint8).tobytes(), bits) if stream is None else stream
    return head + local + bytes((bits,)) + blocks(codes)


def gif(*parts, screen, colours=b"", version=b"GIF89a"):
    """Frames and extensions behind a screen of (height, width) with a palette or none."""
    flags = 0x80 | (len(colours) // 3).bit_length() - 2 if colours else 0
    head = version + struct.pack("<HHBBB", screen[1], screen[0], flags, 0, 0)
    return head + colours + b"".join(parts) + b";"


def transparent(index, disposal=0):
    """A GIF's graphic control extension with a transparent index."""
    return b"!\xf9\4" + bytes((disposal << 2 | 1, 0, 0, index, 0))


def pillow_gif() -> Iterator[Case]:
    first, second = with_palette(INDICES, COLOURS), with_palette(15 - INDICES, COLOURS)
    yield valid("GIF", "a.gif", saved("GIF", first), SEEN)
    yield valid("GIF interlaced", "a.gif", saved("GIF", first, interlace=1), SEEN)
    yield valid("grey GIF", "grey.gif", saved("GIF", GREY), GREY)
    pixels = np.where(INDICES[..., None] == 3, 255, SEEN)
    data = saved("GIF", first, transparency=3)
    yield valid("GIF with a transparent entry", "t.gif", data, pixels)
    animated = {"save_all": True, "append_images": [second], "duration": 50}
    data = saved("GIF", first, comment=b"<b>" * 200, **animated)
    yield valid("animated GIF, first frame", "a.gif", data, SEEN)


def coded_gif() -> Iterator[Case]:
    """Palettes, extensions, and a frame that leaves a part of the screen transparent: white."""
    two = gif_frame(INDICES % 2, bits=2)
    data = gif(two, screen=SIZE, colours=TABLE[:6], version=b"GIF87a")
    yield valid("GIF 87a of 2 colours", "two.gif", data, COLOURS[INDICES % 2])
    pixels = np.frombuffer(TABLE[::-1], np.uint8).reshape(-1, 3)[INDICES]
    data = gif(gif_frame(INDICES, local=TABLE[::-1]), screen=SIZE, colours=TABLE)
    yield valid("GIF with a local palette", "local.gif", data, pixels)
    pixels = np.full((30, 40, 3), 255)
    pixels[3:27, 5:37] = np.where(INDICES[..., None] == 2, 255, SEEN)
    frame = transparent(2, disposal=2) + gif_frame(INDICES, at=(3, 5))
    data = gif(frame, screen=(30, 40), colours=TABLE)
    yield valid("GIF frame inside the screen, transparent", "inside.gif", data, pixels)
    extensions = (
        b"!\xff\x0bNETSCAPE2.0" + blocks(b"\1\0\0"), b"!\xfe" + blocks(b"<script>" * 90),
        b"!\1\x0c" + bytes(12) + blocks(b"plain text"), b"!\x99" + blocks(b"?" * 300),
    )  # fmt: skip
    data = gif(*extensions, transparent(2), gif_frame(INDICES), screen=SIZE, colours=TABLE)
    pixels = np.where(INDICES[..., None] == 2, 255, SEEN)
    yield valid("GIF with each extension", "ext.gif", data, pixels)


def placed_gif() -> Iterator[Case]:
    """Frames that leave something of the screen free, which is no colour of theirs."""
    pixels = np.full((30, 40, 3), 255)
    pixels[3:27, 5:37] = SEEN
    for name, ground in (("", 0), (" on a ground", 5)):
        data = gif(gif_frame(INDICES, at=(3, 5)), screen=(30, 40), colours=TABLE)
        data = data[:11] + bytes((ground,)) + data[12:]
        yield valid(f"GIF frame inside the screen{name}", "inside.gif", data, pixels)
    data = gif(gif_frame(INDICES, at=(3, 5)), screen=(20, 20), colours=TABLE)
    yield valid("GIF frame beyond its screen", "beyond.gif", data, pixels[:27, :37])
    first = transparent(0, disposal=1) + gif_frame(np.zeros((1, 1), np.uint8))
    data = gif(first, gif_frame(INDICES), screen=SIZE, colours=TABLE)
    yield valid("GIF whose first frame is empty", "empty.gif", data, np.full((24, 32), 255))
    whole = gif(gif_frame(INDICES), screen=SIZE, colours=TABLE)
    for left_out in (1, 2, 3):  # the trailer, the empty block, the code that ends the pixels
        data = whole[:-left_out]
        yield valid(f"GIF without its last {left_out} bytes", "end.gif", data, SEEN)
    yield bad("GIF without its last pixel", "end.gif", whole[:-5])


def wrong_gif() -> Iterator[Case]:
    parts = {
        "with half its pixels": gif_frame(INDICES, stream=lzw(INDICES[:12].tobytes(), 4)),
        "without frames": b"",
        "whose extension has no end": b"!\xfe" + b"\x04abcd" * 9,
    }  # fmt: skip
    for name, part in parts.items():
        yield bad(f"GIF {name}", "wrong.gif", gif(part, screen=SIZE, colours=TABLE))
