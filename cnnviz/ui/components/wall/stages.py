"""The stages of a wall: maps, weights, pictures or classes, and what the browser gets of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, NotRequired, TypedDict

import numpy as np

from cnnviz.core.records import Floats
from cnnviz.ui import state
from cnnviz.ui.components.wire import peak_of, signed_levels
from cnnviz.ui.text import _, number, percent, size

Kind = Literal["pixels", "signed", "weights", "classes"]
_SHORT = 2
"""Letters of a class that stand beside its bar; longer names stand above."""


@dataclass(frozen=True, slots=True, eq=False)
class Stage:
    """One box on a wall.

    Attributes:
        id: The layer's name; what a click reports.
        title: Heading, in the reader's language.
        kind: "pixels" in [0, 1], "signed" maps, "weights", or "classes" with `values` (N,).
        values: (C, H, W), or (N,) for vectors and classes.
        columns: Maps side by side; None fills the row.
        side: The longest that the side of a map gets, in CSS pixels.
        share: Width against the other boxes of a chain.
        door: Label of the door, and name of the page that explains the stage.
        choosable: Whether a map can be chosen.
        is_share: For "classes": shares of one, shown in percent.
        marks_best: Whether the largest of such shares is marked.
        shape: What is said under the title, where `values` are a smaller copy.
        peak: End of the scale; None takes the largest absolute value.
        is_each: Whether each map has a scale of its own.
        heading: Over this card and those that follow, in a grid.
        curve: (x, y) points of a function, drawn above the map.
        labels: Names of this stage's classes; None: those of the wall.
        scale: What is said at both ends of the scale, and CSS colours from end to end; None: as
            the kind has it.
    """

    id: str
    title: str
    kind: Kind
    values: Floats
    columns: int | None = None
    side: int = 160
    share: float = 1.0
    door: tuple[str, str] | None = None
    choosable: bool = False
    is_share: bool = False
    marks_best: bool = True
    shape: tuple[int, ...] | None = None
    peak: float | None = None
    is_each: bool = False
    heading: str = ""
    curve: tuple[tuple[float, float], ...] | None = None
    labels: tuple[str, ...] | None = None
    scale: tuple[str, str, tuple[str, ...]] | None = None


class WallStage(TypedDict):
    """A stage as the browser gets it: of maps, or with `classes` in place of them."""

    id: str
    title: str
    shape: str
    kind: Kind
    heading: str
    share: float
    door: dict[str, str] | None
    count: NotRequired[int]
    rows: NotRequired[int]
    cols: NotRequired[int]
    is_colour: NotRequired[bool]
    columns: NotRequired[int | None]
    side: NotRequired[int]
    choosable: NotRequired[bool]
    peak: NotRequired[float]
    is_each: NotRequired[bool]
    curve: NotRequired[tuple[tuple[float, float], ...] | None]
    scale: NotRequired[tuple[str, str, tuple[str, ...]] | None]
    ranges: NotRequired[list[list[float]]]
    label: NotRequired[str]
    marks_best: NotRequired[bool]
    has_words: NotRequired[bool]
    zero: NotRequired[float]
    classes: NotRequired[list[dict[str, Any]]]


def described(stage: Stage, labels: Sequence[str]) -> WallStage:
    """Return a stage as the browser gets it; `labels` name its classes where it does not."""
    common: WallStage = {
        "id": stage.id,
        "title": stage.title,
        "shape": "" if stage.labels else size(stage.shape or stage.values.shape),
        "kind": stage.kind,
        "heading": stage.heading,
        "share": stage.share,
        "door": stage.door and {"label": stage.door[0], "href": state.href(stage.door[1])},
    }
    if stage.kind == "classes":
        return _classes(common, stage, labels)
    planes = _planes(stage)
    return {
        **common,
        "count": len(planes),
        "rows": planes.shape[1],
        "cols": planes.shape[2],
        "is_colour": _is_colour(stage),
        "columns": stage.columns,
        "side": stage.side,
        "choosable": stage.choosable,
        "peak": peak_in(stage),
        "is_each": stage.is_each,
        "curve": stage.curve,
        "scale": stage.scale,
        "ranges": np.stack((planes.min(axis=(1, 2)), planes.max(axis=(1, 2))), axis=1).tolist(),
        "label": _label(stage, len(planes)),
    }


def _label(stage: Stage, count: int) -> str:
    if stage.choosable:
        return _("{title}: {count} maps. Arrow keys walk over them, Enter shows one large.").format(
            title=stage.title, count=count
        )
    return _("{title}, size {size}").format(title=stage.title, size=size(stage.values.shape))


def _classes(common: WallStage, stage: Stage, labels: Sequence[str]) -> WallStage:
    """Rows of label, bar and number; signed values get a zero in the middle of their range."""
    values = stage.values.astype(float)
    if stage.is_share:
        shares, zero, texts = values, 0.0, [percent(value) for value in values]
    else:
        low, high = min(0.0, values.min()), max(0.0, values.max())
        span = max(high - low, 1e-9)
        shares, zero = values / span, -low / span
        texts = [number(value, 2, is_fixed=True) for value in values]
    names = stage.labels or labels
    rows = zip(names, shares, texts, strict=True)
    return {
        **common,
        "marks_best": stage.is_share and stage.marks_best,
        "has_words": any(len(name) > _SHORT for name in names),
        "zero": zero,
        "classes": [{"label": a, "share": float(b), "text": c} for a, b, c in rows],
    }


def _is_colour(stage: Stage) -> bool:
    return stage.kind == "pixels" and len(stage.values) == 3


def _planes(stage: Stage) -> Floats:
    """The stage as pictures (count, rows, cols): a vector becomes one strip, RGB one picture."""
    if _is_colour(stage):
        return stage.values[:1]
    if stage.values.ndim == 3:
        return stage.values
    columns = 16 if len(stage.values) % 16 == 0 else len(stage.values)
    return stage.values.reshape(1, -1, columns)


def peak_in(stage: Stage) -> float:
    """Return the peak of a stage's scale."""
    return stage.peak or peak_of(stage.values)


def levels_of(stage: Stage) -> np.ndarray:
    """Return bytes for the canvas: pixels 0…255; signed values around 128, the peak at ±127."""
    if stage.kind == "pixels":
        return np.round(stage.values * 255).astype(np.uint8)
    peak: float | Floats = peak_in(stage)
    if stage.is_each and stage.values.ndim == 3:
        peaks = np.abs(stage.values).max(axis=(1, 2), keepdims=True)
        peak = np.where(peaks == 0, np.float32(1), peaks)
    return signed_levels(stage.values, peak)
