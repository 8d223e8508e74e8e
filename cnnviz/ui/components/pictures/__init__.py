"""What a person does with pictures of their own: the tray, the clipboard, the frame, the pad."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple, TypedDict

import numpy as np
from numpy.typing import NDArray

from cnnviz.core.pictures.images import MAX_BYTES
from cnnviz.core.pictures.resampling import fit
from cnnviz.core.records import Floats
from cnnviz.ui.components.wire import as_bytes, pack, renderer, sent, sent_bytes
from cnnviz.ui.text import _, number

Frame = tuple[int, int, int, int]

ROOM = 3 * MAX_BYTES
"""Bytes of pictures that are pasted at once: they come in one message, a third longer, of which
Streamlit takes 50 MB."""
MOST_PASTED = 100
"""Pictures of one paste that are looked at."""
_SHOWN = 384
"""Longest side of the picture that is cut from, as it travels."""


class TrayHeader(TypedDict):
    """What the browser is told."""

    chosen: str
    names: dict[str, str]
    words: dict[str, str]


def tray(
    pictures: Mapping[str, tuple[str, NDArray[np.uint8]]],
    *,
    key: str,
    chosen: str,
    on_choose: Callable[[str], None],
    on_remove: Callable[[str], None],
) -> None:
    """Show small pictures.

    Args:
        pictures: id → (name, its levels (C, H, W)).
        key: Key of the mounted component.
        chosen: The id that is marked; none of them marks none.
        on_choose: Called with an id before the next run, whether it is known or not.
        on_remove: As `on_choose`.
    """
    header: TrayHeader = {
        "chosen": chosen,
        "names": {each: name for each, (name, _levels) in pictures.items()},
        "words": {"tray": _("Your pictures"), "remove": _("Remove {name} from the tray")},
    }

    def report(name: str, act: Callable[[str], None]) -> None:
        told = sent(key, name)
        if isinstance(told, str):
            act(told)

    renderer("pictures/tray")(
        key=key,
        data=pack(header, {each: levels for each, (_name, levels) in pictures.items()}),
        on_choose_change=lambda: report("choose", on_choose),
        on_remove_change=lambda: report("remove", on_remove),
    )


class PasteHeader(TypedDict):
    """What the browser is told."""

    is_shown: bool
    limit: int
    room: int
    words: dict[str, str]


class Pasted(NamedTuple):
    """A picture from the clipboard: its file's name, if any, its bytes, and how many they are.

    Without `data` it was too large to be sent, by itself or beside the others.
    """

    name: str
    size: int
    data: bytes | None


def paste(*, key: str, is_shown: bool, on_paste: Callable[[list[Pasted]], None]) -> None:
    """Listen for pasted pictures.

    Args:
        key: Key of the mounted component.
        is_shown: Whether to show the button and what to do; the keyboard works in any case.
        on_paste: Called before the next run with what was pasted, one or more, which may be no
            pictures at all.
    """
    header: PasteHeader = {
        "is_shown": is_shown,
        "limit": MAX_BYTES,
        "room": ROOM,
        "words": {
            "paste": _("Paste from the clipboard"),
            "hint": _("Copy a picture anywhere, then press Ctrl+V (⌘V on a Mac) on this page."),
            "none": _("There is no picture in the clipboard."),
            "denied": _("The browser did not let this page read the clipboard; press Ctrl+V."),
        },
    }

    def take() -> None:
        told = sent(key, "pictures")
        pasted = map(_pasted, told[:MOST_PASTED] if isinstance(told, list) else [])
        taken = [each for each in pasted if each is not None]
        if taken:
            on_paste(taken)

    renderer("pictures/paste")(
        key=key, data=pack(header, {}), width="stretch" if is_shown else 1, on_pictures_change=take
    )


def _pasted(told: object) -> Pasted | None:
    """Return what the browser sent, if it is a picture's name, size and bytes."""
    if not isinstance(told, dict):
        return None
    name, size, data = (told.get(each) for each in ("name", "size", "data"))
    if not isinstance(name, str) or not isinstance(size, int):
        return None
    if data is None:
        return Pasted(name, size, None)
    content = as_bytes(data, MAX_BYTES)
    return None if content is None else Pasted(name, size, content)


class CropperHeader(TypedDict):
    """What the browser is told; rows and columns are those of the whole picture."""

    rows: int
    cols: int
    digest: str
    words: dict[str, str]


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
    header: CropperHeader = {
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

    renderer("pictures/cropper")(
        key=key, data=pack(header, {"picture": small}), on_frame_change=cut
    )


def _frame(told: object) -> Frame | None:
    """Return what the browser sent, if it is four whole numbers."""
    if not isinstance(told, list) or len(told) != 4:
        return None
    if not all(isinstance(n, int) and 0 <= n <= 1024 for n in told):
        return None
    top, left, height, width = told
    return top, left, height, width


class BrushHeader(TypedDict):
    """What the browser is told."""

    side: int
    grid: int
    words: dict[str, str]


def brush(before: bytes, *, key: str, side: int, size: tuple[int, int], grid: int = 1) -> bytes:
    """Mount a pad; returns its bytes, one a cell, row by row, 0 black … 255 white.

    The browser forgets the pad when the page changes, so what was on it is sent along.

    Args:
        before: What is on the pad, one byte a cell.
        key: Key of the mounted component.
        side: Width in CSS pixels; less where there is less room.
        size: Rows and columns.
        grid: Cells between two lines.
    """
    rows, cols = size
    header: BrushHeader = {"side": side, "grid": grid, "words": _pad_words(rows, cols)}
    pixels = np.frombuffer(before, np.uint8).reshape(size)
    renderer("pictures/brush")(
        key=key, data=pack(header, {"pixels": pixels}), on_pixels_change=lambda: None
    )
    drawn = sent_bytes(key, "pixels", len(before))
    return before if drawn is None or len(drawn) != len(before) else drawn


def _pad_words(rows: int, cols: int) -> dict[str, str]:
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
