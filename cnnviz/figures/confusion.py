"""What a network takes for what."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

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
    palette = PALETTES[appearance]
    matrix = np.asarray(counts, np.int32)
    heatmap = go.Heatmap(
        z=np.log1p(matrix).astype(np.float32),
        x=list(labels),
        y=list(labels),
        text=matrix.astype(str),
        texttemplate="%{text}",
        colorscale=[palette.neutral, palette.map_high],
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
