"""The drawing pads, for one digit and for many: what is drawn is exactly what Python receives."""

from __future__ import annotations

import base64
import binascii

import streamlit as st

from cnnviz.figures.theme import palettes
from cnnviz.ui.components.wire import renderer
from cnnviz.ui.pictures import album
from cnnviz.ui.text import _, number

_SIDE = 28


def brush(side: int) -> bytes:
    """Mount the pad for one digit; returns its 784 bytes, row by row, 0 black … 255 white.

    Args:
        side: Of the pad, in CSS pixels; less where there is less room.
    """
    return _pad(album.BRUSH_KEY, side, (_SIDE, _SIDE), album.drawing(), _words(), grid=1)


def canvas_brush(side: int, size: tuple[int, int], before: bytes) -> bytes:
    """Mount a pad for many digits, drawn as large as on the small one; returns its bytes.

    Args:
        side: Its width in CSS pixels; less where there is less room.
        size: Rows and columns.
        before: What is on it, one byte a cell.
    """
    rows, cols = size
    words = _words() | {
        "label": _(
            "Drawing pad, {rows} × {cols}. Arrow keys move the pen, the space bar puts it down "
            "and lifts it, Delete clears."
        ).format(rows=rows, cols=cols),
        "inked": _("{count} of {cells} pixels have ink.").format(
            count="{count}", cells=number(rows * cols)
        ),
    }
    return _pad(album.CANVAS_KEY, side, size, before, words, grid=_SIDE)


def _pad(
    key: str,
    side: int,
    size: tuple[int, int],
    before: bytes,
    words: dict[str, str],
    *,
    grid: int,
) -> bytes:
    """Mount a pad with a line after every `grid` cells.

    The browser forgets the pad when the page changes, so the session's copy is sent along.
    """
    renderer("brush")(
        key=key,
        data={
            "side": side,
            "rows": size[0],
            "cols": size[1],
            "grid": grid,
            "pixels": base64.b64encode(before).decode(),
            "palettes": palettes(),
            "words": words,
        },
        on_pixels_change=lambda: None,
    )
    sent = (st.session_state.get(key) or {}).get("pixels")
    return before if sent is None else _decode(sent, before)


def _decode(text: object, fallback: bytes) -> bytes:
    """What the browser sent, if it is a drawing at all; anything else changes nothing."""
    if not isinstance(text, str) or len(text) > 2 * len(fallback):
        return fallback
    try:
        pixels = base64.b64decode(text, validate=True)
    except binascii.Error:
        return fallback
    return pixels if len(pixels) == len(fallback) else fallback


def _words() -> dict[str, str]:
    return {
        "label": _(
            "Drawing pad, 28 × 28. Arrow keys move the pen, the space bar puts it down and "
            "lifts it, Delete clears."
        ),
        "undo": _("Undo"),
        "clear": _("Clear"),
        "empty": _("The pad is empty: draw with the mouse, a finger, or the arrow keys."),
        "inked": _("{count} of 784 pixels have ink."),
        "drawing": _("Pen down at row {row}, column {col}; {count} pixels have ink."),
    }
