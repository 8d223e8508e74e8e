"""Things found on a canvas: detection is convolution, with boxes before and after suppression."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from cnnviz import nn
from cnnviz.core.messages import N_
from cnnviz.core.photos.nms import SOMETHING, Detections
from cnnviz.core.pictures.digit_canvas import LARGEST, SCALES, SMALLEST, DigitCanvas, digit_canvas
from cnnviz.core.pictures.digits import SIDE, prepare_digit
from cnnviz.core.samples import SAMPLES
from cnnviz.figures.overlays import ATTENTION, SCALE, class_picture
from cnnviz.ui import controls, resources
from cnnviz.ui.components.pictures import brush
from cnnviz.ui.components.wall import Stage, wall
from cnnviz.ui.controls import Setting
from cnnviz.ui.photos.boxes import explain_suppression, show_boxes, things
from cnnviz.ui.pictures import album
from cnnviz.ui.pictures.picture import Picture
from cnnviz.ui.text import _, bound, number, percent

if TYPE_CHECKING:
    from torch.nn import Sequential

DIGITS = tuple(map(str, range(10)))
WHERE = Setting(
    "where",
    {"digits": N_("Digits on a canvas"), "things": N_("Things on the photograph")},
    "digits",
)
CANVAS = Setting("canvas", {"lot": N_("Drawn by lot"), "own": N_("Draw your own")}, "lot")
_PAD_SCALE = 5
"""CSS pixels to a cell of the canvas that is drawn on."""
SIZE = 96, 144
"""Height and width of a canvas of digits: enlarged, it fits beside another."""
BOX = Setting("box", {"window": N_("The whole window"), "ink": N_("The ink in it")}, "window")


class FoundDigits(NamedTuple):
    """A canvas of digits, and what a digit network says of it.

    Attributes:
        canvas: What was drawn where.
        said: What the network says of every window, at the size with the best score.
        by_ink: What was found, before anything is suppressed: each box that of the ink in a window.
        by_window: The same with the windows themselves as boxes.
        kernels: Shape of the first linear layer's weights, as a convolution.
    """

    canvas: DigitCanvas
    said: nn.ClassMap
    by_ink: Detections
    by_window: Detections
    kernels: tuple[int, ...]


def finding(picture: Picture) -> None:
    """Draw what is looked for, and where."""
    if WHERE.draw(_("Find")) == "things":
        things(picture)
    else:
        _digits()


def _digits() -> None:
    """Draw the canvas, what the network says of it, and what is left of that."""
    st.markdown(
        _(
            "The network that reads one digit finds many on a canvas: a network of convolutions "
            "takes pictures of any size. The thresholds only sort out what was found."
        )
    )
    found = _canvas()
    if found is None:
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        score = controls.slider(_("Score, at least"), SOMETHING, 0.95, 0.3, 0.05, key="find.score")
        iou = controls.slider(_("IoU, at most"), 0.0, 0.95, 0.3, 0.05, key="find.iou")
        box = BOX.draw(_("A box is"))
    every = found.by_window if box == "window" else found.by_ink
    before, after = every.kept(score, 1.0), every.kept(score, iou)
    _show_map(found)
    canvas = found.canvas.image
    show_boxes(
        canvas,
        before,
        after,
        DIGITS,
        key="find.boxes",
        scale=SCALE,
        side=canvas.shape[2] * SCALE,
        says=_(
            "A digit is seen by several windows, so it is found several times. Let more overlap, "
            "and more of them stay."
        ),
    )
    _explain(found)
    nothing = _(
        "Nothing here looks like a whole digit, at any threshold: write digits of {least} to "
        "{most} pixels, with room between them."
    ).format(least=SMALLEST, most=LARGEST)
    explain_suppression(every, before, after, iou, DIGITS, nothing=nothing)


def _canvas() -> FoundDigits | None:
    """Draw the choice of canvases; returns what is found on it, None on an empty one."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        is_own = CANVAS.draw(_("Canvas")) == "own"
        if not is_own:
            count = controls.slider(_("Digits"), 3, 6, 5, 1, key="find.count")
            lot = controls.index(_("Number"), 1000, 0, key="find.canvas")
            return found_digits(count, lot)
    rows, cols = size = SIZE
    before = album.canvas_drawing(rows * cols)
    drawn = brush(before, key=album.CANVAS_KEY, side=cols * _PAD_SCALE, size=size, grid=SIDE)
    album.set_canvas_drawing(drawn)
    found = drawn_digits(drawn)
    if found is None:
        st.info(
            _(
                "Draw some digits with room between them. The network knows digits of 20 pixels; "
                "the canvas is looked at in {count} sizes, so that those of {least} to {most} "
                "pixels are found. A field between the lines has {side}."
            ).format(count=len(SCALES), least=SMALLEST, most=LARGEST, side=SIDE)
        )
    return found


