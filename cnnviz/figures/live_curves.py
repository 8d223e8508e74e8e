"""How a training goes while it goes on: Vega-Lite, whose data the browser changes in place.

A run reports four times a second for hours; what is drawn stays bounded.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Literal

from cnnviz.core.records import TrainEvent
from cnnviz.figures.curves import Curve, CurveWords
from cnnviz.figures.theme import PALETTES

MOST_POINTS = 240
"""Of one line: about as many as a chart of half a page has pixels for."""

Quantity = Literal["loss", "accuracy"]
QUANTITIES: tuple[Quantity, ...] = ("loss", "accuracy")
Columns = dict[str, list[Any]]


def live_values(quantity: Quantity, run: Curve, words: CurveWords) -> Columns:
    """Return what is drawn: points over the epochs, each of what is learnt from or held out.

    Args:
        quantity: "loss", in nats, of both; "accuracy", the share that is right in [0, 1], of what
            is held out.
        run: As it stands.
        words: In the reader's language.
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

    Args:
        quantity: As for `live_values`.
        epochs: Of the run in all.
        words: In the reader's language.
        appearance: "light" or "dark".
        decimal: The reader's decimal mark.
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
    """Dots for what is learnt from, where that is drawn, and a line for what is held out."""
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
