"""Pictures from the clipboard: Ctrl+V anywhere on the page, or a button."""

from __future__ import annotations

import base64
import binascii

import streamlit as st

from cnnviz.core.pictures.images import MAX_BYTES
from cnnviz.ui.components.wire import pack, renderer
from cnnviz.ui.pictures import album, intake
from cnnviz.ui.text import _


def paste(*, is_shown: bool) -> None:
    """Listen for pasted pictures, which go to the tray.

    Args:
        is_shown: Whether to show the button and what to do; the keyboard works in any case.
    """
    header = {
        "is_shown": is_shown,
        "limit": MAX_BYTES,
        "words": {
            "paste": _("Paste from the clipboard"),
            "hint": _("Copy a picture anywhere, then press Ctrl+V (⌘V on a Mac) on this page."),
            "none": _("There is no picture in the clipboard."),
            "large": _("The picture in the clipboard is larger than 10 MB."),
            "denied": _("The browser did not let this page read the clipboard; press Ctrl+V."),
        },
    }
    renderer("paste")(
        key=album.PASTE_KEY,
        data=pack(header, {}),
        width="stretch" if is_shown else 1,
        on_image_change=_take,
    )


def _take() -> None:
    """Read what the browser sent, if it can be a file at all."""
    sent = (st.session_state.get(album.PASTE_KEY) or {}).get("image")
    if not isinstance(sent, str) or len(sent) > 2 * MAX_BYTES:
        return
    try:
        intake.read_pasted(base64.b64decode(sent, validate=True))
    except binascii.Error:
        return
