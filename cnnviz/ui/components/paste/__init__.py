"""Pictures from the clipboard: Ctrl+V anywhere on the page, or a button."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable

from cnnviz.core.pictures.images import MAX_BYTES
from cnnviz.ui.components.wire import pack, renderer, sent
from cnnviz.ui.text import _


def paste(*, key: str, is_shown: bool, on_paste: Callable[[bytes], None]) -> None:
    """Listen for pasted pictures.

    Args:
        key: Key of the mounted component.
        is_shown: Whether to show the button and what to do; the keyboard works in any case.
        on_paste: Called before the next run with the bytes of what was pasted, which may be no
            picture at all.
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

    def take() -> None:
        told = sent(key, "image")
        if not isinstance(told, str) or len(told) > 2 * MAX_BYTES:
            return
        try:
            data = base64.b64decode(told, validate=True)
        except binascii.Error:
            return
        on_paste(data)

    renderer("paste")(
        key=key,
        data=pack(header, {}),
        width="stretch" if is_shown else 1,
        on_image_change=take,
    )
