"""What does every layer of a trained network make of this digit?"""

import streamlit as st

from cnnviz.core.odd_pictures import odd_picture
from cnnviz.ui import (
    cached_networks,
    charts,
    layers,
    nav,
    operating,
    questions,
    resources,
    show,
)
from cnnviz.ui.components.wall import wall
from cnnviz.ui.network_sections import go_on
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
changed = operating.operations()
with show.waiting(430):
    trained = cached_networks.activations(NETWORK, picture, prepared.image)
    activations = cached_networks.activations(NETWORK, picture, prepared.image, changed)
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
    odd = odd_picture(prepared.image)
    if odd:
        st.info(say(odd))
    if changed:
        st.info(_("You have changed this network; “As it was trained”, below, puts it back."))

with st.expander(_("What was done to the picture before the network saw it")):
    wall(layers.steps(prepared.steps, picture), key="network.steps", layout="chain")
    for position, step in enumerate(prepared.steps, 1):
        st.caption(f"{position}. {say(step.sentence)}")
    seen = whole_levels(prepared.image, is_rounded=True)
    label = _("Download what the network sees")
    show.download(label, seen, "cnnviz-network-input", key="network.download")

st.header(_("Every layer, and why"), anchor=False)

asked = questions.Seen(NETWORK, card.spec, activations, prepared.image, changed)
questions.ask(asked)
with show.waiting(300):
    go_on(asked, trained)
charts.about(card)
