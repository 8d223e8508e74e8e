"""Filters as text: typed and pasted by people, carried in links. Nothing is evaluated.

Rows end with a line break or `;`. Cells are separated by tabs, by spaces, or by commas, whichever
of these the plane has first; a comma that does not separate is a decimal comma. Where there are
line breaks and every line is single numbers between `;`, as spreadsheets write CSV in countries
with a decimal comma, `;` separates cells. A nested Python list counts too. The planes of a filter
for colour pictures are separated by `|` or by a line of `---`.
"""

from __future__ import annotations

import re

import numpy as np

from cnnviz.core.messages import N_, Explained
from cnnviz.core.records import Floats

MAX_SIDE = 31
MAX_WEIGHT = 1e6
MAX_TEXT = 20_000
"""Characters of one plane."""

_NUMBER = r"[+-]?(?:\d{1,20}(?:[.,]\d{0,20})?|[.,]\d{1,20})(?:[eE][+-]?\d{1,3})?"
_TERM = re.compile(rf"({_NUMBER})(?:/({_NUMBER}))?\Z", re.ASCII)
_SINGLE = re.compile(r"[^\s,]*,?[^\s,]*\Z")
_PLANES_OF_A_LIST = re.compile(r"\]\s*\]\s*,?\s*\[\s*\[")
_ROWS_OF_A_LIST = re.compile(r"\]\s*,?\s*\[")
_RULE = re.compile(r"^[^\S\n]*-{3,}[^\S\n]*$", re.MULTILINE)

_TOO_LONG = N_("The text is too long for a kernel of {side} × {side}.")
_EMPTY = N_("Type at least one number, for example: 1 0 -1; 2 0 -2; 1 0 -1")
_TOO_LARGE = N_(
    "A kernel has at most {side} × {side} cells; this one has {rows} rows and {cols} columns."
)
_RAGGED = N_("Row {row} has {count} numbers, but row 1 has {expected}.")
_MISSING = N_("Row {row}, column {col} is empty; write 0 where nothing should count.")
_NO_NUMBER = N_("Row {row}, column {col}: “{text}” is not a number.")
_TOO_HEAVY = N_("Row {row}, column {col}: {text} is too large; a weight may be at most {most}.")
_UNLIKE = N_("Plane {plane} has {rows} × {cols} numbers, but plane 1 has {height} × {width}.")
_IN_PLANE = {
    _TOO_LONG: N_("The text of plane {plane} is too long for a kernel of {side} × {side}."),
    _EMPTY: N_("Plane {plane} has no number in it."),
    _TOO_LARGE: N_(
        "A kernel has at most {side} × {side} cells; plane {plane} has {rows} rows and {cols} "
        "columns."
    ),
    _RAGGED: N_("Row {row} of plane {plane} has {count} numbers, but row 1 has {expected}."),
    _MISSING: N_(
        "Plane {plane}, row {row}, column {col} is empty; write 0 where nothing should count."
    ),
    _NO_NUMBER: N_("Plane {plane}, row {row}, column {col}: “{text}” is not a number."),
    _TOO_HEAVY: N_(
        "Plane {plane}, row {row}, column {col}: {text} is too large; a weight may be at most "
        "{most}."
    ),
}
"""Message about the only plane → message about one plane of three."""


def parse_kernel(text: str) -> Floats:
    """Read a kernel of one plane from rows of numbers; fractions like 1/9 count.

    Returns:
        (kH, kW) float32, each side 1…31, finite, no absolute value above a million.

    Raises:
        Explained: naming the row and column that cannot be read.
    """
    weights = parse_filter(text)
    if len(weights) != 1:
        raise Explained("This takes one plane of numbers, not {count}.", count=len(weights))
    return np.asarray(weights[0])


