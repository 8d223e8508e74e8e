"""Text on pictures, sharp at every size, in the font that comes with Pillow.

That font knows ASCII and little more: a minus sign, a times sign and letters with accents are put
together here from what it has. No font file is needed, and none of the machine's is used.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from math import ceil

import numpy as np
from PIL import Image, ImageDraw, ImageFont

_MARKS = {"\u0300": "`", "\u0301": "´", "\u0302": "^", "\u0303": "~", "\u0327": ","}
"""Combining mark → the character that stands for it."""
_DRAWN = "−×"
_PLAIN = {"\u00a0": " ", "\u202f": " "}


def write(
    image: Image.Image, at: tuple[float, float], text: str, size: int, ink: str, anchor: str = "m"
) -> None:
    """Write a line of text.

    Args:
        image: RGB; written on.
        at: (x, y) of the line's middle, or of its left or right end; y is its middle.
        text: One line.
        size: Of the font, in pixels.
        ink: Colour.
        anchor: "l", "m" or "r": what `at` is.
    """
    mask = lettered(text, size)
    x = at[0] - {"l": 0.0, "m": 0.5, "r": 1.0}[anchor] * mask.width
    image.paste(ink, (round(x), round(at[1] - mask.height / 2)), mask)


def width_of(text: str, size: int) -> int:
    """Return how many pixels wide a line is."""
    return max(1, ceil(sum(_advance(size, each) for each in _letters(text))))


@lru_cache(maxsize=4096)
def lettered(text: str, size: int) -> Image.Image:
    """Return a line of text as a mask: 255 where there is ink. Not to be changed."""
    font = _font(size)
    line = Image.new("L", (width_of(text, size), sum(font.getmetrics())))
    x, previous = 0.0, (0.0, " ")
    for letter in _letters(text):
        if letter in _MARKS:
            _mark(line, font, previous, letter)
            continue
        _letter(line, font, x, letter)
        previous = x, letter
        x += _advance(size, letter)
    return line


def _letters(text: str) -> str:
    """A text with every accent a character of its own."""
    return unicodedata.normalize("NFD", "".join(_PLAIN.get(each, each) for each in text))


@lru_cache(maxsize=32)
def _font(size: int) -> ImageFont.FreeTypeFont:
    font = ImageFont.load_default(size)
    assert isinstance(font, ImageFont.FreeTypeFont)
    return font


@lru_cache(maxsize=4096)
def _advance(size: int, letter: str) -> float:
    if letter in _MARKS:
        return 0.0
    return _font(size).getlength("+" if letter in _DRAWN else letter)


def _letter(line: Image.Image, font: ImageFont.FreeTypeFont, x: float, letter: str) -> None:
    draw = ImageDraw.Draw(line)
    if letter not in _DRAWN:
        draw.text((x, 0), letter, 255, font)
        return
    left, top, right, bottom = _ink_box(font, "+")
    left, right = round(x) + left, round(x) + right
    thick = max(1, round(font.size / 12))
    if letter == "×":
        inset = (right - left) // 6
        box = left + inset, top + inset, right - inset, bottom - inset
        draw.line(box, 255, thick)
        draw.line((box[0], box[3], box[2], box[1]), 255, thick)
        return
    middle = (top + bottom) // 2 - thick // 2
    draw.rectangle((left, middle, right - 1, middle + thick - 1), 255)


def _mark(
    line: Image.Image, font: ImageFont.FreeTypeFont, below: tuple[float, str], mark: str
) -> None:
    """Put an accent over the letter before it, in place of a dot, or a cedilla under it."""
    draw, (x, letter) = ImageDraw.Draw(line), below
    left, top, right, bottom = _ink_box(font, letter)
    if letter == "i":
        top = _ink_box(font, "u")[1]
        draw.rectangle((round(x + left), 0, round(x + right), top - 1), 0)
    sign = _MARKS[mark]
    small = _font(round(font.size * 0.7)) if sign == "^" else font
    first, highest, last, lowest = _ink_box(small, sign)
    start = x + (left + right - first - last) / 2
    gap = max(1, round(font.size / 12))
    y = bottom - highest - 1 if sign == "," else max(-highest, top - lowest - gap)
    drawn = Image.new("L", line.size)
    ImageDraw.Draw(drawn).text((start, y), sign, 255, small)
    line.paste(Image.fromarray(np.maximum(np.asarray(line), np.asarray(drawn))))


def _ink_box(font: ImageFont.FreeTypeFont, letter: str) -> tuple[int, int, int, int]:
    """Left, top, right and bottom of what is inked, from where the letter is written."""
    mask, (x, y) = font.getmask2(letter, "L")
    left, top, right, bottom = mask.getbbox() or (0, 0, 0, 0)
    return round(x + left), round(y + top), round(x + right), round(y + bottom)
