"""Numbers typed into the kernel editor: what they mean, and what is refused."""

import numpy as np
import pytest

from cnnviz.core.kernels.text import format_filter, parse_filter
from tests.e2e.board_hands import cell, enter, shown, told
from tests.e2e.browser import settled

pytestmark = pytest.mark.e2e


TYPED = (
    ("3", 3, "3"), ("-2.5", -2.5, "−5/2"), ("−4", -4, "−4"), ("0,25", 0.25, "1/4"),
    ("1/9", 1 / 9, "1/9"), ("-1/3", -1 / 3, "−1/3"), ("+.5", 0.5, "1/2"),
    ("1e-3", 1e-3, "0.001"), ("-0", 0, "0"), (" 7 ", 7, "7"),
)  # fmt: skip


def test_a_typed_number_is_the_weight(open_board):
    page = open_board("5,1;2,3")
    for count, (typed, weight, label) in enumerate(TYPED, 1):
        enter(page, cell(page, 1, 1), typed)
        answer = told(page)
        assert len(answer["reports"]) == count
        assert answer["reports"][-1] == answer["text"] == answer["returned"]
        expected = np.array([[[weight, 1], [2, 3]]], np.float32)
        np.testing.assert_array_equal(parse_filter(answer["text"]), expected, typed)
        assert shown(page)[0] == label


def test_the_text_is_that_of_links(open_board):
    rng = np.random.default_rng(3)
    weights = rng.normal(size=(3, 4, 2)).astype(np.float32)
    weights[0, 0] = [1e6, -2e-4]
    page = open_board(format_filter(weights).replace("|", "%7C"))
    enter(page, cell(page, 4, 2, plane=2), "1/7")
    weights[2, 3, 1] = np.float32(1 / 7)
    assert told(page)["text"] == format_filter(weights)
    assert page.locator(".plane h3").all_inner_texts() == ["Red", "Green", "Blue"]


def test_leaving_a_field_takes_its_number_and_an_unchanged_one_sends_nothing(open_board):
    page = open_board()
    cell(page, 1, 1).focus()
    sent = len(open_board.sent)
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    page.wait_for_timeout(300)
    assert len(open_board.sent) == sent
    cell(page, 2, 2).fill("8")
    settled(page, lambda: page.get_by_label("Elsewhere").focus())
    assert told(page)["text"] == "1,0,-1;2,8,-2;1,0,-1"


def test_what_is_no_number_is_said_and_the_rest_is_not_lost(open_board):
    page = open_board()
    field = cell(page, 1, 2)
    for text in ("x", "1..2", "1/2/3", "1 2", "nan", "Infinity", "1/", "0/0"):
        field.fill(text)
        page.keyboard.press("Enter")
        said = page.get_by_role("alert").inner_text()
        assert said == f"Row 1, column 2: “{text}” is not a number."
        assert field.get_attribute("aria-invalid") == "true"
    assert told(page)["reports"] == []
    enter(page, cell(page, 3, 3), "9")
    assert told(page)["text"] == "1,0,-1;2,0,-2;1,0,9"
    assert field.input_value() == "0/0", "it is still there to be mended"
    field.focus()
    page.keyboard.press("Escape")
    assert field.input_value() == "0"
    assert page.get_by_role("alert").count() == 0
    assert field.get_attribute("aria-invalid") == "false"


def test_what_is_too_large_is_said(open_board):
    page = open_board()
    for text in ("1000001", "-1e9", "1/0"):
        cell(page, 2, 1).fill(text)
        page.keyboard.press("Enter")
        said = page.get_by_role("alert").inner_text()
        assert said == f"Row 2, column 1: {text} is too large; a weight may be at most 1,000,000."
    enter(page, cell(page, 2, 1), "6")
    assert page.get_by_role("alert").count() == 0
    assert told(page)["reports"] == ["1,0,-1;6,0,-2;1,0,-1"]


def test_arrows_walk_and_one_stop_of_the_tab_key_is_a_board(open_board):
    page = open_board()
    focused = "document.activeElement.shadowRoot.activeElement.getAttribute('aria-label')"
    cell(page, 1, 1).focus()
    for key, place in (
        ("ArrowDown", (2, 1)), ("ArrowRight", (2, 2)), ("ArrowUp", (1, 2)), ("ArrowUp", (1, 2)),
        ("End", (1, 3)), ("ArrowRight", (1, 3)), ("Home", (1, 1)), ("Control+End", (3, 3)),
        ("ArrowLeft", (3, 2)), ("Control+Home", (1, 1)),
    ):  # fmt: skip
        page.keyboard.press(key)
        assert page.evaluate(focused) == "Row {}, column {}".format(*place)
    assert page.locator(".board input[tabindex='0']").count() == 1
    page.keyboard.type("12")
    page.keyboard.press("ArrowLeft")
    page.keyboard.type("5")
    assert cell(page, 1, 1).input_value() == "152", "inside a number the caret moves"
