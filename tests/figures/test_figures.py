"""Figures: their data and ranges, not their pixels."""

import re

import numpy as np
import pytest

from cnnviz.core.pictures.images import load_image
from cnnviz.figures.confusion import confusion_matrix
from cnnviz.figures.raster import png
from cnnviz.figures.theme import palettes


def test_the_confusion_matrix_says_its_counts():
    counts = ((9, 1), (0, 10))
    (heatmap,) = confusion_matrix(
        counts, ("a", "b"), appearance="light", true_label="T", predicted_label="P"
    ).data
    assert heatmap.text.tolist() == [["9", "1"], ["0", "10"]]
    np.testing.assert_allclose(heatmap.z, np.log1p(counts), rtol=1e-6)
    assert list(heatmap.y) == ["a", "b"]


def test_every_palette_has_every_colour_and_the_components_can_read_them():
    for palette in palettes().values():
        solid = [palette[name] for name in palette if name not in ("grid",)]
        assert all(re.fullmatch("#[0-9a-f]{6}", colour) for colour in solid)


@pytest.mark.parametrize("shape", [(1, 5, 7), (3, 5, 7)])
def test_a_png_holds_the_very_same_levels(shape):
    levels = np.random.default_rng(0).integers(0, 256, shape, np.uint8)
    image = load_image(png(levels))
    np.testing.assert_array_equal(np.round(image * 255), levels)


def test_a_finer_grey_picture_is_written_with_16_bits():
    levels = (np.arange(35, dtype=np.float32) / 40000).reshape(1, 5, 7)
    np.testing.assert_allclose(load_image(png(levels)), levels, atol=1 / 65535)
