import warnings
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from PIL import ImageFile

from cnnviz.core.messages import Explained
from cnnviz.core.pictures.images import MAX_BYTES, MAX_PIXELS, MAX_SIDE, fit, load_image, to_grey
from tests.pictures.cases import COLOURS, INDICES, NOISE, RGB, saved, with_palette
from tests.pictures.corpus import CASES
from tests.pictures.encoders import exif, png

FILES = {
    "PNG": png(NOISE, 2),
    "JPEG": saved("JPEG", RGB),
    "GIF": saved("GIF", with_palette(INDICES, COLOURS)),
    "BMP": saved("BMP", NOISE),
    "WEBP": saved("WEBP", NOISE, lossless=True),
}


def load_or_refusal(data):
    try:
        return load_image(data)
    except Explained as refusal:
        assert_one_sentence(str(refusal))
        return None


def assert_one_sentence(text):
    assert text.endswith(".")
    assert "\n" not in text
    assert ". " not in text


def assert_picture(image):
    assert image.dtype == np.float32
    assert image.ndim == 3
    assert image.shape[0] in (1, 3)
    assert min(image.shape[1:]) >= 1
    assert max(image.shape[1:]) <= 1024
    assert image.min() >= 0
    assert image.max() <= 1


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_each_file_gives_its_pixels_or_one_sentence(case):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        image = load_or_refusal(case.data)
    assert not caught
    if case.refused:
        assert image is None
        return
    assert_picture(image)
    assert image.shape == case.expected.shape
    np.testing.assert_allclose(image, case.expected, rtol=0, atol=case.tolerance)


@pytest.mark.parametrize(
    "case", [case for case in CASES if case.data[8:12] == b"WEBP"], ids=lambda case: case.name
)
def test_each_webp_is_the_same_where_pillow_alone_decodes(monkeypatch, case):
    monkeypatch.setattr("cnnviz.core.pictures.webp._library", lambda: None)
    test_each_file_gives_its_pixels_or_one_sentence(case)


def test_the_corpus_is_large_and_of_both_kinds():
    assert len({case.name for case in CASES}) == len(CASES) >= 300
    assert 120 <= sum(case.refused for case in CASES) <= len(CASES) - 120


def test_pixels_of_8_bits_are_exact_multiples():
    image = load_image(FILES["PNG"])
    np.testing.assert_array_equal(image, (NOISE / 255).transpose(2, 0, 1).astype(np.float32))


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "is empty"),
        (FILES["PNG"] + bytes(MAX_BYTES), "10.1 MB, more than the 10 MB"),
        (png(NOISE, 2, size=(5001, 5000)), "5000 × 5001 pixels, 25.1 million in all; up to 25"),
        (png(NOISE, 2, size=(1, 20_001)), "20001 × 1 pixels; each side may have 20000"),
        (FILES["PNG"][:-40], "damaged or cut off"),
        (b"\0\0\0\x18ftypheic" + bytes(99), "type HEIC"),
        (b"<svg/>", "type SVG"),
        (b"Hello", "no picture of type PNG, JPEG, GIF, BMP or WebP"),
    ],
)
def test_the_sentence_says_why_with_the_numbers(data, words):
    with pytest.raises(Explained) as refusal:
        load_image(data)
    assert words in str(refusal.value)
    assert_one_sentence(str(refusal.value))


def test_the_largest_sizes_are_still_accepted():
    assert MAX_SIDE == 20_000
    assert MAX_PIXELS == 25_000_000
    largest = png(np.full((5000, 5000), 7, np.uint8), 0, 1)
    assert load_image(largest).shape == (1, 1024, 1024)
    assert load_image(FILES["PNG"] + bytes(MAX_BYTES - len(FILES["PNG"]))).shape == (3, 24, 32)


def test_pillow_stays_strict_for_all():
    assert not ImageFile.LOAD_TRUNCATED_IMAGES


@given(st.binary(max_size=400))
@example(b"\xff\xd8\xff")
@example(b"GIF89a" + bytes(7) + b"!" * 50)
@example(b"RIFF\0\0\0\0WEBPVP8X")
def test_any_bytes_give_a_picture_or_a_sentence(data):
    for start in (b"", *(whole[:cut] for whole in FILES.values() for cut in (12, 60))):
        image = load_or_refusal(start + data)
        if image is not None:
            assert_picture(image)


