"""The trail of questions: asked, gone back to, and what a browser or link may say."""

from cnnviz.core.networks.explanations import Asked
from cnnviz.ui.trail import _MOST, Trail

LOGIT = Asked("linear2", 7, 0, 0)
HIDDEN = Asked("relu3", 20, 0, 0)
MAP = Asked("conv2", 3, 5, 5)
PIXEL = Asked("input", 0, 1, 2)


def test_a_question_leads_to_the_next_and_crumbs_lead_back_and_forth():
    trail = Trail((LOGIT,)).ask(HIDDEN).ask(MAP).ask(PIXEL)
    assert trail.open == PIXEL
    back = trail.go(1)
    assert back.open == HIDDEN
    assert back.asked == trail.asked, "the way on is kept"
    assert back.ask(MAP) == trail.go(2), "the same step again is a step forward"
    other = back.ask(Asked("conv2", 4, 5, 5))
    assert other.asked == (LOGIT, HIDDEN, Asked("conv2", 4, 5, 5))


def test_another_cell_of_the_layer_takes_the_place_of_the_open_one():
    trail = Trail((LOGIT, HIDDEN, MAP), 1).ask(Asked("relu3", 21, 0, 0))
    assert trail == Trail((LOGIT, Asked("relu3", 21, 0, 0)), 1)


def test_it_does_not_grow_for_ever_and_goes_nowhere_else():
    trail = Trail((LOGIT,))
    for n in range(3 * _MOST):
        trail = trail.ask(Asked(f"layer{n}", 0, 0, 0))
    assert len(trail.asked) == _MOST
    assert trail.open == Asked(f"layer{3 * _MOST - 1}", 0, 0, 0)
    assert trail.go(-5).position == 0
    assert trail.go(10**9).position == _MOST - 1
