"""The test pictures that a network takes for something else, the surest mistakes first."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from cnnviz.core.networks.network_spec import NetworkSpec
from cnnviz.core.training.cards import NetworkCard
from cnnviz.core.training.records import MOST_MISTAKES, Mistake
from cnnviz.ui import layers, show
from cnnviz.ui.components.wall import Stage, wall
from cnnviz.ui.data_sets import is_here
from cnnviz.ui.networks import results
from cnnviz.ui.text import _, percent


def show_mistakes(card: NetworkCard) -> None:
    """Show them, where the data set is; else offer to download it."""
    st.subheader(_("Where it is wrong, and how sure of it"), anchor=False)
    if not is_here(card.dataset, place="network.mistakes"):
        return
    with show.explained():
        with st.spinner(_("Asking it for every test picture")):
            mistakes, images = results.mistakes(card.id)
        is_all = len(mistakes) < MOST_MISTAKES
        wall_of_mistakes(card.spec, mistakes, images, is_all=is_all, key="network.mistakes")


def wall_of_mistakes(
    spec: NetworkSpec,
    mistakes: Sequence[Mistake],
    images: NDArray[np.uint8],
    *,
    is_all: bool,
    key: str,
) -> None:
    """Show pictures that were named wrong, each with its class, the answer, and how sure that was.

    Args:
        spec: Of the network; has the names of the classes.
        mistakes: The surest first.
        images: (N, C, H, W), a picture a mistake.
        is_all: Whether there are no others.
        key: Of the wall.
    """
    if not mistakes:
        st.caption(_("Not one: every test picture is named right."))
        return
    names = layers.labels(spec)
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
        key=key,
        layout="grid",
        says=_("Every one of its wrong answers, the surest first.")
        if is_all
        else _("The wrong answers that it is surest of."),
    )
