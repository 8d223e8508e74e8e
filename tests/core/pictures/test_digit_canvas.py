"""Random canvases, and the ink of windows against a loop in float64."""

import numpy as np
import pytest

from cnnviz.core.messages import Explained
from cnnviz.core.pictures.digit_canvas import INK, digit_canvas, window_ink
from cnnviz.core.pictures.digits import prepare_digit
from cnnviz.core.samples import SAMPLES, draw_sample

DRAWN = [each.id for each in SAMPLES if each.kind == "digit"]


@pytest.fixture(scope="module")
def digits():
    """The project's own drawn digits, as MNIST would have them."""
    images = [prepare_digit(draw_sample(name)).image for name in DRAWN]
    labels = [int(name.removeprefix("digit-")) for name in DRAWN]
    return (np.stack(images) * 255).round().astype(np.uint8), np.array(labels, np.uint8)


def test_canvases_hold_three_to_six_digits_that_do_not_overlap(digits):
    counts = set()
    for seed in range(60):
        canvas = digit_canvas(*digits, seed=seed)
        counts.add(len(canvas.labels))
        assert canvas.image.shape == (1, 112, 168)
        ink = np.zeros((112, 168), int)
        for top, left, bottom, right in canvas.boxes.astype(int):
            part = canvas.image[0, top:bottom, left:right] > INK
            ink[top:bottom, left:right] += 1
            assert part[0].any()
            assert part[-1].any()
            assert part[:, 0].any()
            assert part[:, -1].any()
        assert ink.max() == 1
        assert (canvas.image[0] > INK)[ink == 0].sum() == 0
    assert counts == {3, 4, 5, 6}


def test_the_same_seed_draws_the_same_canvas(digits):
    one, same, other = (digit_canvas(*digits, seed=seed) for seed in (4, 4, 5))
    np.testing.assert_array_equal(one.image, same.image)
    np.testing.assert_array_equal(one.labels, same.labels)
    assert not np.array_equal(one.image, other.image)


@pytest.mark.parametrize("size", [(28, 28), (20, 200), (0, 0)])
def test_a_canvas_without_room_is_refused(digits, size):
    with pytest.raises(Explained, match="find no place"):
        digit_canvas(*digits, seed=0, size=size)


def by_hand(window):
    """Box and fit of one window, in float64."""
    mass = window.sum()
    rows = [r for r in range(28) if (window[r] > INK).any()]
    cols = [c for c in range(28) if (window[:, c] > INK).any()]
    if not rows:
        return np.zeros(4), 0.0
    row = sum(r * window[r].sum() for r in range(28)) / mass
    col = sum(c * window[:, c].sum() for c in range(28)) / mass
    length = max(rows[-1] - rows[0], cols[-1] - cols[0]) + 1
    edge = mass - window[2:26, 2:26].sum()
    away = ((row - 14) ** 2 + (col - 14) ** 2) / 6**2 + ((length - 20) / 4) ** 2 + (edge / 2) ** 2
    return np.array([rows[0], cols[0], rows[-1] + 1, cols[-1] + 1]), np.exp(-away / 2)


def test_the_ink_of_windows_is_that_of_a_loop(digits):
    plane = digit_canvas(*digits, seed=1).image[0, :80, :100]
    found = window_ink(plane, 4)
    windows = [(r, c) for r in range(0, 53, 4) for c in range(0, 73, 4)]
    assert len(found.fit) == len(windows)
    for number, (row, col) in enumerate(windows):
        box, fit = by_hand(plane[row : row + 28, col : col + 28].astype(float))
        corner = np.array([row, col, row, col]) if fit else 0
        np.testing.assert_array_equal(found.boxes[number], box + corner)
        assert found.fit[number] == pytest.approx(fit, rel=1e-3, abs=1e-6)


def test_a_digit_as_mnist_has_it_fits_and_half_of_one_does_not(digits):
    for image in digits[0][:, 0] / np.float32(255):
        assert window_ink(image, 4).fit[0] > 0.8
        moved = np.zeros_like(image)
        moved[:14] = image[14:]
        assert window_ink(moved, 4).fit[0] < 0.2
    assert window_ink(np.zeros((28, 28), np.float32), 4).fit.tolist() == [0]
