"""What happens between a picture and an answer?"""

import streamlit as st

from cnnviz.figures import theme
from cnnviz.ui import layers, nav, resources, show
from cnnviz.ui.components.wall import wall
from cnnviz.ui.networks import capture, tell_doubt
from cnnviz.ui.pictures.changing import changed
from cnnviz.ui.pictures.choose import choose_input
from cnnviz.ui.pictures.prepared import ready
from cnnviz.ui.text import _, number, percent

NETWORK = "mnist"

nav.guard()
card = resources.card(NETWORK)
show.heading(
    _("From pixels to an answer"),
    _(
        "A network trained on {count} handwritten digits looks at yours. It reads {accuracy} of "
        "10,000 digits it never saw. Draw, upload or choose; everything below changes."
    ).format(count=number(card.train_images), accuracy=percent(card.accuracy, 2)),
)
digit = ready(changed(choose_input(card.dataset)))
if digit is None:
    st.stop()
with show.waiting(430):
    activations = capture(NETWORK, digit.image)
tell_doubt(digit, card.dataset, activations)
door = wall(
    layers.chain(activations),
    key="start.chain",
    layout="chain",
    labels=layers.labels(card.spec),
    says=_(theme.BOXES_SAY),
)
if door:
    nav.go(door)
