"""Asking a network why: the wall of its layers, and beside it the question that is open."""

from __future__ import annotations

import numpy as np
import streamlit as st

from cnnviz import nn
from cnnviz.core.messages import N_
from cnnviz.core.networks.certainty import SoftmaxCell, explain_softmax, softmax
from cnnviz.core.networks.explanations import Asked, Explanation
from cnnviz.core.networks.network_spec import LayerShape, NetworkSpec, layer_fields
from cnnviz.core.records import LayerActivation
from cnnviz.ui import layers, show, state, trail
from cnnviz.ui.components.browser import write_link
from cnnviz.ui.components.diagram import Box, diagram
from cnnviz.ui.components.wall import wall
from cnnviz.ui.components.why import Question, why
from cnnviz.ui.controls import Setting
from cnnviz.ui.networks import Activations, Seen, own_network
from cnnviz.ui.text import _, number, size
from cnnviz.ui.trail import Trail

PROBABILITIES = "probabilities"
SCALE = Setting(
    "scale",
    {"map": N_("each map"), "layer": N_("each layer"), "network": N_("all layers")},
    "layer",
)


def ask(seen: Seen) -> None:
    """Show every layer, and why one of its numbers is what it is.

    A step of the trail runs the answer alone: the wall marks by itself what is asked about.
    """
    everything = _everything(seen)
    _show_plan(seen.spec, chosen=_walked(everything).open.layer)
    maps, beside = st.columns([2, 3], gap="medium")
    with maps:
        scale = SCALE.draw(_("One colour scale for"))
        wall(
            layers.every_layer(seen.activations, scale),
            key="network.wall",
            layout="wall",
            chosen=_walked(everything).open[:2],
            says=_("Click a map, or walk over them with the arrow keys and press Enter."),
            on_choose=lambda name, channel: trail.keep(
                Trail((trail.busiest(layers.find(everything, name), channel),))
            ),
        )

    def answer() -> None:
        walked = _walked(everything)
        trail.link(walked.open)
        with show.waiting(640):
            why(
                _question(seen, everything, walked),
                key="network.why",
                on_ask=lambda cell: trail.keep(walked.ask(cell)),
                on_go=lambda position: trail.keep(walked.go(position)),
            )
        write_link(state.whole_link(), key="network.link")

    with beside, show.staying("network-why"):
        show.fragment(answer)()


def _everything(seen: Seen) -> Activations:
    """Return every layer, and the probabilities behind the last one."""
    shares = softmax(seen.activations[-1].values).astype(np.float32)
    return (*seen.activations, LayerActivation(PROBABILITIES, "softmax", shares))


def _walked(everything: Activations) -> Trail:
    """Return this session's trail where it fits; else why the likeliest class is so likely."""
    likeliest = Asked(PROBABILITIES, int(everything[-1].values.argmax()), 0, 0)
    return trail.current(state.TRAIL_KEY, everything, likeliest, trail.linked())


def _question(seen: Seen, everything: Activations, walked: Trail) -> Question:
    here, end = walked.open, seen.activations[-1]
    network = own_network(seen.network, seen.operations)
    answer: Explanation | SoftmaxCell
    if here.layer == PROBABILITIES:
        answer = explain_softmax(end.values, here.channel)
        field, effective = trail.sight(network, seen.activations, here._replace(layer=end.name))
    else:
        answer = nn.explain(network, seen.activations, *here)
        field, effective = trail.sight(network, seen.activations, here)
    return Question(
        here,
        [_title(layers.find(everything, each.layer), each, seen) for each in walked.asked],
        walked.position,
        answer,
        layers.find(everything, here.layer),
        layers.labels(seen.spec),
        end.name,
        seen.image,
        field,
        effective,
    )


def _title(layer: LayerActivation, cell: Asked, seen: Seen) -> str:
    """Return layer and cell; of logits and probabilities the class: "Probabilities · 4"."""
    name = layers.title(layer)
    if layer.name in (PROBABILITIES, seen.activations[-1].name):
        return f"{name} · {layers.labels(seen.spec)[cell.channel]}"
    return trail.cell_title(layer, name, cell)


def _show_plan(spec: NetworkSpec, *, chosen: str) -> None:
    """Show a network as a strip: every layer with its shape, its parameters, what it sees."""
    steps = spec.shapes()
    end = steps[-1]
    boxes = [
        _box(step, _shown(steps, n), field, spec)
        for n, (step, field) in enumerate(zip(steps, layer_fields(spec), strict=True))
    ]
    last = LayerShape("probabilities", "softmax", end.shape, 0)
    boxes.append(_box(last, "probabilities", spec.input_shape[1:], spec))
    label = _("The network, layer by layer; each can be shown on the wall below.")
    diagram(boxes, key="network.plan", label=label, chosen=chosen)


def _shown(steps: tuple[LayerShape, ...], n: int) -> str:
    """Which layer's wall a click shows: flattening only rearranges and has none of its own."""
    return next(step.name for step in steps[n:] if step.kind != "flatten")


def _box(step: LayerShape, shows: str, field: tuple[int, int], spec: NetworkSpec) -> Box:
    height, width = field
    is_all = height >= spec.input_shape[1] and width >= spec.input_shape[2]
    sees = _("sees all of it") if is_all else _("sees {size}").format(size=size(field))
    learns = _("{count} learnt").format(count=number(step.parameters)) if step.parameters else ""
    return Box(
        name=step.name,
        shows=shows,
        title=layers.title(step),
        shape=step.shape,
        size=size(step.shape),
        learns=learns,
        sees=sees,
    )
