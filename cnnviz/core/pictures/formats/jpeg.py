"""The first picture of a JPEG. Source: ITU-T T.81, annex B."""

from __future__ import annotations

import hashlib
import re
import struct

from cnnviz.core.pictures.formats.single import Single

JPEG_MARKER = re.compile(rb"\xff([\xc0-\xcf\xd9-\xfe])")
"""Where libjpeg finds a segment; what else follows 0xFF stands alone or belongs to the pixels."""
JPEG_METADATA = (*range(0xE1, 0xEE), 0xEF, 0xFE)
"""Application segments and comments, but JFIF's and Adobe's, which tell how colours are coded."""
MAX_SCANS = 50
"""Each scan of a JPEG passes over all its pixels: 100 kB can hold thousands."""
_FRAMES = (*range(0xC0, 0xC4), *range(0xC5, 0xC8), *range(0xC9, 0xCC), *range(0xCD, 0xD0))
"""Segments that say how large a picture is, and of which components."""
_RESTART = re.compile(rb"\xff[\xd0-\xd7]")
_START, _END, _SCAN, _INTERVAL, _APP1 = b"\xff\xd8", b"\xff\xd9", 0xDA, 0xDD, 0xE1


def first_of_jpeg(data: bytes) -> Single:
    """Return only the first picture of a file, with its EXIF block."""
    kept, position, coming = bytearray(_START), 2, _Announced()
    has_exif = False
    while found := JPEG_MARKER.search(data, position):
        marker, start = found[1][0], found.start()
        if marker == _END[1]:
            return Single(bytes(kept + data[position : start + 2]))
        length = int.from_bytes(data[start + 2 : start + 4])
        end = start + 2 + length
        if length < 2 or end > len(data):
            break
        is_exif = marker == _APP1 and data.startswith(b"Exif\0\0", start + 4) and not has_exif
        has_exif |= is_exif
        coming.read(marker, data[start + 4 : end])
        kept += data[position : end if is_exif or marker not in JPEG_METADATA else start]
        position = end
    scan = data[position:].rstrip(b"\xff")
    if not coming.is_last(scan):
        raise ValueError("no end of the picture")
    kept += scan
    return Single(bytes(kept + _END), tuple(map(_nonsense, range(8))))


def _nonsense(seed: int) -> bytes:
    """Return an end that a decoder which still lacks pixels makes some of.

    It begins with three bits of its own; where the end is missing, 000 is read.
    """
    codes = hashlib.shake_128(bytes((seed,))).digest(200).replace(b"\xff", b"\x7f")
    return bytes((seed << 5 | 9,)) + codes + _END


class _Announced:
    """What the segments say will come: how many restart marks, and which bits of which numbers."""

    def __init__(self) -> None:
        self._size, self._interval, self._scans = (0, 0), 0, 0
        self._factors: dict[int, tuple[int, int]] = {}
        self._last_scan: tuple[int, ...] = ()
        self._lowest_bit: dict[tuple[int, int], int] = {}

    def read(self, marker: int, content: bytes) -> None:
        """Take note of a segment.

        Raises:
            ValueError: more scans than anybody needs.
        """
        if marker in _FRAMES:
            self._size = struct.unpack_from(">HH", content, 1)
            parts = struct.iter_unpack("BBB", content[6 : 6 + 3 * content[5]])
            self._factors = {component: divmod(factors, 16) for component, factors, _ in parts}
        elif marker == _INTERVAL:
            (self._interval,) = struct.unpack_from(">H", content)
        elif marker == _SCAN:
            self._scans += 1
            self._begin(content[1 : 1 + 2 * content[0] : 2], content[1 + 2 * content[0] :])
        if self._scans > MAX_SCANS:
            raise ValueError(f"more than {MAX_SCANS} scans")

    def _begin(self, components: bytes, reach: bytes) -> None:
        """Take note of a scan: of which components, which frequencies, down to which bit."""
        self._last_scan = tuple(components)
        for component in components:
            for frequency in range(reach[0], min(reach[1], 63) + 1):
                self._lowest_bit[component, frequency] = reach[2] & 15

    def is_last(self, scan: bytes) -> bool:
        """Whether nothing comes after this scan, which has all its restart marks."""
        every = {(component, n) for component in self._factors for n in range(64)}
        has_all = bool(every) and all(self._lowest_bit.get(each) == 0 for each in every)
        return has_all and len(_RESTART.findall(scan)) >= self._restarts()

    def _restarts(self) -> int:
        """Return how many restart marks the last scan has: one between two intervals."""
        if not self._interval:
            return 0
        widest, tallest = (max(each[n] for each in self._factors.values()) for n in (0, 1))
        wide, tall = self._factors[self._last_scan[0]] if len(self._last_scan) == 1 else (1, 1)
        rows = -(-self._size[0] * tall // (8 * tallest))
        cols = -(-self._size[1] * wide // (8 * widest))
        return -(-rows * cols // self._interval) - 1
