"""Networks that are not here yet: offered with their size, fetched when asked for, with a bar."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import streamlit as st

from cnnviz.core.messages import Explained
from cnnviz.core.photos.networks import PhotoDetector, PhotoNetwork
from cnnviz.ui import show, state
from cnnviz.ui.text import _, number

Model = TypeVar("Model")

_WANTED = "photo.wanted"
"""The network whose download was asked for."""


def loaded(
    card: PhotoNetwork | PhotoDetector, load: Callable[[str], Model], meanwhile: str
) -> Model | None:
    """Return a network; where it is not here yet, offer to download it and return None.

    Args:
        card: Card of the network.
        load: Gets its id once its weights are here.
        meanwhile: What can be done without it.

    Raises:
        Explained: its file is damaged.
    """
    from cnnviz.nn.photos.weight_files import has_weights

    if has_weights(card):
        return load(card.id)
    st.caption(f"{card.licence}. {card.source}.")
    label = _("Download {network}, {size} MB").format(
        network=card.name, size=number(card.size_mb, 1)
    )
    if state.held(_WANTED) == card.id:
        try:
            _fetch(card, label)
            return load(card.id)
        except Explained as why:
            state.hold(_WANTED, None)
            show.refusal(why)
    st.button(
        label,
        key=f"photo.download.{card.id}",
        icon=":material/download:",
        on_click=state.hold,
        args=(_WANTED, card.id),
    )
    st.info(meanwhile)
    return None


def _fetch(card: PhotoNetwork | PhotoDetector, label: str) -> None:
    """Download the weights with a bar: outside of any cache, which would draw it again."""
    from cnnviz.nn.photos.weight_files import download_weights

    bar = st.progress(0.0, label)

    def progress(done: int, total: int) -> None:
        bar.progress(min(1.0, done / max(total, 1)), label)

    try:
        download_weights(card, progress=progress)
    finally:
        bar.empty()
