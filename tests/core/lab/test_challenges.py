"""Challenges: their pictures and words, and the sentences for maps that are almost right."""

import numpy as np
import pytest

from cnnviz.core.lab.challenges import CHALLENGES
from cnnviz.core.lab.map_checks import Attempt, is_upright
from cnnviz.core.lab.specs import ConvSpec
from cnnviz.core.lab.targets import SHIFT, STAMP, digit, dots, shifted, stamped, strokes

SAME = ConvSpec((3, 3), padding=1)


def judge(challenge_id, output, spec=SAME):
    challenge = CHALLENGES[challenge_id]
    return challenge.judge(Attempt(challenge.draw()[0], spec, output.astype(np.float32)))


def test_there_are_six():
    assert len(CHALLENGES) == 6
    assert all(challenge.id == key for key, challenge in CHALLENGES.items())


@pytest.mark.parametrize("challenge", CHALLENGES.values(), ids=CHALLENGES)
def test_each_has_a_grey_picture_of_whole_levels_and_two_hints(challenge):
    image = challenge.draw()
    assert image.shape[0] == 1
    assert image.dtype == np.float32
    levels = image * 255
    np.testing.assert_allclose(levels, np.round(levels), atol=1e-4)
    assert len(set(challenge.hints)) == 2


@pytest.mark.parametrize(
    "challenge", [each for each in CHALLENGES.values() if each.target], ids=lambda each: each.id
)
def test_a_target_solves_its_challenge_and_the_picture_does_not(challenge):
    assert judge(challenge.id, challenge.target()).is_solved
    assert not judge(challenge.id, challenge.draw()[0]).is_solved


def test_moving_loses_no_pixel():
    assert shifted().sum() == pytest.approx(digit().sum())
    np.testing.assert_array_equal(shifted()[:, SHIFT:], digit()[0, :, :-SHIFT])


def test_the_stamp_is_another_one_when_it_is_turned():
    assert not np.array_equal(STAMP, STAMP[::-1, ::-1])
    assert stamped().sum() == pytest.approx(dots().sum() * STAMP.sum(), rel=1e-6)


def test_a_picture_in_the_wrong_place_is_told_where_it_is():
    verdict = judge("shift", np.roll(digit()[0], -2, axis=1))
    assert not verdict.is_solved
    assert verdict.sentence.numbers == {"down": 0, "right": -4}
    verdict = judge("shift", np.roll(shifted(), 1, axis=0))
    assert verdict.sentence.numbers == {"down": 1, "right": 0}


def test_a_stamp_turned_the_wrong_way_is_told_so():
    assert "turned by 180°" in str(judge("stamp", stamped(STAMP[::-1, ::-1])).sentence)


@pytest.mark.parametrize("challenge_id", ["shift", "stamp"])
def test_what_is_almost_the_target_is_told_how_it_differs(challenge_id):
    target = CHALLENGES[challenge_id].target()
    assert "plus 0.5: that is the bias" in str(judge(challenge_id, target + 0.5).sentence)
    assert "2.0 times the target's" in str(judge(challenge_id, target * 2).sentence)
    other = target.copy()
    other[3, 4] += 0.25
    said = str(judge(challenge_id, other).sentence)
    assert said == f"1 of {target.size} cells differ from the target, by 0.25 at most."
    rows, cols = target.shape
    said = str(judge(challenge_id, target[1:-1, 1:-1]).sentence)
    assert f"{rows - 2} × {cols - 2} cells and the target {rows} × {cols}" in said
    assert not judge(challenge_id, np.zeros_like(target)).is_solved


def answers(upright, level, falling, rising):
    """A map of the size of the strokes' picture with one value in each quarter."""
    output = np.zeros((32, 32))
    output[8, 8], output[8, 24], output[24, 8], output[24, 24] = upright, level, falling, rising
    return Attempt(strokes()[0], SAME, output.astype(np.float32))


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ((6, 1, 2, 2), "answers 6.0, and the rising one 2.0"),
        ((6, 5, 2, 2), "answers 6.0, and the level one 5.0"),
        ((6, 1, 4, 2), "answers 6.0, and the falling one 4.0"),
        ((0, 1, 4, 2), "Nothing answers to the upright stroke"),
        ((-3, -9, -9, -9), "Nothing answers"),
    ],
)
def test_strokes_that_answer_too_much_are_named(values, said):
    verdict = is_upright(answers(*values))
    assert not verdict.is_solved
    assert said in str(verdict.sentence)


def test_strokes_that_answer_little_are_enough():
    assert is_upright(answers(6.1, 1, 2, 2)).is_solved
    assert is_upright(answers(0.5, -1, 0, 0)).is_solved


def test_quarters_are_found_whatever_way_the_window_moves():
    """The middle of each window decides, in pixels of the picture."""
    image = strokes()[0]
    output = np.full((10, 10), 1, np.float32)
    output[5:, :], output[:, 5:] = 0, 0  # windows of 5, every 3 pixels: middles at 2, 5, … 29
    assert is_upright(Attempt(image, ConvSpec((5, 5), (3, 3)), output)).is_solved
    coarse = Attempt(image, ConvSpec((31, 31)), np.ones((1, 1), np.float32))
    assert "too coarse" in str(is_upright(coarse).sentence)
