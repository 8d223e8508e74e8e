"""What does every layer of a trained network make of this digit?"""

import streamlit as st

from cnnviz.ui import cached, charts, controls, layers, nav, resources, show, state
from cnnviz.ui.components.wall import wall
from cnnviz.ui.picture import choose_digit
from cnnviz.ui.pictures import whole_levels
from cnnviz.ui.text import _, say

NETWORK = "mnist"

nav.guard()
card = resources.card(NETWORK)
show.heading(
    _("Network"),
    _(
        "Draw a digit: what every layer makes of it is on the wall, from the pixels to the ten "
        "classes."
    ),
)
left, right = st.columns([2, 3], gap="large")
with left:
    digit = choose_digit(pad_side=308)
if digit is None:
    charts.about(card)
    st.stop()
picture, prepared = digit
with show.waiting(430):
    activations = cached.activations(NETWORK, picture, prepared.image)
with left:
    wall(layers.seen(prepared.image), key="network.seen", layout="wall")
with right:
    wall(
        layers.answer(activations),
        key="network.answer",
        layout="chain",
        labels=layers.labels(card.spec),
    )
    st.caption(_("Probabilities are the logits, made positive and made to sum to 1 (softmax)."))

with st.expander(_("What was done to the picture before the network saw it"), expanded=True):
    wall(layers.steps(prepared.steps, picture), key="network.steps", layout="chain")
    for position, step in enumerate(prepared.steps, 1):
        st.caption(f"{position}. {say(step.sentence)}")
    seen = whole_levels(prepared.image, is_rounded=True)
    label = _("Download what the network sees")
    show.download(label, seen, "cnnviz-network-input", key="network.download")

st.header(_("Every layer"), anchor=False)
maps, large = st.columns([3, 2], gap="medium")
chosen = controls.chosen_map(activations)
with maps:
    choice = wall(
        layers.every_layer(activations),
        key="network.wall",
        layout="wall",
        chosen=chosen,
        says=_("Click a map, or walk over them with the arrow keys and press Enter."),
    )
if choice.map and choice.map != chosen:
    state.choose_map(*choice.map)
    st.rerun()
with large, show.staying("network-large"):
    charts.large_map(layers.find(activations, chosen[0]), chosen[1])

charts.about(card)
