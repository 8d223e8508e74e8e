"""Each edit against a pencil case and a naive formula; links against a strict grammar."""

import math
from dataclasses import FrozenInstanceError
from typing import get_args

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from cnnviz.core.messages import Explained
from cnnviz.core.pictures.edit_text import MAX_EDITS, MAX_TEXT, format_edits, parse_edits
from cnnviz.core.pictures.edits import (
    KINDS,
    Contrast,
    Crop,
    Edit,
    EvenLight,
    Grey,
    Invert,
    Resize,
    Rotate,
    SetPixel,
    apply_edit,
    apply_edits,
)
from cnnviz.core.pictures.finder import KeepInk


def ramp(channels=1, height=3, width=4):
    """Levels 0, 10, 20, … of 255, no two pixels alike."""
    count = channels * height * width
    levels = np.arange(count, dtype=np.float32) * 10 % 256
    return (levels / np.float32(255)).reshape(channels, height, width)


def noise(channels, height, width):
    return np.random.default_rng(0).random((channels, height, width), np.float32)


def levels(image):
    return (image * 255).round(3).tolist()


def after(image, edit):
    before = image.copy()
    step = apply_edit(image, edit)
    np.testing.assert_array_equal(image, before)
    assert not np.shares_memory(step.image, image)
    assert step.image.dtype == np.float32
    assert step.image.flags["C_CONTIGUOUS"]
    assert str(step.sentence).endswith(".")
    return step.image


def test_grey_weighs_the_colours():
    image = np.array([1, 0.5, 0], np.float32).reshape(3, 1, 1)
    assert after(image, Grey()).item() == pytest.approx(0.299 + 0.587 / 2)
    np.testing.assert_array_equal(after(ramp(), Grey()), ramp())


def test_invert_twice_is_nothing():
    assert levels(after(ramp(), Invert()))[0][0] == [255, 245, 235, 225]
    np.testing.assert_allclose(after(after(ramp(3), Invert()), Invert()), ramp(3), atol=1e-7)


def test_contrast_sends_its_levels_to_black_and_white():
    image = after(ramp(), Contrast(10, 60))
    assert levels(image)[0] == [[0, 0, 51, 102], [153, 204, 255, 255], [255] * 4]
    assert image[0, 0, 1] == 0
    assert image[0, 1, 2] == 1


@pytest.mark.parametrize("low", [0, 17, 254])
def test_contrast_is_exact_at_both_ends_for_every_level(low):
    image = ramp(1, 1, 256) * 0 + np.arange(256, dtype=np.float32) / np.float32(255)
    for high in range(low + 1, 256):
        stretched = after(image, Contrast(low, high))[0, 0]
        assert (stretched[: low + 1] == 0).all()
        assert (stretched[high:] == 1).all()


def shaded(ink=0.25, channels=1):
    """A cross of dark ink on white paper in light that falls to a half, and the light."""
    light = np.linspace(1, 0.5, 120, dtype=np.float32)[None, None, :]
    page = np.full((channels, 90, 120), 0.8, np.float32)
    page[:, 20:70, 55:61] = page[:, 42:48, 35:85] = 0.8 * ink
    return page, page * light


@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("is_negative", [False, True])
def test_even_light_gives_the_page_back_as_it_was(channels, is_negative):
    page, photo = shaded(channels=channels)
    if is_negative:
        page, photo = 1 - page, 1 - photo
    even = after(photo, EvenLight())
    np.testing.assert_allclose(even, page, atol=0.03)
    assert np.ptp(even[:, :15]) < 0.02 < np.ptp(photo[:, :15])


def test_even_light_keeps_colours():
    page, photo = shaded(channels=3)
    tint = np.array([1, 0.8, 0.5], np.float32)[:, None, None]
    np.testing.assert_allclose(after(photo * tint, EvenLight()), page * tint, atol=0.03)


def test_even_light_flattens_the_edge_of_a_shadow():
    page, _ = shaded()
    photo = page.copy()
    photo[:, :, 30:] *= 0.6
    even = after(photo, EvenLight())
    away = np.r_[0:28, 33:120]
    np.testing.assert_allclose(even[:, :15, away], 0.8, atol=0.02)


def test_even_light_leaves_even_light_alone():
    page, _ = shaded()
    for image in (page, 1 - page, np.zeros((1, 5, 7), np.float32), np.ones((3, 1, 1), np.float32)):
        np.testing.assert_allclose(after(image, EvenLight()), image, atol=1e-6)


