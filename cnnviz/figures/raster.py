"""Drawn in pixels: lines of text, and pictures and animations as files. Arrays in, bytes out."""

from __future__ import annotations

import io
import unicodedata
from collections import Counter
from functools import lru_cache
from math import ceil
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from cnnviz.core.records import Floats
from cnnviz.figures.cells import INK, LEGEND_HEIGHT, LEGEND_WIDTH, MARGIN, PAPER, Panel, ink_on, rgb

_FONT = Path(__file__).parent / "fonts" / "NotoSans-Latin.ttf"
_LABEL_SIZE = 13
_COLOURS, _GREYS = 120, 24
"""Colours of a GIF's palette; one more stands for what does not change. Fewer, smaller files."""


def write(
    image: Image.Image, at: tuple[float, float], text: str, size: int, ink: str, anchor: str = "m"
) -> None:
    """Write a line of text onto an RGB picture, `size` pixels high.

    `at` is (x, y): y of the line's middle, x of its left end, middle or right end, as `anchor`
    says: "l", "m" or "r".
    """
    x = at[0] - {"l": 0.0, "m": 0.5, "r": 1.0}[anchor] * width_of(text, size)
    place = round(x), round(at[1])  # whole pixels: the same number always looks the same
    ImageDraw.Draw(image).text(place, _composed(text), ink, _font(size), anchor="lm")


@lru_cache(maxsize=4096)
def width_of(text: str, size: int) -> int:
    """Return how many pixels wide a line is."""
    return max(1, ceil(_font(size).getlength(_composed(text))))


def _composed(text: str) -> str:
    """Return text whose letters carry their accents: the font knows no accent alone."""
    return unicodedata.normalize("NFC", text)


@lru_cache(maxsize=32)
def _font(size: int) -> ImageFont.FreeTypeFont:
    # the basic layout looks the same on every machine, with or without libraqm
    return ImageFont.truetype(str(_FONT), size, layout_engine=ImageFont.Layout.BASIC)


# ---------------------------------------------------------------- PNG


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
    size = max(width, LEGEND_WIDTH) + 2 * MARGIN, height + 2 * MARGIN + LEGEND_HEIGHT
    page = Image.new("RGB", size, PAPER[panel.appearance])
    page.paste(_blown_up(panel), (MARGIN, MARGIN))
    _legend(page, panel, MARGIN, MARGIN + height)
    return _saved(page)


def _blown_up(panel: Panel) -> Image.Image:
    """Return the cells of a panel, without its legend."""
    colours = np.where(panel.is_cell[..., None], panel.colours, rgb(PAPER[panel.appearance]))
    small = Image.fromarray(colours.astype(np.uint8))
    image = small.resize(panel.size, Image.Resampling.NEAREST)
    for row, col, text in panel.numbers():
        at = (col + 0.5) * panel.cell, (row + 0.5) * panel.cell
        write(image, at, text, panel.font_size, ink_on(panel.colours[row, col]))
    return image


def _legend(page: Image.Image, panel: Panel, left: int, top: int) -> None:
    """Draw "−3 ▬▬▬ 3", the range that the colours cover."""
    steps = np.linspace(panel.scale.low, panel.scale.high, LEGEND_WIDTH, dtype=np.float32)
    bar = Image.fromarray(panel.scale.colours(steps)[None]).resize((LEGEND_WIDTH, 8))
    page.paste(bar, (left, top + 8))
    y, ink = top + 27, INK[panel.appearance]
    write(page, (left, y), panel.ends[0], _LABEL_SIZE, ink, "l")
    write(page, (left + LEGEND_WIDTH, y), panel.ends[1], _LABEL_SIZE, ink, "r")


def _saved(image: Image.Image) -> bytes:
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


# ---------------------------------------------------------------- GIF


def gif(frames: list[Image.Image], durations_ms: list[int]) -> bytes:
    """Return an animation that loops for ever; what does not change is not written again.

    Frames are RGB, all of one size, each unlike the one before; each has its duration.
    """
    palette = _palette(frames)
    flat = [each.quantize(palette=palette, dither=Image.Dither.NONE) for each in frames]
    file = io.BytesIO()
    flat[0].save(
        file,
        "GIF",
        save_all=True,
        append_images=flat[1:],
        duration=durations_ms if len(flat) > 1 else durations_ms[0],
        loop=0,
        optimize=True,
    )
    return file.getvalue()


def _palette(frames: list[Image.Image]) -> Image.Image:
    """Return the most frequent colours, halfway and at the end, and greys for the rest."""
    counts = Counter[tuple[int, ...]]()
    for frame in (frames[len(frames) // 2], frames[-1]):
        for count, colour in frame.getcolors(frame.width * frame.height) or ():
            counts[colour] += count  # type: ignore[index]
    greys = [(level,) * 3 for level in np.linspace(0, 255, _GREYS).round().astype(int).tolist()]
    chosen = [colour for colour, _ in counts.most_common(_COLOURS - _GREYS)] + greys
    palette = Image.new("P", (1, 1))
    palette.putpalette([channel for colour in chosen for channel in colour])
    return palette
