"""The filters that are formulas, against the same formulas written one cell at a time."""

from math import cos, exp, hypot, pi, radians, sin

import numpy as np
import pytest

from cnnviz.core.kernels import KERNELS
from cnnviz.core.messages import Explained

FORMULAS = {
    "gaussian-sigma": lambda r, c, sigma: exp(-(r * r + c * c) / (2 * sigma**2)),
    "log": lambda r, c, sigma: (
        (r * r + c * c - 2 * sigma**2)
        / (2 * pi * sigma**6)
        * exp(-(r * r + c * c) / (2 * sigma**2))
    ),
    "motion": lambda r, c, angle: max(
        0, 1 - abs(r * cos(radians(angle)) + c * sin(radians(angle)))
    ),
    "gabor": lambda r, c, angle, wavelength, sigma, phase: (
        exp(-(hypot(r, c) ** 2) / (2 * sigma**2))
        * cos(
            2 * pi * (c * cos(radians(angle)) - r * sin(radians(angle))) / wavelength
            + radians(phase)
        )
    ),
}


def by_formula(name, height, width, **parameters):
    rows, cols = (range(-(side // 2), side // 2 + 1) for side in (height, width))
    return np.array([[FORMULAS[name](r, c, **parameters) for c in cols] for r in rows])


@pytest.mark.parametrize("size", [(5, 7), (9, 3)])
@pytest.mark.parametrize("sigma", [0.5, 1.0, 2.3])
def test_bell_curves_are_their_formulas(size, sigma):
    bell = by_formula("gaussian-sigma", *size, sigma=sigma)
    np.testing.assert_allclose(
        KERNELS["gaussian-sigma"].weights(size, sigma=sigma), bell / bell.sum(), atol=1e-7
    )
    hat = by_formula("log", *size, sigma=sigma)
    np.testing.assert_allclose(
        KERNELS["log"].weights(size, sigma=sigma), hat - hat.mean(), atol=1e-6
    )
    wide = by_formula("gaussian-sigma", *size, sigma=1.5 * sigma)
    np.testing.assert_allclose(
        KERNELS["dog"].weights(size, sigma=sigma, ratio=1.5),
        bell / bell.sum() - wide / wide.sum(),
        atol=1e-7,
    )
    mask = -2 * bell / bell.sum()
    mask[size[0] // 2, size[1] // 2] += 3
    np.testing.assert_allclose(
        KERNELS["unsharp"].weights(size, sigma=sigma, amount=2.0), mask, atol=1e-6
    )


@pytest.mark.parametrize("angle", [0.0, 45.0, 90.0, 120.0, 345.0])
def test_what_has_an_angle_is_its_formula(angle):
    line = by_formula("motion", 7, 5, angle=angle)
    np.testing.assert_allclose(
        KERNELS["motion"].weights((7, 5), angle=angle), line / line.sum(), atol=1e-7
    )
    settings = {"angle": angle, "wavelength": 3.5, "sigma": 1.7, "phase": 30.0}
    np.testing.assert_allclose(
        KERNELS["gabor"].weights((7, 9), **settings),
        by_formula("gabor", 7, 9, **settings),
        atol=1e-7,
    )


def test_angles_turn_anticlockwise_as_one_sees_them():
    rising = KERNELS["motion"].weights(5, angle=45)
    assert rising[0, 4] == rising[4, 0] == rising.max() > 0 == rising[0, 0]


@pytest.mark.parametrize(
    ("name", "direction", "bright"),
    [
        ("kirsch", 90, [[5, 5, 5], [-3, 0, -3], [-3, -3, -3]]),  # Kirsch 1971, north
        ("kirsch", 45, [[-3, 5, 5], [-3, 0, 5], [-3, -3, -3]]),
        ("robinson", 90, [[1, 2, 1], [0, 0, 0], [-1, -2, -1]]),  # Robinson 1977, north
        ("robinson", 225, [[0, -1, -2], [1, 0, -1], [2, 1, 0]]),
    ],
)
def test_compasses_point_where_they_are_told(name, direction, bright):
    np.testing.assert_array_equal(KERNELS[name].weights(3, direction=direction), bright)


def test_a_shift_moves_the_picture():
    image = np.arange(49.0).reshape(7, 7)
    weights = KERNELS["shift"].weights(5, right=2, down=-1)
    windows = np.lib.stride_tricks.sliding_window_view(image, (5, 5))
    np.testing.assert_array_equal((windows * weights).sum((2, 3)), image[3:6, 0:3])
    with pytest.raises(Explained, match="shifts by at most 1 rows and 2 columns"):
        KERNELS["shift"].weights((3, 5), down=2)
