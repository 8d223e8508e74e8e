"""Matrices laid out as square cells with numbers and a legend, and many pictures as one.

What PNG, SVG and GIF all draw. Knows colours, sizes and words; draws nothing itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from cnnviz.core.records import Floats
from cnnviz.figures.theme import PALETTES

Kind = Literal["pixels", "signed", "weights"]
Format = Callable[[float], str]
Colours = NDArray[np.uint8]

PAPER = {"light": "#ffffff", "dark": "#14161c"}
INK = {"light": "#14161c", "dark": "#ffffff"}
MARGIN = 12
LEGEND_WIDTH, LEGEND_HEIGHT = 200, 34

_LONGEST_SIDE = 960
_LARGEST_CELL = 72
_SMALLEST_FONT = 9
_LARGEST_FONT = 20
_CHARACTER = 0.6
"""Width of a digit in font sizes; most fonts without serifs have 0.5 to 0.6."""
_BRIGHT = 0.197
"""Relative luminance on which both inks have the same contrast."""


@dataclass(frozen=True, slots=True)
class Scale:
    """Which colour a value has: `stops` are spread evenly from `low` to `high`."""

    low: float
    high: float
    stops: tuple[str, ...]

    def levels(self, values: Floats) -> NDArray[np.float64]:
        """Return (…, 3) colours in [0, 255]; values outside have the colour of the nearer end."""
        middle = (self.low + self.high) / 2
        finite = np.nan_to_num(values, nan=middle, posinf=self.high, neginf=self.low)
        share = (finite - self.low) / (self.high - self.low)
        at = np.linspace(0, 1, len(self.stops))
        channels = np.array([rgb(stop) for stop in self.stops]).T
        return np.stack([np.interp(share, at, channel) for channel in channels], axis=-1)

    def colours(self, values: Floats) -> Colours:
        """Return `levels` as whole numbers."""
        return np.round(self.levels(values)).astype(np.uint8)


def rgb(colour: str) -> tuple[int, int, int]:
    """Return red, green and blue of "#rrggbb"."""
    red, green, blue = bytes.fromhex(colour[1:7])
    return red, green, blue


def scale_of(values: Floats, kind: Kind, appearance: str) -> Scale:
    """Return the scale of a kind of quantity; signed ones are symmetric about zero."""
    palette = PALETTES[appearance]
    if kind == "pixels":
        return Scale(0.0, 1.0, ("#000000", "#ffffff"))
    limit = float(np.abs(values[np.isfinite(values)]).max(initial=0.0)) or 1.0
    ends = {
        "signed": (palette.map_low, palette.map_high),
        "weights": (palette.weight_low, palette.weight_high),
    }[kind]
    return Scale(-limit, limit, (ends[0], palette.neutral, ends[1]))


def ink_on(colour: Iterable[int]) -> str:
    """Return the ink, dark or light, with more contrast (relative luminance, WCAG 2.2)."""
    red, green, blue = ((level / 255) ** 2.2 for level in colour)
    is_bright = 0.2126 * red + 0.7152 * green + 0.0722 * blue > _BRIGHT
    return INK["light"] if is_bright else INK["dark"]


def side_by_side(planes: Floats) -> Floats:
    """Return (P, H, W) planes as one matrix, with a column of NaN, which is no cell, between."""
    gap = np.full((planes.shape[1], 1), np.nan, np.float32)
    parts = [part for plane in planes for part in (plane, gap)]
    return np.hstack(parts[:-1])


@dataclass(frozen=True, slots=True, eq=False)
class Panel:
    """A matrix laid out; lengths in pixels.

    Attributes:
        colours: (H, W, 3).
        is_cell: (H, W); what is no cell stays empty.
        texts: A text a cell, row by row; None where they would be too small.
        cell: Side of a cell.
        font_size: Font size of the texts.
        scale: What the legend shows.
        ends: The legend's low and high end in words.
        appearance: "light" or "dark".
    """

    colours: Colours
    is_cell: NDArray[np.bool_]
    texts: tuple[tuple[str, ...], ...] | None
    cell: int
    font_size: int
    scale: Scale
    ends: tuple[str, str]
    appearance: str

    @property
    def size(self) -> tuple[int, int]:
        """(width, height) of the cells alone."""
        height, width = self.is_cell.shape
        return width * self.cell, height * self.cell

    def numbers(self) -> Iterator[tuple[int, int, str]]:
        """Yield (row, column, text) of every cell with a text."""
        for row, texts in enumerate(self.texts or ()):
            yield from ((row, col, text) for col, text in enumerate(texts) if text)


def lay_out(values: Floats, *, kind: Kind, appearance: str, unit: int, format: Format) -> Panel:
    """Lay a matrix out.

    Args:
        values: (H, W), NaN where there is no cell; or (3, H, W) pixels in colour.
        kind: Which scale of colours.
        appearance: "light" or "dark".
        unit: Factor of the numbers: 255 to show pixels as 0…255, else 1.
        format: Number → text, in the reader's form.
    """
    scale = scale_of(values, kind, appearance)
    is_colour = values.ndim == 3
    height, width = values.shape[-2:]
    cell = max(1, min(_LARGEST_CELL, _LONGEST_SIDE // max(height, width)))
    texts, font_size = None, 0
    if not is_colour and cell > _SMALLEST_FONT:
        texts = numbers_of(values, unit, format)
        font_size = fitting(max(len(text) for row in texts for text in row), cell)
    levels = (
        np.round(values.clip(0, 1) * 255).astype(np.uint8).transpose(1, 2, 0) if is_colour else None
    )
    return Panel(
        colours=scale.colours(values) if levels is None else levels,
        is_cell=np.ones((height, width), bool) if is_colour else ~np.isnan(values),
        texts=texts if font_size else None,
        cell=cell,
        font_size=font_size,
        scale=scale,
        ends=(format(scale.low * unit), format(scale.high * unit)),
        appearance=appearance,
    )


def numbers_of(values: Floats, unit: int, format: Format) -> tuple[tuple[str, ...], ...]:
    """Return the numbers of a matrix (H, W) as texts, empty for NaN."""
    return tuple(
        tuple("" if np.isnan(value) else format(float(value) * unit) for value in row)
        for row in values
    )


def fitting(longest: int, cell: int) -> int:
    """Return the largest font that a text of so many characters has room for; 0 if none has."""
    size = int(min(_LARGEST_FONT, 0.42 * cell, 0.92 * cell / (_CHARACTER * max(1, longest))))
    return size if size >= _SMALLEST_FONT else 0


def sheet(pictures: Floats, columns: int, *, frame: float = 0.0) -> Floats:
    """Lay pictures out in rows, a pixel of frame around each: a browser paints them as one.

    Args:
        pictures: (N, C, H, W) float32, N ≥ 1.
        columns: Pictures in a row; empty places in the last row are frame.
        frame: Value of the frame.

    Returns:
        (C, rows · (H + 2), columns · (W + 2)) float32.
    """
    framed = np.pad(pictures, ((0, 0), (0, 0), (1, 1), (1, 1)), constant_values=frame)
    missing = -len(framed) % columns
    whole = np.pad(framed, ((0, missing), (0, 0), (0, 0), (0, 0)), constant_values=frame)
    _count, channels, height, width = whole.shape
    grid = whole.reshape(-1, columns, channels, height, width)  # (rows, columns, C, H, W)
    laid: Floats = grid.transpose(2, 0, 3, 1, 4).reshape(channels, -1, columns * width)
    return np.ascontiguousarray(laid, np.float32)


def filter_colours(weights: Floats, peak: float) -> Floats:
    """Return filters of red, green and blue planes as pictures, grey where a weight is 0.

    Weights are (..., 3, kH, kW) float32, none further from 0 than `peak`, which is above 0; the
    pictures have the same shape, in [0, 1].
    """
    colours: Floats = (0.5 + weights / (2 * np.float32(peak))).clip(0, 1).astype(np.float32)
    return colours
