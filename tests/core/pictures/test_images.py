import hashlib
import warnings
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from PIL import ImageFile

from cnnviz.core.messages import Explained
from cnnviz.core.pictures.images import MAX_BYTES, MAX_PIXELS, MAX_SIDE, load_image, to_grey
from tests.pictures.broken import FILES
from tests.pictures.cases import ALPHA, NOISE, SMOOTH, exif, saved
from tests.pictures.corpus import CASES
from tests.pictures.png import png


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
    image = load_or_refusal(case.data)
    if case.refused:
        assert image is None
        return
    assert_picture(image)
    assert image.shape == case.expected.shape
    np.testing.assert_allclose(image, case.expected, rtol=0, atol=case.tolerance)


def test_the_corpus_is_of_both_kinds_and_no_larger_than_it_need_be():
    assert len({case.name for case in CASES}) == len(CASES)
    assert 150 <= len(CASES) <= 200
    assert 50 <= sum(case.refused for case in CASES) <= len(CASES) - 50


def test_pixels_of_8_bits_are_exact_multiples():
    image = load_image(FILES["png"])
    np.testing.assert_array_equal(image, (NOISE / 255).transpose(2, 0, 1).astype(np.float32))


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "is empty"),
        (FILES["png"] + bytes(MAX_BYTES), "10.1 MB, more than the 10 MB"),
        (png(NOISE, 2, size=(5001, 5000)), "5000 × 5001 pixels, 25.1 million in all; up to 25"),
        (png(NOISE, 2, size=(1, 20_001)), "20001 × 1 pixels; each side may have 20000"),
        (png(NOISE, 2, size=(10_000, 10_000)), "far more than the 25 million pixels"),
        (png(NOISE, 2, size=(30_000, 30_000)), "far more than the 25 million pixels"),
        (FILES["png"][:-40], "damaged or cut off"),
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
    assert load_image(FILES["png"] + bytes(MAX_BYTES - len(FILES["png"]))).shape == (3, 24, 32)


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
def test_a_png_with_a_flipped_bit_is_refused_or_whole(place, bit):
    data = bytearray(FILES["png"])
    data[int(place * len(data))] ^= 1 << bit
    assert_refused_or_whole("png", bytes(data))


@given(st.sampled_from(sorted(FILES)), st.floats(0, 1, exclude_max=True))
def test_a_file_cut_off_is_refused_or_whole(kind, place):
    data = FILES[kind]
    assert_refused_or_whole(kind, data[: int(place * len(data))])


@pytest.mark.parametrize(
    "data",
    [
        saved("JPEG", NOISE, quality=100, subsampling=0),
        saved("JPEG", NOISE, restart_marker_blocks=1),
        saved("JPEG", SMOOTH, quality=30),
        saved("JPEG", NOISE, progressive=True),
        saved("GIF", NOISE[..., 0]),
        saved("WEBP", NOISE, quality=90),
        saved("WEBP", np.dstack((NOISE, ALPHA)), quality=90),
        saved("WEBP", NOISE, lossless=True, exif=exif(6)),
    ],
    ids=lambda data: hashlib.sha256(data).hexdigest()[:6],
)
def test_a_file_cut_off_anywhere_is_refused_or_whole(data):
    whole = load_image(data)
    cuts = [*range(1, 120), *range(121, len(data), 37)]
    left = [load_or_refusal(data[:-cut]) for cut in cuts]
    assert any(image is None for image in left)
    for cut, image in zip(cuts, left, strict=True):
        assert image is None or np.array_equal(image, whole), cut


def assert_refused_or_whole(kind, data):
    image = load_or_refusal(data)
    assert image is None or np.array_equal(image, load_image(FILES[kind]))


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

    monkeypatch.setattr("cnnviz.core.pictures.images.decoded", fail)
    with pytest.raises(Explained, match="not enough memory"):
        load_image(FILES["png"])


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
