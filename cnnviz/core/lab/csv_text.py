"""Matrices as CSV text for spreadsheets; every float32 can be read back exactly."""

from __future__ import annotations

from typing import Literal

import numpy as np

from cnnviz.core.records import Floats


def exact(value: float | np.float32) -> str:
    """Return the shortest decimal that becomes the very same float32: 0.11111111, 1.0, 1e-07."""
    single = np.float32(value)
    text = str(single)
    return text if np.float32(float(text)) == single else repr(float(single))


def matrix_csv(values: Floats, *, decimal: Literal[".", ","] = ".") -> str:
    """Write a matrix with one line a row.

    Args:
        values: (H, W) float32.
        decimal: "." separates cells by commas; "," separates them by semicolons, as spreadsheets
            expect in countries with a decimal comma.
    """
    separator = "," if decimal == "." else ";"
    rows = ([_cell(value).replace(".", decimal) for value in row] for row in values)
    return "".join(separator.join(row) + "\n" for row in rows)


def _cell(value: np.float32) -> str:
    return exact(value).removesuffix(".0")
