"""Kernels as text: typed by people, carried in links. Numbers only; nothing is evaluated."""

from __future__ import annotations

import re

import numpy as np

from cnnviz.core.messages import Explained
from cnnviz.core.records import Floats

MAX_SIDE = 31
MAX_WEIGHT = 1e6
MAX_TEXT = 20_000

_NUMBER = r"[+-]?(?:\d{1,20}(?:\.\d{0,20})?|\.\d{1,20})(?:[eE][+-]?\d{1,3})?"
_TERM = re.compile(rf"({_NUMBER})(?:/({_NUMBER}))?\Z", re.ASCII)
_DECIMAL_COMMA = re.compile(r"(?<=\d),(?=\d)")


def parse_kernel(text: str) -> Floats:
    """Read a kernel from rows of numbers.

    Rows end with a line break or `;`. Numbers are separated by spaces, or by commas; where
    spaces separate them, a comma inside a number is a decimal comma. Fractions like 1/9 count.

    Returns:
        (kH, kW) float32, each side 1…31, finite, no absolute value above a million.

    Raises:
        Explained: naming the row and column that cannot be read.
    """
    if len(text) > MAX_TEXT:
        raise Explained("The text is too long for a kernel of {side} × {side}.", side=MAX_SIDE)
    lines = re.split(r"[;\n]", text.replace("−", "-").replace("\r", "\n").replace("\ufeff", ""))
    rows = [_cells(line) for line in lines if line.strip()]
    if not rows:
        raise Explained("Type at least one number, for example: 1 0 -1; 2 0 -2; 1 0 -1")
    if max(len(rows), *map(len, rows)) > MAX_SIDE:
        raise Explained(
            "A kernel has at most {side} × {side} cells; this one has {rows} rows and "
            "{cols} columns.",
            side=MAX_SIDE,
            rows=len(rows),
            cols=max(map(len, rows)),
        )
    for row, cells in enumerate(rows, 1):
        if len(cells) != len(rows[0]):
            raise Explained(
                "Row {row} has {count} numbers, but row 1 has {expected}.",
                row=row,
                count=len(cells),
                expected=len(rows[0]),
            )
    return np.array(
        [
            [_weight(cell, r, c) for c, cell in enumerate(cells, 1)]
            for r, cells in enumerate(rows, 1)
        ],
        np.float32,
    )


def _cells(line: str) -> list[str]:
    words = line.replace("[", " ").replace("]", " ").split()
    if len(words) > 1 and not any(word.startswith(",") or word.endswith(",") for word in words):
        return [_DECIMAL_COMMA.sub(".", word) for word in words]
    line = " ".join(words).strip(" ,")
    return [cell.strip() for cell in line.split(",")]


def _weight(cell: str, row: int, col: int) -> float:
    match = _TERM.match(cell)
    if not match:
        raise Explained(
            "Row {row}, column {col}: “{text}” is not a number.",
            row=row,
            col=col,
            text=cell[:20],
        )
    divisor = float(match[2]) if match[2] else 1.0
    value = float(match[1]) / divisor if divisor else float("inf")
    if not abs(value) <= MAX_WEIGHT:
        raise Explained(
            "Row {row}, column {col}: {text} is too large; a weight may be at most {most}.",
            row=row,
            col=col,
            text=cell[:20],
            most=int(MAX_WEIGHT),
        )
    return value


def format_kernel(weights: Floats) -> str:
    """Write a (kH, kW) kernel as links carry it: `1,0,-1;2,0,-2`, decimal points."""
    return ";".join(",".join(f"{weight:.9g}" for weight in row) for row in weights)