def test_quarter_turns_are_exact():
    assert levels(after(ramp(), Rotate(90)))[0] == [
        [80, 40, 0], [90, 50, 10], [100, 60, 20], [110, 70, 30],
    ]  # fmt: skip
    image = ramp(3)
    np.testing.assert_array_equal(after(image, Rotate(-90)), np.rot90(image, 1, (1, 2)))
    for degrees in (180, -180):
        np.testing.assert_array_equal(after(image, Rotate(degrees)), image[:, ::-1, ::-1])
    np.testing.assert_array_equal(after(image, Rotate(0)), image)


def cubic(x, a):
    """Keys' kernel, "Cubic convolution interpolation for digital image processing", 1981."""
    x = abs(x)
    if x < 1:
        return ((a + 2) * x - (a + 3)) * x * x + 1
    return (((x - 5) * x + 8) * x - 4) * a if x < 2 else 0.0


def naive_turn(plane, degrees):
    """Where each new pixel's middle comes from, and the 4 × 4 pixels around it weighed."""
    height, width = plane.shape
    cos, sin = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    rows = math.ceil(abs(height * cos) + abs(width * sin) - 1e-9)
    cols = math.ceil(abs(width * cos) + abs(height * sin) - 1e-9)
    edge = [*plane[0], *plane[-1], *plane[:, 0], *plane[:, -1]]
    turned = np.full((rows, cols), np.median(edge))
    for row, col in np.ndindex(rows, cols):
        y, x = row + 0.5 - rows / 2, col + 0.5 - cols / 2
        x, y = cos * x + sin * y + width / 2, cos * y - sin * x + height / 2
        if not (0 <= x < width and 0 <= y < height):
            continue
        top, left = math.floor(y - 0.5), math.floor(x - 0.5)
        turned[row, col] = sum(
            cubic(y - 0.5 - r, -1)
            * cubic(x - 0.5 - c, -1)
            * plane[min(max(r, 0), height - 1), min(max(c, 0), width - 1)]
            for r in range(top - 1, top + 3)
            for c in range(left - 1, left + 3)
        )
    return turned.clip(0, 1)


@pytest.mark.parametrize("degrees", [5, -5, 30.5, 90.1, -135, 179])
def test_other_angles_agree_with_the_naive_formula(degrees):
    image = noise(3, 9, 14)
    expected = [naive_turn(plane.astype(np.float64), degrees) for plane in image]
    np.testing.assert_allclose(after(image, Rotate(degrees)), expected, atol=1e-4)


def test_turning_clockwise_moves_the_top_to_the_right():
    image = np.zeros((1, 41, 41), np.float32)
    image[0, 2:6, 20] = 1
    rows, cols = np.nonzero(after(image, Rotate(30))[0] > 0.5)
    assert cols.mean() > 29
    assert rows.mean() < 20


def test_a_turned_picture_stays_within_1024_pixels():
    assert after(noise(1, 1024, 1024), Rotate(45)).shape == (1, 1024, 1024)
    assert after(noise(1, 1, 1024), Rotate(90)).shape == (1, 1024, 1)


def test_crop_keeps_a_part():
    assert levels(after(ramp(), Crop(1, 2, 2, 1)))[0] == [[60], [100]]


def test_shrinking_takes_means_of_areas():
    assert levels(after(ramp(1, 2, 4), Resize(1, 2)))[0] == [[25, 45]]
    image = noise(3, 12, 10)
    means = image.reshape(3, 4, 3, 5, 2).mean(axis=(2, 4))
    np.testing.assert_allclose(after(image, Resize(4, 5)), means, atol=1e-6)


def naive_enlarged(line, count):
    """Middles of new pixels on the old line, the 4 pixels around weighed, none from outside."""
    places = (np.arange(count) + 0.5) * len(line) / count - 0.5
    weights = np.array([[cubic(place - at, -0.5) for at in range(len(line))] for place in places])
    return (weights / weights.sum(axis=1, keepdims=True)) @ line


def test_enlarging_is_bicubic():
    image = noise(1, 7, 9) * 0.5 + 0.25
    expected = np.apply_along_axis(naive_enlarged, 1, image[0].astype(np.float64), 20)
    expected = np.apply_along_axis(naive_enlarged, 0, expected, 15)
    np.testing.assert_allclose(after(image, Resize(15, 20))[0], expected.clip(0, 1), atol=1e-5)
    mixed = after(image, Resize(1, 20))[0, 0]
    np.testing.assert_allclose(mixed, naive_enlarged(image[0].mean(axis=0), 20), atol=1e-5)


