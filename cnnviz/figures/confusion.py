"""What a network takes for what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go

from cnnviz.core.records import Floats
from cnnviz.figures.theme import PALETTES


def confusion_matrix(
    counts: Sequence[Sequence[int]],
    labels: Sequence[str],
    *,
    appearance: str,
    true_label: str,
    predicted_label: str,
) -> go.Figure:
    """Draw how often each true class (row) was taken for each class (column).

    Colours follow the logarithm of the counts, so that rare mistakes stay visible; the counts
    themselves stand in the cells.

    Args:
        counts: (N, N) whole numbers, rows are the true classes.
        labels: N names.
        appearance: "light" or "dark".
        true_label: Title of the rows, in the reader's language.
        predicted_label: Title of the columns.
    """
    palette, matrix = PALETTES[appearance], np.asarray(counts, np.int32)
    cells = _Cells(
        np.log1p(matrix).astype(np.float32),
        matrix.astype(str),
        [palette.neutral, palette.map_high],
    )
    return _drawn(cells, labels, true_label, predicted_label)


def confusion_difference(
    first: Sequence[Sequence[int]],
    second: Sequence[Sequence[int]],
    labels: Sequence[str],
    *,
    appearance: str,
    true_label: str,
    predicted_label: str,
) -> go.Figure:
    """Draw how much more often (orange) or seldom (blue) the second of two gave each answer.

    Colours follow the root of the difference, symmetric about zero; equal cells are empty.

    Args:
        first: (N, N) whole numbers, rows are the true classes.
        second: Likewise, of the same pictures.
        labels: N names.
        appearance: "light" or "dark".
        true_label: Title of the rows, in the reader's language.
        predicted_label: Title of the columns.
    """
    palette = PALETTES[appearance]
    more = np.asarray(second, np.int32) - np.asarray(first, np.int32)
    texts = np.array([[f"{n:+d}".replace("-", "−") if n else "" for n in row] for row in more])
    cells = _Cells(
        (np.sign(more) * np.sqrt(np.abs(more))).astype(np.float32),
        texts,
        [palette.map_low, palette.neutral, palette.map_high],
        is_signed=True,
    )
    return _drawn(cells, labels, true_label, predicted_label)


@dataclass(frozen=True, slots=True, eq=False)
class _Cells:
    """What a matrix is drawn of: levels and texts, (N, N) each, and the colours of the levels."""

    levels: Floats
    texts: np.ndarray
    colours: list[str]
    is_signed: bool = False


def _drawn(
    cells: _Cells, labels: Sequence[str], true_label: str, predicted_label: str
) -> go.Figure:
    peak = float(np.abs(cells.levels).max(initial=0.0)) or 1.0
    heatmap = go.Heatmap(
        z=cells.levels,
        zmin=-peak if cells.is_signed else 0,
        zmax=peak,
        x=list(labels),
        y=list(labels),
        text=cells.texts,
        texttemplate="%{text}",
        colorscale=cells.colours,
        showscale=False,
        hovertemplate=f"{true_label} %{{y}}, {predicted_label} %{{x}}: %{{text}}<extra></extra>",
        xgap=1,
        ygap=1,
    )
    figure = go.Figure(heatmap)
    axis = {"type": "category", "showgrid": False}
    figure.update_yaxes(**axis, autorange="reversed", scaleanchor="x", title=true_label)
    figure.update_xaxes(**axis, side="top", constrain="domain", title=predicted_label)
    figure.update_layout(margin={"l": 10, "r": 10, "t": 60, "b": 10}, height=480)
    return figure
