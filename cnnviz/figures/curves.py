"""Loss and accuracy of a training, epoch by epoch: one run or several, finished or under way.

A run under way is Vega-Lite, whose data the browser changes in place: it reports four times a
second for hours, so what is drawn stays bounded.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any, Literal

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from cnnviz.core.records import Floats, TrainEvent
from cnnviz.figures.theme import PALETTES

MOST_POINTS = 240
"""Points of one live line: about as many as a chart of half a page has pixels."""

Quantity = Literal["loss", "accuracy"]
QUANTITIES: tuple[Quantity, ...] = ("loss", "accuracy")
Columns = dict[str, list[Any]]


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


# ---------------------------------------------------------------- live


def live_values(quantity: Quantity, run: Curve, words: CurveWords) -> Columns:
    """Return what is drawn: points over the epochs, for training and for held-out pictures.

    The loss, in nats, is of both; the accuracy, in [0, 1], of the held-out ones.
    """
    measured = [event for event in run.events if event.accuracy is not None]
    if quantity == "accuracy":
        return _line(run, measured, "accuracy", words.validation)
    training = _line(run, run.events, "train_loss", words.training)
    held_out = _line(run, measured, "validation_loss", words.validation)
    return {name: [*training[name], *held_out[name]] for name in training}


def live_chart(
    quantity: Quantity, epochs: int, words: CurveWords, *, appearance: str, decimal: str
) -> dict[str, Any]:
    """Return the Vega-Lite of a quantity, without its data: the same for every state of a run.

    `epochs` is what the whole run takes, `decimal` the reader's decimal mark.
    """
    colour = PALETTES[appearance].map_low
    size = 40 if epochs <= 40 else 10  # square pixels of a mark; more epochs lie closer
    is_loss = quantity == "loss"
    name, ticks, digits = (words.loss, "~g", ".3f") if is_loss else (words.accuracy, "~%", ".2%")
    epoch = _axis("epoch", words.epoch, {"domainMin": 0}, {"tickMinStep": 1, "format": "d"})
    labels = {"format": ticks, "labelExpr": f"replace(datum.label, '.', '{decimal}')"}
    said = f"replace(format(datum.value, '{digits}'), '.', '{decimal}')"
    return {
        "transform": [{"calculate": said, "as": "said"}],
        "encoding": {
            "x": epoch,
            "y": _axis("value", name, {"zero": is_loss}, labels),
            "tooltip": {"field": "said", "title": name},
        },
        "layer": [
            {
                "mark": {"type": "line", "strokeWidth": 2, "color": colour},
                "encoding": {"strokeDash": _kinds(words, is_loss=is_loss)},
            },
            {
                "transform": [{"filter": f"datum.kind === {json.dumps(words.validation)}"}],
                "mark": {"type": "point", "filled": True, "size": size, "color": colour},
            },
        ],
    }


def _axis(field: str, title: str, scale: dict[str, Any], axis: dict[str, Any]) -> dict[str, Any]:
    return {"field": field, "type": "quantitative", "title": title, "scale": scale, "axis": axis}


def _kinds(words: CurveWords, *, is_loss: bool) -> dict[str, Any]:
    """Dots for the training pictures, where they are drawn, a line for the held-out ones."""
    dashes = {words.training: [2, 3]} if is_loss else {}
    dashes[words.validation] = [1, 0]
    return {
        "field": "kind",
        "type": "nominal",
        "scale": {"domain": [*dashes], "range": [*dashes.values()]},
        "legend": {"title": None, "orient": "bottom", "columns": 1, "labelLimit": 0},
    }


def _line(run: Curve, events: Sequence[TrainEvent], field: str, kind: str) -> Columns:
    shown = _thinned(events)
    return {
        "epoch": [run.epochs * event.step / event.total_steps for event in shown],
        "value": [getattr(event, field) for event in shown],
        "kind": [kind] * len(shown),
    }


def _thinned(events: Sequence[TrainEvent]) -> Sequence[TrainEvent]:
    """Return at most `MOST_POINTS` of them, evenly, the last among them."""
    every = -(-len(events) // MOST_POINTS) or 1
    return events[(len(events) - 1) % every :: every]
