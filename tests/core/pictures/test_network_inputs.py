"""What networks take: digits, clothes and photographs, and the pictures they should not name."""

import os
from pathlib import Path

import numpy as np
import pytest

from cnnviz.core.messages import Explained
from cnnviz.core.pictures.digits import prepare_digit
from cnnviz.core.pictures.network_inputs import odd_picture, prepare_picture
from cnnviz.core.samples import SAMPLES, draw_sample

DATA = Path(os.environ.get("CNNVIZ_DATA", ""))
GREY, SMALL, COLOUR = (1, 28, 28), (1, 8, 8), (3, 32, 32)


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.id)
@pytest.mark.parametrize(("dataset", "shape"), [("fashion", GREY), ("cifar10", COLOUR)])
def test_every_sample_becomes_what_the_network_takes(sample, dataset, shape):
    image = sample.draw()
    before = image.copy()
    prepared = prepare_picture(image, dataset, shape)
    assert prepared.image.shape == shape
    assert prepared.image.dtype == np.float32
    assert 0 <= prepared.image.min() <= prepared.image.max() <= 1
    np.testing.assert_array_equal(image, before)
    if prepared.steps:
        np.testing.assert_array_equal(prepared.steps[-1].image, prepared.image)


def test_mnists_digits_are_prepared_as_ever():
    image = draw_sample("digit-4")
    prepared, known = prepare_picture(image, "mnist", GREY), prepare_digit(image)
    np.testing.assert_array_equal(prepared.image, known.image)
    assert [step.name for step in prepared.steps] == [step.name for step in known.steps]


@pytest.mark.parametrize("digit", range(10))
def test_a_small_digit_fills_its_frame(digit):
    prepared = prepare_picture(draw_sample(f"digit-{digit}"), "digits", SMALL)
    assert prepared.image.shape == SMALL
    ink = prepared.image[0] > 0.05
    assert max(ink.any(axis=0).sum(), ink.any(axis=1).sum()) == 8
    assert [step.name for step in prepared.steps[-2:]] == ["Crop", "Resize"]


def test_what_has_the_networks_form_already_is_taken_as_it_is():
    clothes = draw_sample("bag")
    prepared = prepare_picture(clothes, "fashion", GREY)
    assert prepared.steps == ()
    np.testing.assert_array_equal(prepared.image, clothes)
    photo = np.random.default_rng(0).random(COLOUR, np.float32)
    np.testing.assert_array_equal(prepare_picture(photo, "cifar10", COLOUR).image, photo)


def test_clothes_on_white_become_clothes_on_black_and_are_not_moved():
    white = np.ones((3, 40, 30), np.float32)
    white[:, 5:15, 20:28] = 0.2  # in a corner
    prepared = prepare_picture(white, "fashion", GREY)
    assert [step.name for step in prepared.steps] == ["Grey", "Invert", "Crop", "Resize"]
    rows, cols = np.nonzero(prepared.image[0] > 0.5)
    assert prepared.image[0, 0, 0] == pytest.approx(0, abs=1e-6)
    assert prepared.image.max() == pytest.approx(0.8, abs=0.01)
    assert (rows.mean(), cols.mean()) == pytest.approx(((9.5 - 5) * 28 / 30, 23.5 * 28 / 30), abs=1)


def test_a_photograph_is_cut_square_in_the_middle_and_a_grey_one_coloured():
    wide = np.zeros((1, 32, 96), np.float32)
    wide[:, :, 32:64] = np.linspace(0, 1, 32, dtype=np.float32)
    prepared = prepare_picture(wide, "cifar10", COLOUR)
    assert [step.name for step in prepared.steps] == ["Crop", "Three planes"]
    for plane in prepared.image:
        np.testing.assert_array_equal(plane, wide[0, :, 32:64])


def test_a_flat_picture_is_no_digit_but_may_be_a_photograph():
    flat = np.full((1, 50, 50), 0.5, np.float32)
    for dataset, shape in (("mnist", GREY), ("digits", SMALL)):
        with pytest.raises(Explained, match="no digit"):
            prepare_picture(flat, dataset, shape)
    assert prepare_picture(flat, "cifar10", COLOUR).image == pytest.approx(0.5)


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
