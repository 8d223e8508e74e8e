import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from PIL import Image

from cnnviz.core.messages import Explained
from cnnviz.core.pictures.digits import prepare_digit
from cnnviz.core.pictures.resampling import resized
from cnnviz.core.samples import draw_sample

DIGITS = [f"digit-{value}" for value in range(10)]


def field(height=28, width=28):
    return np.zeros((1, height, width), np.float32)


def enlarged(digit, side):
    picture = Image.fromarray(digit[0]).resize((side, side), Image.Resampling.BICUBIC)
    return np.clip(np.asarray(picture), 0, 1)[None]


def assert_like_mnist(image):
    assert image.shape == (1, 28, 28)
    assert image.dtype == np.float32
    assert image.min() == 0
    assert image.max() == 1


def names(prepared):
    return [step.name for step in prepared.steps]


def likeness(image, digit):
    """Correlation at the best of the shifts by at most one pixel."""
    shifts = [(rows, cols) for rows in (-1, 0, 1) for cols in (-1, 0, 1)]
    shifted = [np.roll(digit, shift, axis=(1, 2)) for shift in shifts]
    return max(np.corrcoef(image.ravel(), other.ravel())[0, 1] for other in shifted)


MNIST_TEST = Path(os.environ.get("CNNVIZ_DATA", "")) / "MNIST" / "raw" / "t10k-images-idx3-ubyte"


def mnist_test_digits(count):
    """Images as MNIST's file has them, 16 bytes of header and then 28 x 28 each."""
    pixels = np.frombuffer(MNIST_TEST.read_bytes(), np.uint8, count * 784, offset=16)
    return pixels.reshape(count, 1, 28, 28).astype(np.float32) / 255


@pytest.mark.parametrize("sample_id", DIGITS)
def test_a_digit_laid_out_as_in_mnist_stays_as_it_is(sample_id):
    digit = draw_sample(sample_id)
    prepared = prepare_digit(digit)
    np.testing.assert_allclose(prepared.image, digit, atol=1e-6)
    assert names(prepared) == ["Crop", "Centre"]


@pytest.mark.skipif(
    not MNIST_TEST.is_file(),
    reason="the MNIST pictures are not here: set CNNVIZ_DATA to where MNIST/raw is",
)
def test_real_mnist_digits_stay_almost_as_they_are():
    digits = mnist_test_digits(500)
    change = [np.abs(prepare_digit(digit).image - digit).mean() for digit in digits]
    assert np.mean(change) < 0.001
    inverted = [np.abs(prepare_digit(1 - digit).image - digit).mean() for digit in digits]
    assert np.mean(inverted) < 0.001


@pytest.mark.parametrize("sample_id", DIGITS)
def test_a_photo_of_ink_on_grey_paper_comes_out_as_the_same_digit(sample_id):
    digit = draw_sample(sample_id)
    paper = np.full((1, 400, 300), 0.8, np.float32)
    paper[:, 30:170, 120:260] -= 0.6 * enlarged(digit, 140)
    shadow = np.linspace(0, -0.08, 300, dtype=np.float32)
    noise = np.random.default_rng(0).normal(0, 0.01, paper.shape).astype(np.float32)
    photo = np.concatenate([np.clip(paper + shadow + noise, 0, 1) * c for c in (1, 0.95, 0.85)])
    prepared = prepare_digit(photo)
    assert_like_mnist(prepared.image)
    assert names(prepared) == ["Grey", "Invert", "Contrast", "Crop", "Resize", "Centre"]
    assert likeness(prepared.image, digit) > 0.85
    assert max(DIGITS, key=lambda i: likeness(prepared.image, draw_sample(i))) == sample_id


def test_the_steps_lead_from_the_picture_to_what_the_network_sees():
    image = 1 - enlarged(draw_sample("digit-4"), 112).repeat(3, axis=0)
    before = image.copy()
    prepared = prepare_digit(image)
    np.testing.assert_array_equal(image, before)
    np.testing.assert_array_equal(prepared.steps[-1].image, prepared.image)
    for step in prepared.steps:
        assert step.image.shape[0] == 1
        assert step.image.dtype == np.float32
        assert str(step.sentence).endswith(".")


