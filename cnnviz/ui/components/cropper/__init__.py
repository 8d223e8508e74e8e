"""The picture with a frame to cut out by: drag it, or move it with the arrow keys."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from cnnviz.core.pictures.images import fit
from cnnviz.ui.components.wire import pack, renderer
from cnnviz.ui.pictures.picture import Picture
from cnnviz.ui.text import _

Frame = tuple[int, int, int, int]

_SHOWN = 384


def cropper(picture: Picture, *, key: str, on_cut: Callable[[], None]) -> None:
    """Show the picture with a frame.

    Args:
        picture: What to cut from.
        key: Of the mounted component.
        on_cut: Called before the next run when a frame was cut out; `sent_frame` tells which.
    """
    _channels, height, width = picture.levels.shape
    header = {
        "rows": height,
        "cols": width,
        "digest": picture.digest,
        "words": {
            "label": _(
                "Picture with a frame. Drag over the picture to draw the frame; arrow keys move "
                "it, with Shift they change its size, Enter cuts it out."
            ),
            "cut": _("Crop to the frame"),
            "says": _("Rows {top} to {bottom}, columns {left} to {right}."),
            "hint": _("Drag over the picture to mark what to keep."),
        },
    }
    small = np.round(fit(picture.image, _SHOWN) * 255).astype(np.uint8)
    renderer("cropper")(key=key, data=pack(header, {"picture": small}), on_frame_change=on_cut)


def sent_frame(held: Any) -> Frame | None:
    """Return (top, left, height, width) in pixels of the picture, from a component's state.

    None where that is not four whole numbers; whether they fit is `Crop`'s to say.
    """
    sent = (held or {}).get("frame")
    if not isinstance(sent, list) or len(sent) != 4:
        return None
    if not all(isinstance(n, int) and 0 <= n <= 1024 for n in sent):
        return None
    top, left, height, width = sent
    return top, left, height, width
