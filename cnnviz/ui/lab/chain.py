"""A chain of operations on the current picture: its rows of controls, and every map of it."""

from __future__ import annotations

import streamlit as st

from cnnviz import nn
from cnnviz.core.lab.activations import ACTIVATIONS
from cnnviz.core.lab.chain import EXAMPLE, ActivationStep, Chain, StepRefused, fields_back
from cnnviz.core.lab.chain_text import format_chain
from cnnviz.core.records import Floats
from cnnviz.ui import show, state
from cnnviz.ui.components.chain import chain_viewer
from cnnviz.ui.lab.step import title
from cnnviz.ui.lab.steps import choose, refuse
from cnnviz.ui.text import _, size


def chaining(image: Floats, unit: int) -> None:
    """Draw the steps of the chain and what each makes of the picture.

    Args:
        image: (1, H, W) float32 in [0, 1].
        unit: 255 to show pixels as 0…255, 1 to show them as computed.
    """
    st.markdown(
        _(
            "A network is such a chain. Point at any cell of any map: what it sees grows, map "
            "after map, back to the picture."
        )
    )
    try:
        chain = choose()
        state.link("chain", format_chain(chain) if chain != EXAMPLE else None)
        with show.waiting(420):
            maps = (image, *nn.run_chain(image, chain))
    except StepRefused as refusal:
        refuse(refusal)
        return
    steps = [f"{position}. {title(step)}" for position, step in enumerate(chain.steps, 1)]
    chain_viewer(chain, maps, [_("Input"), *steps], key="chain.viewer", unit=unit)
    _conclude(chain, unit)


def _conclude(chain: Chain, unit: int) -> None:
    """Say how much a cell of the last map sees, and why numbers may look small."""
    _top, _left, height, width = fields_back(chain, len(chain.steps), 0, 0)[0]
    st.caption(
        _("Receptive field: a cell of the last map sees {size} pixels of the picture.").format(
            size=size((height, width))
        )
    )
    bent = [step for step in chain.steps if isinstance(step, ActivationStep)]
    if unit == 255 and not all(ACTIVATIONS[step.activation].keeps_unit for step in bent):
        st.caption(
            _(
                "From the first function that bends on, maps are shown as computed, on pixels from "
                "0 to 1."
            )
        )