def test_one_pixel_is_set():
    image = after(ramp(3), SetPixel(1, 2, (255, 0, 51)))
    assert image[:, 1, 2].tolist() == pytest.approx([1, 0, 0.2])
    assert (image != ramp(3)).any(axis=0).sum() == 1


@pytest.mark.parametrize(
    ("edit", "says"),
    [
        (Crop(2, 0, 2, 1), "2 × 1 pixels from row 2, column 0 .* 3 × 4 pixels"),
        (Crop(0, 4, 1, 1), "reaches outside the picture"),
        (SetPixel(3, 0, (0,)), "row 3, column 0 lies outside the picture, which has 3 × 4"),
        (SetPixel(0, 4, (0,)), "outside"),
        (SetPixel(0, 0, (1, 2, 3)), "is 1 in this picture, not 3"),
    ],
)
def test_what_does_not_fit_the_picture_is_explained(edit, says):
    with pytest.raises(Explained, match=says):
        apply_edit(ramp(), edit)


@pytest.mark.parametrize(
    ("kind", "numbers"),
    [
        *[(Contrast, each) for each in [(5, 5), (9, 3), (-1, 3), (0, 256), (0.5, 9), (True, 9)]],
        *[(Rotate, (each,)) for each in (181, -180.5, math.nan, math.inf, -math.inf, True)],
        *[(Crop, each) for each in [(-1, 0, 1, 1), (0, 0, 0, 1), (0, 0, 1, 1025), (0, 1.0, 1, 1)]],
        *[(Resize, each) for each in [(0, 1), (1, 1025), (2.0, 2), (-3, 3)]],
        *[(SetPixel, (0, 0, each)) for each in [(), (1, 2), (256,), (-1,), (0.5,), (1, 2, 3, 4)]],
        *[(SetPixel, each) for each in [(-1, 0, (1,)), (0, 1024, (1,))]],
    ],
)
def test_impossible_values_are_refused(kind, numbers):
    with pytest.raises(Explained) as refusal:
        kind(*numbers)
    assert str(refusal.value).endswith(".")


def test_edits_are_values():
    assert SetPixel(1, 2, [3]) == SetPixel(1, 2, (3,))
    assert len({Rotate(5), Rotate(5.0), Invert(), Invert(), SetPixel(1, 2, (3,))}) == 3
    with pytest.raises(FrozenInstanceError):
        Rotate(5).degrees = 6
    assert tuple(KINDS.values()) == (
        Grey, Invert, Contrast, EvenLight, KeepInk, Rotate, Crop, Resize, SetPixel,
    )  # fmt: skip
    assert set(KINDS.values()) == set(get_args(Edit))


def test_steps_follow_one_another():
    steps = apply_edits(ramp(3), [Grey(), Rotate(90), Invert()])
    assert [step.name for step in steps] == ["Grey", "Rotate", "Invert"]
    np.testing.assert_array_equal(steps[2].image, 1 - steps[1].image)
    assert apply_edits(ramp(), []) == ()


LEVELS = st.integers(0, 255)
SIDES, PLACES = st.integers(1, 1024), st.integers(0, 1023)
EDITS = st.one_of(
    st.sampled_from([Grey(), Invert(), EvenLight()]),
    st.tuples(LEVELS, LEVELS).filter(lambda pair: pair[0] < pair[1]).map(lambda p: Contrast(*p)),
    st.floats(-180, 180).map(Rotate),
    st.integers(-180, 180).map(Rotate),
    st.builds(Crop, PLACES, PLACES, SIDES, SIDES),
    st.builds(Resize, SIDES, SIDES),
    st.builds(SetPixel, PLACES, PLACES, st.lists(LEVELS, min_size=1, max_size=1)),
    st.builds(SetPixel, PLACES, PLACES, st.lists(LEVELS, min_size=3, max_size=3)),
)
SMALL = st.one_of(
    EDITS.filter(lambda edit: type(edit) not in (Crop, Resize, SetPixel)),
    st.builds(Crop, *[st.integers(0, 6)] * 2, *[st.integers(1, 6)] * 2),
    st.builds(Resize, *[st.integers(1, 20)] * 2),
    st.builds(SetPixel, *[st.integers(0, 9)] * 2, st.lists(LEVELS, min_size=1, max_size=1)),
)
SHAPES = st.tuples(st.sampled_from([1, 3]), st.integers(1, 12), st.integers(1, 12))


