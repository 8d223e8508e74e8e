"""Things found on a canvas: detection is convolution, with boxes before and after suppression."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import streamlit as st

from cnnviz.core.digits import SIDE
from cnnviz.core.messages import N_
from cnnviz.core.nms import box_iou
from cnnviz.core.records import Floats
from cnnviz.figures.boxes import SCALE, boxes
from cnnviz.figures.heat import ATTENTION
from cnnviz.ui import cached_photos, controls
from cnnviz.ui.cached_photos import FoundDigits
from cnnviz.ui.components.wall import Stage, wall
from cnnviz.ui.controls import Setting
from cnnviz.ui.text import _, number, percent

if TYPE_CHECKING:
    from cnnviz.nn.detection import Detections

BOX = Setting("box", {"window": N_("The whole window"), "ink": N_("The ink in it")}, "window")


class Pair(NamedTuple):
    """Two boxes that overlap: their places in `Detections`, and what they share, in pixels."""

    first: int
    second: int
    shared: float
    covered: float

    @property
    def iou(self) -> float:
        """Intersection over union."""
        return self.shared / self.covered


def finding() -> None:
    """Draw the canvas, what the network says of it, and what is left of that."""
    st.markdown(
        _(
            "The network that reads one digit finds many on a canvas: a network of convolutions "
            "takes pictures of any size. The thresholds only sort out what was found."
        )
    )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        count = controls.slider(_("Digits"), 3, 6, 5, 1, key="find.count")
        lot = controls.index(_("Canvas"), 1000, 0, key="find.canvas")
        score = controls.slider(_("Score, at least"), 0.05, 0.95, 0.3, 0.05, key="find.score")
        iou = controls.slider(_("IoU, at most"), 0.0, 0.95, 0.3, 0.05, key="find.iou")
        box = BOX.draw(_("A box is"))
    found = cached_photos.found_digits(count, lot)
    every = found.by_window if box == "window" else found.by_ink
    before, after = every.kept(score, 1.0), every.kept(score, iou)
    _show_map(found)
    _show_boxes(found, before, after)
    _explain(found, before, after, iou)
    _table(after)


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
        st.markdown(_overlap(before, pair, iou))
    st.markdown(
        _(
            "**Non-maximum suppression** keeps the box with the highest score and drops all that "
            "overlap it by more than the threshold; then the next best of the rest, and so on: "
            "{dropped} of {count} boxes are dropped here."
        ).format(dropped=number(len(before) - len(after)), count=number(len(before)))
    )


def _overlap(before: Detections, pair: Pair, iou: float) -> str:
    """Say what IoU is, with the numbers of two boxes."""
    scores = (before.scores[each] for each in (pair.first, pair.second))
    first, second = (number(float(score), 2) for score in scores)
    return _(
        "**IoU**, intersection over union, is how much two boxes have in common. The box of a "
        "{kept} with the score {first} and that of a {dropped} with {second} share {shared} pixels "
        "and cover {covered} together: {shared} / {covered} = {iou}. That is more than {limit}, so "
        "only the better one stays."
    ).format(
        kept=before.labels[pair.first], first=first, dropped=before.labels[pair.second],
        second=second, shared=number(round(pair.shared)), covered=number(round(pair.covered)),
        iou=number(pair.iou, 2), limit=number(iou, 2),
    )  # fmt: skip


def dropped_pair(before: Detections, after: Detections, iou: float) -> Pair | None:
    """Return a box that stayed and the best other box that it took away; None if none was."""
    overlaps = box_iou(after.boxes, before.boxes)  # (kept, all)
    for kept, overlap in enumerate(overlaps):
        same = (before.boxes == after.boxes[kept]).all(axis=1)
        first = int((same & (before.scores == after.scores[kept])).argmax())
        gone = np.flatnonzero((overlap > iou) & (overlap < 1))
        gone = gone[gone > first]  # those with a higher score were taken away by another
        if gone.size:
            return _pair(before.boxes, first, int(gone[0]))
    return None


def _pair(every: Floats, first: int, second: int) -> Pair:
    one, other = every[first], every[second]
    corner, end = np.maximum(one[:2], other[:2]), np.minimum(one[2:], other[2:])
    shared = float(np.clip(end - corner, 0, None).prod())
    areas = float((one[2:] - one[:2]).prod() + (other[2:] - other[:2]).prod())
    return Pair(first, second, shared, areas - shared)


def _table(after: Detections) -> None:
    if not len(after):
        st.info(_("No box has this score: lower the threshold."))
        return
    places = [[number(round(float(side))) for side in box] for box in after.boxes]
    top, left, bottom, right = (list(column) for column in zip(*places, strict=True))
    st.table(
        {
            _("Class"): [str(label) for label in after.labels],
            _("Score"): [number(float(score), 3, is_fixed=True) for score in after.scores],
            _("Top"): top,
            _("Left"): left,
            _("Bottom"): bottom,
            _("Right"): right,
        }
    )
