"""Photographs named without a network connection, and doubts spoken out."""

import math

import numpy as np
import pytest
import torch

import cnnviz.nn
from cnnviz.core.messages import Explained
from cnnviz.core.photos.answers import photo_answer
from cnnviz.core.photos.input import PhotoCrop, PhotoInput
from cnnviz.core.samples import read_photograph
from cnnviz.nn.photos.classification import classify, classify_photo, photo_logits
from cnnviz.nn.photos.pretrained import shared_photo_network

CATS = {"tiger cat", "tabby", "Egyptian cat"}


@pytest.mark.parametrize(
    ("file_name", "labels", "place"),
    [
        ("chelsea.png", CATS, 1),
        ("coffee.png", {"espresso"}, 1),
        ("camera.png", {"tripod"}, 2),
        ("rocket.jpg", {"missile", "projectile"}, 1),
    ],
)
def test_photographs_are_named_without_a_network(file_name, labels, place):
    answers = classify(read_photograph(file_name))
    assert len(answers) == 5
    assert labels & {each.label for each in answers[:place]}
    probabilities = [each.probability for each in answers]
    assert probabilities == sorted(probabilities, reverse=True)


def test_classify_is_exported():
    assert cnnviz.nn.classify is classify
    assert "classify" in cnnviz.nn.__all__


def test_the_answer_holds_what_explains_it():
    model, image = shared_photo_network("lite0"), read_photograph("chelsea.png")
    answer = classify_photo(model, image)
    assert answer.predictions[:5] == classify(image)
    assert len(answer.predictions) == 1000
    logits = model.network(torch.from_numpy(answer.input.seen)[None])[0].numpy()
    np.testing.assert_allclose(answer.logits, logits, rtol=1e-5, atol=1e-5)
    np.testing.assert_allclose(
        answer.probabilities, torch.softmax(torch.from_numpy(logits), 0).numpy(), rtol=1e-4
    )
    p = answer.probabilities.astype(float)
    assert answer.entropy_bits == pytest.approx(-sum(p * np.log2(p)), rel=1e-3)
    assert answer.doubt is None
    assert answer.network_id == "lite0"


def test_another_crop_is_another_picture():
    model, image = shared_photo_network("lite0"), read_photograph("chelsea.png")
    middle, corner = (classify_photo(model, image, crop) for crop in (None, PhotoCrop(0.3, 0, 0)))
    assert not np.array_equal(middle.input.seen, corner.input.seen)
    assert not np.array_equal(middle.logits, corner.logits)


def test_grey_pictures_are_taken():
    assert len(classify(read_photograph("camera.png")[:1], top=1000)) == 1000


@pytest.mark.parametrize("top", [0, -1, 1001])
def test_impossible_numbers_of_answers_are_refused(top):
    with pytest.raises(Explained, match="from 1 to 1000"):
        classify(np.zeros((1, 8, 8), np.float32), top=top)


def test_other_inputs_are_refused():
    with pytest.raises(Explained, match="3 × 224 × 224"):
        photo_logits(shared_photo_network("lite0"), np.zeros((3, 28, 28), np.float32))


def test_a_flat_picture_and_a_strange_one_raise_doubts():
    model = shared_photo_network("lite0")
    flat = classify_photo(model, np.full((3, 50, 60), 0.4, np.float32))
    assert "almost of one colour" in str(flat.doubt)
    astronaut = classify_photo(model, read_photograph("astronaut.png"))
    assert "may be none of the 1,000 classes" in str(astronaut.doubt)


def answer_of(*first, rest=0.0):
    """An answer whose logits are ln p, of a picture that is not flat."""
    seen = np.random.default_rng(0).random((3, 224, 224), np.float32)
    p = np.full(1000, max(rest, 1e-30))
    p[: len(first)] = first
    return photo_answer("lite0", PhotoInput(seen, 0, 0, 224), np.log(p).astype(np.float32))


def test_doubt_by_hand():
    assert answer_of(1.0).doubt is None
    assert answer_of(1.0).entropy_bits == pytest.approx(0, abs=1e-6)
    assert answer_of(0.25, 0.25, 0.25, 0.25).entropy_bits == pytest.approx(2)
    assert answer_of(0.25, 0.25, 0.25, 0.25).doubt is None
    assert answer_of(*[1 / 8] * 8).doubt.numbers == {"percent": 12.5}
    spread = answer_of(0.21, rest=0.79 / 999)
    bits = -0.21 * math.log2(0.21) - 0.79 * math.log2(0.79 / 999)
    assert spread.entropy_bits == pytest.approx(bits, rel=1e-5)
    assert spread.doubt.numbers == {"count": round(2**bits)}


def test_logits_that_are_not_finite_are_refused():
    with pytest.raises(Explained, match="finite"):
        answer_of(float("nan"))
