"""What can be done with a network: sections below its layers, of which one is open at a time."""

from __future__ import annotations

import numpy as np
import streamlit as st

from cnnviz.core.messages import N_
from cnnviz.core.networks.certainty import entropy, softmax
from cnnviz.ui import controls, layers, state
from cnnviz.ui.components.wall import Stage, wall
from cnnviz.ui.networks import Seen
from cnnviz.ui.networks.learned import embedding, filters
from cnnviz.ui.networks.surgery import operate
from cnnviz.ui.networks.two_pictures import compare_inputs
from cnnviz.ui.text import _, number, percent

_KEY = "temperature"
_DEGREES = (0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0)


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
