"""Probabilities against float64 arithmetic written out here."""

import math

import numpy as np
import pytest

from cnnviz.core.messages import Explained
from cnnviz.core.networks.predictions import predict, softmax


def test_probabilities_are_those_of_the_definition():
    logits = np.array([1.0, -2.0, 0.5], np.float32)
    powers = [math.exp(x) for x in (1.0, -2.0, 0.5)]
    np.testing.assert_allclose(softmax(logits), [p / sum(powers) for p in powers], rtol=1e-12)


def test_best_first_with_labels_and_numbers():
    predictions = predict(np.array([0.0, 3.0, 3.0, -1.0], np.float32), ["a", "b", "c", "d"])
    assert [(each.label, each.class_idx) for each in predictions] == [
        ("b", 1), ("c", 2), ("a", 0), ("d", 3),
    ]  # fmt: skip
    assert [each.logit for each in predictions] == [3.0, 3.0, 0.0, -1.0]
    assert sum(each.probability for each in predictions) == pytest.approx(1, abs=1e-12)


def test_classes_without_labels_are_numbered():
    assert [each.label for each in predict(np.array([1, 2], np.float32))] == ["1", "0"]


def test_large_logits_do_not_overflow():
    best, worst = predict(np.array([3e38, -3e38], np.float32))
    assert (best.probability, worst.probability) == (1.0, 0.0)


@pytest.mark.parametrize(
    ("logits", "labels"),
    [([], None), ([[1.0]], None), ([1.0, float("nan")], None), ([1.0, 2.0], ["a"])],
)
def test_what_is_no_row_of_logits_is_explained(logits, labels):
    with pytest.raises(Explained):
        predict(np.array(logits, np.float32), labels)
