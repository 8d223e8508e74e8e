"""The segments of a JPEG: those that the pixels need, and whether all codes are there.

Decodes nothing. Source: ITU-T T.81, annex B, unless said otherwise.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator

FIRST = re.compile(rb"\xff([^\xff])", re.DOTALL)
MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
RESTART = re.compile(rb"\xff([\xd0-\xd7])")
"""Markers behind any filling of 0xFF, those that end the codes of a scan, those amid them."""

FRAMES = (0xC0, 0xC1, 0xC2)
"""Baseline, extended and progressive, by Huffman codes: what browsers read."""

FILLING = bytes(range(1, 128, 3))
"""Bytes that mean nothing between the codes of a scan and a marker, yet are read as codes there."""

MAX_SCANS = 50
"""Each scan of a progressive JPEG goes over all pixels once more: 100 kB can hold thousands."""


def bare(data: bytes) -> tuple[bytes, bytes]:
    """Up to its end without application segments, but those on colour coding; and its EXIF.

    A file of several pictures (MPO) becomes its first.
    """
    kept, exif = [data[:2]], b""
    for marker, start, end in _segments(data):
        if 0xC0 <= marker <= 0xCF and marker not in (*FRAMES, 0xC4):
            raise ValueError(f"a frame or codes of kind {marker:X}")
        if marker == 0xE1 and data.startswith(b"Exif\0\0", start + 4) and not exif:
            exif = data[start + 10 : end]
        if marker in (0xE0, 0xEE) or not (0xE0 <= marker <= 0xEF or marker == 0xFE):
            kept.append(data[start:end])
    return b"".join((*kept, b"\xff\xd9")), exif


def filled(data: bytes) -> bytes:
    """The same picture with `FILLING` behind all codes: another one where codes are missing.

    Decoders skip what stands between the last code and a marker. Where codes are missing, they
    take the filling for them, instead of painting the rest grey in silence.

    Raises:
        ValueError: a restart is missing.
    """
    kept = [data[:2]]
    for marker, start, end in _segments(data):
        segment = data[start:end]
        if marker == 0xDA:
            restarts = [code[0] & 7 for code in RESTART.findall(segment)]
            if restarts != [i % 8 for i in range(len(restarts))]:
                raise ValueError("a restart is missing")
            one_more = bytes((0xFF, 0xD0 | len(restarts) % 8))
            segment = RESTART.sub(_behind_filling, segment + one_more) + FILLING
        kept.append(segment)
    return b"".join((*kept, b"\xff\xd9"))


def _behind_filling(restart: re.Match[bytes]) -> bytes:
    return FILLING + restart[0]


def _segments(data: bytes) -> Iterator[tuple[int, int, int]]:
    """Marker, start and end of each segment up to the end of the image."""
    position, scans = 2, 0
    while found := FIRST.search(data, position):
        position, marker = found.start(), found[1][0]
        if marker == 0xD9:  # end of image
            return
        if marker in (0x00, 0x01) or 0xD0 <= marker <= 0xD8:  # these stand alone
            position += 2
            continue
        (length,) = struct.unpack_from(">H", data, position + 2)
        start, position = position, position + 2 + length
        if marker == 0xDA:
            scans += 1
            position = _end_of_scan(data, position, scans)
        yield marker, start, position
    raise ValueError("no end of the image")


def _end_of_scan(data: bytes, start: int, scans: int) -> int:
    """Where the next marker is: pixels hold none but restarts, and no bare 0xFF."""
    following = MARKER.search(data, start)
    if following is None or scans > MAX_SCANS:
        raise ValueError(f"no end, or more than {MAX_SCANS} scans")
    return following.start()
