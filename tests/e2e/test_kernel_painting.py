"""Painting on the kernel editor with mouse, finger and space bar."""

import numpy as np
import pytest

from cnnviz.core.kernels.text import parse_filter
from tests.e2e.board_hands import cell, drag, middle, painting, told
from tests.e2e.browser import settled

pytestmark = pytest.mark.e2e


def test_without_the_brush_nothing_is_painted(open_board):
    page = open_board()
    drag(page, (1, 1), (3, 3))
    page.wait_for_timeout(300)
    assert told(page)["reports"] == []


def test_a_stroke_paints_every_cell_it_crosses_and_is_one_report(open_board):
    page = open_board("0,0,0,0,0;0,0,0,0,0;0,0,0,0,0;0,0,0,0,0;0,0,0,0,0")
    painting(page, "1/4")
    settled(page, lambda: drag(page, (2, 1), (2, 5), (5, 5)))
    expected = np.zeros((1, 5, 5), np.float32)
    expected[0, 1, :] = expected[0, 1:, 4] = 0.25
    answer = told(page)
    assert len(answer["reports"]) == 1
    np.testing.assert_array_equal(parse_filter(answer["text"]), expected)
    settled(page, lambda: drag(page, (2, 2), (2, 3), button="right"))
    expected[0, 1, 1:3] = 0
    np.testing.assert_array_equal(parse_filter(told(page)["text"]), expected)
    page.get_by_role("button", name="Erase").click()
    assert page.get_by_role("button", name="Paint").get_attribute("aria-pressed") == "false"
    settled(page, lambda: drag(page, (5, 5), (3, 5)))
    expected[0, 2:, 4] = 0
    np.testing.assert_array_equal(parse_filter(told(page)["text"]), expected)


def test_a_finger_paints(open_board):
    page = open_board(width=390, height=844, has_touch=True)
    painting(page, "3")
    board = page.locator(".board")
    assert board.evaluate("node => getComputedStyle(node).touchAction") == "none"
    finger = page.context.new_cdp_session(page)

    def touch(kind, *cells):
        points = [dict(zip("xy", middle(page, *each), strict=True)) for each in cells]
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    touch("touchStart", (1, 1))
    touch("touchMove", (1, 2))
    touch("touchMove", (1, 3))
    settled(page, lambda: touch("touchEnd"))
    assert told(page)["reports"] == ["3,3,3;2,0,-2;1,0,-1"]
    assert cell(page, 1, 1).get_attribute("inputmode") == "none"


def test_the_space_bar_paints(open_board):
    page = open_board()
    painting(page, "-6")
    cell(page, 2, 2).focus()
    settled(page, lambda: page.keyboard.press("Space"))
    assert told(page)["text"] == "1,0,-1;2,-6,-2;1,0,-1"
    page.get_by_role("button", name="Erase").click()
    cell(page, 1, 1).focus()
    settled(page, lambda: page.keyboard.press("Space"))
    assert told(page)["text"] == "0,0,-1;2,-6,-2;1,0,-1"
    assert page.locator(".legend span").all_inner_texts() == ["−6", "+6"], "the scale follows"


def test_a_brush_that_is_no_number_keeps_the_last_one(open_board):
    page = open_board()
    painting(page, "2")
    field = page.get_by_label("Number to paint with")
    field.fill("two")
    field.press("Enter")
    assert page.get_by_role("alert").inner_text() == "“two” is not a number to paint with; 2 stays."
    settled(page, lambda: drag(page, (3, 1), (3, 2)))
    assert told(page)["text"] == "1,0,-1;2,0,-2;2,2,-1"
