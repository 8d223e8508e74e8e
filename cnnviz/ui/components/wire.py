"""How data reaches a component: one block of bytes, a JSON header and the arrays behind it.

Streamlit hands `bytes` to the browser as a `Uint8Array` without encoding; `lib.js` unpacks it.
Layout: header length (uint32, little-endian), header (UTF-8 JSON, padded to a multiple of 4),
then each array in C order, each starting at a multiple of 4.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import streamlit as st

from cnnviz.figures.theme import palettes
from cnnviz.ui import state

_FOLDER = Path(__file__).parent
_DTYPES = {"uint8": "u1", "float32": "f4"}


def pack(header: Mapping[str, Any], arrays: Mapping[str, np.ndarray]) -> bytes:
    """Return header and arrays as one block; arrays are uint8 or float32.

    Raises:
        KeyError: an array has another dtype.
    """
    entries, blocks, offset = {}, [], 0
    for name, array in arrays.items():
        block = _aligned(np.ascontiguousarray(array).tobytes())
        entries[name] = {
            "dtype": _DTYPES[array.dtype.name],
            "shape": array.shape,
            "offset": offset,
        }
        blocks.append(block)
        offset += len(block)
    text = json.dumps(
        {**header, "arrays": entries, "palettes": palettes()},
        allow_nan=False,
        separators=(",", ":"),
    )
    head = _aligned(text.encode(), b" ")
    return b"".join([len(head).to_bytes(4, "little"), head, *blocks])


def pixels_or_floats(values: np.ndarray) -> np.ndarray:
    """Return uint8 where all values are exact multiples of 1/255 in [0, 1], else float32.

    A quarter of the size for pictures; the component divides by 255 again.
    """
    levels = np.round(values * 255)
    is_exact = levels.min(initial=0) >= 0 and levels.max(initial=0) <= 255
    if is_exact and np.array_equal((levels / np.float32(255)).astype(np.float32), values):
        return levels.astype(np.uint8)
    return np.asarray(values, np.float32)


def peak_of(values: np.ndarray) -> float:
    """Return the largest absolute value; 1 where there is none above 0."""
    return float(np.abs(values).max(initial=0.0)) or 1.0


def signed_levels(values: np.ndarray, peak: float | np.ndarray) -> np.ndarray:
    """Return uint8 around 128, with `peak` at ±127, for what is only looked at."""
    return np.round(128 + 127 * values / peak).astype(np.uint8)


@cache
def renderer(name: str) -> Any:
    """Register the component in the folder `<name>` once; return its mount function."""
    return st.components.v2.component(
        f"cnnviz_{name}",
        html='<div class="root"></div>',
        css=_read("lib.css", f"{name}/{name}.css"),
        js=_read("lib.js", f"{name}/{name}.js", f"{name}/*.js"),
    )


@cache
def writer(name: str) -> Any:
    """Like `renderer`, for a component that shows nothing: one script alone, data as JSON."""
    return st.components.v2.component(
        f"cnnviz_{name}", css=":host { display: none; }", js=_read(f"**/{name}.js")
    )


def sent(key: str, name: str) -> Any:
    """Return what a mounted component reported under a name, or None; the browser may say anything.

    Works in callbacks, too, which run before the page.
    """
    return (state.held(key) or {}).get(name)


def sent_cell(
    key: str, name: str, shape: tuple[int, ...], *, default: tuple[int, int] | None
) -> tuple[int, int] | None:
    """Return the (row, col) that a component reported, if it is a cell of (rows, cols).

    Args:
        key: Key of the mounted component.
        name: What it calls the cell.
        shape: Rows and columns.
        default: What holds until the component has reported anything.
    """
    told = state.held(key) or {}
    return as_cell(told[name], shape) if name in told else default


def as_cell(told: object, shape: tuple[int, ...]) -> tuple[int, int] | None:
    """Return (row, col) if what the browser told is a cell of (rows, cols), else None."""
    if not isinstance(told, list) or len(told) != 2:
        return None
    is_cell = all(type(n) is int and 0 <= n < side for n, side in zip(told, shape, strict=True))
    return (told[0], told[1]) if is_cell else None


def _read(*patterns: str) -> str:
    files = [file for pattern in patterns for file in sorted(_FOLDER.glob(pattern))]
    return "\n".join(file.read_text(encoding="utf-8") for file in dict.fromkeys(files))


def _aligned(block: bytes, fill: bytes = b"\0") -> bytes:
    return block + fill * (-len(block) % 4)
