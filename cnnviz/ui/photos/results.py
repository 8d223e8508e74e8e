"""What networks for photographs say; torch is imported here, not above."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING

import streamlit as st

from cnnviz.core.networks.explanations import Asked, Explanation
from cnnviz.core.photos.answers import PhotoAnswer
from cnnviz.core.photos.attributions import METHODS, Attribution, MethodId
from cnnviz.core.photos.input import PhotoCrop
from cnnviz.core.records import Floats, LayerActivation
from cnnviz.ui import resources
from cnnviz.ui.pictures.picture import Picture
from cnnviz.ui.text import _
from cnnviz.ui.trail import Field, sight

if TYPE_CHECKING:
    from cnnviz.nn.photos.inside import NetworkEnd
    from cnnviz.nn.photos.pretrained import PhotoModel


@st.cache_resource(max_entries=12, show_spinner=False)
def photo_model(network_id: str) -> PhotoModel:
    """Return a network for photographs, shared by all sessions; see `nn.photos.pretrained`.

    Raises:
        Explained: its file is not here and cannot be downloaded, or is damaged.
    """
    from cnnviz.nn.photos.pretrained import load_photo_network

    loaded = load_photo_network(network_id)
    resources.settle_garbage()
    return loaded


def photo_answer(model: PhotoModel, picture: Picture, crop: PhotoCrop) -> PhotoAnswer:
    """Return what a network says of a photograph; see `nn.photos.classification.classify_photo`."""
    return _photo_answer(model.card.id, picture.digest, crop, model, picture)


@st.cache_data(max_entries=3, show_spinner=False, scope="session")
def _photo_answer(
    network_id: str, digest: str, crop: PhotoCrop, _model: PhotoModel, _picture: Picture
) -> PhotoAnswer:
    from cnnviz.nn.photos.classification import classify_photo

    return classify_photo(_model, _picture.image, crop)


def photo_answer_of(model: PhotoModel, answer: PhotoAnswer, seen: Floats) -> PhotoAnswer:
    """Return what a network says of another input than the answer's."""
    from cnnviz.nn.photos.classification import answer_for

    return answer_for(model, replace(answer.input, seen=seen))


def photo_layers(model: PhotoModel) -> tuple[str, ...]:
    """Return the names of a network's convolutions."""
    from cnnviz.nn.photos.attribution import conv_layers

    return conv_layers(model)


def adversarial(model: PhotoModel, seen: Floats, class_idx: int, size: float) -> Floats:
    """Return the input changed so that a class loses; see `nn.photos.classification`."""
    from cnnviz.nn.photos.classification import adversarial

    return adversarial(model, seen, class_idx, size=size).image


def attribution(
    model: PhotoModel,
    answer: PhotoAnswer,
    class_idx: int,
    *,
    method: MethodId,
    layer: str | None,
) -> Attribution:
    """Return which pixels counted for a class; slow methods show how far they are."""
    seen = answer.input.seen
    digest = hashlib.sha256(seen.tobytes()).hexdigest()
    return _attribution(model.card.id, digest, class_idx, method, layer, model, seen)


@st.cache_data(max_entries=8, show_spinner=False, scope="session")
def _attribution(
    network_id: str,
    digest: str,
    class_idx: int,
    method: MethodId,
    layer: str | None,
    _model: PhotoModel,
    _seen: Floats,
) -> Attribution:
    from cnnviz.nn.photos.attribution import attribute

    if not METHODS[method].is_slow:
        return attribute(_model, _seen, class_idx, method=method, layer=layer)
    bar = st.progress(0.0, _(METHODS[method].name))

    def progress(done: int, total: int) -> None:
        bar.progress(min(1.0, done / total), _(METHODS[method].name))

    try:
        return attribute(_model, _seen, class_idx, method=method, progress=progress)
    finally:
        bar.empty()


def photo_stages(model: PhotoModel, seen: Floats) -> tuple[LayerActivation, ...]:
    """Return the maps of every stage; not kept, for they are many and made at once."""
    from cnnviz.nn.photos.inside import stages

    return stages(model, seen)


def network_end(model: PhotoModel, seen: Floats, *, is_first: bool) -> NetworkEnd:
    """Return the first or the last layers with their values; see `nn.photos.inside`."""
    from cnnviz.nn.photos.inside import first_layers, last_layers

    return first_layers(model, seen) if is_first else last_layers(model, seen)


def explained_cell(end: NetworkEnd, asked: Asked) -> Explanation:
    """Return why a cell has its value; see `nn.networks.explain`."""
    from cnnviz.nn import explain

    return explain(end.network, end.activations, *asked)


def field_of(end: NetworkEnd, asked: Asked) -> tuple[Field | None, Floats | None]:
    """Return the pixels that a cell can see, and how strongly each moves it; None: all of them."""
    if end.activations[0].kind != "input":
        return None, None
    return sight(end.network, end.activations, asked)


def first_filters(model: PhotoModel) -> Floats:
    """Return the weights of a network's first convolution; see `nn.photos.inside`."""
    from cnnviz.nn.photos.inside import first_filters

    return first_filters(model)
