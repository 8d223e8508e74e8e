"""What a picture file is by its first bytes, and what of it need not reach the decoder.

The content decides on the format, never the name. Anything out of order raises `ValueError`,
`IndexError` or `struct.error`, which the loader turns into one sentence.
"""

from __future__ import annotations

import re
import struct

from cnnviz.core.messages import Explained

SIGNATURES = {
    "PNG": (b"\x89PNG\r\n\x1a\n",),
    "JPEG": (b"\xff\xd8\xff",),
    "GIF": (b"GIF87a", b"GIF89a"),
    "BMP": (b"BM",),
    "WEBP": (b"RIFF",),
}
"""How the accepted files begin; a WebP also has its name at byte 8."""

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

JPEG_MARKER = re.compile(rb"\xff([\xc0-\xcf\xd9-\xfe])")
"""Where libjpeg finds a segment; what else follows 0xFF stands alone or belongs to the pixels."""
JPEG_METADATA = (*range(0xE1, 0xEE), 0xEF, 0xFE)
"""Application segments and comments, but JFIF's and Adobe's, which tell how colours are coded."""
MAX_SCANS = 50
"""Each scan of a JPEG passes over all its pixels: 100 kB can hold thousands."""


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


def without_metadata(data: bytes, name: str) -> bytes:
    """Leave out blocks that nobody looks at and whose number Pillow does not bound."""
    return {"JPEG": _bare_jpeg, "GIF": _bare_gif}.get(name, bytes)(data)


def _bare_jpeg(data: bytes) -> bytes:
    """Only the first picture of a file, with its EXIF block. Source: ITU-T T.81, annex B."""
    kept, position, scans, has_exif = bytearray(data[:2]), 2, 0, False
    while found := JPEG_MARKER.search(data, position):
        marker, start = found[1][0], found.start()
        if marker == 0xD9:  # end of image
            return bytes(kept + data[position : start + 2])
        (length,) = struct.unpack_from(">H", data, start + 2)
        scans += marker == 0xDA
        if length < 2 or scans > MAX_SCANS:
            raise ValueError(f"a segment of {length} bytes, or more than {MAX_SCANS} scans")
        end = start + 2 + length
        is_exif = marker == 0xE1 and data.startswith(b"Exif\0\0", start + 4) and not has_exif
        has_exif |= is_exif
        kept += data[position : end if is_exif or marker not in JPEG_METADATA else start]
        position = end
    raise ValueError("no end of the image")


def _bare_gif(data: bytes) -> bytes:
    """Without comments and the like before the first frame. Source: GIF89a, 17 to 26."""
    flags = data[10]
    position = 13 + (3 << (flags & 7) + 1 if flags & 128 else 0)  # behind the palette
    kept = bytearray(data[:position])
    while data[position] == 0x21:  # an extension: a label, then blocks up to an empty one
        start, position = position, position + 2
        while data[position]:
            position += data[position] + 1
        position += 1
        if data[start + 1 : start + 3] == b"\xf9\x04" and position == start + 8:
            kept += data[start:position]  # graphic control: the transparent colour
    return bytes(kept + data[position:])
