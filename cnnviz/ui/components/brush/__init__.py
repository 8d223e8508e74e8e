"""The drawing pad: what is drawn is exactly what Python receives."""

from __future__ import annotations

import base64
import binascii

from cnnviz.figures.theme import palettes
from cnnviz.ui.components.wire import renderer, sent
from cnnviz.ui.text import _, number


def brush(before: bytes, *, key: str, side: int, size: tuple[int, int], grid: int = 1) -> bytes:
    """Mount a pad; returns its bytes, one a cell, row by row, 0 black … 255 white.

    The browser forgets the pad when the page changes, so what was on it is sent along.

    Args:
        before: What is on it.
        key: Key of the mounted component.
        side: Width in CSS pixels; less where there is less room.
        size: Rows and columns.
        grid: Cells between two lines.
    """
    rows, cols = size
    renderer("brush")(
        key=key,
        data={
            "side": side,
            "rows": rows,
            "cols": cols,
            "grid": grid,
            "pixels": base64.b64encode(before).decode(),
            "palettes": palettes(),
            "words": _words(rows, cols),
        },
        on_pixels_change=lambda: None,
    )
    return _decode(sent(key, "pixels"), before)


def _decode(text: object, fallback: bytes) -> bytes:
    """Return what the browser sent, if it is a drawing at all; anything else changes nothing."""
    if not isinstance(text, str) or len(text) > 2 * len(fallback):
        return fallback
    try:
        pixels = base64.b64decode(text, validate=True)
    except binascii.Error:
        return fallback
    return pixels if len(pixels) == len(fallback) else fallback


def _words(rows: int, cols: int) -> dict[str, str]:
    label = _(
        "Drawing pad, {rows} × {cols}. Arrow keys move the pen, the space bar puts it down "
        "and lifts it, Delete clears."
    )
    inked = _("{count} of {cells} pixels have ink.")
    return {
        "label": label.format(rows=rows, cols=cols),
        "undo": _("Undo"),
        "clear": _("Clear"),
        "empty": _("The pad is empty: draw with the mouse, a finger, or the arrow keys."),
        "inked": inked.format(count="{count}", cells=number(rows * cols)),
        "drawing": _("Pen down at row {row}, column {col}; {count} pixels have ink."),
    }