def _show_map(found: FoundDigits) -> None:
    canvas, scores = found.canvas.image, found.said.scores
    picture = class_picture(found.said.probabilities.argmax(axis=0), scores)
    wall(
        [
            Stage(
                "canvas", _("The canvas"), "pixels", canvas, columns=1, side=canvas.shape[2] * SCALE
            ),
            Stage(
                "map",
                _("What it says of every window"),
                "pixels",
                picture,
                columns=1,
                side=picture.shape[2],
                shape=scores.shape,
                scale=("0", bound(float(scores.max()), 2), ATTENTION),
            ),
        ],
        key="find.map",
        layout="chain",
        says=_(
            "{rows} × {cols} windows of {side} × {side} pixels, {stride} pixels apart. The colour "
            "is the score: how sure the class is, times how well a whole digit stands in the "
            "middle. The network names a digit even where there is none."
        ).format(rows=scores.shape[0], cols=scores.shape[1], side=SIDE, stride=found.said.stride),
    )
    if found.said.grid != (1, 1):
        st.caption(
            _(
                "This map is of the canvas at {percent} of its size, where the score is highest: "
                "there the digit has the 20 pixels that the network knows."
            ).format(percent=percent(1 / found.said.grid[0], 0))
        )


def _explain(found: FoundDigits) -> None:
    kernels, channels, height, width = found.kernels
    st.markdown(
        _(
            "**Detection is convolution.** The first linear layer takes {channels} maps of "
            "{height} × {width} values: that is a convolution with {kernels} filters just as "
            "large, which fit once on a picture of {side} × {side} pixels and {windows} times on "
            "this canvas. Same weights, one pass, nothing cut out."
        ).format(
            channels=channels, height=height, width=width, kernels=kernels, side=SIDE,
            windows=number(found.said.scores.size),
        )
    )  # fmt: skip


@st.cache_resource(max_entries=32, show_spinner=False)
def found_digits(count: int, which: int) -> FoundDigits:
    """Draw a canvas of 3 to 6 digits and find them; the same for the same number.

    Shared by all sessions: treat as read-only.
    """
    images, labels = _ten_digits()
    seeds = itertools.count(1000 * which)
    drawn = (digit_canvas(images, labels, seed=seed, size=SIZE) for seed in seeds)
    return _found(next(canvas for canvas in drawn if len(canvas.labels) == count))


def drawn_digits(pixels: bytes) -> FoundDigits | None:
    """Find digits on a canvas that a person drew, `SIZE` bytes; None: it is empty."""
    image = np.frombuffer(pixels, np.uint8).reshape(1, *SIZE) / np.float32(255)
    if not image.any():
        return None
    nothing = np.zeros((0, 4), np.float32), np.zeros(0, np.int64)
    return _found(DigitCanvas(image.astype(np.float32), *nothing), SCALES)


def _found(canvas: DigitCanvas, scales: tuple[float, ...] = (1.0,)) -> FoundDigits:
    network = _canvas_network()
    maps = nn.class_maps(network, canvas.image, scales)
    inks, windows = nn.found_on(maps), nn.found_on(maps, is_window=True)
    best = max(maps, key=lambda each: float(each.scores.max()))
    kernels = tuple(network.get_parameter("linear1.weight").shape)
    return FoundDigits(canvas, best, inks, windows, kernels)


@st.cache_resource(max_entries=1, show_spinner=False)
def _ten_digits() -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Return our own ten digits as the network reads them, (10, 1, 28, 28), and their classes."""
    drawn = [each for each in SAMPLES if each.kind == "digit"]
    images = np.stack([prepare_digit(each.draw()).image for each in drawn])
    labels = [int(each.id.removeprefix("digit-")) for each in drawn]
    return np.round(images * 255).astype(np.uint8), np.array(labels, np.uint8)


@st.cache_resource(max_entries=1, show_spinner=False)
def _canvas_network() -> Sequential:
    return nn.convolutional(resources.network("mnist"))
