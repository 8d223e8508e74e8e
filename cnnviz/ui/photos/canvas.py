"""Things found on a canvas: detection is convolution, with boxes before and after suppression."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from cnnviz.core.messages import N_
from cnnviz.core.pictures.digits import SIDE
from cnnviz.figures.overlays import ATTENTION, SCALE, boxes
from cnnviz.ui import controls
from cnnviz.ui.components.brush import brush
from cnnviz.ui.components.wall import Stage, wall
from cnnviz.ui.controls import Setting
from cnnviz.ui.photos import found as cached_finding
from cnnviz.ui.photos.boxes import dropped_pair, found_table, overlap, suppression
from cnnviz.ui.photos.detectors import things
from cnnviz.ui.photos.found import FoundDigits
from cnnviz.ui.pictures import album
from cnnviz.ui.pictures.picture import Picture
from cnnviz.ui.text import _, number, percent

if TYPE_CHECKING:
    from cnnviz.core.photos.nms import Detections

DIGITS = tuple(map(str, range(10)))
WHERE = Setting(
    "where",
    {"digits": N_("Digits on a canvas"), "things": N_("Things on the photograph")},
    "digits",
)
CANVAS = Setting("canvas", {"lot": N_("Drawn by lot"), "own": N_("Draw your own")}, "lot")
_PAD_SCALE = 5
"""CSS pixels to a cell of the canvas that is drawn on."""
BOX = Setting("box", {"window": N_("The whole window"), "ink": N_("The ink in it")}, "window")


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
        score = controls.slider(_("Score, at least"), 0.05, 0.95, 0.3, 0.05, key="find.score")
        iou = controls.slider(_("IoU, at most"), 0.0, 0.95, 0.3, 0.05, key="find.iou")
        box = BOX.draw(_("A box is"))
    every = found.by_window if box == "window" else found.by_ink
    before, after = every.kept(score, 1.0), every.kept(score, iou)
    _show_map(found)
    _show_boxes(found, before, after)
    _explain(found, before, after, iou)
    found_table(after, DIGITS)


def _canvas() -> FoundDigits | None:
    """Draw the choice of canvases; returns what is found on it, None on an empty one."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        is_own = CANVAS.draw(_("Canvas")) == "own"
        if not is_own:
            count = controls.slider(_("Digits"), 3, 6, 5, 1, key="find.count")
            lot = controls.index(_("Number"), 1000, 0, key="find.canvas")
            return cached_finding.found_digits(count, lot)
    rows, cols = size = cached_finding.CANVAS
    before = album.canvas_drawing(rows * cols)
    drawn = brush(before, key=album.CANVAS_KEY, side=cols * _PAD_SCALE, size=size, grid=SIDE)
    album.set_canvas_drawing(drawn)
    found = cached_finding.drawn_digits(drawn)
    if found is None:
        st.info(
            _(
                "Draw some digits next to one another, each about as large as a field between "
                "the lines: the network knows digits of 20 pixels."
            )
        )
    return found


def _show_map(found: FoundDigits) -> None:
    rows, cols = found.windows
    scale = "0", number(found.best, 2), ATTENTION
    canvas, picture = found.canvas.image, found.map
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
                shape=found.windows,
                scale=scale,
            ),
        ],
        key="find.map",
        layout="chain",
        says=_(
            "{rows} × {cols} windows of {side} × {side} pixels, {stride} pixels apart. The colour "
            "is the score: how sure the class is, times how well a whole digit stands in the "
            "middle. The network names a digit even where there is none."
        ).format(rows=rows, cols=cols, side=SIDE, stride=found.stride),
    )


def _show_boxes(found: FoundDigits, before: Detections, after: Detections) -> None:
    title = _("Boxes before suppression: {count}").format(count=number(len(before)))
    words = [str(label) for label in before.labels]
    stages = [_boxes_stage("before", title, found, before, words)]
    title = _("Boxes after it: {count}").format(count=number(len(after)))
    scores = [percent(float(score), 0) for score in after.scores]
    words = [f"{label} {score}" for label, score in zip(after.labels, scores, strict=True)]
    stages.append(_boxes_stage("after", title, found, after, words))
    wall(
        stages,
        key="find.boxes",
        layout="chain",
        says=_(
            "A digit is seen by several windows, so it is found several times. Let more overlap, "
            "and more of them stay."
        ),
    )


def _boxes_stage(
    stage_id: str, title: str, found: FoundDigits, shown: Detections, words: list[str]
) -> Stage:
    canvas = found.canvas.image
    drawn = boxes(canvas, shown.boxes, words)
    side = canvas.shape[2] * SCALE
    return Stage(stage_id, title, "pixels", drawn, columns=1, side=side, shape=canvas.shape)


def _explain(found: FoundDigits, before: Detections, after: Detections, iou: float) -> None:
    kernels, channels, height, width = found.kernels
    st.markdown(
        _(
            "**Detection is convolution.** The first linear layer takes {channels} maps of "
            "{height} × {width} values: that is a convolution with {kernels} filters just as "
            "large, which fit once on a picture of {side} × {side} pixels and {windows} times on "
            "this canvas. Same weights, one pass, nothing cut out."
        ).format(
            channels=channels, height=height, width=width, kernels=kernels, side=SIDE,
            windows=number(found.windows[0] * found.windows[1]),
        )
    )  # fmt: skip
    pair = dropped_pair(before, after, iou)
    if pair is not None:
        st.markdown(overlap(before, pair, iou, DIGITS))
    st.markdown(suppression(before, after))
