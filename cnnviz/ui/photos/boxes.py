"""What is said of boxes that were found, whatever found them: overlap, suppression, a table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import streamlit as st

from cnnviz.core.photos.nms import box_iou
from cnnviz.core.records import Floats
from cnnviz.ui.text import _, number

if TYPE_CHECKING:
    from cnnviz.core.photos.nms import Detections


MOST_ROWS = 20
"""Boxes in the table."""


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


def overlap(before: Detections, pair: Pair, iou: float, names: Sequence[str]) -> str:
    """Say what IoU is, with the numbers of two boxes; a name a label."""
    scores = (before.scores[each] for each in (pair.first, pair.second))
    first, second = (number(float(score), 2) for score in scores)
    return _(
        "**IoU**, intersection over union, is how much two boxes have in common. The box of a "
        "{kept} with the score {first} and that of a {dropped} with {second} share {shared} pixels "
        "and cover {covered} together: {shared} / {covered} = {iou}. That is more than {limit}, so "
        "only the better one stays."
    ).format(
        kept=names[before.labels[pair.first]], first=first,
        dropped=names[before.labels[pair.second]],
        second=second, shared=number(round(pair.shared)), covered=number(round(pair.covered)),
        iou=number(pair.iou, 2), limit=number(iou, 2),
    )  # fmt: skip


def suppression(before: Detections, after: Detections) -> str:
    """Say what non-maximum suppression does, with what it did here."""
    return _(
        "**Non-maximum suppression** keeps the box with the highest score and drops all that "
        "overlap it by more than the threshold; then the next best of the rest, and so on: "
        "{dropped} of {count} boxes are dropped here."
    ).format(dropped=number(len(before) - len(after)), count=number(len(before)))


def dropped_pair(
    before: Detections, after: Detections, iou: float, *, by_class: bool = False
) -> Pair | None:
    """Return a box that stayed and the best other box that it took away; None if none was.

    Args:
        before: All boxes, the best first.
        after: Those that stayed.
        iou: The threshold.
        by_class: Whether boxes take away only those of their own class.
    """
    overlaps = box_iou(after.boxes, before.boxes)  # (kept, all)
    for kept, overlap in enumerate(overlaps):
        same = (before.boxes == after.boxes[kept]).all(axis=1)
        first = int((same & (before.scores == after.scores[kept])).argmax())
        gone = np.flatnonzero((overlap > iou) & (overlap < 1))
        gone = gone[gone > first]  # those with a higher score were taken away by another
        if by_class:
            gone = gone[before.labels[gone] == after.labels[kept]]
        if gone.size:
            return _pair(before.boxes, first, int(gone[0]))
    return None


def _pair(every: Floats, first: int, second: int) -> Pair:
    one, other = every[first], every[second]
    corner, end = np.maximum(one[:2], other[:2]), np.minimum(one[2:], other[2:])
    shared = float(np.clip(end - corner, 0, None).prod())
    areas = float((one[2:] - one[:2]).prod() + (other[2:] - other[:2]).prod())
    return Pair(first, second, shared, areas - shared)


def found_table(after: Detections, names: Sequence[str]) -> None:
    """Show the boxes that stayed as a table; a name a label."""
    if not len(after):
        st.info(_("No box has this score: lower the threshold."))
        return
    places = [[number(round(float(side))) for side in box] for box in after.boxes[:MOST_ROWS]]
    top, left, bottom, right = (list(column) for column in zip(*places, strict=True))
    st.table(
        {
            _("Class"): [names[label] for label in after.labels[:MOST_ROWS]],
            _("Score"): [
                number(float(score), 3, is_fixed=True) for score in after.scores[:MOST_ROWS]
            ],
            _("Top"): top,
            _("Left"): left,
            _("Bottom"): bottom,
            _("Right"): right,
        }
    )
    if len(after) > MOST_ROWS:
        st.caption(_("The {count} with the highest score are shown.").format(count=MOST_ROWS))
