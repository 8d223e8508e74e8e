"""SVG: matrices that stay sharp on a slide and can be changed by hand, and links as QR codes."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterator
from xml.sax.saxutils import escape

import numpy as np
import segno
from segno import DataOverflowError

from cnnviz.core.messages import N_, Explained
from cnnviz.figures.cells import INK, LEGEND_HEIGHT, LEGEND_WIDTH, MARGIN, PAPER, Panel, ink_on
from cnnviz.figures.raster import png

MOST_SQUARES = 1024
"""Cells that are a square each; more are one embedded picture."""

MOST_BYTES = 2331
"""What a QR code of error level M holds at most: version 40, ISO/IEC 18004."""
_TOO_LONG = N_(
    "This link has {length} characters, and a QR code holds at most {most}: a smaller filter makes "
    "it shorter."
)
_FONT = "font-family='system-ui, sans-serif'"


def matrix_svg(panel: Panel, title: str) -> str:
    """Return a matrix as an SVG document: a square a cell, numbers where they fit, a legend.

    `title` says what it is, in the reader's language, for readers aloud.
    """
    width, height = panel.size
    wide = max(width, LEGEND_WIDTH) + 2 * MARGIN
    tall = height + 2 * MARGIN + LEGEND_HEIGHT
    body = (
        f"<title>{escape(title)}</title>",
        f"<rect width='{wide}' height='{tall}' fill='{PAPER[panel.appearance]}'/>",
        f"<g transform='translate({MARGIN} {MARGIN})' {_FONT} text-anchor='middle'>",
        *(_squares(panel) if panel.is_cell.size <= MOST_SQUARES else _picture(panel)),
        *_numbers(panel),
        "</g>",
        *_legend(panel, MARGIN, MARGIN + height),
    )
    head = f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {wide} {tall}' "
    return f"{head}width='{wide}' height='{tall}' role='img'>\n" + "\n".join(body) + "\n</svg>\n"


def _squares(panel: Panel) -> Iterator[str]:
    side = panel.cell
    for row, col in np.argwhere(panel.is_cell):
        fill = "#" + bytes(panel.colours[row, col].tolist()).hex()
        yield (
            f"<rect x='{col * side}' y='{row * side}' width='{side}' height='{side}' "
            f"fill='{fill}'/>"
        )


def _picture(panel: Panel) -> Iterator[str]:
    width, height = panel.size
    data = base64.b64encode(png(panel.colours.transpose(2, 0, 1))).decode()
    yield (
        f"<image width='{width}' height='{height}' preserveAspectRatio='none' "
        f"style='image-rendering: pixelated' href='data:image/png;base64,{data}'/>"
    )


def _numbers(panel: Panel) -> Iterator[str]:
    size, side = panel.font_size, panel.cell
    for row, col, text in panel.numbers():
        x, y = (col + 0.5) * side, (row + 0.5) * side + 0.35 * size
        ink = ink_on(panel.colours[row, col])
        yield f"<text x='{x:g}' y='{y:g}' font-size='{size}' fill='{ink}'>{escape(text)}</text>"


def _legend(panel: Panel, left: int, top: int) -> Iterator[str]:
    """The range that the colours cover."""
    last = len(panel.scale.stops) - 1
    stops = "".join(
        f"<stop offset='{position / last:g}' stop-color='{stop}'/>"
        for position, stop in enumerate(panel.scale.stops)
    )
    yield f"<defs><linearGradient id='scale'>{stops}</linearGradient></defs>"
    yield f"<rect x='{left}' y='{top + 8}' width='{LEGEND_WIDTH}' height='8' fill='url(#scale)'/>"
    right, style = left + LEGEND_WIDTH, f"{_FONT} font-size='13' fill='{INK[panel.appearance]}'"
    for x, anchor, text in ((left, "start", panel.ends[0]), (right, "end", panel.ends[1])):
        yield f"<text x='{x}' y='{top + 31}' text-anchor='{anchor}' {style}>{escape(text)}</text>"


def qr_svg(url: str) -> str:
    """Return an SVG drawing, dark on light with its quiet zone: phones read no other.

    Raises:
        Explained: the link is too long.
    """
    try:
        code = segno.make(url, error="m", micro=False)
    except DataOverflowError:
        raise Explained(_TOO_LONG, length=len(url.encode()), most=MOST_BYTES) from None
    file = io.BytesIO()
    code.save(file, kind="svg", scale=4, border=4, dark="#000", light="#fff", xmldecl=False)
    return file.getvalue().decode()