def parse_filter(text: str) -> Floats:
    """Read a filter of one plane, or of three for red, green and blue.

    Returns:
        (C, kH, kW) float32; C is 1 or 3, the rest as of `parse_kernel`.

    Raises:
        Explained: naming the plane, row and column that cannot be read.
    """
    plain = text.replace("−", "-").replace("\r\n", "\n").replace("\r", "\n").replace("\ufeff", "")
    planes = _RULE.sub("|", _PLANES_OF_A_LIST.sub("|", plain)).split("|")
    if len(planes) == 1:
        return _plane(planes[0])[None]
    if len(planes) != 3:
        raise Explained(
            "A filter has one plane, or three for red, green and blue; this one has {count}.",
            count=len(planes),
        )
    read = [_numbered(plane, number) for number, plane in enumerate(planes, 1)]
    height, width = read[0].shape
    for number, (rows, cols) in enumerate((weights.shape for weights in read), 1):
        if (rows, cols) != (height, width):
            raise Explained(_UNLIKE, plane=number, rows=rows, cols=cols, height=height, width=width)
    return np.stack(read)


def _numbered(text: str, number: int) -> Floats:
    try:
        return _plane(text)
    except Explained as refusal:
        raise Explained(_IN_PLANE[refusal.message], plane=number, **refusal.numbers) from None


def _plane(text: str) -> Floats:
    if len(text) > MAX_TEXT:
        raise Explained(_TOO_LONG, side=MAX_SIDE)
    rows = _rows(_ROWS_OF_A_LIST.sub(";", text).replace("[", " ").replace("]", " "))
    if not rows:
        raise Explained(_EMPTY)
    cols = max(map(len, rows))
    if max(len(rows), cols) > MAX_SIDE:
        raise Explained(_TOO_LARGE, side=MAX_SIDE, rows=len(rows), cols=cols)
    for row, cells in enumerate(rows, 1):
        if len(cells) != len(rows[0]):
            raise Explained(_RAGGED, row=row, count=len(cells), expected=len(rows[0]))
    return np.array(
        [
            [_weight(cell, r, c) for c, cell in enumerate(cells, 1)]
            for r, cells in enumerate(rows, 1)
        ],
        np.float32,
    )


def _rows(text: str) -> list[list[str]]:
    """Cells as text, row by row, by the rules at the top of this file."""
    csv = [line.strip(" \t;").split(";") for line in text.split("\n") if line.strip(" \t;")]
    if len(csv) > 1 and all(
        len(row) > 1 and all(_SINGLE.match(cell.strip()) for cell in row) for row in csv
    ):
        return [[cell.strip() for cell in row] for row in csv]
    rows = [row.strip() for line in csv for row in line if row.strip()]
    words = [word for row in rows for word in row.split()]
    if not any(word.startswith(",") or word.endswith(",") for word in words):
        if any("\t" in row for row in rows):
            return [[cell.strip() for cell in row.split("\t")] for row in rows]
        if len(words) > len(rows):
            return [row.split() for row in rows]
    return [[cell.strip() for cell in row.strip(" ,").split(",")] for row in rows]


def _weight(cell: str, row: int, col: int) -> float:
    if not cell:
        raise Explained(_MISSING, row=row, col=col)
    match = _TERM.match(cell)
    if not match:
        raise Explained(_NO_NUMBER, row=row, col=col, text=cell[:20])
    value, divisor = (float(term.replace(",", ".")) if term else 1.0 for term in match.groups())
    weight = value / divisor if divisor else float("inf")
    if not abs(weight) <= MAX_WEIGHT:
        raise Explained(_TOO_HEAVY, row=row, col=col, text=cell[:20], most=int(MAX_WEIGHT))
    return weight


def format_kernel(weights: Floats) -> str:
    """Write a (kH, kW) kernel as links carry it: `1,0,-1;2,0,-2`, decimal points, no −0."""
    return ";".join(",".join(f"{weight + 0.0:.9g}" for weight in row) for row in weights)


def format_filter(weights: Floats) -> str:
    """Write a (C, kH, kW) filter as links carry it: its planes separated by `|`."""
    return "|".join(format_kernel(plane) for plane in weights)
