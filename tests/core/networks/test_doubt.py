"""One question for every page: should this answer be believed?"""

import numpy as np
import pytest

from cnnviz.core.messages import Sentence
from cnnviz.core.networks.doubt import doubt
from cnnviz.core.pictures.digits import prepare_digit
from cnnviz.core.samples import draw_sample

SEVEN = prepare_digit(draw_sample("digit-7")).image


def logits(**probabilities):
    """Logits with these probabilities, the rest shared by the other digits."""
    given = {int(name[1:]): p for name, p in probabilities.items()}
    rest = (1 - sum(given.values())) / (10 - len(given))
    return np.log([given.get(n, rest) for n in range(10)]).astype(np.float32)


def test_a_digit_that_is_named_with_certainty_is_not_doubted():
    assert doubt(SEVEN, "mnist", logits(_7=0.99)) is None
    assert doubt(SEVEN, "mnist", logits(_7=0.76)) is None
    assert doubt(SEVEN, "mnist", logits(_7=0.96), steps=6) is None


def test_a_photograph_is_doubted_sooner_than_a_drawing():
    assert doubt(SEVEN, "mnist", logits(_7=0.85), steps=3) is None
    assert "only 85 %" in str(doubt(SEVEN, "mnist", logits(_7=0.85), steps=4))


def test_what_was_noticed_comes_before_what_the_network_says():
    noticed = Sentence("There seem to be several digits here.")
    assert doubt(SEVEN, "mnist", logits(_7=0.5), noticed=noticed) is noticed
    assert doubt(SEVEN, "mnist", logits(_7=0.99), noticed=noticed) is noticed


def test_two_digits_that_are_about_as_likely_are_named():
    sentence = doubt(SEVEN, "mnist", logits(_7=0.62, _1=0.3))
    assert str(sentence) == ("The network is not sure: it gives 7 only 62 %, and 1 gets 30 %.")


def test_what_the_picture_says_comes_first():
    dot = np.zeros((1, 28, 28), np.float32)
    dot[:, 4:24, 4:24] = 1
    assert "51 % of the picture is ink" in str(doubt(dot, "mnist", logits(_6=0.5, _0=0.4)))


@pytest.mark.parametrize("dataset", ["fashion", "cifar10", "somebody-s"])
def test_other_networks_are_asked_for_empty_pictures_alone(dataset):
    assert doubt(SEVEN, dataset, logits(_7=0.4, _1=0.4)) is None
    assert "is empty" in str(doubt(0 * SEVEN, dataset, logits(_7=0.9)))
