"""Temperature, entropy and the softmax's sum against the definitions."""

import math

import numpy as np
import pytest

from cnnviz.core.messages import Explained
from cnnviz.core.networks.certainty import entropy, explain_softmax, predict, softmax

LOGITS = np.array([1.0, -2.0, 0.5, 3.0], np.float32)


def test_temperature_divides_the_logits():
    for temperature in (0.25, 2.0, 10.0):
        powers = [math.exp(x / temperature) for x in LOGITS.tolist()]
        np.testing.assert_allclose(
            softmax(LOGITS, temperature), [p / sum(powers) for p in powers], rtol=1e-12
        )


def test_extremes_are_certain_or_even():
    np.testing.assert_array_equal(softmax(LOGITS, 1e-300), [0, 0, 0, 1])
    np.testing.assert_allclose(softmax(LOGITS, 1e9), 0.25, atol=1e-8)
    np.testing.assert_array_equal(softmax(np.array([5e30, 5e30, -5e30], np.float32)), [0.5, 0.5, 0])


@pytest.mark.parametrize("temperature", [0, -1, float("inf"), float("nan")])
def test_other_temperatures_are_explained(temperature):
    with pytest.raises(Explained, match="temperature must be above 0"):
        softmax(LOGITS, temperature)
    with pytest.raises(Explained):
        explain_softmax(LOGITS, 0, temperature=temperature)


def test_entropy_from_certain_to_even():
    assert entropy(np.array([0.0, 1.0, 0.0])) == entropy(np.array([1.0, 0, 0]))
    assert (entropy(np.array([0.0, 1.0])).nats, entropy(np.array([0.0, 1.0])).share) == (0, 0)
    even = entropy(np.full(10, 0.1))
    assert (even.nats, even.share) == (pytest.approx(math.log(10)), pytest.approx(1))
    assert even.share <= 1
    assert entropy(np.array([0.5, 0.25, 0.25])).nats == pytest.approx(1.5 * math.log(2))
    assert entropy(np.ones(1)).share == 0


@pytest.mark.parametrize("temperature", [0.5, 1.0, 4.0])
def test_a_probability_is_its_exponential_over_the_sum(temperature):
    for class_idx in range(4):
        why = explain_softmax(LOGITS, class_idx, temperature=temperature)
        assert why.value == pytest.approx(softmax(LOGITS, temperature)[class_idx], rel=1e-12)
        assert why.value == pytest.approx(why.exponentials[class_idx] / why.total, rel=1e-12)
        assert why.total == pytest.approx(sum(why.exponentials), rel=1e-12)
        assert why.exponentials[class_idx] == pytest.approx(
            math.exp((float(why.logits[class_idx]) - why.largest) / temperature), rel=1e-12
        )


@pytest.mark.parametrize("class_idx", [-1, 4])
def test_there_is_no_such_class(class_idx):
    with pytest.raises(IndexError):
        explain_softmax(LOGITS, class_idx)


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
