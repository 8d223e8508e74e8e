"""Digits are named, other pictures are said to be something else."""

import os
from pathlib import Path

import numpy as np
import pytest

from cnnviz.core.pictures.digits import prepare_digit
from cnnviz.core.pictures.odd_pictures import odd_picture
from cnnviz.core.samples import SAMPLES, draw_sample

DATA = Path(os.environ.get("CNNVIZ_DATA", ""))


def plane(values):
    return np.asarray(values, np.float32).reshape(1, 28, 28)


def patch(top, bottom, left, right, value=1.0):
    image = np.zeros((1, 28, 28), np.float32)
    image[:, top:bottom, left:right] = value
    return image


@pytest.mark.parametrize("level", [0, 0.4, 1])
def test_empty_pictures_are_empty_for_every_network(level):
    for shape in ((1, 28, 28), (3, 32, 32)):
        for expects_digit in (True, False):
            image = np.full(shape, level, np.float32)
            image[:, 3, 3] += -0.02 if level else 0.02
            sentence = odd_picture(image, expects_digit=expects_digit)
            assert (
                str(sentence) == "The picture is empty: all its pixels are the same, or nearly so."
            )


@pytest.mark.parametrize("sample", [each.id for each in SAMPLES if each.kind == "digit"])
def test_our_own_digits_are_digits(sample):
    assert odd_picture(prepare_digit(draw_sample(sample)).image) is None


RNG = np.random.default_rng(0)


@pytest.mark.parametrize(
    ("image", "sentence"),
    [
        (RNG.random((1, 28, 28), np.float32), "its border is 50 % white"),
        (1 - patch(4, 24, 12, 15), "its border is 100 % white"),
        (patch(10, 14, 12, 15), "hardly any of the picture is ink"),
        (patch(4, 24, 4, 24), "51 % of the picture is ink"),
        (patch(9, 19, 9, 19), "is only 10 pixels long"),
        (patch(4, 24, 4, 24) * plane(np.indices((28, 28)).sum(axis=0) % 2), "fine detail"),
        (patch(7, 23, 7, 22), "a solid patch"),
        (patch(4, 24, 12, 16, 0.7), "100 % of its ink is grey"),
        (patch(4, 24, 4, 24) * plane(np.tile(np.arange(28) % 5 == 0, 28)), "in 4 separate pieces"),
    ],
)
def test_what_makes_a_picture_odd_is_said_with_its_number(image, sentence):
    assert sentence in str(odd_picture(image))
    assert odd_picture(image, expects_digit=False) is None


def test_pictures_of_other_sizes_are_not_measured_as_digits():
    assert odd_picture(np.random.default_rng(0).random((3, 32, 32), np.float32)) is None


@pytest.mark.parametrize(
    ("name", "least", "most"), [("MNIST", 0, 0.002), ("FashionMNIST", 0.95, 1)]
)
def test_digits_pass_and_clothes_do_not(name, least, most):
    path = DATA / name / "raw" / "t10k-images-idx3-ubyte"
    if not path.is_file():
        pytest.skip(f"the {name} pictures are not here: set CNNVIZ_DATA to where {name}/raw is")
    images = np.frombuffer(path.read_bytes()[16:], np.uint8).reshape(-1, 1, 28, 28)[:4000]
    odd = [odd_picture(image.astype(np.float32) / 255) is not None for image in images]
    assert least <= np.mean(odd) <= most
