"""The kernel editor in a real browser: what is read, what the server answers, who can use it."""

import json

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe

from cnnviz.core.kernels.text import format_filter, parse_filter
from cnnviz.figures.theme import PALETTES
from tests.e2e.board_hands import cell, enter, shown, told
from tests.e2e.browser import ready, settled

pytestmark = pytest.mark.e2e


def test_weights_read_as_people_write_them_and_are_tinted_about_zero(open_board):
    page = open_board("1/9,-0.5;1234.5,0")
    assert shown(page) == ["1/9", "−1/2", "2469/2", "0"]
    page = open_board("-2,1;0,0.12345")
    assert shown(page) == ["−2", "1", "0", "0.123"]
    assert page.locator(".legend span").all_inner_texts() == ["−2", "+2"]
    colours = page.locator(".board input").evaluate_all(
        "all => all.map(input => getComputedStyle(input).backgroundColor)"
    )
    ends = [
        np.array([int(text[i : i + 2], 16) for i in (1, 3, 5)])
        for text in (
            PALETTES["light"].weight_low,
            PALETTES["light"].neutral,
            PALETTES["light"].weight_high,
        )
    ]
    expected = [ends[0], (ends[1] + ends[2]) / 2, ends[1]]
    for colour, wanted in zip(colours, expected, strict=False):
        np.testing.assert_allclose(json.loads(f"[{colour[4:-1]}]"), wanted, atol=0.6)


@pytest.mark.parametrize(("lang", "decimal"), [("en", "1234.568"), ("pt_BR", "1234,568")])
def test_a_large_number_has_no_marks_that_would_be_misread(open_board, lang, decimal):
    page = open_board("1234.5678", f"lang={lang}")
    assert shown(page)[0] == decimal
    field = page.locator(".board input")
    field.press("End")
    field.press("End")
    field.press("Backspace")
    settled(page, lambda: field.press("Enter"))
    assert float(told(page)["text"]) == pytest.approx(1234.56, abs=1e-4)


# ---------------------------------------------------------------- the server's answers


def test_an_answer_leaves_what_is_being_typed(open_board):
    page = open_board(query="delay=0.6")
    cell(page, 1, 1).fill("4")
    page.keyboard.press("ArrowDown")
    page.keyboard.type("12")
    page.wait_for_timeout(200)
    ready(page)
    assert told(page)["text"] == "4,0,-1;2,0,-2;1,0,-1", "the first one is answered"
    page.keyboard.type("3")
    assert cell(page, 2, 1).input_value() == "123"
    settled(page, lambda: page.keyboard.press("Enter"))
    assert told(page)["text"] == "4,0,-1;123,0,-2;1,0,-1"


def test_changes_that_follow_fast_are_never_taken_back(open_board):
    page = open_board(query="delay=0.5")
    page.evaluate("""() => {
      const root = document.querySelector('[data-testid="stBidiComponentIsolated"]').shadowRoot
      window.seen = []
      setInterval(() => window.seen.push(root.querySelectorAll('.board input')[0].value), 15)
    }""")
    cell(page, 1, 1).fill("7")
    page.keyboard.press("Enter")
    page.wait_for_timeout(150)
    cell(page, 1, 2).fill("8")
    page.keyboard.press("Enter")
    page.wait_for_timeout(100)
    cell(page, 1, 3).fill("9")
    page.keyboard.press("Enter")
    page.wait_for_timeout(200)
    ready(page)
    assert told(page)["text"] == "7,8,9;2,0,-2;1,0,-1"
    assert shown(page)[:3] == ["7", "8", "9"]
    seen = page.evaluate("window.seen")
    assert set(seen[seen.index("7") :]) == {"7"}


def test_a_change_of_the_page_right_after_a_typed_number_wins(open_board):
    page = open_board(query="delay=0.3")
    cell(page, 1, 1).fill("5")
    settled(page, lambda: page.get_by_role("button", name="Negate").click(delay=80))
    np.testing.assert_array_equal(
        parse_filter(told(page)["text"]), [[[-5, 0, 1], [-2, 0, 2], [-1, 0, 1]]]
    )
    assert shown(page)[0] == "−5"


def test_a_report_that_is_not_taken_gives_way_to_what_the_server_holds(open_board):
    page = open_board(query="deaf")
    enter(page, cell(page, 1, 1), "5")
    assert len(told(page)["reports"]) == 1
    assert shown(page)[0] == "1"


# ---------------------------------------------------------------- for everybody


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_the_board(open_board, scheme):
    page = open_board("1,0.6,-1;0.4,0,-0.5;0.75,0.3,-0.8", scheme=scheme)
    found = Axe().run(page, context=".stBidiComponent").response["violations"]
    assert [(each["id"], each["nodes"][0]["html"]) for each in found] == []


@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize("shape", [(1, 1, 1), (3, 1, 11), (3, 11, 11)], ids=str)
def test_boards_of_every_size_fit(open_board, shape, width):
    weights = np.arange(np.prod(shape), dtype=np.float32).reshape(shape) / 8 - 1
    page = open_board(format_filter(weights).replace("|", "%7C"), width=width)
    assert page.locator(".board input").count() == weights.size
    cut = page.locator(".card").evaluate("card => card.scrollWidth > card.clientWidth + 1")
    assert not cut
