"""What does every layer of a trained network make of this picture?"""

import streamlit as st

from cnnviz.core.pictures.data_sets import is_digits
from cnnviz.ui import layers, nav, show
from cnnviz.ui.card import about
from cnnviz.ui.components.browser import agree_on_person
from cnnviz.ui.components.wall import wall
from cnnviz.ui.networks import choose, look, questions, surgery, tell_doubt
from cnnviz.ui.networks.sections import go_on
from cnnviz.ui.pictures.changing import changed
from cnnviz.ui.pictures.choose import choose_input
from cnnviz.ui.pictures.picture import whole_levels
from cnnviz.ui.pictures.prepared import ready, stages
from cnnviz.ui.text import _, say

nav.guard()
show.heading(
    _("Network"),
    _(
        "Choose a picture: what every layer makes of it is on the wall, from the pixels to the "
        "classes."
    ),
)
card = choose.choose()
left, right = st.columns([2, 3], gap="large")
with left:
    picture = changed(choose_input(card.dataset, pad_side=308))
    prepared = ready(picture, card.dataset, card.spec.input_shape)
if prepared is None:
    about(card)
    st.stop()
with show.waiting(430):
    seen = look(card.id, card.spec, prepared.image, surgery.operations(card.id))
with left:
    wall(layers.seen(prepared.image), key="network.seen", layout="wall")
with right:
    wall(
        layers.answer(seen.activations),
        key="network.answer",
        layout="chain",
        labels=layers.labels(card.spec),
    )
    st.caption(_("Probabilities are the logits, made positive and made to sum to 1 (softmax)."))
    is_doubted = tell_doubt(prepared, card.dataset, seen.activations)
    if not is_doubted and not is_digits(card.dataset):
        st.caption(_("These are all it knows: it names one of them whatever it sees."))
    if seen.operations:
        st.info(_("You have changed this network; “As it was trained”, below, puts it back."))

with st.expander(_("What was done to the picture before the network saw it")):
    wall(stages(prepared.steps, picture), key="network.steps", layout="chain")
    for position, step in enumerate(prepared.steps, 1):
        st.caption(f"{position}. {say(step.sentence)}")
    if not prepared.steps:
        st.caption(_("Nothing: it has the network’s own size and colours."))
    levels = whole_levels(prepared.image, is_rounded=True)
    label = _("Download what the network sees")
    show.download(label, levels, "cnnviz-network-input", key="network.download")

st.header(_("Every layer, and why"), anchor=False)

questions.ask(seen)
with show.waiting(300):
    go_on(seen)
about(card)
agree_on_person()
