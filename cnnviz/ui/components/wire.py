"""How scripts and data reach a component, and what it reports.

Scripts are ES modules, joined into one along their imports. Data are one block of bytes, which
Streamlit hands to the browser as a `Uint8Array` without encoding; `lib/mount.js` unpacks it.
Layout: header length (uint32, little-endian), header (UTF-8 JSON, padded to a multiple of 4),
then each array in C order, each starting at a multiple of 4.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import streamlit as st

from cnnviz.figures.theme import palettes
from cnnviz.ui import state

_FOLDER = Path(__file__).parent
_IMPORT = re.compile(r'^import \{([\w\s,]+)\} from "(\.[^"]+)";\n', re.M)
_TYPE = re.compile(r"/\*\* @type \{[^*]*\} \*/ ?")
_COMMENT = re.compile(r"^ *(?://.*|/\*\*(?:(?!\*/)[\s\S])*\*/)\n", re.M)
_EXPORT = re.compile(r"^export (?=(?:async )?(?:function|const|let|class)\b)", re.M)
_NAME = re.compile(r"^(?:async )?(?:function\*?|const|let|class) (\w+)", re.M)
_DTYPES = {"uint8": "u1", "float32": "f4"}


def pack(header: Mapping[str, Any], arrays: Mapping[str, np.ndarray]) -> bytes:
    """Return header and arrays as one block; arrays are uint8 or float32.

    Raises:
        KeyError: an array has another dtype.
    """
    entries, blocks, offset = {}, [], 0
    for name, array in arrays.items():
        block = _aligned(np.ascontiguousarray(array).tobytes())
        entries[name] = {"dtype": _DTYPES[array.dtype.name], "shape": array.shape, "offset": offset}
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
    """Register a component once; return its mount function.

    "viewer" names viewer/viewer.js and .css, "pictures/tray" pictures/tray.js and .css.
    """
    entry = _entry(name)
    return st.components.v2.component(
        f"cnnviz_{entry.stem}",
        html='<div class="root"></div>',
        css=_read(_FOLDER / "lib/lib.css") + _read(entry.with_suffix(".css")),
        js=script(entry),
    )


@cache
def writer(name: str) -> Any:
    """Like `renderer`, for a component that shows nothing: one script alone, data as JSON."""
    entry = _entry(name)
    return st.components.v2.component(
        f"cnnviz_{entry.stem}", css=":host { display: none; }", js=script(entry)
    )


def script(entry: Path) -> str:
    """Return a module and all that it imports as one module, without comments.

    Every file stands in it once, after those that it imports, and all names share one scope.

    Raises:
        ValueError: files import each other in a circle, or one says anything else than
            `import { a, b } from "./file.js";` and `export` before a declaration; or two files
            declare the same name.
    """
    joined: dict[Path, str] = {}
    names: dict[str, Path] = {}

    def add(file: Path, path: tuple[Path, ...]) -> None:
        if file in path:
            circle = " → ".join(each.name for each in (*path[path.index(file) :], file))
            raise ValueError(f"scripts import each other: {circle}")
        if file in joined:
            return
        text = _read(file)
        for match in _IMPORT.finditer(text):
            add((file.parent / match[2]).resolve(), (*path, file))
        joined[file] = _EXPORT.sub("", _IMPORT.sub("", _COMMENT.sub("", _TYPE.sub("", text))))
        default = "default" if path == () else " "  # the entry's own
        if stray := re.search(rf"^(?:import|export (?!{default})).*", joined[file], re.M):
            raise ValueError(f"{file.name} says {stray[0]!r}, which cannot be joined")
        for name in _NAME.findall(joined[file]):
            if names.setdefault(name, file) != file:
                raise ValueError(f"{names[name].name} and {file.name} both declare {name!r}")

    add(entry.resolve(), ())
    return "".join(joined.values())


def sent(key: str, name: str) -> Any:
    """Return what a mounted component reported under a name, or None; the browser may say anything.

    Works in callbacks, too, which run before the page.
    """
    return (state.held(key) or {}).get(name)


def sent_bytes(key: str, name: str, most: int) -> bytes | None:
    """Return what a component reported in base64, if it is that and not far above `most` bytes."""
    return as_bytes(sent(key, name), most)


def as_bytes(told: object, most: int) -> bytes | None:
    """Return what base64 stands for, if it is that and not far above `most` bytes."""
    if not isinstance(told, str) or len(told) > 2 * most:
        return None
    try:
        return base64.b64decode(told, validate=True)
    except binascii.Error:
        return None


def sent_cell(
    key: str, name: str, shape: tuple[int, ...], *, default: tuple[int, int] | None
) -> tuple[int, int] | None:
    """Return the (row, col) that a component reported, if it is a cell of (rows, cols).

    `default` holds until it has reported anything.
    """
    told = state.held(key) or {}
    return as_cell(told[name], shape) if name in told else default


def as_cell(told: object, shape: tuple[int, ...]) -> tuple[int, int] | None:
    """Return (row, col) if what the browser told is a cell of (rows, cols), else None."""
    if not isinstance(told, list) or len(told) != 2:
        return None
    is_cell = all(type(n) is int and 0 <= n < side for n, side in zip(told, shape, strict=True))
    return (told[0], told[1]) if is_cell else None


def _entry(name: str) -> Path:
    folder, _, stem = name.rpartition("/")
    return _FOLDER / (folder or stem) / f"{stem}.js"


def _read(file: Path) -> str:
    return file.read_text(encoding="utf-8")


def _aligned(block: bytes, fill: bytes = b"\0") -> bytes:
    return block + fill * (-len(block) % 4)
