"""Digits in sixty kinds of surroundings are read right by the shipped network, or it is said.

Those photographed here are the project's own strokes. With MNIST's test digits, `python -m
benchmarks --only digits` photographs forty of each kind.
"""

from functools import cache

import numpy as np
import pytest

from cnnviz.core.messages import Explained
from cnnviz.core.networks.doubt import doubt
from cnnviz.core.pictures.digits import prepare_digit, propose_digit
from cnnviz.core.pictures.edits import apply_edits
from cnnviz.core.samples.strokes import write_digit
from cnnviz.nn import capture, load_network
from tests.pictures.digit_photos.kinds import KINDS, TOLD, photographed

EACH = 5
OFTEN = 4
"""Of `EACH` digits, so many are read right in every kind."""


@cache
def network():
    return load_network("mnist")


def written(value, pen=2.6):
    return np.round(write_digit(value, pen=pen)[0] * 255).astype(np.uint8)


def photograph(kind, value, seed):
    photo, _ink = photographed(kind, written(value), seed, (360, 480))
    return photo.astype(np.float32).transpose(2, 0, 1) / 255


def read(image):
    """What the pages show: the digit, and whether anything is said against it."""
    try:
        prepared = prepare_digit(image)
    except Explained:
        return None, True
    logits = capture(network(), prepared.image)[-1].values.ravel()
    told = {"noticed": prepared.doubt, "steps": len(prepared.steps)}
    said = doubt(prepared.image, "mnist", logits, **told)
    return int(logits.argmax()), said is not None


@pytest.mark.parametrize("kind", KINDS)
def test_a_digit_is_read_right_or_doubted(kind):
    first = list(KINDS).index(kind)
    values = [(first + n) % 10 for n in range(0, 2 * EACH, 2)]
    answers = [read(photograph(kind, value, 900 + 10 * first + value)) for value in values]
    told = [is_told for _, is_told in answers]
    if kind in TOLD:
        assert sum(told) >= OFTEN
        return
    right = [said == value for (said, _), value in zip(answers, values, strict=True)]
    assert sum(right) >= OFTEN
    assert all(good or doubted for good, doubted in zip(right, told, strict=True))


@pytest.mark.parametrize(
    "kind", ["table around", "box", "ruled dark", "red on green", "hard shadow"]
)
def test_the_proposed_steps_lead_to_the_same_digit(kind):
    for value in (2, 4, 7):
        image = photograph(kind, value, 40 + value)
        edits = propose_digit(image)
        assert edits
        assert read(apply_edits(image, edits)[-1].image)[0] == read(image)[0] == value
