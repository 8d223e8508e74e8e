"""What a picture file says of itself, read before a pixel is decoded. Decodes nothing.

The content decides on the format, never the name. Text, colour profiles, previews and
animation are left out of what goes to the decoder: nobody looks at them, and they are where
bombs and malformed blocks hide. Anything out of order raises `ValueError`, `IndexError` or
`struct.error`, which the loader turns into one sentence.
"""

from __future__ import annotations

import struct
import zlib

from cnnviz.core.messages import Explained
from cnnviz.core.pictures import jpeg

SIGNATURES = {
    "PNG": (b"\x89PNG\r\n\x1a\n",),
    "JPEG": (b"\xff\xd8\xff",),
    "GIF": (b"GIF87a", b"GIF89a"),
    "BMP": (b"BM",),
    "WEBP": (b"RIFF",),
}
"""How the files that are accepted begin; WebP has its name at byte 8 besides."""

STRANGERS = (
    (4, b"ftyphei", "HEIC"),
    (4, b"ftyphev", "HEIC"),
    (4, b"ftypmif1", "HEIC"),
    (4, b"ftypmsf1", "HEIC"),
    (4, b"ftypavi", "AVIF"),
    (0, b"%PDF", "PDF"),
    (0, b"%!PS", "EPS"),
    (0, b"II*\0", "TIFF"),
    (0, b"MM\0*", "TIFF"),
    (0, b"8BPS", "PSD"),
    (0, b"\0\0\1\0", "ICO"),
    (0, b"PK\3\4", "ZIP"),
)
"""Place, bytes and name of files that people do bring, so that a refusal can name them."""

