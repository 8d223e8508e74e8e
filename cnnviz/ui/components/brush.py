"""The drawing pad: 28 × 28, what is drawn is exactly what Python receives."""

from __future__ import annotations

import base64
import binascii

import streamlit as st

from cnnviz.figures.theme import palettes
from cnnviz.ui import album
from cnnviz.ui.components.wire import renderer
from cnnviz.ui.text import _

_BYTES = 28 * 28


def brush(side: int) -> bytes:
    """Mount the pad; returns its 784 bytes, row by row, 0 black … 255 white.

    The browser forgets the pad when the page changes, so the session's copy is sent along.

    Args:
        side: Of the pad, in CSS pixels; less where there is less room.
    """
    before = album.drawing()
    renderer("brush")(
        key=album.BRUSH_KEY,
        data={
            "side": side,
            "pixels": base64.b64encode(before).decode(),
            "palettes": palettes(),
            "words": _words(),
        },
        on_pixels_change=lambda: None,
    )
    sent = (st.session_state.get(album.BRUSH_KEY) or {}).get("pixels")
    return before if sent is None else _decode(sent, before)


def _decode(text: object, fallback: bytes) -> bytes:
    """What the browser sent, if it is a drawing at all; anything else changes nothing."""
    if not isinstance(text, str) or len(text) > 2 * _BYTES:
        return fallback
    try:
        pixels = base64.b64decode(text, validate=True)
    except binascii.Error:
        return fallback
    return pixels if len(pixels) == _BYTES else fallback


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
