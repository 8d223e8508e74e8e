"""Confusion matrices, and the difference of two."""

import numpy as np
import pytest

from cnnviz.figures.classes import confusion_difference, confusion_matrix

WORDS = {"true_label": "truth", "predicted_label": "answer"}
FIRST, SECOND = ((5, 1), (0, 4)), ((6, 0), (0, 4))


def test_the_confusion_matrix_says_its_counts():
    counts = ((9, 1), (0, 10))
    (heatmap,) = confusion_matrix(
        counts, ("a", "b"), appearance="light", true_label="T", predicted_label="P"
    ).data
    assert heatmap.text.tolist() == [["9", "1"], ["0", "10"]]
    np.testing.assert_allclose(heatmap.z, np.log1p(counts), rtol=1e-6)
    assert list(heatmap.y) == ["a", "b"]


@pytest.mark.parametrize("appearance", ["light", "dark"])
def test_counts_stand_in_the_cells(appearance):
    (drawn,) = confusion_matrix(FIRST, ["a", "b"], appearance=appearance, **WORDS).data
    assert drawn.text.tolist() == [["5", "1"], ["0", "4"]]
    assert (drawn.zmin, drawn.zmax) == (0, pytest.approx(np.log(6)))


@pytest.mark.parametrize("appearance", ["light", "dark"])
def test_a_difference_is_symmetric_about_zero(appearance):
    (drawn,) = confusion_difference(FIRST, SECOND, ["a", "b"], appearance=appearance, **WORDS).data
    assert drawn.text.tolist() == [["+1", "−1"], ["", ""]]
    np.testing.assert_array_equal(drawn.z, [[1, -1], [0, 0]])
    assert drawn.zmin == -drawn.zmax


def test_two_alike_have_no_difference():
    (drawn,) = confusion_difference(FIRST, FIRST, ["a", "b"], appearance="light", **WORDS).data
    assert not np.any(drawn.z)
    assert drawn.zmax > 0
