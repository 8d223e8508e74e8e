"""What networks for photographs say; torch is imported here, not above."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from cnnviz.core.attributions import METHODS, Attribution, MethodId
from cnnviz.core.digit_canvas import DigitCanvas, digit_canvas, window_ink
from cnnviz.core.digits import prepare_digit
from cnnviz.core.photo_answers import PhotoAnswer
from cnnviz.core.photo_input import PhotoCrop
from cnnviz.core.records import Floats, LayerActivation
from cnnviz.core.samples import SAMPLES
from cnnviz.figures.boxes import class_picture
from cnnviz.ui import resources
from cnnviz.ui.pictures import Picture
from cnnviz.ui.text import _

if TYPE_CHECKING:
    from torch import nn

    from cnnviz.nn.detection import ClassMap, Detections
    from cnnviz.nn.pretrained import PhotoModel

Progress = Callable[[int, int], None]
Bytes = NDArray[np.uint8]
CANVAS = 96, 144
"""Height and width of a canvas of digits: blown up, it fits beside another."""
_NOTHING = 1e-3
"""Windows with a lower score hold nothing."""


class FoundDigits(NamedTuple):
    """A canvas of digits, and what a digit network says of it.

    Attributes:
        canvas: What was drawn where.
        by_ink: What was found, before anything is suppressed: each box that of the ink in a window.
        by_window: The same with the windows themselves as boxes.
        map: (3, H, W): every window's class and score as a picture.
        best: The largest score of a window.
        windows: Rows and columns of windows.
        stride: Pixels from one window to the next.
        kernels: Shape of the first linear layer's weights, as a convolution.
    """

    canvas: DigitCanvas
    by_ink: Detections
    by_window: Detections
    map: Floats
    best: float
    windows: tuple[int, int]
    stride: int
    kernels: tuple[int, ...]


@st.cache_resource(max_entries=12, show_spinner=False)
def photo_model(network_id: str, _progress: Progress | None = None) -> PhotoModel:
    """Return a network for photographs, shared by all sessions; see `nn.pretrained`.

    Raises:
        Explained: it could not be downloaded, or its file is damaged.
    """
    from cnnviz.nn.pretrained import load_photo_network

    loaded = load_photo_network(network_id, progress=_progress)
    resources.settle_garbage()
    return loaded


def photo_answer(model: PhotoModel, picture: Picture, crop: PhotoCrop) -> PhotoAnswer:
    """Return what a network says of a photograph; see `nn.classification.classify_photo`."""
    return _photo_answer(model.card.id, picture.digest, crop, model, picture)


@st.cache_data(max_entries=2, show_spinner=False, scope="session")
def _photo_answer(
    network_id: str, digest: str, crop: PhotoCrop, _model: PhotoModel, _picture: Picture
) -> PhotoAnswer:
    from cnnviz.nn.classification import classify_photo

    return classify_photo(_model, _picture.image, crop)


def photo_answer_of(model: PhotoModel, answer: PhotoAnswer, seen: Floats) -> PhotoAnswer:
    """Return what a network says of another input than the answer's."""
    from cnnviz.nn.classification import answer_for

    return answer_for(model, replace(answer.input, seen=seen))


def photo_layers(model: PhotoModel) -> tuple[str, ...]:
    """Return the names of a network's convolutions."""
    from cnnviz.nn.attribution import conv_layers

    return conv_layers(model)


def adversarial(model: PhotoModel, seen: Floats, class_idx: int, size: float) -> Floats:
    """Return the input changed so that a class loses; see `nn.adversarial`."""
    from cnnviz.nn.adversarial import adversarial

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
    from cnnviz.nn.attribution import attribute

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
    from cnnviz.nn.stages import stages

    return stages(model, seen)


def first_filters(model: PhotoModel) -> Floats:
    """Return the weights of a network's first convolution; see `nn.stages`."""
    from cnnviz.nn.stages import first_filters

    return first_filters(model)


@st.cache_resource(max_entries=32, show_spinner=False)
def found_digits(count: int, lot: int) -> FoundDigits:
    """Draw a canvas of so many digits and find them; shared by all sessions, nobody writes in it.

    Args:
        count: From 3 to 6.
        lot: Which canvas; the same for the same number.
    """
    from cnnviz.nn.detection import MARGIN, class_map, detect

    network, canvas = _canvas_network(), _canvas(count, lot)
    said = class_map(network, canvas.image)
    ink = window_ink(np.pad(canvas.image[0], MARGIN), said.stride)
    scores = said.probabilities.max(axis=0) * ink.fit.reshape(said.probabilities.shape[1:])
    rows, cols = scores.shape
    return FoundDigits(
        canvas,
        detect(network, canvas.image),
        _windows(said, scores),
        class_picture(said.probabilities.argmax(axis=0), scores),
        float(scores.max()),
        (rows, cols),
        said.stride,
        tuple(network.get_parameter("linear1.weight").shape),
    )


def _windows(said: ClassMap, scores: Floats) -> Detections:
    """Return the windows with a score, (rows, cols), as boxes: the best first."""
    from cnnviz.nn.detection import Detections

    order = np.argsort(-scores, axis=None, kind="stable")
    rows, cols = np.unravel_index(order[scores.ravel()[order] > _NOTHING], scores.shape)
    top, left = (
        at * said.stride + start for at, start in zip((rows, cols), said.corner, strict=True)
    )
    boxes = np.stack([top, left, top + said.window, left + said.window], 1).astype(np.float32)
    labels = said.probabilities.argmax(axis=0)[rows, cols].astype(np.int64)
    return Detections(boxes, labels, scores[rows, cols])


def _canvas(count: int, lot: int) -> DigitCanvas:
    """Draw canvases until one has so many digits: their number is drawn by lot, too."""
    images, labels = _digits()
    seed = 1000 * lot
    canvas = digit_canvas(images, labels, seed=seed, size=CANVAS)
    while len(canvas.labels) != count:
        seed += 1
        canvas = digit_canvas(images, labels, seed=seed, size=CANVAS)
    return canvas


@st.cache_resource(max_entries=1, show_spinner=False)
def _digits() -> tuple[Bytes, Bytes]:
    """Return our own ten digits as the network reads them, (10, 1, 28, 28), and their classes."""
    drawn = [each for each in SAMPLES if each.kind == "digit"]
    images = np.stack([prepare_digit(each.draw()).image for each in drawn])
    labels = [int(each.id.removeprefix("digit-")) for each in drawn]
    return np.round(images * 255).astype(np.uint8), np.array(labels, np.uint8)


@st.cache_resource(max_entries=1, show_spinner=False)
def _canvas_network() -> nn.Sequential:
    from cnnviz.nn.detection import convolutional

    return convolutional(resources.network("mnist"))
