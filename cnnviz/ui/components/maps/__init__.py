"""Many filters and the maps they make: one card each, the same cell read in all of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypedDict

import numpy as np

from cnnviz.core.records import Floats
from cnnviz.ui.components.viewer import weight_label
from cnnviz.ui.components.wire import pack, peak_of, renderer, signed_levels
from cnnviz.ui.text import _, browser_locale, size

MOST = 16
_MOST_EXACT = 60_000
"""Cells of all maps together up to which they travel as they are; more are rounded to bytes."""
_MOST_LABELS = 49
"""Weights of a plane above which no number would fit into its cell."""


@dataclass(frozen=True, slots=True, eq=False)
class MapItem:
    """A filter, its weights (C, kH, kW), and the feature map (H, W) that it makes."""

    name: str
    weights: Floats
    values: Floats


class MapsItem(TypedDict):
    """A card: the filter's labels (none where there is no room) and the range of its map."""

    name: str
    shapes: list[str]
    labels: list[str]
    low: float
    high: float
    peak: float
    label: str


class MapsHeader(TypedDict):
    """What the browser is told."""

    locale: str
    chosen: int | None
    items: list[MapsItem]
    words: dict[str, str]


def maps(items: Sequence[MapItem], *, key: str, chosen: int | None, says: str = "") -> int | None:
    """Show filters with their maps; return the position chosen since the last run, or None.

    The maps have one colour scale; reading them asks no server.

    Args:
        items: At most `MOST`.
        key: Key of the mounted component.
        chosen: Position of the one that is marked.
        says: The line below while no cell is pointed at.
    """
    is_exact = sum(item.values.size for item in items) <= _MOST_EXACT
    header: MapsHeader = {
        "locale": browser_locale(),
        "chosen": chosen,
        "items": [_described(item) for item in items],
        "words": _words(says, is_exact=is_exact),
    }
    arrays: dict[str, np.ndarray] = {}
    for position, item in enumerate(items):
        arrays[f"weights{position}"] = np.asarray(item.weights, np.float32)
        arrays[f"map{position}"] = (
            np.asarray(item.values, np.float32)
            if is_exact
            else signed_levels(item.values, peak_of(item.values))
        )
    result = renderer("maps")(key=key, data=pack(header, arrays), on_chosen_change=lambda: None)
    told = result.chosen
    return told if type(told) is int and 0 <= told < len(items) else None


def _described(item: MapItem) -> MapsItem:
    height, width = item.weights.shape[1:]
    are_few = height * width <= _MOST_LABELS
    return {
        "name": item.name,
        "shapes": [size(item.weights.shape), f"→ {size(item.values.shape)}"],
        "labels": [weight_label(w) for w in item.weights.ravel().tolist()] if are_few else [],
        "low": float(item.values.min()),
        "high": float(item.values.max()),
        "peak": peak_of(item.values),
        "label": _(
            "{name}: a filter of {filter} and its map of {map}. Arrow keys read the same cell of "
            "all maps, Home and End jump along the row, Enter chooses this filter."
        ).format(name=item.name, filter=size(item.weights.shape), map=size(item.values.shape)),
    }


def _words(says: str, *, is_exact: bool) -> dict[str, str]:
    reads = _("Row {row}, column {col} (counted from 0): {values}.")
    about = _("Row {row}, column {col} (counted from 0): about {values}.")
    return {
        "says": says
        or _("Point at a cell to read it in every map; a click or Enter chooses the filter."),
        "reads": reads if is_exact else about,
        "range": _("{low} to {high}"),
        "beyond": _("none"),
        "each": _("A colour scale for each map"),
        "enlarge": _("Enlarge"),
        "weights": _("Weights"),
        "map": _("Map"),
    }
