"""Why this number? Both ends of a network for photographs, from a pixel or to a logit."""

from __future__ import annotations

import numpy as np
import streamlit as st

from cnnviz import nn
from cnnviz.core.messages import N_
from cnnviz.core.networks.explanations import Asked
from cnnviz.core.photos.answers import PhotoAnswer
from cnnviz.core.photos.networks import CROP
from cnnviz.core.records import LayerActivation
from cnnviz.ui import layers, show, state
from cnnviz.ui.components.wall import Stage, wall
from cnnviz.ui.components.why import Question, why
from cnnviz.ui.controls import Setting
from cnnviz.ui.photos import imagenet_names
from cnnviz.ui.photos.inside import row
from cnnviz.ui.text import _
from cnnviz.ui.trail import Trail, busiest, cell_title, current, sight

END = Setting("end", {"first": N_("The first convolution"), "last": N_("The last layer")}, "first")
TITLES = {
    "input": N_("What it sees"),
    "maps": N_("The last maps"),
    "features": N_("Features"),
    "logits": N_("Logits"),
    "relu6": "ReLU6",
    "hardswish": "Hardswish",
}
"""By name, of layers that are better called what they are here; by kind, of those of our own none
has."""
MOST_MAPS = 64
_CHANNEL, _CLASS = "numbers.channel", "numbers.class"


def numbers(model: nn.PhotoModel, answer: PhotoAnswer) -> None:
    """Show where any number of the first convolution, or of the last layer, comes from."""
    side = END.draw(_("Which numbers"))
    end = (nn.first_layers if side == "first" else nn.last_layers)(model, answer.input.seen)
    key = f"{model.card.id}.{side}"
    start = _start(end, answer)
    if side == "first":
        st.markdown(
            _(
                "A patch of red, green and blue pixels, times the filter’s weights, plane by "
                "plane; then the bias or the batch norm, and the activation. All numbers are the "
                "network’s own."
            )
        )
    else:
        st.markdown(
            _(
                "A logit is a weighted sum of features, plus a bias. Each feature says how much "
                "of something was found; its weight, how much that speaks for the class or "
                "against it."
            )
        )
    maps, beside = st.columns([2, 3], gap="medium")
    with maps:
        if side == "first":
            _choose_map(end, key, start)
        else:
            _choose_class(answer, end, key, start)

    def explain() -> None:
        walked = _walked(key, start, end)
        with show.waiting(640):
            why(
                _question(answer, end, walked),
                key=f"numbers.why.{key}",
                on_ask=lambda cell: _keep(key, walked.ask(cell)),
                on_go=lambda position: _keep(key, walked.go(position)),
            )

    with beside, show.staying("numbers-why"):
        show.fragment(explain)()


def _keep(key: str, trail: Trail) -> None:
    state.hold(f"numbers.trail.{key}", trail)


def _walked(key: str, start: Asked, end: nn.NetworkEnd) -> Trail:
    state.remember_default(f"numbers.trail.{key}", None)
    return current(f"numbers.trail.{key}", end.activations, start)


def _start(end: nn.NetworkEnd, answer: PhotoAnswer) -> Asked:
    """The first question: the largest number of the busiest map, or the logit of the answer."""
    if end.activations[-1].name == "logits":
        return Asked("logits", answer.predictions[0].class_idx, 0, 0)
    first = layers.find(end.activations, "conv")
    return busiest(first, int(first.values.std(axis=(1, 2)).argmax()))


def _choose_map(end: nn.NetworkEnd, key: str, start: Asked) -> None:
    """Offer every map of the first convolution: on the wall, and by its number."""
    first = layers.find(end.activations, "conv")

    def ask(layer: LayerActivation, channel: int) -> None:
        _keep(key, Trail((busiest(layer, channel),)))

    walked = _walked(key, start, end)
    root = walked.asked[0]
    state.hold(_CHANNEL, start.channel if root.layer == "normalize" else root.channel)
    st.number_input(
        _("Map of the first convolution"),
        0,
        len(first.values) - 1,
        key=_CHANNEL,
        width=220,
        on_change=lambda: ask(first, int(state.held(_CHANNEL))),
    )
    wall(
        [
            row(each, _title(each), MOST_MAPS, float(np.abs(each.values).max()) or 1.0)
            for each in end.activations
            if each.kind != "input"
        ],
        key=f"numbers.wall.{key}",
        layout="wall",
        chosen=walked.open[:2] if walked.open.channel < MOST_MAPS else None,
        says=_("Click a map, or walk over them with the arrow keys and press Enter."),
        on_choose=lambda name, channel: ask(layers.find(end.activations, name), channel),
    )


def _choose_class(answer: PhotoAnswer, end: nn.NetworkEnd, key: str, start: Asked) -> None:
    """Offer the logit of every class, the likeliest first."""
    names = imagenet_names()
    ids = [each.class_idx for each in answer.predictions]
    root = _walked(key, start, end).asked[0]
    state.hold(_CLASS, root.channel if root.layer == "logits" else start.channel)
    st.selectbox(
        _("Class"),
        ids,
        format_func=names.__getitem__,
        key=_CLASS,
        width=320,
        on_change=lambda: _keep(key, Trail((Asked("logits", int(state.held(_CLASS)), 0, 0),))),
    )
    best = answer.predictions[:5]
    wall(
        [
            Stage(
                "top",
                _("The largest logits"),
                "classes",
                np.array([each.logit for each in best], np.float32),
                labels=tuple(names[each.class_idx] for each in best),
            )
        ],
        key=f"numbers.top.{key}",
        layout="grid",
        says=_("The larger its logit against the others, the likelier the class."),
    )


def _question(answer: PhotoAnswer, end: nn.NetworkEnd, walked: Trail) -> Question:
    here = walked.open
    field, effective = (0, 0, CROP, CROP), None  # of maps somewhere inside: all of it
    if end.activations[0].kind == "input":
        field, effective = sight(end.network, end.activations, here)
    return Question(
        here,
        [_cell_title(layers.find(end.activations, each.layer), each) for each in walked.asked],
        walked.position,
        nn.explain(end.network, end.activations, *here),
        layers.find(end.activations, here.layer),
        imagenet_names(),
        "logits",
        answer.input.seen,
        field,
        effective,
    )


def _cell_title(layer: LayerActivation, cell: Asked) -> str:
    if layer.name == "logits":
        return f"{_title(layer)} · {imagenet_names()[cell.channel]}"
    return cell_title(layer, _title(layer), cell)


def _title(activation: LayerActivation) -> str:
    known = TITLES.get(activation.name) or TITLES.get(activation.kind)
    return _(known) if known else layers.title(activation)
