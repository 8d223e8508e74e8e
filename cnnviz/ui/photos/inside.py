"""Inside a network for photographs: every stage's maps, one of them large, the first filters."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import streamlit as st

from cnnviz import nn
from cnnviz.core.messages import N_
from cnnviz.core.photos.answers import PhotoAnswer
from cnnviz.core.pictures.resampling import fit
from cnnviz.core.records import Floats, LayerActivation
from cnnviz.figures.cells import filter_colours
from cnnviz.ui import show, state
from cnnviz.ui.components.wall import Stage, wall
from cnnviz.ui.text import _, bound, number

MOST_MAPS = 32
MOST_FILTERS = 64
SIDE = 56
"""Longest side of a map on the wall, in values."""
KINDS = {"conv": N_("Convolution"), "maxpool": N_("Max pooling"), "block": N_("Block")}
_CHOSEN = "inside.chosen"
"""Session value: network, stage and channel of the chosen map."""


def inside(model: nn.PhotoModel, answer: PhotoAnswer) -> None:
    """Show what every stage makes of what the network sees, and what its first filters are."""
    seen = answer.input.seen
    found = nn.stages(model, seen)
    stage, channel = _chosen(model.card.id, found)
    st.markdown(
        _(
            "From stage to stage the maps get smaller and more: first edges and colours, where "
            "they are; at the end things, and hardly where. Click a map to see it large."
        )
    )
    maps, beside = st.columns([3, 2], gap="medium")
    with maps:
        wall(
            [row(each, _title(n, each), MOST_MAPS, _peak(each)) for n, each in enumerate(found, 1)],
            key="inside.maps",
            layout="wall",
            chosen=(stage.name, channel),
            says=_("Click a map, or walk over them with the arrow keys and press Enter."),
            on_choose=lambda name, n: state.hold(_CHOSEN, (model.card.id, name, n)),
        )
        st.caption(
            _(
                "The size says how many maps a stage has and how large they are; of each stage "
                "at most the first {count} are here, large ones as means over a few values. All "
                "maps of a stage have one scale."
            ).format(count=MOST_MAPS)
        )
    with beside, show.staying("inside-beside"):
        _large(seen, found, stage, channel)
    _filters(nn.first_filters(model))


def _chosen(network_id: str, found: Sequence[LayerActivation]) -> tuple[LayerActivation, int]:
    """Return the stage and the channel that were chosen; the busiest of the first stage if none."""
    chosen = state.held(_CHOSEN)
    for each in found:
        if chosen and chosen[:2] == (network_id, each.name) and chosen[2] < len(each.values):
            return each, chosen[2]
    return found[0], int(found[0].values[:MOST_MAPS].std(axis=(1, 2)).argmax())


def _title(place: int, activation: LayerActivation) -> str:
    return f"{place}. {_(KINDS[activation.kind])}"


def _peak(activation: LayerActivation) -> float:
    return float(np.abs(activation.values[:MOST_MAPS]).max())


def row(activation: LayerActivation, title: str, most: int, peak: float) -> Stage:
    """Return the first `most` maps of a layer, to choose from; colours run from −peak to peak."""
    return Stage(
        activation.name,
        title,
        "signed",
        fit(activation.values[:most], SIDE),
        choosable=True,
        side=SIDE,
        shape=activation.values.shape,
        peak=peak,
    )


def _large(
    seen: Floats, found: Sequence[LayerActivation], stage: LayerActivation, channel: int
) -> None:
    values = stage.values[channel : channel + 1]
    low, high = (bound(float(each), 2) for each in (values.min(), values.max()))
    title = _("{layer}, map {channel}").format(
        layer=_title(found.index(stage) + 1, stage), channel=channel
    )
    large = Stage("large", title, "signed", values, columns=1, side=420, peak=_peak(stage))
    wall(
        [Stage("seen", _("What it sees"), "pixels", seen, columns=1, side=180), large],
        key="inside.large",
        layout="wall",
        says=_("Values from {low} to {high}.").format(low=low, high=high),
    )


def _filters(weights: Floats) -> None:
    """Show the filters of the first convolution in colour: grey is zero."""
    st.subheader(_("Its first filters"), anchor=False)
    peak = float(np.abs(weights).max())
    colours, title = filter_colours(weights[:MOST_FILTERS], peak), _("Filter {number}")
    wall(
        [
            Stage(f"filter{n}", title.format(number=n), "pixels", each, columns=1, side=64)
            for n, each in enumerate(colours)
        ],
        key="inside.filters",
        layout="grid",
        says=_(
            "{shown} of {count} filters; grey is zero, and each colour shows what a filter looks "
            "for in red, green and blue."
        ).format(shown=len(colours), count=number(len(weights))),
    )
