"""What a search tried: every run as a line through its settings, and the best one by one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go

from cnnviz.figures.theme import PALETTES


@dataclass(frozen=True, slots=True)
class Axis:
    """A setting that was searched.

    Attributes:
        name: In the reader's language.
        values: One a run; texts are categories.
        is_log: Whether numbers stand on a logarithmic scale.
    """

    name: str
    values: tuple[float | str, ...]
    is_log: bool = False


def parallel(axes: Sequence[Axis], scores: Axis, *, appearance: str) -> go.Figure:
    """Draw each run as a line through its settings to its accuracy, coloured by that.

    Each of `axes` has a value for each run, and `scores` its accuracy in [0, 1].
    """
    palette = PALETTES[appearance]
    colours = np.array(scores.values, np.float32)
    lines = go.Parcoords(
        dimensions=[*map(_dimension, axes), {"label": scores.name, "values": colours}],
        labelangle=-30,  # side by side they would lie over each other on a phone
        line={"color": colours, "colorscale": [palette.map_low, palette.map_high]},
    )
    return go.Figure(lines).update_layout(height=380, margin={"l": 60, "r": 100, "t": 110, "b": 20})


def history(
    scores: Sequence[float | None], *, appearance: str, run: str, accuracy: str
) -> go.Figure:
    """Draw the accuracy of each run in order, and the best until then; None: not measured."""
    palette = PALETTES[appearance]
    values = np.array([np.nan if each is None else each for each in scores], np.float32)
    best = np.fmax.accumulate(values)
    x = np.arange(1, len(values) + 1)
    figure = go.Figure()
    figure.add_scatter(x=x, y=best, mode="lines", line={"color": palette.map_high, "shape": "hv"})
    figure.add_scatter(x=x, y=values, mode="markers", marker={"color": palette.map_low, "size": 9})
    figure.update_xaxes(title=run, dtick=max(1, len(values) // 10))
    figure.update_yaxes(title=accuracy, tickformat=".1%")
    return figure.update_layout(
        height=300, showlegend=False, margin={"l": 10, "r": 10, "t": 20, "b": 10}
    )


def importances(names: Sequence[str], shares: Sequence[float], *, appearance: str) -> go.Figure:
    """Draw how much each setting alone explains, in [0, 1], the largest on top."""
    order = np.argsort(np.array(shares))
    bars = go.Bar(
        x=np.array(shares, np.float32)[order],
        y=[names[n] for n in order],
        orientation="h",
        marker={"color": PALETTES[appearance].map_low},
    )
    figure = go.Figure(bars)
    figure.update_xaxes(tickformat=".0%", range=[0, 1])
    return figure.update_layout(height=300, margin={"l": 10, "r": 10, "t": 20, "b": 10})


def _dimension(axis: Axis) -> dict[str, object]:
    """One axis: texts by their place, logarithms with marks at the numbers themselves."""
    words = sorted({each for each in axis.values if isinstance(each, str)})
    if words:
        places = np.array([words.index(str(each)) for each in axis.values], np.float32)
        marks = np.arange(len(words), dtype=np.float32)
        return {"label": axis.name, "values": places, "tickvals": marks, "ticktext": words}
    values = np.array(axis.values, np.float64)
    if not axis.is_log:
        marks = np.unique(values)
        texts = [f"{each:g}" for each in marks]
        return {"label": axis.name, "values": values, "tickvals": marks, "ticktext": texts}
    marks = np.geomspace(values.min(), values.max(), 4)
    texts = [f"{each:.2g}" for each in marks]
    shown, at = np.log10(values), np.log10(marks)
    return {"label": axis.name, "values": shown, "tickvals": at, "ticktext": texts}
