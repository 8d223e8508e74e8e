"""What can be done with a network: sections below its layers, of which one is open at a time."""

from __future__ import annotations

import numpy as np
import streamlit as st

from cnnviz.core.messages import N_
from cnnviz.core.networks.certainty import entropy, softmax
from cnnviz.core.pictures.data_sets import DATA_SETS
from cnnviz.core.pictures.disturbances import Disturbance, disturb
from cnnviz.core.records import Floats, LayerActivation
from cnnviz.core.samples import SAMPLES
from cnnviz.ui import controls, layers, show, state
from cnnviz.ui.components.wall import Kind as StageKind
from cnnviz.ui.components.wall import Stage, on_one_scale, wall
from cnnviz.ui.controls import Setting
from cnnviz.ui.networks import Activations, Seen, capture
from cnnviz.ui.networks.learned import embedding, filters
from cnnviz.ui.networks.surgery import operate
from cnnviz.ui.pictures import prepared
from cnnviz.ui.text import _, number, percent

_KEY = "temperature"
_DEGREES = (0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0)
WITH = Setting("with", {"other": N_("Another picture"), "same": N_("The same, disturbed")}, "same")
_SIDE = 84
_FARTHEST = 8
"""Pixels that a picture can be shifted."""


def certainty(seen: Seen) -> None:
    """Show the logits as probabilities at a temperature, and their entropy."""
    st.markdown(
        _(
            "Softmax turns logits into shares of one. Divided by a temperature first, they come "
            "out softer (above 1) or sharper (below 1); the order of the classes stays."
        )
    )
    state.remember_default(_KEY, 1.0)
    temperature = st.select_slider(
        _("Temperature"), _DEGREES, 1.0, lambda each: number(float(each), 2), key=_KEY
    )
    logits = seen.activations[-1].values
    shares = softmax(logits, temperature)
    wall(
        [
            Stage("undivided", _("Logits"), "classes", logits),
            Stage(
                "divided",
                _("Logits / temperature"),
                "classes",
                (logits / np.float32(temperature)).astype(np.float32),
            ),
            Stage(
                "softened", _("Probabilities"), "classes", shares.astype(np.float32), is_share=True
            ),
        ],
        key="network.certainty",
        layout="chain",
        labels=layers.labels(seen.spec),
    )
    doubt = entropy(shares)
    st.markdown(
        _(
            "Entropy: **{nats}** nats, {share} of the most that is possible (all {count} classes "
            "equally likely). 0 means no doubt; it does not mean that the answer is right."
        ).format(nats=number(doubt.nats), share=percent(doubt.share), count=len(shares))
    )


def compare_inputs(seen: Seen) -> None:
    """Show the current picture and another, layer by layer, with their difference."""
    with show.explained():
        with st.container(horizontal=True, vertical_alignment="bottom"):
            is_other = WITH.draw(_("Compare with")) == "other"
            other = _another(seen) if is_other else _disturbed(seen.image)
        activations = capture(seen.network, other, seen.operations)
        _answers(seen, activations)
        shown = [each for each in seen.activations if each.kind != "flatten"]
        layer = layers.choose(shown, key=f"network.compare.layer.{seen.network}")
        _maps(layers.find(seen.activations, layer), layers.find(activations, layer))


def _another(seen: Seen) -> Floats:
    """Draw the choice of another picture; returns it as the network takes it."""
    dataset = seen.dataset
    suits = DATA_SETS.get(dataset, DATA_SETS["mnist"])
    names = {each.id: each.name for each in SAMPLES if each.kind == suits.kind}
    param = "other" if suits.kind == "digit" else f"other_{suits.kind}"
    choice = Setting(param, names, suits.other_sample)
    sample = prepared.sample(choice.draw(_("Picture"), is_long=True))
    return prepared.prepare(sample, dataset, seen.spec.input_shape).image


def _disturbed(image: Floats) -> Floats:
    """Draw the sliders; returns the picture so disturbed."""
    right = controls.slider(
        _("Shift right, in pixels"), -_FARTHEST, _FARTHEST, 2, 1, key="network.right"
    )
    down = controls.slider(
        _("Shift down, in pixels"), -_FARTHEST, _FARTHEST, 0, 1, key="network.down"
    )
    degrees = controls.slider(_("Rotation, in degrees"), -90, 90, 0, 5, key="network.turn")
    blur = controls.slider(_("Blur, σ in pixels"), 0.0, 4.0, 0.0, 0.25, key="network.blur")
    noise = controls.slider(_("Noise, σ"), 0.0, 1.0, 0.0, 0.05, key="network.noise")
    _channels, height, width = image.shape
    padded = np.pad(image, ((0, 0), *((_FARTHEST, _FARTHEST),) * 2))  # what comes in is black
    top, left = _FARTHEST - down, _FARTHEST - right
    moved = padded[:, top : top + height, left : left + width]
    return disturb(moved, Disturbance(rotation=degrees, blur=blur, noise=noise))


def _answers(seen: Seen, other: Activations) -> None:
    pairs = ((_("This picture"), seen.activations), (_("The other"), other))
    stages = []
    for n, (name, chain) in enumerate(pairs):
        stages.append(Stage(f"picture{n}", name, "pixels", chain[0].values, columns=1, side=180))
        stages.append(layers.shares(f"shares{n}", _("Probabilities"), chain, share=1.3))
    wall(stages, key="network.compare.answers", layout="grid", labels=layers.labels(seen.spec))


def _maps(one: LayerActivation, other: LayerActivation) -> None:
    """The maps of one layer for both pictures, and their difference, on one scale."""
    kind: StageKind = "pixels" if one.kind == "input" else "signed"
    stages = on_one_scale(
        [
            Stage("one", _("This picture"), kind, one.values, side=_SIDE),
            Stage("other", _("The other"), kind, other.values, side=_SIDE),
            Stage("difference", _("Difference"), "signed", other.values - one.values, side=_SIDE),
        ]
    )
    wall(stages, key="network.compare.maps", layout="wall")
    st.caption(
        _("The difference is the other minus this one; grey means that nothing has changed.")
    )


SECTIONS = {
    "sure": (N_("How sure is it?"), certainty),
    "inputs": (N_("Two pictures"), compare_inputs),
    "change": (N_("Change a filter"), operate),
    "filters": (N_("Its filters"), filters),
    "embedding": (N_("All pictures as points"), embedding),
}


def go_on(seen: Seen) -> None:
    """Draw the choice of sections and the one that is chosen."""
    controls.choose_section("then", SECTIONS)(seen)
