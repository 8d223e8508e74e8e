"""Searches as records: impossible ranges are refused, and what mattered is told from chance."""

import numpy as np
import pytest

from cnnviz.core.messages import Explained
from cnnviz.core.training.search import Ranges, explained_variance


@pytest.mark.parametrize(
    "wrong",
    [
        {"lr": (0.1, 0.01)},
        {"blocks": (0, 1)},
        {"filters": ()},
        {"batch_size": (0,)},
        {"activation": ("cosine",)},
        {"activation": ()},
        {"epochs": (0,)},
    ],
)
def test_impossible_ranges_are_refused(wrong):
    with pytest.raises(Explained):
        Ranges(**wrong)


def test_what_explains_the_differences():
    rng = np.random.default_rng(0)
    kinds = ["a", "b"] * 20
    scores = [0.9 if kind == "a" else 0.5 for kind in kinds]
    noise = rng.random(40)
    assert explained_variance(kinds, scores) == pytest.approx(1)
    assert explained_variance(list(rng.random(40)), scores) < 0.3
    assert explained_variance(kinds, list(noise)) < 0.2
    assert explained_variance(list(noise), list(noise)) > 0.7, "cut into thirds"
    for few in (([], []), (["a"], [0.5]), (["a", "b"], [0.1, 0.9]), (kinds, [0.5] * 40)):
        assert explained_variance(*few) == 0
