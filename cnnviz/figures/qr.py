"""A link as a QR code for a class to scan."""

from __future__ import annotations

import io

import segno
from segno import DataOverflowError

from cnnviz.core.messages import Explained

MOST_BYTES = 2331
"""What a QR code of error level M holds at most: version 40, ISO/IEC 18004."""


def qr_svg(url: str) -> str:
    """Return an SVG drawing, dark on light with its quiet zone: phones read no other.

    Raises:
        Explained: the link is too long.
    """
    try:
        code = segno.make(url, error="m", micro=False)
    except DataOverflowError:
        raise Explained(
            "This link has {length} characters, and a QR code holds at most {most}: a smaller "
            "filter makes it shorter.",
            length=len(url.encode()),
            most=MOST_BYTES,
        ) from None
    file = io.BytesIO()
    code.save(file, kind="svg", scale=4, border=4, dark="#000", light="#fff", xmldecl=False)
    return file.getvalue().decode()