def test_the_crop_names_rows_and_columns():
    image = field(40, 50)
    image[:, 10:21, 30:34] = 1
    crop = prepare_digit(image).steps[0]
    assert str(crop.sentence) == "Cropped to rows 10 to 20, columns 30 to 33."
    assert crop.image.shape == (1, 11, 4)


def test_ink_dark_on_light_and_light_on_dark_come_out_alike():
    digit = draw_sample("digit-5") * 0.5 + 0.25
    light, dark = prepare_digit(digit), prepare_digit(1 - digit)
    np.testing.assert_allclose(light.image, dark.image, atol=1e-5)
    assert "Invert" not in names(light)
    assert "Invert" in names(dark)


@pytest.mark.parametrize("value", [0.0, 0.3, 1.0])
@pytest.mark.parametrize("shape", [(1, 28, 28), (3, 5, 7), (1, 1, 1), (3, 1, 1), (1, 1024, 1)])
def test_a_flat_picture_holds_no_digit(shape, value):
    with pytest.raises(Explained, match="no digit to read"):
        prepare_digit(np.full(shape, value, np.float32))


def test_noise_alone_is_no_ink():
    image = 0.5 + np.random.default_rng(0).uniform(0, 0.02, (1, 30, 30)).astype(np.float32)
    with pytest.raises(Explained, match="no digit to read"):
        prepare_digit(image)


def test_a_single_dot_fills_the_20_by_20_pixels():
    image = field()
    image[0, 3, 22] = 1
    prepared = prepare_digit(image)
    assert_like_mnist(prepared.image)
    assert (prepared.image == 1).sum() == 400


def test_a_digit_that_touches_the_border_is_centred():
    image = field()
    image[0, :20, :14] = draw_sample("digit-7")[0, 7:27, 7:21]
    np.testing.assert_allclose(prepare_digit(image).image, draw_sample("digit-7"), atol=1e-6)


def test_a_line_one_pixel_wide_stays_visible():
    image = np.ones((1, 320, 60), np.float32)
    image[0, 10:310, 7] = 0
    prepared = prepare_digit(image)
    assert_like_mnist(prepared.image)
    rows, cols = np.nonzero(prepared.image[0] > 0.5)
    assert set(cols) == {14}
    assert list(rows) == list(range(4, 24))


def test_a_large_picture_is_read():
    prepared = prepare_digit(enlarged(draw_sample("digit-2"), 1024).repeat(3, axis=0))
    assert likeness(prepared.image, draw_sample("digit-2")) > 0.9


def scene(*digits, size=(240, 320), ground=(0.86, 0.84, 0.8), ink=(0.15, 0.17, 0.3)):
    """A page in colour with drawn digits: (value, top, left, side) each."""
    page = np.ones((3, *size), np.float32) * np.float32(ground)[:, None, None]
    for value, top, left, side in digits:
        mask = enlarged(draw_sample(f"digit-{value}"), side)
        part = page[:, top : top + side, left : left + side]
        mask = mask[:, : part.shape[1], : part.shape[2]]
        part += (np.float32(ink)[:, None, None] - part) * mask
    return page


def assert_reads(image, value):
    prepared = prepare_digit(image)
    assert_like_mnist(prepared.image)
    assert likeness(prepared.image, draw_sample(f"digit-{value}")) > 0.75
    return prepared


@pytest.mark.parametrize("side", ["top", "right", "bottom", "left"])
def test_the_table_beside_a_page_is_not_the_digit(side):
    image = scene((2, 60, 90, 120))
    strip = {"top": np.s_[:, :40], "right": np.s_[:, :, 270:], "bottom": np.s_[:, 205:],
             "left": np.s_[:, :, :50]}[side]  # fmt: skip
    image[strip] = np.float32([0.25, 0.15, 0.1])[:, None, None]
    prepared = assert_reads(image, 2)
    assert prepared.doubt is None


def test_a_box_and_dark_lines_are_not_the_digit():
    image = scene((4, 60, 90, 120))
    image[:, 15:20, 15:305] = image[:, 220:225, 15:305] = 0.15
    image[:, 15:225, 15:20] = image[:, 15:225, 300:305] = 0.15
    prepared = assert_reads(image, 4)
    assert names(prepared)[:2] == ["Crop", "Ink"]
    ruled = scene((4, 60, 90, 120))
    ruled[:, 10::22] = ruled[:, 11::22] = np.float32([0.3, 0.36, 0.5])[:, None, None]
    assert_reads(ruled, 4)


