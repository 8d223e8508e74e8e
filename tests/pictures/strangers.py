"""Files of other kinds, with any name, and files that begin as one kind and go on as another."""

import io
import struct
import zipfile
from collections.abc import Iterator

from tests.pictures.cases import INDICES, LOSSY, NOISE, RGB, SEEN, Case, bad, saved, valid
from tests.pictures.gif import TABLE, gif, gif_frame
from tests.pictures.jpeg import BEST, with_segment
from tests.pictures.png import png


def strangers() -> Iterator[Case]:
    svg = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
    heads = {
        "SVG": svg, "HTML": b"<!doctype html><script>alert(1)</script>",
        "PDF": b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n", "ZIP": b"PK\3\4" + bytes(60),
        "HEIC": struct.pack(">I", 24) + b"ftypheic" + bytes(500),
        "TIFF": saved("TIFF", NOISE),
        "JPEG 2000": saved("JPEG2000", NOISE), "text": "Über Faltungen".encode(),
        "pickle": b"\x80\x04cos\nsystem\n(S'id'\ntR.",
        "sound in a RIFF": b"RIFF\x24\0\0\0WAVEfmt " + bytes(30),
        "URL": b"http://169.254.169.254/latest/meta-data/",
    }  # fmt: skip
    for name, data in heads.items():
        yield bad(name, "picture.png", data)


def polyglots() -> Iterator[Case]:
    """What is a picture by its beginning is read as that alone."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("evil.js", "alert(1)")
    rgb = saved("JPEG", RGB, **BEST)
    script = gif(gif_frame(INDICES), screen=INDICES.shape, colours=TABLE) + b"=1;alert(1);//"
    page = with_segment(rgb, 0xFE, b"--><html><script>alert(1)</script>")
    yield valid("PNG and ZIP", "both.zip", png(NOISE, 2) + file.getvalue(), NOISE)
    yield valid("GIF and script", "both.js", script, SEEN)
    yield valid("JPEG and page", "both.html", page, RGB, LOSSY)
    yield bad("ZIP and PNG", "both.png", file.getvalue() + png(NOISE, 2))
    yield bad("page and JPEG", "both.jpg", b"<html><!--" + rgb)
    for start in (b"BM", b"\x89PNG\r\n\x1a\n"):
        data = start + b"<script>alert(1)</script>" * 40
        yield bad(f"page that begins with {start[:6]!r}", "page.html", data)
