"""The test pictures that a network takes for something else, the surest mistakes first."""

from __future__ import annotations

import numpy as np
import streamlit as st

from cnnviz.core.cards import NetworkCard
from cnnviz.ui import cached_networks, layers, show
from cnnviz.ui.components.wall import Stage, wall
from cnnviz.ui.text import _, percent
from cnnviz.ui.training_data import is_here


def show_mistakes(card: NetworkCard) -> None:
    """Show them, where the data set is; else offer to download it."""
    st.subheader(_("Where it is wrong, and how sure of it"), anchor=False)
    if not is_here(card.dataset, place="network.mistakes"):
        return
    with show.explained():
        with st.spinner(_("Asking it for every test picture")):
            mistakes, images = cached_networks.mistakes(card.id)
        if not mistakes:
            st.caption(_("Not one: every test picture is named right."))
            return
        names = layers.labels(card.spec)
        wall(
            [
                Stage(
                    f"mistake{each.index}",
                    _("“{truth}”, taken for “{answer}”: {share}").format(
                        truth=names[each.truth],
                        answer=names[each.answer],
                        share=percent(each.probability),
                    ),
                    "pixels",
                    image.astype(np.float32) / np.float32(255),
                    columns=1,
                    side=96,
                )
                for each, image in zip(mistakes, images, strict=True)
            ],
            key="network.mistakes",
            layout="grid",
            says=_("Every one of its wrong answers, the surest first.")
            if len(mistakes) < cached_networks.MOST_MISTAKES
            else _("The wrong answers that it is surest of."),
        )
