"""What comes after the map: activation functions beside each other, and pooling."""

from __future__ import annotations

import numpy as np
import streamlit as st

from cnnviz import nn
from cnnviz.core.lab.activations import ACTIVATIONS
from cnnviz.core.lab.pool_spec import PoolSpec
from cnnviz.core.records import Floats
from cnnviz.ui import show
from cnnviz.ui.components.viewer import pool_viewer
from cnnviz.ui.components.wall import Stage, wall
from cnnviz.ui.controls import Setting
from cnnviz.ui.lab import pooling
from cnnviz.ui.text import _

_REACH = 3.0
_POINTS = 61


def bend_and_shrink(output: Floats, unit: int) -> None:
    """Show a map (1, H, W) after an activation function, and after pooling."""
    st.markdown(
        _(
            "A network bends every number of the map with an activation function, then shrinks "
            "the map by keeping one number per window."
        )
    )
    with show.explained():
        with st.container(horizontal=True, vertical_alignment="bottom"):
            activation, window = choose()
        _after(output, activation, window, unit)


def choose() -> tuple[str, PoolSpec]:
    """Draw the controls; returns the id of an activation, and the pooling.

    Raises:
        Explained: an impossible pooling.
    """
    names = {each.id: each.name for each in ACTIVATIONS.values()}
    return Setting("activation", names, "relu").draw(_("Activation")), pooling.choose()


def _after(output: Floats, activation: str, window: PoolSpec, unit: int) -> None:
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


def all_activations(output: Floats) -> None:
    """Show a map (1, H, W) after every activation function, each with the function's picture."""
    st.markdown(
        _("Every function bends the same map. The picture above each map is the function itself.")
    )
    wall(
        [
            Stage(
                each.id,
                _(each.name),
                "signed",
                nn.activate(output, each.id),
                columns=1,
                side=200,
                curve=_curve(each.id),
            )
            for each in ACTIVATIONS.values()
        ],
        key="activations.wall",
        layout="grid",
        says=_("Each map has its own scale; blue is negative, orange positive."),
    )


def _curve(activation: str) -> tuple[tuple[float, float], ...]:
    x = np.linspace(-_REACH, _REACH, _POINTS, dtype=np.float32)
    y = nn.activate(x, activation)
    return tuple(zip(x.round(2).tolist(), y.round(3).tolist(), strict=True))
