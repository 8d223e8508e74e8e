"""What is found on canvases and photographs; torch is imported here, not above."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from cnnviz.core.pictures.digit_canvas import DigitCanvas, digit_canvas, window_ink
from cnnviz.core.pictures.digits import prepare_digit
from cnnviz.core.records import Floats
from cnnviz.core.samples import SAMPLES
from cnnviz.figures.overlays import class_picture
from cnnviz.ui import resources
from cnnviz.ui.pictures import prepared
from cnnviz.ui.pictures.picture import Picture

if TYPE_CHECKING:
    from torch import nn

    from cnnviz.core.photos.nms import Detections
    from cnnviz.nn.photos.canvas import ClassMap
    from cnnviz.nn.photos.detectors import DetectorModel

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


@st.cache_resource(max_entries=32, show_spinner=False)
def found_digits(count: int, lot: int) -> FoundDigits:
    """Draw a canvas of so many digits and find them; cached for all sessions, treat as read-only.

    Args:
        count: From 3 to 6.
        lot: Which canvas; the same for the same number.
    """
    return _found(_canvas(count, lot))


def drawn_digits(pixels: bytes) -> FoundDigits | None:
    """Find digits on a canvas that a person drew, `CANVAS` bytes; None: it is empty."""
    image = np.frombuffer(pixels, np.uint8).reshape(1, *CANVAS) / np.float32(255)
    if not image.any():
        return None
    nothing = np.zeros((0, 4), np.float32), np.zeros(0, np.int64)
    return _found(DigitCanvas(image.astype(np.float32), *nothing))


def _found(canvas: DigitCanvas) -> FoundDigits:
    from cnnviz.nn.photos.canvas import MARGIN, class_map, detect

    network = _canvas_network()
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


@st.cache_resource(max_entries=2, show_spinner=False)
def detector(detector_id: str) -> DetectorModel:
    """Return a detector for photographs, shared by all sessions; see `nn.photos.detectors`.

    Raises:
        Explained: its file is not here and cannot be downloaded, or is damaged.
    """
    from cnnviz.nn.photos.detectors import load_detector

    loaded = load_detector(detector_id)
    resources.settle_garbage()
    return loaded


def found_things(model: DetectorModel, picture: Picture, side: int) -> Detections:
    """Return what a detector finds on a photograph, shrunk to at most `side` pixels a side."""
    return _found_things(model.card.id, picture.digest, side, model, picture)


@st.cache_data(max_entries=2, show_spinner=False, scope="session")
def _found_things(
    detector_id: str, digest: str, side: int, _model: DetectorModel, _picture: Picture
) -> Detections:
    from cnnviz.nn.photos.detectors import detect_things

    return detect_things(_model, prepared.small(_picture, side))


def _windows(said: ClassMap, scores: Floats) -> Detections:
    """Return the windows with a score, (rows, cols), as boxes: the best first."""
    from cnnviz.core.photos.nms import Detections

    order = np.argsort(-scores, axis=None, kind="stable")
    rows, cols = np.unravel_index(order[scores.ravel()[order] > _NOTHING], scores.shape)
    top, left = (
        at * said.stride + start for at, start in zip((rows, cols), said.corner, strict=True)
    )
    boxes = np.stack([top, left, top + said.window, left + said.window], 1).astype(np.float32)
    labels = said.probabilities.argmax(axis=0)[rows, cols].astype(np.int64)
    return Detections(boxes, labels, scores[rows, cols])


def _canvas(count: int, lot: int) -> DigitCanvas:
    """Draw canvases until one has so many digits: their number is random, too."""
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
    from cnnviz.nn.photos.canvas import convolutional

    return convolutional(resources.network("mnist"))
