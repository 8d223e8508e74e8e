"""The picture with a frame to cut out by: drag it, or move it with the arrow keys."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from cnnviz.core.pictures.resampling import fit
from cnnviz.core.records import Floats
from cnnviz.ui.components.wire import pack, renderer, sent
from cnnviz.ui.text import _

Frame = tuple[int, int, int, int]

_SHOWN = 384


def cropper(image: Floats, *, key: str, digest: str, on_cut: Callable[[Frame], None]) -> None:
    """Show a picture with a frame.

    Args:
        image: (C, H, W) in [0, 1], C = 1 or 3, what to cut from.
        key: Key of the mounted component.
        digest: Name of the picture; another one starts without a frame.
        on_cut: Called before the next run with (top, left, height, width) in pixels of the
            picture when a frame was cut out; whether they fit is `Crop`'s to say.
    """
    _channels, height, width = image.shape
    header = {
        "rows": height,
        "cols": width,
        "digest": digest,
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
    small = np.round(fit(image, _SHOWN) * 255).astype(np.uint8)

    def cut() -> None:
        frame = _frame(sent(key, "frame"))
        if frame:
            on_cut(frame)

    renderer("cropper")(key=key, data=pack(header, {"picture": small}), on_frame_change=cut)


def _frame(told: object) -> Frame | None:
    """Return what the browser sent, if it is four whole numbers."""
    if not isinstance(told, list) or len(told) != 4:
        return None
    if not all(isinstance(n, int) and 0 <= n <= 1024 for n in told):
        return None
    top, left, height, width = told
    return top, left, height, width
