"""Files of other kinds, with any name, and files that begin as one kind and go on as another."""

import gzip
import io
import json
import sqlite3
import struct
import tarfile
import zipfile
from collections.abc import Iterator

import numpy as np

from tests.pictures.cases import (  # fmt: skip
    COLOURS,
    INDICES,
    LOSSY,
    NOISE,
    RGB,
    RGBA,
    Case,
    bad,
    saved,
    valid,
)
from tests.pictures.encoders import gif, gif_frame, png, with_segment


def strangers() -> Iterator[Case]:
    svg = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
    yield bad("SVG", "drawing.jpg", svg)
    yield bad("HTML", "page.jpg", b"<!doctype html><script>alert(1)</script>")
    yield bad("PDF", "paper.jpg", b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n")
    yield bad("EPS", "figure.jpg", b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n")
    yield bad("ZIP", "pack.jpg", b"PK\3\4" + bytes(60))
    yield bad("HEIC", "IMG_0001.HEIC", struct.pack(">I", 24) + b"ftypheic" + bytes(500))
    yield bad("AVIF", "a.avif", struct.pack(">I", 24) + b"ftypavif" + bytes(500))
    yield bad("TIFF", "scan.png", saved("TIFF", NOISE))
    yield bad("ICO", "icon.png", saved("ICO", RGBA[:16, :16]))
    yield bad("PSD", "a.psd", b"8BPS\0\1" + bytes(6) + struct.pack(">HIIHH", 3, 24, 32, 8, 3))
    yield bad("PPM", "a.ppm", saved("PPM", NOISE))
    yield bad("TGA", "a.tga", saved("TGA", NOISE))
    yield bad("text", "notes.png", "Über Faltungen".encode())
    yield bad("pickle", "model.png", b"\x80\x04cos\nsystem\n(S'id'\ntR.")
    yield bad("RIFF that is a sound", "a.webp", b"RIFF\x24\0\0\0WAVEfmt " + bytes(30))
    for kind in ("ICNS", "PCX", "SGI", "DDS", "JPEG2000"):
        yield bad(kind, "picture.png", saved(kind, RGBA[:16, :16] if kind == "ICNS" else RGB))
    yield bad("XBM", "cursor.png", b"#define a_width 8\n#define a_height 1\nstatic char a[]={0};")
    heads = {
        "JPEG XL": b"\xff\x0a" + bytes(60),
        "JPEG XL in a box": b"\0\0\0\x0cJXL \r\n\x87\n" + bytes(60),
        "JPEG 2000 codes": b"\xff\x4f\xff\x51" + bytes(60),
        "CUR": b"\0\0\2\0\1\0" + bytes(60),
        "FITS": b"SIMPLE  =                    T".ljust(2880),
        "MP4": struct.pack(">I", 24) + b"ftypisom" + bytes(500),
        "Matroska": b"\x1aE\xdf\xa3" + bytes(60),
        "MNG": b"\x8aMNG\r\n\x1a\n" + bytes(60),
        "BigTIFF": b"II+\0\x08\0\0\0" + bytes(60),
        "program for Windows": b"MZ\x90\0" + bytes(60) + b"PE\0\0",
        "program for Linux": b"\x7fELF\2\1\1" + bytes(60),
        "WebAssembly": b"\0asm\1\0\0\0",
        "7z": b"7z\xbc\xaf\x27\x1c" + bytes(60),
        "Word of old": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504),
        "font": b"wOF2\0\1\0\0" + bytes(60),
        "shell script": b"#!/bin/sh\nrm -rf /\n",
        "Python": b"import os\nos.system('id')\n",
        "XML with entities": b'<!DOCTYPE a [<!ENTITY b "bb"><!ENTITY c "&b;&b;">]><a>&c;</a>',
        "text of 16 bits": "Faltung".encode("utf-16"),
        "spaces and line ends": b" \r\n\t" * 99,
        "CSV": b"0,1,0\n1,-4,1\n0,1,0\n",
        "JSON": json.dumps({"kernel": [[0, 1], [1, 0]]}).encode(),
        "URL": b"http://169.254.169.254/latest/meta-data/",
        "path": b"/etc/passwd\0.png",
        "picture as text": b"data:image/png;base64,iVBORw0KGgo=",
    }
    for name, data in heads.items():
        yield bad(name, "picture.png", data)
    yield from archives()


def archives() -> Iterator[Case]:
    picture = png(NOISE, 2)
    yield bad("gzip of a PNG", "picture.png", gzip.compress(picture, mtime=0))
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as archive:
        archive.addfile(tarfile.TarInfo("a.png"))
    yield bad("tar", "picture.png", file.getvalue())
    yield bad("sqlite", "picture.png", database())
    file = io.BytesIO()
    np.save(file, NOISE)
    yield bad("NumPy array", "picture.png", file.getvalue())
    head = b'{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}}'
    data = struct.pack("<Q", len(head)) + head + bytes(4)
    yield bad("safetensors", "picture.png", data)


def database():
    with sqlite3.connect(":memory:") as connection:
        connection.execute("create table a (b)")
        data = connection.serialize()
    connection.close()
    return data


def polyglots() -> Iterator[Case]:
    """What is a picture by its beginning is read as that alone."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("evil.js", "alert(1)")
    script = b"=1;alert(document.cookie);//"
    rgb = saved("JPEG", RGB, quality=95, subsampling=0)
    frame = gif_frame(INDICES)
    data = gif(frame, screen=INDICES.shape, colours=COLOURS.tobytes())
    yield valid("PNG and ZIP", "both.zip", png(NOISE, 2) + file.getvalue(), NOISE)
    yield valid("GIF and script", "both.js", data + script, COLOURS[INDICES])
    yield valid("JPEG and page", "both.html", with_segment(
        rgb, 0xFE, b"--><html><script>alert(1)</script>"), RGB, LOSSY)  # fmt: skip
    yield valid("JPEG and PNG", "both.png", rgb + png(NOISE, 2), RGB, LOSSY)
    yield bad("ZIP and PNG", "both.png", file.getvalue() + png(NOISE, 2))
    yield bad("page and JPEG", "both.jpg", b"<html><!--" + rgb)
    yield bad("PNG behind a line end", "late.png", b"\n" + png(NOISE, 2))
    yield bad("PNG behind a byte order mark", "late.png", b"\xef\xbb\xbf" + png(NOISE, 2))
    for start in (b"BM", b"GIF89a", b"\xff\xd8\xff", b"RIFF\0\0\0\0WEBP", b"\x89PNG\r\n\x1a\n"):
        data = start + b"<script>alert(1)</script>" * 40
        yield bad(f"page that begins with {start[:6]!r}", "page.html", data)
