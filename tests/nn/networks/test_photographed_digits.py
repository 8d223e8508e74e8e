"""Photographs of digits written on paper, made here, are read right by the shipped network."""

import os
from functools import cache
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFilter

from cnnviz.core.pictures.digits import prepare_digit, propose_digit
from cnnviz.core.pictures.edits import Contrast, EvenLight, Grey, Invert, apply_edits
from cnnviz.core.pictures.images import load_image
from cnnviz.core.samples.strokes import DIGITS, SIDE, _smooth
from cnnviz.nn import capture, load_network

HEIGHT, WIDTH = 360, 480
MNIST = Path(os.environ.get("CNNVIZ_DATA", "")) / "MNIST" / "raw"


@cache
def written(value, pen, scale=16):
    """A digit as a pen leaves it: 1 where ink is, drawn at many pixels a unit of the strokes."""
    page = Image.new("L", (SIDE * scale, SIDE * scale))
    draw, radius = ImageDraw.Draw(page), pen * scale / 2
    for stroke in DIGITS[value]:
        points = [tuple(point * scale) for point in _smooth(stroke, 24)]
        draw.line(points, fill=255, width=round(2 * radius), joint="curve")
        for x, y in points:
            draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=255)
    return page.crop(page.getbbox())


def light(kind, depth):
    """Light on the page, 1 where it is full, (H, W)."""
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH] / np.array([HEIGHT, WIDTH])[:, None, None]
    if kind == "slope":
        return 1 - depth * (x + y) / 2
    if kind == "vignette":
        return 1 - depth * np.minimum(1, 2 * ((x - 0.5) ** 2 + (y - 0.5) ** 2))
    return 1 - depth / (1 + np.exp(-(x + 0.4 * y - 0.65) / 0.03))  # a soft shadow


def photograph(
    ink, seed, *, share=0.5, degrees=5, shade="slope", depth=0.5, blur=1.5, noise=0.02,
    colour=(45, 50, 70), paper=(225, 220, 205), specks=0, ruled=False, quality=80,
):  # fmt: skip
    """The bytes of a JPEG of ink, a mask, laid on a page somewhere and photographed."""
    rng = np.random.default_rng(seed)
    scale = share * HEIGHT / max(ink.size)
    size = [max(1, round(side * scale)) for side in ink.size]
    mask = ink.resize(size, Image.Resampling.BICUBIC)
    mask = mask.rotate(-degrees, Image.Resampling.BICUBIC, expand=True)
    page = Image.new("RGB", (WIDTH, HEIGHT), paper)
    draw = ImageDraw.Draw(page)
    for y in range(20, HEIGHT, 40) if ruled else ():
        draw.line((0, y, WIDTH, y), fill=(160, 180, 215), width=2)
    for x, y in rng.uniform((0, 0), (WIDTH, HEIGHT), (specks, 2)):
        draw.ellipse((x - 2, y - 2, x + 2, y + 2), fill=colour)
    place = [int(rng.uniform(0.1, 0.9) * (page.size[i] - mask.size[i])) for i in (0, 1)]
    page.paste(colour, place, mask)
    lit = Image.fromarray((np.asarray(page) * light(shade, depth)[..., None]).astype(np.uint8))
    seen = np.asarray(lit.filter(ImageFilter.GaussianBlur(blur))) / 255
    seen = np.clip(seen + noise * rng.standard_normal(seen.shape, np.float32), 0, 1)
    file = BytesIO()
    Image.fromarray((seen * 255).astype(np.uint8)).save(file, "JPEG", quality=quality)
    return load_image(file.getvalue())


def adopted(image):
    """The picture after the steps that the app proposes."""
    return apply_edits(image, propose_digit(image))[-1].image


@cache
def network():
    return load_network("mnist")


def read(image):
    return int(np.argmax(capture(network(), prepare_digit(image).image)[-1].values))


def right(photographs):
    """How many are read right, when the proposed steps are taken first and when they are not."""
    after = sum(read(adopted(image)) == value for value, image in photographs)
    alone = sum(read(image) == value for value, image in photographs)
    return after, alone


def test_digits_photographed_on_paper_are_read_right():
    photographs = [(value, photograph(written(value, 2.4), value)) for value in range(10)]
    after, alone = right(photographs)
    assert after >= 9
    assert alone >= 9
    kinds = [type(edit) for edit in propose_digit(photographs[0][1])]
    assert kinds[:4] == [Grey, EvenLight, Invert, Contrast]


@pytest.mark.parametrize(
    ("pen", "conditions"),
    [
        (2.4, {"shade": "vignette"}),
        (2.4, {"shade": "shadow", "noise": 0.04}),
        (2.4, {"share": 0.15, "noise": 0.05, "blur": 1}),
        (2.4, {"share": 0.8, "degrees": -8}),
        (0.7, {"colour": (110, 110, 115)}),
        (4.2, {"shade": "shadow", "colour": (20, 20, 20)}),
        (2.4, {"specks": 20, "quality": 30}),
        (2.4, {"ruled": True, "colour": (40, 60, 170)}),
        (2.4, {"paper": (40, 55, 48), "colour": (225, 225, 215)}),
        (2.4, {"degrees": 10, "blur": 4}),
    ],
    ids=[
        "vignette", "noisy shadow", "small", "large", "pencil", "marker", "specks", "ruled paper",
        "blackboard", "blurred",
    ],
)  # fmt: skip
def test_harder_photographs_are_read_right(pen, conditions):
    photographs = [
        (value, photograph(written(value, pen), 10 + value, **conditions)) for value in range(10)
    ]
    after, alone = right(photographs)
    assert after >= 9
    assert alone >= 9


@pytest.mark.skipif(
    not (MNIST / "t10k-labels-idx1-ubyte").is_file(),
    reason="the MNIST pictures are not here: set CNNVIZ_DATA to where MNIST/raw is",
)
def test_handwritten_digits_photographed_on_paper_are_read_right():
    pixels = np.frombuffer((MNIST / "t10k-images-idx3-ubyte").read_bytes(), np.uint8, offset=16)
    labels = np.frombuffer((MNIST / "t10k-labels-idx1-ubyte").read_bytes(), np.uint8, offset=8)
    photographs = []
    for idx in range(100):
        digit = Image.fromarray(pixels.reshape(-1, 28, 28)[idx])
        large = digit.crop(digit.getbbox()).resize((400, 400), Image.Resampling.BICUBIC)
        width, height = digit.crop(digit.getbbox()).size
        ink = large.resize((20 * width, 20 * height)).point(lambda v: max(0, min(255, 4 * v - 384)))
        shade = ("slope", "vignette", "shadow")[idx % 3]
        photographs.append((labels[idx], photograph(ink, idx, shade=shade, noise=0.03)))
    after, alone = right(photographs)
    assert after >= 96
    assert alone >= 96


def test_a_page_without_a_digit_is_not_read():
    blank = Image.new("L", (10, 10))
    for shade in ("slope", "vignette"):
        with pytest.raises(ValueError, match="no digit to read"):
            prepare_digit(photograph(blank, 0, shade=shade, noise=0.03))
