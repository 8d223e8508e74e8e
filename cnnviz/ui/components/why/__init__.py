"""Why this number? A cell's exact computation, its map, and what of the picture it sees."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, TypedDict

import numpy as np

from cnnviz.core.networks.certainty import SoftmaxCell
from cnnviz.core.networks.explanations import Asked, Explanation
from cnnviz.core.records import Floats, LayerActivation
from cnnviz.ui import state
from cnnviz.ui.components.why.planes import PlanesHeader, planes_of, taps_of
from cnnviz.ui.components.why.words import Said, Term, of_layer, of_softmax
from cnnviz.ui.components.wire import pack, peak_of, pixels_or_floats, renderer, sent
from cnnviz.ui.text import _, browser_locale, size

WINDOWED = ("conv", "maxpool", "avgpool")
_STRIP = 16
_FAR = 10**6
_PARTS = ("channel", "row", "col")


@dataclass(frozen=True, slots=True, eq=False)
class Question:
    """An open question with its answer.

    Attributes:
        asked: The cell that is explained.
        titles: The way here, every question of it, in the reader's language.
        position: Which of them is open.
        answer: How a layer's cell, or a probability, is computed.
        activation: The layer that the cell stands in.
        labels: Names of the classes.
        end: Name of the network's last layer, whose values are the logits.
        picture: (C, H, W) in [0, 1], as the network takes it.
        field: (top, left, height, width) of the pixels that the cell can see.
        effective: (H, W) in [0, 1], how strongly each pixel moves the value; None: not known.
    """

    asked: Asked
    titles: Sequence[str]
    position: int
    answer: Explanation | SoftmaxCell
    activation: LayerActivation
    labels: Sequence[str]
    end: str
    picture: Floats
    field: tuple[int, int, int, int]
    effective: Floats | None


class WhyMap(TypedDict):
    """The map that the cell stands in; a flat layer lies in rows, and may have names."""

    layer: str
    channel: int
    kind: Literal["pixels", "signed"]
    peak: float
    rows: int
    cols: int
    count: int
    is_flat: bool
    labels: Sequence[str] | None
    cell: tuple[int, int]


class WhyHeader(PlanesHeader):
    """What the browser is told; with planes for a window, with terms for any other sum."""

    asked: str
    locale: str
    value: float
    form: Literal["terms", "planes"]
    crumbs: list[str]
    position: int
    field: tuple[int, int, int, int]
    map: WhyMap
    terms: Sequence[Term]
    words: dict[str, str]


def why(
    question: Question, *, key: str, on_ask: Callable[[Asked], None], on_go: Callable[[int], None]
) -> None:
    """Show a question and its answer.

    Args:
        question: The cell that is asked about, and its explanation.
        key: Key of the mounted component.
        on_ask: Called before the next run with the cell that is asked about next; it has the
            form of a cell, but the network need not have it.
        on_go: Called before the next run with the position of the question to go back or on to,
            which may lie anywhere.
    """
    header, arrays = why_data(question)
    key = state.instance(key)

    def ask() -> None:
        cell = as_asked(sent(key, "asked"))
        if cell:
            on_ask(cell)

    def go() -> None:
        position = sent(key, "went")
        if type(position) is int:
            on_go(position)

    renderer("why")(key=key, data=pack(header, arrays), on_asked_change=ask, on_went_change=go)


def as_asked(told: object) -> Asked | None:
    """Return what the browser told, if it has the form of a cell; there need be none such."""
    if not isinstance(told, dict) or not isinstance(told.get("layer"), str):
        return None
    numbers = [n for n in map(told.get, _PARTS) if type(n) is int and 0 <= n < _FAR]
    return Asked(told["layer"], *numbers) if len(numbers) == len(_PARTS) else None


def why_data(question: Question) -> tuple[WhyHeader, dict[str, np.ndarray]]:
    """Return what the browser needs to know: header and arrays."""
    answer, asked = question.answer, question.asked
    if isinstance(answer, Explanation):
        said = of_layer(answer)
    else:
        said = of_softmax(answer, question.labels, question.end)
    header: WhyHeader = {
        "asked": ",".join(map(str, asked)),
        "locale": browser_locale(),
        "value": float(answer.value),
        "form": "terms",
        "crumbs": list(question.titles),
        "position": question.position,
        "field": question.field,
        "map": _map(question, asked),
        "terms": said.terms,
        "words": _words(question, said),
    }
    arrays = {
        "map": _plane(question.activation, asked),
        "picture": pixels_or_floats(question.picture),
    }
    if question.effective is not None:
        arrays["effective"] = np.round(question.effective * 255).astype(np.uint8)
    if isinstance(answer, Explanation) and answer.kind in WINDOWED:
        planes = planes_of(answer, has_colours=len(question.picture) == 3)
        header = {**header, **planes, "form": "planes"}
        arrays |= taps_of(answer)
    return header, arrays


def _map(question: Question, asked: Asked) -> WhyMap:
    values = question.activation.values
    is_flat = values.ndim == 1
    rows, cols = _plane(question.activation, asked).shape
    labels = question.labels if is_flat and len(values) == len(question.labels) else None
    cell = divmod(asked.channel, cols) if is_flat else (asked.row, asked.col)
    return {
        "layer": asked.layer,
        "channel": asked.channel,
        "kind": "pixels" if question.activation.kind == "input" else "signed",
        "peak": peak_of(values),
        "rows": rows,
        "cols": cols,
        "count": len(values) if is_flat else rows * cols,
        "is_flat": is_flat,
        "labels": labels,
        "cell": cell,
    }


def _plane(activation: LayerActivation, asked: Asked) -> Floats:
    """The map that the cell stands in, (rows, cols); a flat layer in rows of `_STRIP`."""
    values = activation.values
    if values.ndim == 3:
        plane: Floats = values[asked.channel]
        return plane
    cols = _STRIP if len(values) > _STRIP else len(values)
    padded = np.zeros(-(-len(values) // cols) * cols, np.float32)
    padded[: len(values)] = values
    return padded.reshape(-1, cols)


def _words(question: Question, said: Said) -> dict[str, str]:
    top, left, height, width = question.field
    values = question.activation.values
    title = question.titles[question.position]
    field = _(
        "It can see {height} × {width} pixels: rows {top} to {bottom}, columns {left} to {right}."
    )
    return {
        **_hints(),
        "saw_shape": size(question.picture.shape),
        "field": field.format(
            height=height,
            width=width,
            top=top,
            bottom=top + height - 1,
            left=left,
            right=left + width - 1,
        ),
        "map": title.rsplit(" · ", 1)[0],
        "map_shape": size(values.shape),
        "map_label": _(
            "{title}: the values of this layer. Arrow keys walk over them, Enter asks about one."
        ).format(title=title),
        "title": _("Why {value}?").format(value=said.value),
        "formula": said.formula,
        "total": said.total,
        "value": said.value,
        "note": said.note,
    }


def _hints() -> dict[str, str]:
    """Return the words that are the same for every question."""
    return {
        "trail": _("The way back to the pixels"),
        "enlarge": _("Enlarge"),
        "says": _(
            "Point at a number, or walk with the arrow keys; a click or Enter asks about it."
        ),
        "ask": _("Where does this number come from?"),
        "saw": _("What it sees of the picture"),
        "most": _("moves it most"),
        "effective": _("Coloured: the pixels that move this number most (its gradient)."),
        "cell": _("{place}: {value}"),
        "index": _("Value {index}"),
        "row_col": _("Row {row}, column {col}"),
        "tap": _("{plane}, row {row}, column {col}: {product}"),
        "padding": _("Padding, outside the map: {product}"),
        "kernel": _("The filter’s weights for this plane"),
    }
