"""What a network takes for what: confusion matrices, and pictures as points by class."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from cnnviz.core.records import Floats
from cnnviz.figures.theme import PALETTES

POINT_COLOURS = (
    "#3366cc", "#e69f00", "#009e73", "#cc79a7", "#56b4e9",
    "#a65628", "#8a8a8a", "#d55e00", "#b3b300", "#7b4bb3",
)  # fmt: skip
"""Okabe & Ito's, and three more; a legend names each."""
_SYMBOLS = ("circle", "square", "diamond", "cross", "triangle-up")


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
    levels = np.log1p(matrix).astype(np.float32)
    colours = (palette.neutral, palette.map_high)
    return _matrix(levels, matrix.astype(str), colours, labels, (true_label, predicted_label))


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

    Colours follow the root of the difference, symmetric about zero; equal cells are empty. Takes
    the counts of two networks on the same pictures, and the rest as `confusion_matrix`.
    """
    palette = PALETTES[appearance]
    more = np.asarray(second, np.int32) - np.asarray(first, np.int32)
    texts = np.array([[f"{n:+d}".replace("-", "−") if n else "" for n in row] for row in more])
    levels = (np.sign(more) * np.sqrt(np.abs(more))).astype(np.float32)
    colours = (palette.map_low, palette.neutral, palette.map_high)
    return _matrix(levels, texts, colours, labels, (true_label, predicted_label))


def _matrix(
    levels: Floats,
    texts: NDArray[np.str_],
    colours: tuple[str, ...],
    labels: Sequence[str],
    titles: tuple[str, str],
) -> go.Figure:
    """Draw levels as colours, from 0 for two colours, symmetric about it for three."""
    peak = float(np.abs(levels).max(initial=0.0)) or 1.0
    heatmap = go.Heatmap(
        z=levels,
        zmin=-peak if len(colours) == 3 else 0,
        zmax=peak,
        x=list(labels),
        y=list(labels),
        text=texts,
        texttemplate="%{text}",
        colorscale=list(colours),
        showscale=False,
        hovertemplate=f"{titles[0]} %{{y}}, {titles[1]} %{{x}}: %{{text}}<extra></extra>",
        xgap=1,
        ygap=1,
    )
    figure = go.Figure(heatmap)
    axis = {"type": "category", "showgrid": False}
    figure.update_yaxes(**axis, autorange="reversed", scaleanchor="x", title=titles[0])
    figure.update_xaxes(**axis, side="top", constrain="domain", title=titles[1])
    return figure.update_layout(margin={"l": 10, "r": 10, "t": 60, "b": 10}, height=480)


def points(
    places: Floats,
    classes: NDArray[np.uint8],
    labels: Sequence[str],
    *,
    here: tuple[float, float],
    here_name: str,
    appearance: str,
) -> go.Figure:
    """Draw pictures as points in a plane, coloured by class, one of them marked.

    Their `places` are (N, 2) float32 and `classes` (N,); the marked one, `here`, is one more.
    """
    figure = go.Figure()
    for n, label in enumerate(labels):
        x, y = places[classes == n].T
        colour, symbol = POINT_COLOURS[n % len(POINT_COLOURS)], _SYMBOLS[n % len(_SYMBOLS)]
        dot = {"color": colour, "size": 6, "opacity": 0.75, "symbol": symbol}
        figure.add_scattergl(x=x, y=y, mode="markers", name=label, marker=dot)
    accent = PALETTES[appearance].accent
    star = {"color": accent, "size": 20, "symbol": "star", "line": {"width": 2}}
    figure.add_scatter(x=[here[0]], y=[here[1]], mode="markers", name=here_name, marker=star)
    axis = {"showticklabels": False, "zeroline": False}
    figure.update_layout(
        height=520, margin={"l": 0, "r": 0, "t": 10, "b": 0}, xaxis=axis, yaxis=axis
    )
    return figure.update_yaxes(scaleanchor="x")
