"""Disturbances against arithmetic by hand."""

import numpy as np
import pytest

from cnnviz.core.messages import Explained
from cnnviz.core.pictures.disturbances import Disturbance, disturb

IMAGE = np.random.default_rng(0).random((3, 21, 30), np.float32)


def test_no_disturbance_changes_nothing():
    result = disturb(IMAGE, Disturbance())
    np.testing.assert_array_equal(result, IMAGE)
    result[:] = 0
    assert IMAGE.max() > 0


def test_brightness_is_added_and_clipped():
    np.testing.assert_allclose(
        disturb(IMAGE, Disturbance(brightness=-0.3)), np.clip(IMAGE - 0.3, 0, 1), atol=1e-6
    )
    assert (disturb(IMAGE, Disturbance(brightness=1)) == 1).all()


def test_noise_is_seeded_and_as_strong_as_asked():
    grey = np.full((3, 200, 200), 0.5, np.float32)
    one, same, other = (disturb(grey, Disturbance(noise=0.1, seed=seed)) for seed in (1, 1, 2))
    np.testing.assert_array_equal(one, same)
    assert not np.array_equal(one, other)
    assert one.std() == pytest.approx(0.1, rel=0.02)
    assert one.mean() == pytest.approx(0.5, abs=0.002)


def test_blur_is_a_gaussian():
    point = np.zeros((1, 31, 31), np.float32)
    point[0, 15, 15] = 1
    blurred = disturb(point, Disturbance(blur=2))
    assert blurred.sum() == pytest.approx(1, rel=1e-4)
    y, x = np.mgrid[-15:16, -15:16]
    gauss = np.exp(-(y**2 + x**2) / 8)
    np.testing.assert_allclose(blurred[0], gauss / gauss.sum(), atol=3e-4)
    flat = np.full((1, 9, 9), 0.25, np.float32)
    np.testing.assert_allclose(disturb(flat, Disturbance(blur=20)), flat, atol=1e-6)


def test_rotation_keeps_the_size_and_turns_clockwise():
    corner = np.zeros((1, 40, 40), np.float32)
    corner[0, 4:12, 4:12] = 1  # top left
    turned = disturb(corner, Disturbance(rotation=90))
    assert turned.shape == corner.shape
    assert turned[0, 4:12, 28:36].mean() > 0.95  # top right
    assert turned[0, 4:12, 4:12].mean() < 0.05
    wide = disturb(IMAGE, Disturbance(rotation=33))
    assert wide.shape == IMAGE.shape
    assert wide.min() >= 0


def test_the_patch_lies_where_it_is_put():
    covered = disturb(IMAGE, Disturbance(patch=1 / 3, row=0, col=1))
    changed = np.argwhere((covered != IMAGE).any(axis=0))
    assert changed.min(axis=0).tolist() == [0, 23]
    assert changed.max(axis=0).tolist() == [6, 29]
    assert (covered[:, :7, 23:] == 0.5).all()
    whole = disturb(IMAGE, Disturbance(patch=1, col=0))
    assert (whole[:, :, :21] == 0.5).all()


@pytest.mark.parametrize(
    "settings",
    [{"noise": 2}, {"blur": -1}, {"rotation": 181}, {"brightness": float("nan")}, {"patch": 1.1},
     {"seed": -1}, {"row": 2}],
)  # fmt: skip
def test_values_out_of_range_are_refused(settings):
    with pytest.raises(Explained, match="from"):
        Disturbance(**settings)
