import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from cnnviz.core.decoding import _plain, _values
from tests.encoders import chunk, palette, png
from tests.pictures import COLOURS, saved


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


PEAK = """
import sys
from pathlib import Path
from cnnviz.core.images import load_image
from tests.pictures import NOISE, saved

def mebibytes(field):
    status = Path("/proc/self/status").read_text()
    return int(status.split(field + ":")[1].split()[0]) / 1024

data = Path(sys.argv[1]).read_bytes()
load_image(saved("PNG", NOISE))
load_image(saved("WEBP", NOISE))
before = mebibytes("VmRSS")
image = load_image(data)
assert max(image.shape) == 1024
print(mebibytes("VmHWM") - before, mebibytes("VmRSS") - before)
"""
"""Peak and remaining memory of one picture; `ru_maxrss` would count the parent's."""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="reads Linux's /proc")
@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_the_largest_pictures_cost_at_most_300_mb(tmp_path, kind):
    side = np.zeros((5000, 5000), np.uint8)
    if kind == "PNG":  # its palette becomes four bands, and those are multiplied by alpha
        hole = chunk(b"tRNS", bytes(range(16)))
        data = png(side, 3, before=palette(COLOURS) + hole)
    else:
        data = saved("WEBP", Image.new("RGBA", (5000, 5000), (1, 2, 3, 99)), lossless=True)
    path = tmp_path / "large"
    path.write_bytes(data)
    command = [sys.executable, "-c", PEAK, str(path)]
    root = Path(__file__).parents[2]
    done = subprocess.run(command, capture_output=True, text=True, cwd=root, check=True)
    peak, after = map(float, done.stdout.split())
    assert 90 < peak < 300
    assert after < 50
