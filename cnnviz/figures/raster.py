"""Pictures as files: arrays in, bytes out."""

from __future__ import annotations

import io

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from cnnviz.core.records import Floats
from cnnviz.figures.cells import INK, MARGIN, PAPER, Panel, ink_on, rgb
from cnnviz.figures.lettering import write

_LEGEND_WIDTH, _LEGEND_HEIGHT = 200, 34
_LABEL_SIZE = 13


def png(levels: NDArray[np.uint8] | Floats) -> bytes:
    """Return a picture as a PNG file of the very same levels.

    Args:
        levels: (C, H, W), C = 1 or 3: uint8, or float32 in [0, 1], which is written with 16 bits
            where it is grey and with 8 where it is in colour.
    """
    if levels.dtype != np.uint8:
        deepest = 65535 if len(levels) == 1 else 255
        whole = np.round(levels * deepest).astype(np.uint16 if deepest > 255 else np.uint8)
    else:
        whole = levels
    plane = whole[0] if len(whole) == 1 else whole.transpose(1, 2, 0)
    return _saved(Image.fromarray(np.ascontiguousarray(plane)))


def matrix_png(panel: Panel) -> bytes:
    """Return a matrix as a picture: a square a cell, numbers where they fit, and a legend."""
    width, height = panel.size
    wide = max(width, _LEGEND_WIDTH)
    size = wide + 2 * MARGIN, height + 2 * MARGIN + _LEGEND_HEIGHT
    page = Image.new("RGB", size, PAPER[panel.appearance])
    page.paste(_blown_up(panel), (MARGIN, MARGIN))
    _legend(page, panel, MARGIN, MARGIN + height)
    return _saved(page)


def _blown_up(panel: Panel) -> Image.Image:
    """Return the cells of a panel, without its legend."""
    colours = np.where(panel.is_cell[..., None], panel.colours, rgb(PAPER[panel.appearance]))
    small = Image.fromarray(colours.astype(np.uint8))
    image = small.resize(panel.size, Image.Resampling.NEAREST)
    for row, texts in enumerate(panel.texts or ()):
        for col, text in enumerate(texts):
            at = (col + 0.5) * panel.cell, (row + 0.5) * panel.cell
            write(image, at, text, panel.font_size, ink_on(panel.colours[row, col]))
    return image


def _legend(page: Image.Image, panel: Panel, left: int, top: int) -> None:
    """Draw "−3 ▬▬▬ 3", the range that the colours cover."""
    steps = np.linspace(panel.scale.low, panel.scale.high, _LEGEND_WIDTH, dtype=np.float32)
    bar = Image.fromarray(panel.scale.colours(steps)[None]).resize((_LEGEND_WIDTH, 8))
    page.paste(bar, (left, top + 8))
    y, ink = top + 27, INK[panel.appearance]
    write(page, (left, y), panel.ends[0], _LABEL_SIZE, ink, "l")
    write(page, (left + _LEGEND_WIDTH, y), panel.ends[1], _LABEL_SIZE, ink, "r")


def _saved(image: Image.Image) -> bytes:
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()
