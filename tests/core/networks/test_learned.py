"""Filters in order of likeness, with cases one can check by eye."""

import numpy as np

from cnnviz.core.networks.learned import order_by_similarity, similar_groups


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


def test_groups_are_the_directions_that_filters_share():
    rng = np.random.default_rng(1)
    axes = np.eye(4)[[0, 1, 0, 2, 1, 0]] * rng.uniform(0.5, 3, (6, 1))
    kernels = (axes + 0.01 * rng.normal(size=(6, 4))).astype(np.float32)
    groups = similar_groups(kernels)
    assert [set(group) for group in groups] == [{0, 2, 5}, {1, 4}, {3}]


def test_linkage_is_by_the_mean_and_opposites_stay_apart():
    angles = np.radians([0, 50, 100, 180])
    kernels = np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)
    # 0° and 50°: cos 50° = 0.64; 100° is then alike by (cos 100° + cos 50°) / 2 = 0.23 only
    assert {frozenset(group) for group in similar_groups(kernels)} == {
        frozenset(each) for each in ({0, 1}, {2}, {3})
    }
    assert {frozenset(group) for group in similar_groups(kernels, least=0.2)} == {
        frozenset(each) for each in ({0, 1, 2}, {3})
    }


def test_every_filter_is_in_one_group_and_zeros_are_like_none():
    kernels = np.random.default_rng(2).normal(size=(40, 3, 3, 3)).astype(np.float32)
    kernels[7] = 0
    groups = similar_groups(kernels, least=0.1)
    assert sorted(n for group in groups for n in group) == list(range(40))
    assert (7,) in groups
    assert [len(group) for group in groups] == sorted(map(len, groups), reverse=True)
    assert similar_groups(np.zeros((2, 1, 3, 3), np.float32)) == ((0,), (1,))
    assert similar_groups(np.ones((1, 1, 3, 3), np.float32)) == ((0,),)
