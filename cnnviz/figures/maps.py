"""One feature map, large, with its values."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from cnnviz.core.records import Floats
from cnnviz.figures.theme import PALETTES

_MOST_NUMBERED = 20


def feature_map(values: Floats, *, appearance: str, is_pixels: bool, hover: str) -> go.Figure:
    """Draw a map with one square a cell, numbers where they fit, and values on hover.

    Args:
        values: (H, W) float32.
        appearance: "light" or "dark".
        is_pixels: Grey from 0 to 1 instead of a signed scale symmetric about zero.
        hover: Plotly template with %{y}, %{x} and %{z}, in the reader's language.
    """
    palette = PALETTES[appearance]
    limit = 1.0 if is_pixels else float(np.abs(values).max(initial=0.0)) or 1.0
    colours = ["#000000", "#ffffff"] if is_pixels else None
    heatmap = go.Heatmap(
        z=np.asarray(values, np.float32),
        zmin=0.0 if is_pixels else -limit,
        zmax=limit,
        colorscale=colours or [palette.map_low, palette.neutral, palette.map_high],
        hovertemplate=f"{hover}<extra></extra>",
        texttemplate="%{z:.2f}" if max(values.shape) <= _MOST_NUMBERED else None,
        textfont={"size": 11},
        xgap=0.5,
        ygap=0.5,
        colorbar={"thickness": 12, "tickformat": ".2f"},
    )
    figure = go.Figure(heatmap)
    figure.update_yaxes(autorange="reversed", scaleanchor="x", constrain="domain", showgrid=False)
    figure.update_xaxes(constrain="domain", side="top", showgrid=False)
    figure.update_layout(margin={"l": 10, "r": 10, "t": 30, "b": 10}, height=460)
    return figure