def test_colours_that_are_equally_light_are_told_apart():
    red, green = (0.8, 0.15, 0.17), (0.15, 0.5, 0.115)
    image = scene((3, 60, 90, 120), ground=green, ink=red)
    luma = np.tensordot([0.299, 0.587, 0.114], image, 1)
    assert np.ptp(luma) < 0.02
    assert_reads(image, 3)


def test_two_digits_are_said_to_be_two():
    prepared = prepare_digit(scene((3, 60, 30, 110), (8, 60, 180, 110)))
    assert "several digits" in str(prepared.doubt)
    assert prepare_digit(scene((3, 60, 30, 110))).doubt is None


def test_a_digit_that_the_border_cuts_is_said_to_be_cut():
    prepared = prepare_digit(scene((8, 60, 240, 120)))
    assert "touches the edge of the picture" in str(prepared.doubt)


def test_a_picture_of_something_else_is_hardly_a_digit():
    image = np.full((3, 200, 300), 0.9, np.float32)
    image[:, 80:120, 100:180] = 0.1
    assert "hardly a digit" in str(prepare_digit(image).doubt)


@pytest.mark.parametrize("sample_id", DIGITS)
def test_our_own_digits_are_not_doubted(sample_id):
    digit = draw_sample(sample_id)
    for image in (digit, 1 - digit, enlarged(digit, 200), 1 - enlarged(digit, 300)):
        assert prepare_digit(image).doubt is None


def test_the_reason_for_refusing_is_the_true_one():
    rng = np.random.default_rng(0)
    noise = (0.5 + 0.1 * rng.standard_normal((3, 120, 160))).clip(0, 1).astype(np.float32)
    with pytest.raises(Explained, match="stands out from the ground as ink does"):
        prepare_digit(noise)
    with pytest.raises(Explained, match="all pixels are the same, or nearly so"):
        prepare_digit(np.full((3, 120, 160), 0.5, np.float32))


SHAPES = st.tuples(st.sampled_from([1, 3]), st.integers(1, 12), st.integers(1, 12))
PIXELS = st.integers(0, 255).map(lambda value: np.float32(value / 255))


@settings(deadline=None)
@given(arrays(np.float32, SHAPES, elements=PIXELS))
def test_any_picture_gives_a_digit_or_a_sentence(image):
    try:
        prepared = prepare_digit(image)
    except Explained as refusal:
        assert str(refusal)
    else:
        assert_like_mnist(prepared.image)
        rows, cols = np.nonzero(prepared.image[0])
        assert max(np.ptp(rows), np.ptp(cols)) < 20


@pytest.mark.parametrize("sample_id", ["t-shirt", "trousers", "dress", "bag", "ankle-boot"])
def test_clothes_are_no_digits(sample_id):
    assert "hardly a digit" in str(prepare_digit(draw_sample(sample_id)).doubt)


def test_two_digits_on_the_pad_are_two():
    pad = np.zeros((1, 28, 28), np.float32)
    for value, left in ((7, 1), (3, 15)):
        digit = draw_sample(f"digit-{value}")
        rows, cols = (np.flatnonzero(digit[0].any(axis=axis)) for axis in (1, 0))
        ink = digit[:, rows[0] : rows[-1] + 1, cols[0] : cols[-1] + 1]
        pad[:, 5:21, left : left + 12] = resized(ink, 16, 12)
    assert "several digits" in str(prepare_digit(pad).doubt)


def said_of(page):
    """The refusal, or the doubt."""
    try:
        return str(prepare_digit(page).doubt)
    except Explained as refusal:
        return str(refusal)


def test_a_page_without_a_digit_is_refused_or_doubted():
    page = scene()
    page[:, :, 270:] = np.float32([0.25, 0.15, 0.1])[:, None, None]
    assert "nothing here stands out from the ground" in said_of(page)
    page[:, 40::30] = page[:, 41::30] = 0.3
    assert "hardly a digit" in said_of(page)
