"""Suppression against torchvision's, and overlaps that one can check with a pencil."""

import numpy as np
import pytest
import torch

from cnnviz.core.messages import Explained
from cnnviz.core.photos.nms import Pair, box_iou, nms


def boxes_of(rng, count):
    corners = rng.uniform(0, 60, (count, 2))
    return np.hstack([corners, corners + rng.uniform(1, 40, (count, 2))]).astype(np.float32)


def as_torch(boxes):
    """Left, top, right, bottom."""
    return torch.from_numpy(boxes[:, [1, 0, 3, 2]].copy())


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("threshold", [0.0, 0.3, 0.5, 0.9, 1.0])
def test_suppression_is_torchvisions(seed, threshold):
    from torchvision.ops import nms as reference

    rng = np.random.default_rng(seed)
    boxes = boxes_of(rng, int(rng.integers(0, 80)))
    scores = rng.random(len(boxes), np.float32)
    expected = reference(as_torch(boxes), torch.from_numpy(scores), threshold)
    np.testing.assert_array_equal(nms(boxes, scores, threshold), expected.numpy())


def test_overlaps_are_torchvisions():
    from torchvision.ops import box_iou as reference

    rng = np.random.default_rng(0)
    one, other = boxes_of(rng, 30), boxes_of(rng, 20)
    expected = reference(as_torch(one), as_torch(other)).numpy()
    np.testing.assert_allclose(box_iou(one, other), expected, rtol=1e-4, atol=1e-6)


def test_overlaps_by_hand():
    square = np.array([[0, 0, 2, 2]], np.float32)
    others = np.array(
        [[0, 0, 2, 2], [0, 1, 2, 3], [1, 1, 3, 3], [2, 2, 4, 4], [0, 0, 0, 0]], np.float32
    )
    np.testing.assert_allclose(box_iou(square, others)[0], [1, 2 / 6, 1 / 7, 0, 0], rtol=1e-6)
    empty = np.zeros((1, 4), np.float32)
    assert box_iou(empty, empty) == 0


def test_equal_scores_keep_the_earlier_box():
    boxes = np.array([[0, 0, 4, 4], [0, 0, 4, 4], [9, 9, 12, 12]], np.float32)
    assert nms(boxes, np.full(3, 0.5, np.float32), 0.5).tolist() == [0, 2]
    assert nms(boxes, np.array([0.1, 0.9, 0.95], np.float32), 0.5).tolist() == [2, 1]


def test_wrong_numbers_are_refused():
    with pytest.raises(Explained, match="2 scores for boxes of the shape"):
        nms(np.zeros((3, 4), np.float32), np.zeros(2, np.float32), 0.5)
    with pytest.raises(Explained, match="from 0 to 1"):
        nms(np.zeros((0, 4), np.float32), np.zeros(0, np.float32), 1.5)


def test_a_pair_has_the_iou_of_its_areas():
    boxes = np.array([[0, 0, 4, 4], [2, 0, 6, 4]], np.float32)
    pair = Pair.of(boxes, 0, 1)
    assert (pair.first, pair.second, pair.shared, pair.covered) == (0, 1, 8, 24)
    assert pair.iou == pytest.approx(1 / 3) == pytest.approx(box_iou(boxes, boxes)[0, 1])