PNG_CHUNKS = (b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND")
"""What the pixels need. PNG specification, third edition, section 11."""

ADAM7 = ((8, 8, 0, 0), (8, 8, 0, 4), (8, 4, 4, 0), (4, 4, 0, 2), (4, 2, 2, 0), (2, 2, 0, 1),
         (2, 1, 1, 0))  # fmt: skip
"""Steps of rows and columns and the first of each, in each pass: PNG specification, 8.1."""

CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
"""Numbers a pixel of each colour type of PNG."""

EXIF_ORIENTATION = 0x0112
"""Exif 2.32, table 4."""


def sniff(data: bytes) -> str:
    """Name the format of a file by its content: a key of `SIGNATURES`.

    Raises:
        Explained: it is none of them; it names the format where it is a common one.
    """
    for name, beginnings in SIGNATURES.items():
        if data.startswith(beginnings) and (name != "WEBP" or data[8:12] == b"WEBP"):
            return name
    found = [name for at, magic, name in STRANGERS if data.startswith(magic, at)]
    if b"<svg" in data[:1024].lower():
        found = ["SVG"]
    if found:
        raise Explained(
            "This is a file of type {format}, which cannot be opened here; "
            "save the picture as PNG or JPEG first.",
            format=found[0],
        )
    raise Explained("This is no picture of type PNG, JPEG, GIF, BMP or WebP.")


def without_metadata(data: bytes, name: str) -> tuple[bytes, bytes]:
    """Keep what the pixels need, and the EXIF block apart (empty where there is none)."""
    if name == "PNG":
        return _bare_png(data)
    if name == "JPEG":
        return jpeg.bare(data)
    return (_bare_gif(data) if name == "GIF" else data), b""


def orientation(exif: bytes) -> int:
    """How the camera was held: 1 (upright) to 8; 1 for whatever cannot be read.

    Reads the one number itself: the block comes from anywhere and is often broken.
    """
    block = exif.removeprefix(b"Exif\0\0")
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(block[:4])
    if order is None:
        return 1
    try:
        (start,) = struct.unpack_from(order + "I", block, 4)
        (count,) = struct.unpack_from(order + "H", block, start)
        for entry in range(start + 2, start + 2 + 12 * count, 12):
            tag, kind, _, value = struct.unpack_from(order + "HHIH", block, entry)
            if tag == EXIF_ORIENTATION and kind == 3 and 1 <= value <= 8:  # 3: 16-bit number
                return int(value)
    except struct.error:
        return 1
    return 1


def _bare_png(data: bytes) -> tuple[bytes, bytes]:
    """Only `PNG_CHUNKS`, their checksums held: Pillow does not check those of the pixels."""
    kept, exif, position, name = [data[:8]], b"", 8, b""
    while name != b"IEND":
        length, name = struct.unpack_from(">I4s", data, position)
        chunk = data[position : position + length + 12]
        is_first, position = position == 8, position + length + 12
        if is_first != (name == b"IHDR") or (name[:1].isupper() and name not in PNG_CHUNKS):
            raise ValueError(f"the chunk {name!r} stands where it must not")
        if name == b"eXIf":
            exif = chunk[8:-4]
        if name in PNG_CHUNKS:
            (checksum,) = struct.unpack(">I", chunk[-4:])
            if len(chunk) < length + 12 or zlib.crc32(chunk[4:-4]) != checksum:
                raise ValueError(f"the chunk {name!r} is damaged")
            kept.append(chunk)
    return b"".join(kept), exif


def refuse_short_png(bare: bytes) -> None:
    """Hold the packed pixels to their number and their checksum, which Pillow does not.

    Args:
        bare: A PNG of `PNG_CHUNKS` alone, its size held to be small enough.
    """
    width, height, depth, colour, *ways = struct.unpack_from(">IIBBBBB", bare, 16)
    if ways[:2] != [0, 0] or ways[2] > 1:
        raise ValueError(f"unknown packing, filtering or interlacing {ways}")
    steps = ADAM7 if ways[2] else ((1, 1, 0, 0),)
    left, position, stream = 0, 8, zlib.decompressobj()
    for row_step, col_step, row, col in steps:
        rows, cols = -(-(height - row) // row_step), -(-(width - col) // col_step)
        left += rows * (1 + -(-cols * CHANNELS[colour] * depth // 8)) if cols > 0 else 0
    while position < len(bare):
        length, name = struct.unpack_from(">I4s", bare, position)
        packed = bare[position + 8 : position + 8 + length] if name == b"IDAT" else b""
        while packed and left >= 0:
            left -= len(stream.decompress(packed, 1 << 20))
            packed = stream.unconsumed_tail
        position += length + 12
    if left > 0:
        raise ValueError(f"{left} bytes of pixels are missing")


def _bare_gif(data: bytes) -> bytes:
    """Without comments and the like before the first frame. Source: GIF89a, 17 to 26."""
    position = _gif_blocks(data)
    kept = [data[:position]]
    while data[position] == 0x21:  # an extension: a label, then blocks up to an empty one
        start, position = position, position + 2
        while data[position]:
            position += data[position] + 1
        position += 1
        if data[start + 1 : start + 3] == b"\xf9\x04" and position == start + 8:
            # graphic control, which holds the transparent colour
            kept.append(data[start:position])
    if data[position] != 0x2C:
        raise ValueError("no frame")
    return b"".join((*kept, data[position:]))


def _gif_blocks(data: bytes) -> int:
    """Where the blocks begin: behind the screen and its palette."""
    flags = data[10]
    return 13 + (3 << (flags & 7) + 1 if flags & 128 else 0)


def gif_size(bare: bytes) -> tuple[int, int]:
    """The screen, or the first frame where that reaches beyond it. Source: GIF89a, 18 and 20."""
    width, height = struct.unpack_from("<2H", bare, 6)
    position = _gif_blocks(bare)
    while bare[position] == 0x21:
        position += 8  # a graphic control extension, the only one left
    left, top, frame_width, frame_height = struct.unpack_from("<4H", bare, position + 1)
    return max(width, left + frame_width), max(height, top + frame_height)
