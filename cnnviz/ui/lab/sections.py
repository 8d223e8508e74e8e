"""What can be done with a map: the sections below the lab, of which one is open at a time."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from cnnviz.core.lab.specs import ConvSettings
from cnnviz.core.lab.traces import ConvTrace
from cnnviz.core.messages import N_
from cnnviz.core.records import Floats
from cnnviz.ui import show, state
from cnnviz.ui.components.browser import write_link
from cnnviz.ui.controls import Setting
from cnnviz.ui.lab import activations
from cnnviz.ui.lab.chain import chaining
from cnnviz.ui.lab.challenges import challenges
from cnnviz.ui.lab.comparing import comparing
from cnnviz.ui.lab.filters import Filter
from cnnviz.ui.lab.many_filters import bank
from cnnviz.ui.lab.subject import Subject
from cnnviz.ui.lab.take_away import take_away
from cnnviz.ui.pictures import prepared
from cnnviz.ui.pictures.picture import Picture
from cnnviz.ui.text import _

SECTION = Setting(
    "section",
    {
        "after": N_("Activation and pooling"),
        "filters": N_("Many filters"),
        "activations": N_("All activations"),
        "compare": N_("Compare"),
        "chain": N_("Chain"),
        "challenges": N_("Challenges"),
        "take": N_("Take it away"),
    },
    "after",
)

REACH = Setting("code", {"map": N_("The map"), "pooled": N_("Activation and pooling")}, "map")
"""How far the code to take away goes."""


@dataclass(frozen=True, slots=True, eq=False)
class Lab:
    """Everything that the lab shows now.

    Attributes:
        picture: As it was chosen.
        of: As the lab takes it.
        chosen: The filter.
        settings: How it moves.
        bias: Added to every sum.
        unit: 255 or 1, as pixels are shown.
        trace: What came out.
    """

    picture: Picture
    of: Subject
    chosen: Filter
    settings: ConvSettings
    bias: float
    unit: int
    trace: ConvTrace

    @property
    def output(self) -> Floats:
        """(1, oH, oW) the map that is looked at."""
        return self.trace.output[self.of.plane : self.of.plane + 1]


@st.fragment
def go_on(lab: Lab) -> None:
    """Draw the choice of sections and the one that is chosen."""
    st.header(_("And then"), anchor=False)
    section = SECTION.draw(_("Go on with"))
    if section == "filters":
        bank(lab.of, lab.chosen, lab.settings, lab.bias)
    elif section == "activations":
        activations.all_activations(lab.output)
    elif section == "compare":
        comparing(lab.of, lab.chosen.weights, lab.settings, lab.bias)
    elif section == "chain":
        chaining(prepared.lab_picture(lab.picture).image, lab.unit)
    elif section == "challenges":
        challenges(lab.chosen.weights[0], lab.trace.spec, lab.bias)
    elif section == "take":
        _take_away(lab)
    else:
        activations.bend_and_shrink(lab.output, lab.unit)
    write_link(state.whole_link(), key="convolution.section.link")


def _take_away(lab: Lab) -> None:
    """The section of the same name: of the map, or of what comes after it, too."""
    activation, pooling = "none", None
    with show.explained():
        with st.container(horizontal=True, vertical_alignment="bottom"):
            if REACH.draw(_("The code ends with")) == "pooled":
                activation, pooling = activations.choose()
        take_away(
            lab.trace,
            weights_name=lab.chosen.name,
            link=state.shared_link(),
            unit=lab.unit,
            channel=lab.of.plane,
            activation=activation,
            pooling=pooling,
        )