@given(st.sampled_from(sorted(FILES)), st.floats(0, 1, exclude_max=True), st.integers(1, 255))
def test_any_flipped_bits_give_a_picture_or_a_sentence(kind, place, flip):
    data = bytearray(FILES[kind])
    data[int(place * len(data))] ^= flip
    image = load_or_refusal(bytes(data))
    if image is not None:
        assert_picture(image)


@given(st.floats(0, 1, exclude_max=True), st.integers(0, 7))
def test_no_flipped_bit_of_a_png_passes_in_silence(place, bit):
    data = bytearray(FILES["PNG"])
    data[int(place * len(data))] ^= 1 << bit
    assert load_or_refusal(bytes(data)) is None


@given(st.sampled_from(["PNG", "JPEG", "BMP", "WEBP"]), st.floats(0, 1, exclude_max=True))
def test_no_file_cut_off_passes_in_silence(kind, place):
    data = FILES[kind]
    assert load_or_refusal(data[: int(place * len(data))]) is None


def test_a_gif_cut_off_is_refused_or_whole():
    whole = load_image(FILES["GIF"])
    for length in range(len(FILES["GIF"])):
        image = load_or_refusal(FILES["GIF"][:length])
        assert image is None or np.array_equal(image, whole)


def test_many_at_once_each_get_their_own():
    filters = list(warnings.filters)
    files = [png(np.full((40, 40), value, np.uint8), 0) for value in range(32)]
    with ThreadPoolExecutor(8) as pool:
        images = list(pool.map(load_image, files))
    assert [image.max() * 255 for image in images] == pytest.approx(range(32))
    assert warnings.filters == filters


def test_too_little_memory_is_one_sentence(monkeypatch):
    def fail(data, name):
        raise MemoryError

    monkeypatch.setattr("cnnviz.core.pictures.images.decode", fail)
    with pytest.raises(Explained, match="not enough memory"):
        load_image(FILES["PNG"])


@given(st.binary(max_size=60))
@example(exif(6)[:20])
@example(exif(6, "<").replace(b"\x08", b"\xff"))
def test_any_exif_leaves_a_picture(block):
    stored = saved("WEBP", NOISE, lossless=True, exif=b"Exif\0\0" + block)
    assert sorted(load_image(stored).shape) == [3, 24, 32]


def test_grey_is_luma():
    image = np.array([[[1.0, 0, 0, 1, 0.5]], [[0, 1, 0, 1, 0.5]], [[0, 0, 1, 1, 0.5]]], np.float32)
    before = image.copy()
    grey = to_grey(image)
    assert grey.shape == (1, 1, 5)
    assert grey.dtype == np.float32
    np.testing.assert_allclose(grey[0, 0], [0.299, 0.587, 0.114, 1, 0.5], atol=1e-7)
    np.testing.assert_array_equal(image, before)
    np.testing.assert_array_equal(to_grey(grey), grey)


def test_a_picture_that_fits_is_left_alone():
    image = np.random.default_rng(0).random((3, 20, 30), np.float32)
    np.testing.assert_array_equal(fit(image, 30), image)
    np.testing.assert_array_equal(fit(image, 224), image)


def test_fitting_by_a_whole_factor_averages_blocks():
    image = np.random.default_rng(0).random((3, 40, 60), np.float32)
    means = image.reshape(3, 10, 4, 15, 4).mean(axis=(2, 4))
    np.testing.assert_allclose(fit(image, 15), means, atol=1e-6)


@given(st.integers(1, 40), st.integers(1, 40), st.integers(1, 12))
def test_fitting_averages_the_area_that_each_pixel_covers(height, width, longest):
    image = np.random.default_rng(height * 41 + width).random((1, height, width), np.float32)
    small = fit(image, longest)
    scale = min(1, longest / max(height, width))
    shape = tuple(max(1, round(side * scale)) for side in (height, width))
    assert small.shape == (1, *shape)
    rows, cols = (overlaps(old, new) for old, new in zip((height, width), shape, strict=True))
    np.testing.assert_allclose(small[0], rows @ image[0].astype(float) @ cols.T, atol=1e-6)


def overlaps(old, new):
    """Share of each old pixel in each new one, (new, old), by their edges."""
    starts, ends = (np.arange(new) + shift for shift in (0, 1))
    step = old / new
    shares = [
        [max(0, min(end * step, i + 1) - max(start * step, i)) / step for i in range(old)]
        for start, end in zip(starts, ends, strict=True)
    ]
    return np.array(shares)
