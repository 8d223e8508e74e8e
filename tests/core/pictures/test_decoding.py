import numpy as np
import pytest
from PIL import Image

from cnnviz.core.pictures.decoding import _plain, _values


@pytest.mark.parametrize(
    ("mode", "pixel", "expected"),
    [
        ("1", 255, [1]),
        ("L", 51, [0.2]),
        ("LA", (0, 204), [0.2]),
        ("La", (102, 204), [0.6]),
        ("RGB", (255, 51, 0), [1, 0.2, 0]),
        ("RGBX", (255, 51, 0, 9), [1, 0.2, 0]),
        ("RGBA", (255, 0, 0, 51), [1, 0.8, 0.8]),
        ("RGBa", (51, 0, 0, 51), [1, 0.8, 0.8]),
        ("CMYK", (0, 255, 51, 0), [1, 0, 0.8]),
        ("YCbCr", (51, 128, 128), [0.2, 0.2, 0.2]),
        ("HSV", (0, 255, 255), [1, 0, 0]),
        ("I;16", 13107, [0.2]),
        ("I;16B", 13107, [0.2]),
        ("I", 13107, [0.2]),
        ("I", 70_000, [1]),
        ("F", 0.2, [0.2]),
        ("F", float("nan"), [0]),
        ("F", float("inf"), [0]),
    ],
)
def test_each_mode_becomes_shares_of_light(mode, pixel, expected):
    values = _values(_plain(Image.new(mode, (3, 2), pixel)), 1)
    assert values.shape == (len(expected), 2, 3)
    assert values.dtype == np.float32
    np.testing.assert_allclose(values[:, 1, 2], expected, atol=1e-6)


def test_a_palette_with_alpha_of_each_pixel_lies_over_white():
    picture = Image.new("PA", (3, 2))
    picture.putpalette([0, 0, 0, 255, 0, 0])
    picture.putpixel((2, 1), (1, 51))
    values = _values(_plain(picture), 1)
    np.testing.assert_allclose(values[:, 1, 2], [1, 0.8, 0.8], atol=1e-6)
    np.testing.assert_allclose(values[:, 0, 0], [1, 1, 1])
