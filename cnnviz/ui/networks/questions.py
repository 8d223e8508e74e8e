"""Asking a network why: the wall of its layers, and beside it the question that is open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import streamlit as st

from cnnviz.core.messages import N_
from cnnviz.core.networks.certainty import SoftmaxCell, explain_softmax
from cnnviz.core.networks.explanations import Asked, Explanation
from cnnviz.core.networks.network_spec import NetworkSpec
from cnnviz.core.networks.predictions import softmax
from cnnviz.core.networks.surgery import Operation
from cnnviz.core.records import Floats, LayerActivation
from cnnviz.ui import layers, show, state, trail
from cnnviz.ui.components.browser import write_link
from cnnviz.ui.components.wall import wall
from cnnviz.ui.components.why import Question, why
from cnnviz.ui.controls import Setting
from cnnviz.ui.networks import results
from cnnviz.ui.networks.plan import show_plan
from cnnviz.ui.text import _, number
from cnnviz.ui.trail import Trail

PROBABILITIES = "probabilities"
SCALE = Setting(
    "scale",
    {"map": N_("each map"), "layer": N_("each layer"), "network": N_("all layers")},
    "layer",
)


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """What a network made of a picture.

    Attributes:
        network: Its id, as `resources.network` takes it.
        spec: Of the network.
        activations: Of every layer.
        image: (C, H, W) in [0, 1], as the network took it.
        operations: What the person changed in the network.
    """

    network: str
    spec: NetworkSpec
    activations: tuple[LayerActivation, ...]
    image: Floats
    operations: tuple[Operation, ...] = ()

    @property
    def layers(self) -> tuple[LayerActivation, ...]:
        """Every layer, and the probabilities behind the last one."""
        shares = softmax(self.activations[-1].values).astype(np.float32)
        return (*self.activations, LayerActivation(PROBABILITIES, "softmax", shares))


def ask(seen: Seen) -> None:
    """Show every layer, and why one of its numbers is what it is.

    A step of the trail runs the answer alone: the wall marks by itself what is asked about.
    """
    everything = seen.layers
    show_plan(seen.spec, chosen=_walked(everything).open.layer)
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
                Trail((busiest(layers.find(everything, name), channel),))
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


def _walked(everything: Sequence[LayerActivation]) -> Trail:
    """Return this session's trail; at first the question that everybody has."""
    return _fitting(trail.current(_most_certain(everything)), everything)


def _question(seen: Seen, everything: Sequence[LayerActivation], walked: Trail) -> Question:
    here = walked.open
    end = seen.activations[-1].name
    if here.layer == PROBABILITIES:
        answer: Explanation | SoftmaxCell = explain_softmax(
            seen.activations[-1].values, here.channel
        )
    else:
        answer = results.explain(seen.network, seen.activations, here, seen.operations)
    behind = here._replace(layer=end) if here.layer == PROBABILITIES else here
    field, effective = results.influence(seen.network, seen.activations, behind, seen.operations)
    return Question(
        here,
        [_title(layers.find(everything, each.layer), each, seen) for each in walked.asked],
        walked.position,
        answer,
        layers.find(everything, here.layer),
        layers.labels(seen.spec),
        end,
        seen.image,
        field,
        effective,
    )


def _fitting(walked: Trail, everything: Sequence[LayerActivation]) -> Trail:
    """The trail as far as its cells are there: a link or another network may name others."""
    shapes = {each.name: each.values.shape for each in everything}

    def is_there(cell: Asked) -> bool:
        shape = shapes.get(cell.layer, ())
        sides = (*shape, 1, 1)[:3] if len(shape) == 1 else shape
        return bool(shape) and all(n < side for n, side in zip(cell[1:], sides, strict=True))

    if all(map(is_there, walked.asked)):
        return walked
    return Trail((_most_certain(everything),))


def _most_certain(everything: Sequence[LayerActivation]) -> Asked:
    """The likeliest class: the question that everybody has first."""
    return Asked(PROBABILITIES, int(everything[-1].values.argmax()), 0, 0)


def busiest(layer: LayerActivation, channel: int) -> Asked:
    """Return the largest number of a map, by amount; of a flat layer the largest of all."""
    if layer.values.ndim == 1:
        return Asked(layer.name, int(np.abs(layer.values).argmax()), 0, 0)
    values = layer.values[channel]
    row, col = np.unravel_index(int(np.abs(values).argmax()), values.shape)
    return Asked(layer.name, channel, int(row), int(col))


def _title(layer: LayerActivation, cell: Asked, seen: Seen) -> str:
    """Return layer and cell; of logits and probabilities the class: "Probabilities · 4"."""
    name = layers.title(layer)
    if layer.name in (PROBABILITIES, seen.activations[-1].name):
        return f"{name} · {layers.labels(seen.spec)[cell.channel]}"
    return cell_title(layer, name, cell)


def cell_title(layer: LayerActivation, name: str, cell: Asked) -> str:
    """Return layer and cell, short: "Convolution 2 · 3, (5, 7)"."""
    if layer.values.ndim == 1:
        return f"{name} · {number(cell.channel)}"
    return f"{name} · {number(cell.channel)} ({number(cell.row)}, {number(cell.col)})"
