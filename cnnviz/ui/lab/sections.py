"""What can be done with a map: the sections below the lab, of which one is open at a time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
import streamlit as st

from cnnviz import nn
from cnnviz.core.lab.activations import ACTIVATIONS
from cnnviz.core.lab.pool_spec import PoolSpec
from cnnviz.core.lab.specs import ConvSettings
from cnnviz.core.lab.torch_code import conv_code
from cnnviz.core.lab.traces import ConvTrace
from cnnviz.core.messages import N_
from cnnviz.core.records import Floats
from cnnviz.figures import theme
from cnnviz.ui import controls, show, state
from cnnviz.ui.components.browser import write_link
from cnnviz.ui.components.viewer import pool_viewer
from cnnviz.ui.components.wall import Stage, wall
from cnnviz.ui.controls import Setting
from cnnviz.ui.lab import pooling
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

REACH = Setting("code", {"map": N_("The map"), "pooled": N_("Activation and pooling")}, "map")
"""How far the code to take away goes."""
_REACH = 3.0
_POINTS = 61


@dataclass(frozen=True, slots=True, eq=False)
class Lab:
    """Everything that the lab shows now.

    `picture` is as it was chosen, `of` as the lab takes it, and `trace` is what came out; `unit`,
    255 or 1, is how pixels are shown.
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


def _after(lab: Lab) -> None:
    """Show the map after an activation function, and after pooling."""
    st.markdown(
        _(
            "A network bends every number of the map with an activation function, then shrinks "
            "the map by keeping one number per window."
        )
    )
    with show.explained():
        with st.container(horizontal=True, vertical_alignment="bottom"):
            activation, window = _choose()
        _bent(lab.output, activation, window, lab.unit)


def _choose() -> tuple[str, PoolSpec]:
    """Draw the controls; returns the id of an activation, and the pooling.

    Raises:
        Explained: an impossible pooling.
    """
    names = {each.id: each.name for each in ACTIVATIONS.values()}
    return Setting("activation", names, "relu").draw(_("Activation")), pooling.choose()


def _bent(output: Floats, activation: str, window: PoolSpec, unit: int) -> None:
    chosen = ACTIVATIONS[activation]
    st.caption(f"${chosen.formula}$ · {_(chosen.does)}")
    if unit == 255 and not chosen.keeps_unit:
        st.caption(_("It bends the numbers as computed, on pixels from 0 to 1; so they are here."))
    activated = nn.activate(output, activation)
    pool_viewer(
        nn.pool(activated, window),
        before=output,
        key="convolution.pooling",
        unit=unit if chosen.keeps_unit else 1,
        before_title=_("Feature map"),
        input_title=_("After {activation}").format(activation=_(chosen.name)),
    )


def _all_activations(lab: Lab) -> None:
    """Show the map after every activation function, each with the function's picture."""
    st.markdown(
        _("Every function bends the same map. The picture above each map is the function itself.")
    )
    wall(
        [
            Stage(
                each.id,
                _(each.name),
                "signed",
                nn.activate(lab.output, each.id),
                columns=1,
                side=200,
                curve=_curve(each.id),
            )
            for each in ACTIVATIONS.values()
        ],
        key="activations.wall",
        layout="grid",
        says=_(theme.MAPS_SAY),
    )


def _curve(activation: str) -> tuple[tuple[float, float], ...]:
    x = np.linspace(-_REACH, _REACH, _POINTS, dtype=np.float32)
    y = nn.activate(x, activation)
    return tuple(zip(x.round(2).tolist(), y.round(3).tolist(), strict=True))


def _take_away(lab: Lab) -> None:
    activation, pooling = "none", None
    with show.explained():
        with st.container(horizontal=True, vertical_alignment="bottom"):
            if REACH.draw(_("The code ends with")) == "pooled":
                activation, pooling = _choose()
        given = lab.trace
        program = partial(conv_code, given.image, given.weight, given.spec, given.bias)
        take_away(
            given,
            partial(program, activation=activation, pooling=pooling),
            name=lab.chosen.name,
            link=state.shared_link(),
            unit=lab.unit,
            channel=lab.of.plane,
        )


def _chain(lab: Lab) -> None:
    chaining(prepared.lab_picture(lab.picture, is_grey=True).image, lab.unit)


SECTIONS: dict[str, tuple[str, Callable[[Lab], None]]] = {
    "after": (N_("Activation and pooling"), _after),
    "filters": (N_("Many filters"), lambda lab: bank(lab.of, lab.chosen, lab.settings, lab.bias)),
    "activations": (N_("All activations"), _all_activations),
    "compare": (
        N_("Compare"),
        lambda lab: comparing(lab.of, lab.chosen.weights, lab.settings, lab.bias),
    ),
    "chain": (N_("Chain"), _chain),
    "challenges": (
        N_("Challenges"),
        lambda lab: challenges(lab.chosen.weights[0], lab.trace.spec, lab.bias),
    ),
    "take": (N_("Take it away"), _take_away),
}


@st.fragment
def go_on(lab: Lab) -> None:
    """Draw the choice of sections and the one that is chosen."""
    controls.choose_section("section", SECTIONS)(lab)
    write_link(state.whole_link(), key="convolution.section.link")
