"""Challenges with real convolutions: right ways, near ones, and the lab as it starts."""

import numpy as np
import pytest

from cnnviz.core.kernels import DEFAULT_KERNEL, KERNELS
from cnnviz.core.kernels.text import parse_kernel
from cnnviz.core.lab.challenges import CHALLENGES
from cnnviz.core.lab.map_checks import Attempt
from cnnviz.core.lab.specs import ConvSpec
from cnnviz.core.messages import Explained
from cnnviz.nn import convolve
from docs.update_catalogues import sources

COPY = "0 0 0; 1 0 0; 0 0 0"
ONES = ";".join(["1 1 1 1 1"] * 5)
LINE = "-1 2 -1"
LINES = {rows: ";".join([LINE] * rows) for rows in (3, 5, 7)}


def attempt(challenge_id, weights, bias=0.0, **moves):
    challenge = CHALLENGES[challenge_id]
    if isinstance(weights, str):
        weights = parse_kernel(weights)
    image, spec = challenge.draw(), ConvSpec(weights.shape, **moves)
    trace = convolve(image, weights[None, None], spec, np.array([bias], np.float32))
    return challenge.judge(Attempt(image[0], spec, trace.output[0]))


SOLUTIONS = [
    ("shift", "0 0 0 0 0;0 0 0 0 0;1 0 0 0 0;0 0 0 0 0;0 0 0 0 0", {"padding": 2}),
    ("shift", COPY, {"padding": 2, "dilation": (2, 2)}),
    ("shift", "1 0 0", {"padding": ((0, 0), (2, 0))}),
    ("stamp", "1 1 1; 0 0 1; 0 0 1", {"padding": 1}),
    ("keep", ONES, {"padding": 2}),
    ("keep", ONES, {"padding": "same"}),
    ("keep", ONES, {"padding": 4, "dilation": (2, 2)}),
    ("halve", COPY, {"stride": (2, 2), "padding": 1}),
    ("halve", "1 1; 1 1", {"stride": (2, 2)}),
    ("upright", LINES[5], {}),
    ("upright", LINES[7], {"padding": 3}),
    ("upright", LINES[3], {"bias": -1.0}),
    ("upright", "1;1;1;1;1", {}),
    ("field", COPY, {"stride": (2, 2)}),
    ("field", COPY, {"dilation": (2, 2), "padding": 2}),
]
ALMOST = [
    ("shift", COPY, {"padding": 1}, "-1 columns too far right"),
    ("shift", "0 0 0; 0 0 1; 0 0 0", {"padding": 2, "dilation": (2, 2)}, "-4 columns"),
    ("shift", COPY, {"dilation": (2, 2)}, "24 × 24 cells and the target 28 × 28"),
    ("stamp", "1 0 0; 1 0 0; 1 1 1", {"padding": 1}, "turned by 180°"),
    ("stamp", "2 2 2; 0 0 2; 0 0 2", {"padding": 1}, "2.0 times"),
    ("stamp", "1 1 1; 0 0 1; 0 0 1", {"padding": 1, "bias": 0.1}, "plus 0.1"),
    ("keep", ONES, {"padding": 1}, "only 26 × 26 cells"),
    ("keep", ONES, {"padding": 3}, "too much padding"),
    ("keep", ONES, {"padding": 2, "stride": (2, 2)}, "a stride above 1 leaves places out"),
    ("keep", COPY, {"padding": 1}, "yours has 3 × 3"),
    ("halve", COPY, {"stride": (2, 2)}, "13 × 13 cells, fewer than 14 × 14"),
    ("halve", COPY, {"stride": (2, 2), "padding": 3}, "16 × 16 cells, more than 14 × 14"),
    ("upright", LINES[3], {}, "3 times as much or less is not enough"),
    ("field", COPY, {"stride": (3, 3)}, "sees 9 × 9 pixels, not 7 × 7"),
    ("field", ONES, {}, "yours has 5 × 5"),
]


@pytest.mark.parametrize(("challenge_id", "weights", "moves"), SOLUTIONS)
def test_every_right_way_counts(challenge_id, weights, moves):
    verdict = attempt(challenge_id, weights, **moves)
    assert verdict.is_solved, str(verdict.sentence)


def test_every_challenge_has_a_solution():
    assert {challenge_id for challenge_id, *_ in SOLUTIONS} == CHALLENGES.keys()


@pytest.mark.parametrize("challenge_id", CHALLENGES)
def test_the_setting_that_the_lab_starts_from_solves_nothing(challenge_id):
    assert not attempt(challenge_id, KERNELS[DEFAULT_KERNEL].weights(3)).is_solved


@pytest.mark.parametrize("kernel", KERNELS)
@pytest.mark.parametrize("challenge_id", ["shift", "stamp", "keep", "halve", "field"])
def test_no_filter_of_the_gallery_solves_it_as_it_lies_there(challenge_id, kernel):
    try:
        weights = KERNELS[kernel].weights(3)
    except Explained:
        return  # it is not made in this size
    assert not attempt(challenge_id, weights, padding=1).is_solved


@pytest.mark.parametrize(("challenge_id", "weights", "moves", "said"), ALMOST)
def test_what_is_almost_right_is_told_what_is_missing(challenge_id, weights, moves, said):
    verdict = attempt(challenge_id, weights, **moves)
    assert not verdict.is_solved
    assert said in str(verdict.sentence)


@pytest.mark.parametrize(
    ("challenge_id", "weights", "moves"), [*SOLUTIONS, *(a[:3] for a in ALMOST)]
)
def test_every_verdict_can_be_translated(challenge_id, weights, moves):
    assert attempt(challenge_id, weights, **moves).sentence.message in sources()