@settings(deadline=None)
@given(arrays(np.float32, SHAPES, elements=st.floats(0, 1, width=32)), st.lists(SMALL, max_size=6))
def test_any_edits_of_any_picture_give_a_picture_or_one_sentence(image, edits):
    before = image.copy()
    try:
        steps = apply_edits(image, edits)
    except Explained as refusal:
        assert str(refusal).endswith(".")
    else:
        assert len(steps) == len(edits)
        for step in steps:
            assert step.image.dtype == np.float32
            assert step.image.shape[0] in (1, 3)
            assert 0 <= step.image.min() <= step.image.max() <= 1
            assert str(step.sentence).endswith(".")
    np.testing.assert_array_equal(image, before)


def test_links_are_readable():
    edits = (
        Rotate(-5), Crop(3, 4, 20, 20), Invert(), Contrast(30, 200), SetPixel(3, 4, (255,)),
        Grey(), EvenLight(), Resize(28, 20), SetPixel(0, 0, (1, 2, 3)), Rotate(0.5),
    )  # fmt: skip
    text = (
        "rotate:-5;crop:3,4,20,20;invert;contrast:30,200;pixel:3,4,255;grey;light;resize:28,20;"
        "pixel:0,0,1,2,3;rotate:0.5"
    )
    assert format_edits(edits) == text
    assert parse_edits(text) == edits
    assert format_edits(()) == ""
    assert parse_edits("") == ()


@given(st.lists(EDITS, max_size=MAX_EDITS))
@example([Rotate(-1.7976931348623157e-300)] * MAX_EDITS)
@example([SetPixel(1023, 1023, (255, 255, 255))] * MAX_EDITS)
def test_links_carry_any_edits_exactly(edits):
    text = format_edits(edits)
    assert len(text) <= MAX_TEXT
    assert parse_edits(text) == tuple(edits)
    assert set(text) <= set("abcdefghijklmnopqrstuvwxyz0123456789:;,.-")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("grey;blur", "Step 2: there is no “blur”"),
        ("grey;", "Step 2: there is no “”"),
        (" grey", "Step 1"),
        ("Grey", "Step 1"),
        ("grey:", "Step 1: “grey:”"),
        ("grey:1", "Step 1: “grey:1”"),
        ("invert;crop:1,2,3", "Step 2: “crop:1,2,3”"),
        ("crop:1,2,3,4,5", "Step 1"),
        ("crop:1,2,3,", "Step 1"),
        ("crop", "Step 1"),
        ("pixel:1,2", "Step 1"),
        ("pixel:1,2,3,4", "Step 1"),
        ("rotate:nan", "Step 1"),
        ("rotate:inf", "Step 1"),
        ("rotate:1e999", "Step 1"),
        ("rotate:1_0", "Step 1"),
        ("rotate:0x10", "Step 1"),
        ("rotate:٣", "Step 1"),
        ("rotate: 5", "Step 1"),
        ("rotate:5\n", "Step 1"),
        ("rotate:5:5", "Step 1"),
        ("rotate:181", "Step 1"),
        ("contrast:1.0,9", "Step 1"),
        ("contrast:9,1", "Step 1"),
        ("resize:99999,1", "Step 1"),
        ("__class__", "Step 1"),
        ("rotate:__import__('os')", "Step 1"),
        ("x" * 1000, "Step 1: there is no “x{20}”;"),
        (";".join(["grey"] * 61), "at most 60 steps, not 61"),
        ("9" * 2001, "2001 characters, more than the 2000"),
    ],
)
def test_what_no_link_carries_is_explained(text, says):
    with pytest.raises(Explained, match=says) as refusal:
        parse_edits(text)
    assert str(refusal.value).endswith(".")


def test_more_edits_than_a_link_carries_are_explained():
    with pytest.raises(Explained, match="at most 60 steps, not 61"):
        format_edits([Grey()] * 61)


WORDS = st.sampled_from([*KINDS, ":", ";", ",", "-", ".", "e", "1", "20", "300", "", " "])


@given(st.one_of(st.text(max_size=60), st.lists(WORDS, max_size=20).map("".join)))
def test_any_text_is_edits_or_one_sentence(text):
    try:
        edits = parse_edits(text)
    except Explained as refusal:
        assert str(refusal).endswith(".")
    else:
        assert parse_edits(format_edits(edits)) == edits
