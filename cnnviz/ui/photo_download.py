"""Networks that are not here yet: offered with their size, fetched when asked for, with a bar."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

import streamlit as st

from cnnviz.core.messages import Explained
from cnnviz.core.photo_detectors import PhotoDetector
from cnnviz.core.photo_networks import PhotoNetwork
from cnnviz.ui import state
from cnnviz.ui.text import _, number

if TYPE_CHECKING:
    from cnnviz.ui.cached_photos import Progress

Model = TypeVar("Model")

_WANTED = "photo.wanted"
"""The network whose download was asked for."""


def loaded(
    card: PhotoNetwork | PhotoDetector,
    load: Callable[[str, Progress | None], Model],
    meanwhile: str,
) -> Model | None:
    """Return a network; where it is not here yet, offer to download it and return None.

    Args:
        card: Of the network.
        load: Gets its id, and who is told of the progress.
        meanwhile: What can be done without it.

    Raises:
        Explained: it could not be downloaded, or its file is damaged.
    """
    from cnnviz.nn.weight_files import has_weights

    if has_weights(card):
        return load(card.id, None)
    st.caption(f"{card.licence}. {card.source}.")
    label = _("Download {network}, {size} MB").format(
        network=card.name, size=number(card.size_mb, 1)
    )
    if state.held(_WANTED) != card.id:
        st.button(
            label,
            key=f"photo.download.{card.id}",
            icon=":material/download:",
            on_click=state.hold,
            args=(_WANTED, card.id),
        )
        st.info(meanwhile)
        return None
    return _fetched(card, load, label)


def _fetched(
    card: PhotoNetwork | PhotoDetector, load: Callable[[str, Progress | None], Model], label: str
) -> Model:
    bar = st.progress(0.0, label)

    def progress(done: int, total: int) -> None:
        bar.progress(min(1.0, done / max(total, 1)), label)

    try:
        return load(card.id, progress)
    except Explained:
        state.hold(_WANTED, None)  # the button is there again
        raise
    finally:
        bar.empty()
