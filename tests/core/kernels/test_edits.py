"""What a click does to a filter, of one plane and of three."""

import numpy as np
import pytest

from cnnviz.core.kernels import KERNELS
from cnnviz.core.kernels.edits import KERNEL_EDITS, random_kernel
from cnnviz.core.messages import Explained

GIVEN = np.array([[1, -2, 3], [4, 0, 6]], np.float32)
DONE = {
    "normalise": GIVEN / 16,
    "flip": [[6, 0, 4], [3, -2, 1]],
    "rotate": [[4, 1], [0, -2], [6, 3]],
    "transpose": [[1, 4], [-2, 0], [3, 6]],
    "negate": [[-1, 2, -3], [-4, 0, -6]],
}


def apply(name, weights):
    return KERNEL_EDITS[name].apply(weights)


def test_every_edit_is_named_and_tested():
    assert DONE.keys() == KERNEL_EDITS.keys()
    assert all(edit.name and edit.does for edit in KERNEL_EDITS.values())


@pytest.mark.parametrize("name", KERNEL_EDITS)
def test_edits_do_what_they_say(name):
    weights = GIVEN.copy()
    done = apply(name, weights)
    np.testing.assert_array_equal(done, np.array(DONE[name], np.float32))
    assert done.dtype == np.float32
    assert done.flags.c_contiguous
    assert not np.signbit(done[done == 0]).any()
    done[:] = 9
    np.testing.assert_array_equal(weights, GIVEN)


@pytest.mark.parametrize("name", sorted(KERNEL_EDITS.keys() - {"normalise"}))
def test_planes_keep_their_colour(name):
    planes = np.stack([GIVEN, 2 * GIVEN, GIVEN - 7])
    expected = np.stack([apply(name, plane) for plane in planes])
    np.testing.assert_array_equal(apply(name, planes), expected)


def test_all_planes_are_normalised_together():
    done = apply("normalise", np.stack([GIVEN, 2 * GIVEN, 0 * GIVEN]))
    assert np.abs(done).sum() == pytest.approx(1)
    np.testing.assert_allclose(done[1], 2 * done[0])


def test_what_sums_to_nothing_cannot_be_normalised():
    with pytest.raises(Explained, match="All weights are 0"):
        apply("normalise", np.zeros((3, 3), np.float32))


@pytest.mark.parametrize(
    ("name", "times"), [("flip", 2), ("rotate", 4), ("transpose", 2), ("negate", 2)]
)
def test_edits_lead_back(name, times):
    weights = GIVEN
    for _ in range(times):
        weights = apply(name, weights)
    np.testing.assert_array_equal(weights, GIVEN)


def test_a_turn_makes_a_filter_for_the_other_edges():
    turned = apply("rotate", KERNELS["sobel-x"].weights(3))
    np.testing.assert_array_equal(turned, KERNELS["sobel-y"].weights(3))


@pytest.mark.parametrize("shape", [(3, 3), (3, 31, 31)])
def test_random_filters_are_those_networks_start_from(shape):
    weights = random_kernel(shape, seed=1)
    assert (weights.shape, weights.dtype) == (shape, np.float32)
    np.testing.assert_array_equal(weights, random_kernel(shape, seed=1))
    assert not np.array_equal(weights, random_kernel(shape, seed=2))
    many = np.array([random_kernel((5, 5), seed) for seed in range(400)])
    assert many.std() == pytest.approx((2 / 25) ** 0.5, rel=0.03)
    assert many.mean() == pytest.approx(0, abs=0.01)
