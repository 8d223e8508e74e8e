"""Filters in order of likeness, with cases one can check by eye."""

import numpy as np

from cnnviz.core.learned import order_by_similarity


def test_neighbours_are_alike_and_zeros_come_last():
    up, right = np.array([1.0, 0.0]), np.array([0.0, 1.0])
    kernels = np.stack([0 * up, right, up, 0.9 * right + 0.1 * up, 3 * up + right, -right])
    assert order_by_similarity(kernels.astype(np.float32)) == (4, 2, 3, 1, 5, 0)


def test_the_size_of_a_filter_does_not_matter_after_the_first():
    rng = np.random.default_rng(0)
    kernels = rng.normal(size=(12, 3, 5, 5)).astype(np.float32)
    order = order_by_similarity(kernels)
    scaled = kernels.copy()
    scaled[np.array(order[1:])] *= rng.uniform(0.1, 0.4, (11, 1, 1, 1)).astype(np.float32)
    assert sorted(order) == list(range(12))
    assert order_by_similarity(scaled) == order


def test_equal_filters_keep_their_order():
    assert order_by_similarity(np.ones((4, 1, 2, 2), np.float32)) == (0, 1, 2, 3)
    assert order_by_similarity(np.zeros((3, 1, 2, 2), np.float32)) == (0, 1, 2)
    assert order_by_similarity(np.ones((1, 1, 1, 1), np.float32)) == (0,)
