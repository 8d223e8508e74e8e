"""A picture beside its numbers: any region as a matrix, plane by plane, read and edited."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple, TypedDict

import numpy as np

from cnnviz.core.pictures.images import LUMA
from cnnviz.core.records import Floats
from cnnviz.ui import state
from cnnviz.ui.components.wire import as_cell, pack, pixels_or_floats, renderer, sent, sent_cell
from cnnviz.ui.text import _, browser_locale, number, size

Cell = tuple[int, int]


class Change(NamedTuple):
    """New levels 0…255 for one pixel, one a channel."""

    row: int
    col: int
    levels: tuple[int, ...]


class PixelsHeader(TypedDict):
    """What the browser is told; luma is the share of each colour in grey, in words and numbers."""

    locale: str
    pinned: Cell | None
    luma: list[str]
    shares: tuple[float, ...]
    words: dict[str, Any]


def pixel_viewer(
    image: Floats, *, key: str, cell: Cell | None, on_change: Callable[[Change], None]
) -> Cell | None:
    """Show a picture beside its numbers; zooming, reading and switching planes ask no server.

    Args:
        image: (C, H, W) in [0, 1], C = 1 or 3.
        key: Key of the mounted component.
        cell: (row, col) of the pixel to start from, pinned; None starts where most happens.
        on_change: Called with new levels before the page runs. Not during the run: one that is
            cut short by the next report would lose them.

    Returns:
        (row, col) of the pinned pixel, or None.
    """
    height, width = image.shape[1:]
    pinned = cell if cell and cell[0] < height and cell[1] < width else None
    header: PixelsHeader = {
        "locale": browser_locale(),
        "pinned": pinned,
        "luma": [number(share) for share in LUMA],
        "shares": LUMA,
        "words": _words(image.shape),
    }
    key = state.instance(key)

    def take() -> None:
        change = _change(sent(key, "changed"), image)
        if change:
            on_change(change)

    renderer("pixels")(
        key=key,
        data=pack(header, {"picture": pixels_or_floats(image)}),
        on_cell_change=lambda: None,
        on_changed_change=take,
    )
    return sent_cell(key, "cell", image.shape[1:], default=pinned)


def _change(told: object, image: Floats) -> Change | None:
    """Return what the browser sent, if it gives a pixel other levels than it has."""
    if not isinstance(told, dict):
        return None
    cell, levels = as_cell(told.get("cell"), image.shape[1:]), told.get("levels")
    if cell is None or not isinstance(levels, list) or len(levels) != len(image):
        return None
    if not all(type(level) is int and 0 <= level <= 255 for level in levels):
        return None
    if np.allclose(image[:, *cell] * 255, levels, atol=1e-4):
        return None
    return Change(*cell, tuple(levels))


def _words(shape: tuple[int, ...]) -> dict[str, Any]:
    is_colour = shape[0] == 3
    return {
        "picture": _("Picture"),
        "picture_shape": size(shape),
        "picture_label": _(
            "The whole picture, size {size}; the frame is what the numbers show. Click to place "
            "it, or drag it. Arrow keys read pixel by pixel, Home and End jump along the row, "
            "plus and minus zoom, Enter pins the pixel."
        ).format(size=size(shape)),
        "numbers": _("Its numbers, 0 to 255"),
        "numbers_label": _(
            "The numbers inside the frame. Arrow keys read pixel by pixel, Enter pins the pixel, "
            "digits change it."
        ),
        "planes": [_("Red"), _("Green"), _("Blue")] if is_colour else [],
        "plane_button": _("{plane} plane"),
        "plane_label": _(
            "{plane}: the numbers inside the frame. Arrow keys read pixel by pixel, Enter pins "
            "the pixel, digits change it."
        ),
        "thumb_label": _("{plane}: the whole plane, size {size}"),
        "plane_size": size((1, *shape[1:])),
        "off": _("off"),
        "on": _("on"),
        "region": _("{rows} × {cols} pixels"),
        "place": _("rows {top}–{bottom}, columns {left}–{right}"),
        "too_small": _("Zoom in (+) to read the numbers."),
        "zoom_in": _("Zoom in: fewer pixels, larger"),
        "zoom_out": _("Zoom out: more pixels, smaller"),
        "enlarge": _("Enlarge"),
        **_reading_words(is_colour),
    }


def _reading_words(is_colour: bool) -> dict[str, str]:
    if is_colour:
        says = _(
            "Row {row}, column {col} (counted from 0): red {red}, green {green}, blue {blue}; as "
            "grey {share_red}·{red} + {share_green}·{green} + {share_blue}·{blue} = {grey}."
        )
        bins = _(
            "With this red: {red} of {total} pixels; with this green: {green}; this blue: {blue}."
        )
    else:
        says = _("Row {row}, column {col} (counted from 0): {value} of 255.")
        bins = _("Level {level}: {count} of {total} pixels.")
    return {
        "reading": _("This pixel"),
        "says": says,
        "level": _("New number"),
        "level_label": _("{plane}, new number from 0 to 255"),
        "free": _("Hover, or use the arrow keys; a click or Enter pins the pixel to change it."),
        "pinned": _("Pinned. Type a new number and press Enter; Escape lets the pixel go."),
        "refused": _("A pixel takes a whole number from 0 to 255."),
        "histogram": _("How many pixels have each level"),
        "histogram_label": _(
            "Histogram of the whole picture: levels 0 to 255 from left to right, number of "
            "pixels upwards in powers of ten"
        ),
        "bins": bins,
    }
