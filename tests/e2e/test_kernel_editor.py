"""The kernel editor in a real browser: what is typed and painted is what the server gets."""

import json
import re

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe

from cnnviz.core.kernel_text import format_filter, parse_filter
from cnnviz.figures.theme import PALETTES
from tests.e2e.browser import ready, settled
from tests.e2e.pages.serving import serve

pytestmark = pytest.mark.e2e

SOBEL = "1,0,-1;2,0,-2;1,0,-1"


@pytest.fixture(scope="module")
def address():
    with serve("kernel_board.py") as running:
        yield running


@pytest.fixture
def open_board(address, open_page):
    def opened(k=SOBEL, query="", **options):
        page = open_page(f"{address}/?k={k.replace(';', '%3B')}&{query}", **options)
        opened.sent = open_page.sent
        return page

    return opened


def told(page):
    """What the server holds, every report it has had, and what the editor returned."""
    return json.loads(page.get_by_test_id("stText").inner_text())


def cell(page, row, col, plane=0):
    name = re.compile(rf"\brow {row}, column {col}$", re.IGNORECASE)
    return page.locator(".plane").nth(plane).get_by_label(name)


def shown(page):
    return page.locator(".board input").evaluate_all("all => all.map(input => input.value)")


def enter(page, field, text, key="Enter"):
    field.fill(text)
    settled(page, lambda: page.keyboard.press(key))


def middle(page, row, col, plane=0):
    box = cell(page, row, col, plane).bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def drag(page, *cells, button="left"):
    page.mouse.move(*middle(page, *cells[0]))
    page.mouse.down(button=button)
    for each in cells[1:]:
        page.mouse.move(*middle(page, *each))
    page.mouse.up(button=button)


def painting(page, value="1"):
    field = page.get_by_label("Number to paint with")
    field.fill(value)
    field.press("Enter")
    page.get_by_role("button", name="Paint").click()


# ---------------------------------------------------------------- reading


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


# ---------------------------------------------------------------- typing


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


# ---------------------------------------------------------------- painting


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
