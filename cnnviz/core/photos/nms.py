"""Boxes with a class and a score: how much two overlap, which stays, and which took which away.

Boxes are (N, 4) float32 arrays of top, left, bottom, right, in pixels; bottom and right are the
first row and column outside. Knows no network and no picture.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cnnviz.core.messages import N_, Explained
from cnnviz.core.records import Floats
from cnnviz.core.strict import real

SOMETHING = 0.05
"""The lowest score that can be asked for; a box that scores less takes no other size's away."""
_SAME = 0.3
"""Boxes that share more than this of the smaller one are of one thing, or of its parts."""


@dataclass(frozen=True, slots=True, eq=False)
class Detections:
    """Boxes with a class each, the highest score first.

    Attributes:
        boxes: (N, 4) float32: top, left, bottom, right in pixels of the picture.
        labels: (N,) int64: the likeliest class.
        scores: (N,) float32 in [0, 1].
    """

    boxes: Floats
    labels: NDArray[np.int64]
    scores: Floats

    def __len__(self) -> int:
        return len(self.scores)

    def kept(
        self, score_threshold: float, iou_threshold: float, *, by_class: bool = False
    ) -> Detections:
        """Return what is left: scores of the threshold or more, then one box a place.

        Args:
            score_threshold: In [0, 1].
            iou_threshold: In [0, 1]; as in `nms`.
            by_class: Whether boxes of different classes may share a place, as a rider and a
                bicycle do.

        Raises:
            Explained: a threshold outside [0, 1].
        """
        real("score_threshold", score_threshold, 0, 1)
        good = np.flatnonzero(self.scores >= score_threshold)
        boxes = self.boxes[good]
        if by_class and len(good):  # moved so far apart that classes never meet
            far = np.float32(boxes.max() - min(0, boxes.min()) + 1)
            boxes = boxes + far * self.labels[good, None].astype(np.float32)
        return self.only(good[nms(boxes, self.scores[good], iou_threshold)])

    @classmethod
    def joined(cls, parts: Sequence[Detections]) -> Detections:
        """Return all boxes of one or more, one after the other: not by their scores."""
        each = ([part.boxes, part.labels, part.scores] for part in parts)
        boxes, labels, scores = (np.concatenate(arrays) for arrays in zip(*each, strict=True))
        return cls(boxes, labels, scores)

    def only(self, which: NDArray[np.int64]) -> Detections:
        """Return some of the boxes, in this order."""
        return Detections(self.boxes[which], self.labels[which], self.scores[which])


class Pair(NamedTuple):
    """Two boxes that overlap: their places in `Detections`, and their areas in pixels."""

    first: int
    second: int
    shared: float
    covered: float

    @classmethod
    def of(cls, boxes: Floats, first: int, second: int) -> Pair:
        """Return what two of these boxes, (N, 4), share and cover together."""
        shared, covered = _common(boxes[[first]], boxes[[second]])
        return cls(first, second, float(shared[0, 0]), float(covered[0, 0]))

    @property
    def iou(self) -> float:
        """Intersection over union."""
        return self.shared / self.covered


def box_iou(boxes: Floats, others: Floats) -> Floats:
    """Return the area that two boxes, of (N, 4) and (M, 4), share over what they cover together.

    (N, M) float32 in [0, 1]; 0 for boxes without an area.
    """
    shared, covered = _common(boxes, others)
    ratio = np.divide(shared, covered, out=np.zeros_like(shared), where=covered > 0)
    return np.asarray(ratio, np.float32)


def nms(boxes: Floats, scores: Floats, iou_threshold: float) -> NDArray[np.int64]:
    """Return which boxes stay when each takes away those that overlap it too much.

    The box with the highest score stays, and all that overlap it by more than the threshold go;
    then the highest of the rest, and so on. Equal scores: the earlier box first.

    Args:
        boxes: (N, 4), of all classes together: in one place there is one thing.
        scores: (N,), none of them NaN.
        iou_threshold: In [0, 1].

    Returns:
        Indices of those that stay, the highest score first.

    Raises:
        Explained: not one score a box, or a threshold outside [0, 1].

    Reference: greedy suppression as in `torchvision.ops.nms`.
    """
    real("iou_threshold", iou_threshold, 0, 1)
    if boxes.shape != (len(scores), 4):
        message = N_("There are {scores} scores for boxes of the shape {shape}.")
        raise Explained(message, scores=len(scores), shape=str(boxes.shape))
    left = np.argsort(-scores, kind="stable")
    kept = []
    while left.size:
        kept.append(int(left[0]))
        overlap = box_iou(boxes[left[:1]], boxes[left[1:]])[0]
        left = left[1:][overlap <= iou_threshold]
    return np.array(kept, np.int64)


def one_size_a_place(found: Sequence[Detections]) -> NDArray[np.int64]:
    """Say which boxes stay, when each place belongs to the size that found the most there.

    Two small digits side by side are one large blot at half the size, and half of a large digit
    may look like a small one. So a box takes away those of other sizes that lie partly in it;
    those of its own size are left for `Detections.kept` to sort out.

    Args:
        found: What was found at each size, in the pixels of one canvas.

    Returns:
        Indices into `Detections.joined(found)`, the highest score first.
    """
    every = Detections.joined(found)
    sizes = np.repeat(np.arange(len(found)), [len(each) for each in found])
    order = np.argsort(-every.scores, kind="stable")
    boxes, sizes = every.boxes[order], sizes[order]
    left = np.ones(len(order), bool)
    for best in range(np.count_nonzero(every.scores >= SOMETHING) if len(found) > 1 else 0):
        if left[best]:
            later = slice(best + 1, None)
            same = _shared_of_smaller(boxes[best], boxes[later]) > _SAME
            left[later] &= ~(same & (sizes[later] != sizes[best]))
    return order[left]


def _shared_of_smaller(box: Floats, others: Floats) -> Floats:
    """How much of the smaller one a box, (4,), shares with each of (N, 4), in [0, 1]."""
    shared, _ = _common(box[None], others)
    smaller = np.minimum(_areas(box[None]), _areas(others))
    return np.asarray(shared[0] / np.maximum(smaller, np.float32(1e-6)))


def dropped_pair(
    before: Detections, after: Detections, iou: float, *, by_class: bool = False
) -> Pair | None:
    """Return a box that stayed and the best other box that it took away; None if none was.

    `after` is what `before.kept` left at the threshold `iou`, by the same `by_class`.
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
            return Pair.of(before.boxes, first, int(gone[0]))
    return None


def _common(boxes: Floats, others: Floats) -> tuple[Floats, Floats]:
    """Return the areas that boxes share, and those that they cover together, both (N, M)."""
    corner = np.maximum(boxes[:, None, :2], others[None, :, :2])  # (N, M, 2)
    end = np.minimum(boxes[:, None, 2:], others[None, :, 2:])
    shared = np.clip(end - corner, 0, None).prod(axis=2)
    return shared, _areas(boxes)[:, None] + _areas(others)[None] - shared


def _areas(boxes: Floats) -> Floats:
    areas: Floats = np.clip(boxes[:, 2:] - boxes[:, :2], 0, None).prod(axis=1)
    return areas
