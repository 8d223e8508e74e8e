"""What a picture file is by its first bytes, and the first picture of it alone.

The content decides on the format, never the name. Each format has a module that finds the first
picture and makes a small file of it, with no block that nobody looks at: what reaches Pillow has
one picture and one end. One rule holds for all: **a file is opened if all its pixels are there**,
though the end mark, the checksum or the padding behind them be missing; it is refused if a pixel
is. Anything out of order raises `ValueError`, `IndexError` or `struct.error`, which the loader
turns into one sentence.
"""

from __future__ import annotations

from cnnviz.core.messages import Explained
from cnnviz.core.pictures.formats.gif import first_of_gif
from cnnviz.core.pictures.formats.jpeg import first_of_jpeg
from cnnviz.core.pictures.formats.png import first_of_png
from cnnviz.core.pictures.formats.single import Single
from cnnviz.core.pictures.formats.webp import first_of_webp

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


def first_picture(data: bytes, name: str) -> Single:
    """Return the first picture of a file of the format `name`, without anything beside it."""
    ways = {"PNG": first_of_png, "JPEG": first_of_jpeg, "GIF": first_of_gif, "WEBP": first_of_webp}
    return ways.get(name, Single)(data)
