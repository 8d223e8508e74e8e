"""Boards: matrices at their places on a page, drawn cell by cell for an animation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from math import ceil

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from cnnviz.core.records import Floats
from cnnviz.figures.cells import (
    PAPER,
    Colours,
    Format,
    Kind,
    fitting,
    ink_on,
    numbers_of,
    rgb,
    scale_of,
)
from cnnviz.figures.raster import write
from cnnviz.figures.theme import PALETTES

_SMALLEST, _LARGEST = 30, 66
_FONT = 13
"""Size that cells are made to have room for."""


@dataclass(frozen=True, eq=False)
class Board:
    """A matrix at its place.

    Attributes:
        colours: (H, W, 3).
        texts: (H, W) of str, empty for cells without a number.
        is_border: (H, W) cells that are hatched.
        cell: Side of a cell in pixels.
        appearance: "light" or "dark".
        title: Heading above it; may be empty.
        at: (x, y) of its top-left corner.
    """

    colours: Colours
    texts: NDArray[np.str_]
    is_border: NDArray[np.bool_]
    cell: int
    appearance: str
    title: str = ""
    at: tuple[int, int] = (0, 0)

    @property
    def size(self) -> tuple[int, int]:
        """(width, height) in pixels."""
        height, width = self.texts.shape
        return width * self.cell, height * self.cell

    @cached_property
    def font_size(self) -> int:
        """The largest size that has room for the longest text."""
        return fitting(max(map(len, self.texts.flat)), self.cell)

    def under(self, rows: NDArray[np.intp], cols: NDArray[np.intp], like: Board) -> Board:
        """Return the cells at rows × cols as a board of their own, where `like` is."""
        taken = np.ix_(rows, cols)
        parts = self.colours[taken], self.texts[taken], self.is_border[taken]
        return replace(like, colours=parts[0], texts=parts[1], is_border=parts[2])

    def draw(self, page: Image.Image) -> None:
        """Draw every cell."""
        for row, col in np.ndindex(self.texts.shape):
            self.draw_cell(page, row, col)

    def draw_cell(self, page: Image.Image, row: int, col: int) -> None:
        """Draw one cell: its colour, a hatch where it is no pixel, its number."""
        box = self.box(row, col)
        pen, fill = ImageDraw.Draw(page), tuple(self.colours[row, col].tolist())
        pen.rectangle(box, fill)
        if self.is_border[row, col]:
            _hatch(page, box, PALETTES[self.appearance].hatch)
        pen.rectangle(box, outline=PALETTES[self.appearance].hatch)
        if self.font_size and self.texts[row, col]:
            middle = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
            write(page, middle, self.texts[row, col], self.font_size, ink_on(fill))

    def outline(self, page: Image.Image, rows: Sequence[int], cols: Sequence[int]) -> None:
        """Draw the accent around the cells from the first to the last row and column."""
        left, top, *_ = self.box(rows[0], cols[0])
        *_, right, bottom = self.box(rows[-1], cols[-1])
        accent = PALETTES[self.appearance].accent
        ImageDraw.Draw(page).rectangle((left, top, right, bottom), outline=accent, width=3)

    def box(self, row: int, col: int) -> tuple[int, int, int, int]:
        """Left, top, right and bottom of a cell, the borders included."""
        x, y = self.at[0] + col * self.cell, self.at[1] + row * self.cell
        return x, y, x + self.cell, y + self.cell


def board_of(
    values: Floats, kind: Kind, appearance: str, unit: int, format: Format, title: str = ""
) -> Board:
    """Return a board with the numbers of a matrix (H, W); cells of NaN have none."""
    texts = np.array(numbers_of(values, unit, format))
    longest = max(map(len, texts.flat))
    cell = min(_LARGEST, max(_SMALLEST, ceil(longest * 0.6 * _FONT / 0.92)))
    colours = scale_of(values, kind, appearance).colours(values)
    return Board(colours, texts, np.zeros(texts.shape, bool), cell, appearance, title)


def with_border(board: Board, is_border: NDArray[np.bool_], is_empty: NDArray[np.bool_]) -> Board:
    """Return a board whose border is hatched: faint where it repeats pixels, else blank."""
    paper = np.array(rgb(PAPER[board.appearance]))
    faint = (board.colours.astype(int) + paper) // 2
    colours = np.where(is_border[..., None], faint, board.colours)
    colours = np.where(is_empty[..., None], paper, colours).astype(np.uint8)
    return replace(board, colours=colours, is_border=is_border)


def _hatch(page: Image.Image, box: tuple[int, int, int, int], colour: str) -> None:
    """Draw slanted lines across a cell."""
    left, top, right, bottom = box
    side = right - left
    pen = ImageDraw.Draw(page)
    for shift in (0, side // 2):
        pen.line((left, bottom - shift, right - shift, top), colour)
        pen.line((left + shift, bottom, right, top + shift), colour)
