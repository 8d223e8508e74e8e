"""Pictures as points in a plane, coloured by class, one of them marked."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from cnnviz.core.records import Floats
from cnnviz.figures.theme import PALETTES

COLOURS = (
    "#3366cc", "#e69f00", "#009e73", "#cc79a7", "#56b4e9",
    "#a65628", "#8a8a8a", "#d55e00", "#b3b300", "#7b4bb3",
)  # fmt: skip
"""Okabe & Ito's, and three more; a legend names each."""
_SYMBOLS = ("circle", "square", "diamond", "cross", "triangle-up")


def points(
    places: Floats,
    classes: NDArray[np.uint8],
    labels: Sequence[str],
    *,
    here: tuple[float, float],
    here_name: str,
    appearance: str,
) -> go.Figure:
    """Return a chart of points.

    Args:
        places: (N, 2) float32.
        classes: (N,) the class of each.
        labels: Name of every class.
        here: Where the marked one lies.
        here_name: What the marked one is called.
        appearance: "light" or "dark".
    """
    traces = [
        go.Scattergl(
            x=places[classes == n, 0],
            y=places[classes == n, 1],
            mode="markers",
            name=label,
            marker={
                "color": COLOURS[n % len(COLOURS)],
                "size": 6,
                "opacity": 0.75,
                "symbol": _SYMBOLS[n % len(_SYMBOLS)],
            },
        )
        for n, label in enumerate(labels)
    ]
    accent = PALETTES[appearance].accent
    marked = go.Scatter(
        x=[here[0]],
        y=[here[1]],
        mode="markers",
        name=here_name,
        marker={"color": accent, "size": 20, "symbol": "star", "line": {"width": 2}},
    )
    figure = go.Figure([*traces, marked])
    axis = {"showticklabels": False, "zeroline": False}
    figure.update_layout(
        height=520, margin={"l": 0, "r": 0, "t": 10, "b": 0}, xaxis=axis, yaxis=axis
    )
    figure.update_yaxes(scaleanchor="x")
    return figure
