"""The first picture of a WebP. Source: WebP container specification, and RFC 9649."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from cnnviz.core.pictures.formats.single import Single, placed

_ALPHA, _EXIF, _ANIMATION = 16, 8, 2
"""Flags of the chunk VP8X."""


def first_of_webp(data: bytes) -> Single:
    """Return the picture or the first frame; what that leaves of the canvas is transparent.

    Kept beside the pixels is the EXIF block, which lies behind them. Chunks say their own size, so
    the one that the file claims may be wrong.
    """
    parts = dict[bytes, bytes]()
    for name, content in _riff_chunks(data, 12):
        parts.setdefault(name, content)
    header = parts.get(b"VP8X", b"")
    if not header:
        return Single(_webp_of(parts))
    canvas = _size24(header, 4)
    exif = parts.get(b"EXIF", b"") if header[0] & _EXIF else b""
    if header[0] & _EXIF and not exif and len(data) < 8 + int.from_bytes(data[4:8], "little"):
        raise ValueError("nobody knows which way up it is: the end with its EXIF block is missing")
    if not header[0] & _ANIMATION:
        return Single(_webp_of(parts, canvas, exif))
    frame = parts[b"ANMF"]
    left, top = (2 * _number24(frame, at) for at in (0, 3))
    size = _size24(frame, 6)
    data = _webp_of(dict(_riff_chunks(frame, 16)), size, exif)
    return placed(data, size, (left, top), canvas)


def _riff_chunks(data: bytes, position: int) -> Iterator[tuple[bytes, bytes]]:
    """Read name and content of each chunk that is all there, and of a frame what is there."""
    while position + 8 <= len(data):
        name, length = struct.unpack_from("<4sI", data, position)
        if position + 8 + length <= len(data) or name == b"ANMF":
            yield name, data[position + 8 : position + 8 + length]
        position += 8 + length + length % 2


def _number24(data: bytes, at: int) -> int:
    return int.from_bytes(data[at : at + 3], "little")


def _size24(data: bytes, at: int) -> tuple[int, int]:
    """Width and height, of which files hold one less."""
    return _number24(data, at) + 1, _number24(data, at + 3) + 1


def _webp_of(
    parts: dict[bytes, bytes], size: tuple[int, int] | None = None, exif: bytes = b""
) -> bytes:
    """Put a WebP with one picture together; `size` where there is more than its pixels."""
    names = (b"VP8L",) if b"VP8L" in parts else (b"ALPH", b"VP8 ")
    kept = [(name, parts[name]) for name in names if name in parts]
    if size and (exif or len(kept) > 1):
        flags = _ALPHA * (len(kept) > 1) + _EXIF * bool(exif)
        sides = b"".join((side - 1).to_bytes(3, "little") for side in size)
        kept.insert(0, (b"VP8X", bytes((flags, 0, 0, 0)) + sides))
        kept += [(b"EXIF", exif)] if exif else []
    body = b"WEBP" + b"".join(
        struct.pack("<4sI", name, len(content)) + content + bytes(len(content) % 2)
        for name, content in kept
    )
    return struct.pack("<4sI", b"RIFF", len(body)) + body
