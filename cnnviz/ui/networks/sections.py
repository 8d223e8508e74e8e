"""What can be done with a network: sections below its layers, of which one is open at a time."""

from __future__ import annotations

import streamlit as st

from cnnviz.core.messages import N_
from cnnviz.core.records import LayerActivation
from cnnviz.ui.controls import Setting
from cnnviz.ui.networks.certainty import certainty
from cnnviz.ui.networks.learned import embedding, filters
from cnnviz.ui.networks.questions import Seen
from cnnviz.ui.networks.surgery import operate
from cnnviz.ui.networks.two_pictures import compare_inputs
from cnnviz.ui.text import _

SECTION = Setting(
    "then",
    {
        "sure": N_("How sure is it?"),
        "inputs": N_("Two pictures"),
        "change": N_("Change a filter"),
        "filters": N_("Its filters"),
        "embedding": N_("All pictures as points"),
    },
    "sure",
)


def go_on(seen: Seen, before: tuple[LayerActivation, ...]) -> None:
    """Draw the choice of sections and the one that is chosen.

    Args:
        seen: What the network, as the person changed it, made of the picture.
        before: What it made of it as it was trained.
    """
    st.header(_("And then"), anchor=False)
    section = SECTION.draw(_("Go on with"))
    if section == "inputs":
        compare_inputs(seen)
    elif section == "change":
        operate(seen, before)
    elif section == "filters":
        filters(seen)
    elif section == "embedding":
        embedding(seen)
    else:
        certainty(seen.activations[-1].values, seen.spec)
