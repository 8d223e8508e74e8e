"""Two pictures through the same layers: what tells them apart, and what a disturbance changes."""

from __future__ import annotations

import numpy as np
import streamlit as st

from cnnviz.core.messages import N_
from cnnviz.core.pictures.data_sets import DATA_SETS
from cnnviz.core.pictures.disturbances import Disturbance, disturb
from cnnviz.core.records import Floats, LayerActivation
from cnnviz.core.samples import SAMPLES
from cnnviz.ui import controls, layers, show
from cnnviz.ui.components.wall import Kind as StageKind
from cnnviz.ui.components.wall import Stage, on_one_scale, wall
from cnnviz.ui.controls import Setting
from cnnviz.ui.networks import Seen, capture
from cnnviz.ui.pictures import prepared
from cnnviz.ui.text import _

_SIDE = 84

WITH = Setting("with", {"other": N_("Another picture"), "same": N_("The same, disturbed")}, "same")


def compare_inputs(seen: Seen) -> None:
    """Show the current picture and another, layer by layer, with their difference."""
    with show.explained():
        with st.container(horizontal=True, vertical_alignment="bottom"):
            if WITH.draw(_("Compare with")) == "other":
                other = _another(seen)
            else:
                other = _disturbed(seen.image)
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
    right = controls.slider(_("Shift right, in pixels"), -8, 8, 2, 1, key="network.right")
    down = controls.slider(_("Shift down, in pixels"), -8, 8, 0, 1, key="network.down")
    degrees = controls.slider(_("Rotation, in degrees"), -90, 90, 0, 5, key="network.turn")
    blur = controls.slider(_("Blur, σ in pixels"), 0.0, 4.0, 0.0, 0.25, key="network.blur")
    noise = controls.slider(_("Noise, σ"), 0.0, 1.0, 0.0, 0.05, key="network.noise")
    moved = _shifted(image, down, right)
    return disturb(moved, Disturbance(rotation=degrees, blur=blur, noise=noise))


def _shifted(image: Floats, down: int, right: int) -> Floats:
    """Move a picture; what comes in is black."""
    _channels, height, width = image.shape
    padded = np.pad(image, ((0, 0), (8, 8), (8, 8)))
    return padded[:, 8 - down : 8 - down + height, 8 - right : 8 - right + width]


def _answers(seen: Seen, other: tuple[LayerActivation, ...]) -> None:
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
