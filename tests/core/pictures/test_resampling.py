import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from cnnviz.core.pictures.resampling import fit


def test_a_picture_that_fits_is_left_alone():
    image = np.random.default_rng(0).random((3, 20, 30), np.float32)
    np.testing.assert_array_equal(fit(image, 30), image)
    np.testing.assert_array_equal(fit(image, 224), image)


def test_fitting_by_a_whole_factor_averages_blocks():
    image = np.random.default_rng(0).random((3, 40, 60), np.float32)
    means = image.reshape(3, 10, 4, 15, 4).mean(axis=(2, 4))
    np.testing.assert_allclose(fit(image, 15), means, atol=1e-6)


@given(st.integers(1, 40), st.integers(1, 40), st.integers(1, 12))
def test_fitting_averages_the_area_that_each_pixel_covers(height, width, longest):
    image = np.random.default_rng(height * 41 + width).random((1, height, width), np.float32)
    small = fit(image, longest)
    scale = min(1, longest / max(height, width))
    shape = tuple(max(1, round(side * scale)) for side in (height, width))
    assert small.shape == (1, *shape)
    rows, cols = (overlaps(old, new) for old, new in zip((height, width), shape, strict=True))
    np.testing.assert_allclose(small[0], rows @ image[0].astype(float) @ cols.T, atol=1e-6)


def overlaps(old, new):
    """Share of each old pixel in each new one, (new, old), by their edges."""
    starts, ends = (np.arange(new) + shift for shift in (0, 1))
    step = old / new
    shares = [
        [max(0, min(end * step, i + 1) - max(start * step, i)) / step for i in range(old)]
        for start, end in zip(starts, ends, strict=True)
    ]
    return np.array(shares)


def test_fitting_keeps_the_range_of_any_values():
    values = np.linspace(-3, 5, 2 * 40 * 60, dtype=np.float32).reshape(2, 40, 60)
    means = values.reshape(2, 10, 4, 15, 4).mean(axis=(2, 4))
    np.testing.assert_allclose(fit(values, 15), means, atol=1e-5)
    white = fit(np.ones((1, 1001, 997), np.float32), 96)
    assert white.max() == 1
