"""Figures: their data and ranges, not their pixels."""

import re

import numpy as np
import pytest

from cnnviz.core.images import load_image
from cnnviz.figures.confusion import confusion_matrix
from cnnviz.figures.maps import feature_map
from cnnviz.figures.raster import png
from cnnviz.figures.theme import PALETTES, palettes


@pytest.mark.parametrize("appearance", PALETTES)
def test_a_signed_map_is_symmetric_about_zero(appearance):
    values = np.array([[-3.0, 0.0], [1.0, 2.0]], np.float32)
    (heatmap,) = feature_map(values, appearance=appearance, is_pixels=False, hover="%{z}").data
    np.testing.assert_array_equal(heatmap.z, values)
    assert (heatmap.zmin, heatmap.zmax) == (-3, 3)
    assert heatmap.colorscale[1] == (0.5, PALETTES[appearance].neutral)
    assert np.asarray(heatmap.z).dtype == np.float32


def test_pixels_run_from_black_to_white_whatever_is_in_them():
    values = np.full((3, 3), 0.5, np.float32)
    (heatmap,) = feature_map(values, appearance="light", is_pixels=True, hover="").data
    assert (heatmap.zmin, heatmap.zmax) == (0, 1)


def test_an_empty_map_has_a_scale_all_the_same():
    (heatmap,) = feature_map(
        np.zeros((2, 2), np.float32), appearance="dark", is_pixels=False, hover=""
    ).data
    assert (heatmap.zmin, heatmap.zmax) == (-1, 1)


def test_numbers_stand_in_the_cells_where_they_fit():
    small = feature_map(np.ones((7, 7), np.float32), appearance="light", is_pixels=False, hover="")
    large = feature_map(
        np.ones((28, 28), np.float32), appearance="light", is_pixels=False, hover=""
    )
    assert small.data[0].texttemplate
    assert not large.data[0].texttemplate


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
