"""Pictures laid out on one sheet."""

import numpy as np

from cnnviz.figures.sheet import sheet


def test_every_picture_stands_in_its_place_with_a_frame_around_it():
    pictures = np.arange(5 * 3 * 2 * 4, dtype=np.float32).reshape(5, 3, 2, 4)
    laid = sheet(pictures, 2, frame=-1)
    assert laid.shape == (3, 3 * 4, 2 * 6)
    assert laid.dtype == np.float32
    for n, picture in enumerate(pictures):
        row, col = divmod(n, 2)
        np.testing.assert_array_equal(
            laid[:, 4 * row + 1 : 4 * row + 3, 6 * col + 1 : 6 * col + 5], picture
        )
    assert (laid == -1).sum() == laid.size - pictures.size
