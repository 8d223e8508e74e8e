"""What networks for photographs say, cached; one that is not here yet is offered, with its size."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

import streamlit as st

from cnnviz import nn
from cnnviz.core.messages import Explained
from cnnviz.core.photos.answers import PhotoAnswer
from cnnviz.core.photos.attributions import METHODS, Attribution, MethodId
from cnnviz.core.photos.class_names import class_names
from cnnviz.core.photos.input import PhotoCrop
from cnnviz.core.photos.networks import PhotoDetector, PhotoNetwork
from cnnviz.ui import resources, show, state
from cnnviz.ui.pictures.picture import Picture
from cnnviz.ui.text import _, number

Model = TypeVar("Model")

_WANTED = "photo.wanted"
"""The network whose download was asked for."""
KEYS: dict[str | type[Any], Callable[[Any], object]] = {
    "cnnviz.nn.photos.pretrained.PhotoModel": lambda model: model.card.id,
    "cnnviz.nn.photos.detectors.DetectorModel": lambda model: model.card.id,
    Picture: lambda picture: picture.digest,
    PhotoAnswer: lambda answer: answer.input.seen,
}
"""What caches know their arguments by; torch's types by name, so that none is imported."""


def imagenet_names() -> tuple[str, ...]:
    """Return the names of ImageNet's classes in the reader's language."""
    return class_names(state.language())


@st.cache_resource(max_entries=12, show_spinner=False)
def photo_model(network_id: str) -> nn.PhotoModel:
    """Return a network for photographs, shared by all sessions; see `nn.load_photo_network`."""
    loaded = nn.load_photo_network(network_id)
    resources.settle_garbage()
    return loaded


@st.cache_data(max_entries=3, show_spinner=False, scope="session", hash_funcs=KEYS)
def photo_answer(model: nn.PhotoModel, picture: Picture, crop: PhotoCrop) -> PhotoAnswer:
    """Return what a network says of a photograph; see `nn.classify_photo`."""
    return nn.classify_photo(model, picture.image, crop)


@st.cache_data(max_entries=8, show_spinner=False, scope="session", hash_funcs=KEYS)
def attribution(
    model: nn.PhotoModel,
    answer: PhotoAnswer,
    class_idx: int,
    *,
    method: MethodId,
    layer: str | None,
) -> Attribution:
    """Return which pixels counted for a class; slow methods show a bar."""
    attribute = partial(nn.attribute, model, answer.input.seen, class_idx, method=method)
    if not METHODS[method].is_slow:
        return attribute(layer=layer)
    return _with_bar(_(METHODS[method].name), attribute)


def loaded(
    card: PhotoNetwork | PhotoDetector, load: Callable[[str], Model], meanwhile: str
) -> Model | None:
    """Return a network; where it is not here yet, offer to download it and return None.

    `meanwhile` says what can be done without it.

    Raises:
        Explained: its file is damaged.
    """
    if nn.has_weights(card):
        return load(card.id)
    st.caption(f"{card.licence}. {card.source}.")
    label = _("Download {network}, {size} MB").format(
        network=card.name, size=number(card.size_mb, 1)
    )
    if state.held(_WANTED) == card.id:
        try:
            _with_bar(label, partial(nn.download_weights, card))  # a cache would draw the bar again
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


def _with_bar(label: str, work: Callable[..., Model]) -> Model:
    """Run what reports its progress, with a bar meanwhile."""
    bar = st.progress(0.0, label)

    def progress(done: int, total: int) -> None:
        bar.progress(min(1.0, done / max(total, 1)), label)

    try:
        return work(progress=progress)
    finally:
        bar.empty()
