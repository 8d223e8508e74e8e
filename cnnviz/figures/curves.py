"""How a training went: loss and accuracy, epoch by epoch, of one run or of several."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from cnnviz.core.records import Floats, TrainEvent
from cnnviz.figures.theme import PALETTES


@dataclass(frozen=True, slots=True, eq=False)
class Curve:
    """A run as it is drawn: its name, its events, and how many epochs it takes in all."""

    name: str
    events: Sequence[TrainEvent]
    epochs: int


@dataclass(frozen=True, slots=True)
class CurveWords:
    """What is written on the figure, in the reader's language."""

    epoch: str
    loss: str
    accuracy: str
    training: str
    validation: str


def curves(runs: Sequence[Curve], *, appearance: str, words: CurveWords) -> go.Figure:
    """Draw loss (left) and accuracy (right) of one or two runs over their epochs.

    The training's loss is a thin line, what was measured on held-out pictures a thick one with a
    mark at each epoch; a run has one colour.
    """
    palette = PALETTES[appearance]
    figure = make_subplots(1, 2, subplot_titles=(words.loss, words.accuracy))
    for run, colour in zip(runs, (palette.map_low, palette.map_high), strict=False):
        measured = [each for each in run.events if each.validation_loss is not None]
        prefix = "" if len(runs) == 1 else f"{escape(run.name)} · "  # Plotly reads markup
        training = {"color": colour, "width": 1, "dash": "dot"}
        thin = {"mode": "lines", "line": training, "legendgroup": run.name}
        thick = {"mode": "lines+markers", "line": {"color": colour, "width": 2.5}}
        figure.add_scatter(
            x=_epochs(run, run.events),
            y=np.array([each.train_loss for each in run.events], np.float32),
            name=f"{prefix}{words.training}",
            **thin,
        )
        losses = np.array([each.validation_loss for each in measured], np.float32)
        shares = np.array([each.accuracy for each in measured], np.float32)
        x, name = _epochs(run, measured), f"{prefix}{words.validation}"
        figure.add_scatter(x=x, y=losses, name=name, legendgroup=run.name, **thick)
        figure.add_scatter(x=x, y=shares, name=name, showlegend=False, row=1, col=2, **thick)
    most = max((run.epochs for run in runs), default=1)
    figure.update_xaxes(title=words.epoch, range=[0, most * 1.02])
    figure.update_yaxes(rangemode="tozero", row=1, col=1)
    figure.update_yaxes(tickformat=".1%", row=1, col=2)
    figure.update_layout(
        height=340,
        margin={"l": 10, "r": 10, "t": 40, "b": 10},
        legend={"orientation": "h", "yref": "container", "y": 0, "yanchor": "bottom"},
    )
    return figure


def _epochs(run: Curve, events: Sequence[TrainEvent]) -> Floats:
    return np.array([run.epochs * each.step / each.total_steps for each in events], np.float32)
