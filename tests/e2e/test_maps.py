"""Filters and their maps in a real browser: one cell read in all maps, a card chosen."""

import json

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe

from cnnviz.figures.theme import PALETTES
from tests.e2e.browser import settled
from tests.e2e.pages.serving import serve

pytestmark = pytest.mark.e2e


def values(position, side=12, planes=1, kernel=3):
    """The maps of the page, drawn from the same numbers in the same order."""
    random = np.random.default_rng(0)
    for each in range(position + 1):
        height, width = (side, side) if each else (side - 1, side + 1)
        random.integers(-2, 3, (planes, kernel, kernel))
        drawn = random.normal(size=(height, width)).astype(np.float32)
    return (position + 1) * drawn


@pytest.fixture(scope="module")
def address():
    with serve("map_cards.py") as running:
        yield running


@pytest.fixture
def open_cards(address, open_page):
    def opened(query="", **options):
        page = open_page(f"{address}/?{query}", **options)
        opened.sent = open_page.sent
        return page

    return opened


def canvas(page, position):
    return page.locator(".maps canvas").nth(position)


def middle(page, position, cell):
    """Where a cell of a map is on the page."""
    card = canvas(page, position)
    card.scroll_into_view_if_needed()
    box, place = card.bounding_box(), card.evaluate("node => ({...node.dataset})")
    side = float(place["cell"])
    return (
        box["x"] + float(place["x"]) + (cell[1] + 0.5) * side,
        box["y"] + float(place["y"]) + (cell[0] + 0.5) * side,
    )


def colour(page, position, cell, at=(0.5, 0.5)):
    """Return the colour of a spot in a cell, from its top left corner."""
    return canvas(page, position).evaluate(
        """(canvas, [row, col, down, right]) => {
          const ratio = canvas.width / canvas.getBoundingClientRect().width
          const { x, y, cell } = canvas.dataset
          const spot = [Number(x) + (col + right) * cell, Number(y) + (row + down) * cell]
          const [left, top] = spot.map(n => Math.floor(n * ratio))
          return [...canvas.getContext('2d').getImageData(left, top, 1, 1).data.slice(0, 3)]
        }""",
        [*cell, *at],
    )


def expected_colour(value, limit, scheme="light"):
    low, neutral, high = (
        np.array([int(text[i : i + 2], 16) for i in (1, 3, 5)])
        for text in (PALETTES[scheme].map_low, PALETTES[scheme].neutral, PALETTES[scheme].map_high)
    )
    return neutral + ((low if value < 0 else high) - neutral) * abs(value) / limit


def said(page):
    """Row, column and numbers of the line below the cards."""
    text = page.locator(".says").inner_text()
    place, numbers = text.removesuffix(".").split(": ")
    return place, numbers


def floats(numbers):
    return [float(each.replace("−", "-")) for each in numbers.split("; ")]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_one_scale_for_all_maps_and_one_a_map_by_a_button(open_cards, scheme):
    page = open_cards(scheme=scheme)
    each = [values(position) for position in range(6)]
    peak = max(np.abs(one).max() for one in each)
    button = page.get_by_role("button", name="A colour scale for each map")

    def compare(limits):
        for position, (one, limit) in enumerate(zip(each, limits, strict=True)):
            for cell in ((0, 0), (5, 7), (10, 11)):
                wanted = expected_colour(one[cell], limit, scheme)
                np.testing.assert_allclose(colour(page, position, cell), wanted, atol=1.6)

    compare([peak] * 6)
    sent = len(open_cards.sent)
    button.click()
    assert button.get_attribute("aria-pressed") == "true"
    compare([np.abs(one).max() for one in each])
    button.click()
    compare([peak] * 6)
    assert len(open_cards.sent) == sent


def test_a_cell_is_read_and_outlined_in_every_map_and_nothing_is_sent(open_cards):
    page = open_cards()
    sent = len(open_cards.sent)
    accent = [int(PALETTES["light"].accent[i : i + 2], 16) for i in (1, 3, 5)]
    for cell in ((0, 0), (3, 4), (10, 11)):
        page.mouse.move(*middle(page, 1, cell))
        place, numbers = said(page)
        assert place == f"Row {cell[0]}, column {cell[1]} (counted from 0)"
        wanted = [values(position)[cell] for position in range(6)]
        np.testing.assert_allclose(floats(numbers), wanted, atol=0.0051)
        for position in range(6):
            assert colour(page, position, cell, (0.5, 0.0)) == accent
    page.mouse.move(*middle(page, 1, (11, 3)))
    assert said(page)[1].split("; ")[0] == "none", "the first map has one row less"
    page.mouse.move(0, 0)
    assert "Point at a cell" in page.locator(".says").inner_text()
    page.wait_for_timeout(300)
    assert len(open_cards.sent) == sent


def test_many_large_maps_travel_as_bytes_and_the_words_say_about(open_cards):
    page = open_cards("side=224&planes=3&kernel=5")
    one = [values(position, 224, 3, 5) for position in range(6)]
    for cell in ((0, 0), (100, 57)):
        canvas(page, 2).focus()
        page.keyboard.press("Control+Home")
        for key, times in (("ArrowDown", cell[0]), ("ArrowRight", cell[1])):
            for _ in range(times):
                page.keyboard.press(key)
        text = page.locator(".says").inner_text()
        assert f"Row {cell[0]}, column {cell[1]} (counted from 0): about " in text
        numbers = floats(text.removesuffix(".").split("about ")[1])
        for each, number in zip(one, numbers, strict=True):
            step = float(np.abs(each).max()) / 127
            assert number == pytest.approx(float(each[cell]), abs=step / 2 + 0.006)


def test_a_click_chooses_and_the_choice_is_marked(open_cards):
    page = open_cards()
    assert page.locator(".card.chosen").count() == 0
    settled(page, lambda: page.mouse.click(*middle(page, 3, (2, 2))))
    assert json.loads(page.get_by_test_id("stText").inner_text()) == {"chosen": 3}
    name = page.get_by_role("button", name="Filter 4")
    assert name.get_attribute("aria-pressed") == "true"
    assert page.locator(".card.chosen").count() == 1


def test_the_keyboard_chooses_reads_and_walks(open_cards):
    page = open_cards()
    page.get_by_role("button", name="Filter 2").focus()
    settled(page, lambda: page.keyboard.press("Enter"))
    assert json.loads(page.get_by_test_id("stText").inner_text()) == {"chosen": 1}
    page.locator(".maps canvas[tabindex='0']").focus()
    assert page.locator(".maps canvas[tabindex='0']").count() == 1
    for key, place in (
        ("Control+Home", (0, 0)), ("ArrowUp", (0, 0)), ("ArrowRight", (0, 1)),
        ("ArrowDown", (1, 1)), ("End", (1, 12)), ("Home", (1, 0)), ("Control+End", (10, 12)),
    ):  # fmt: skip
        page.keyboard.press(key)
        assert said(page)[0] == "Row {}, column {} (counted from 0)".format(*place)
    settled(page, lambda: page.keyboard.press("Enter"))
    assert json.loads(page.get_by_test_id("stText").inner_text()) == {"chosen": 0}
    assert said(page)[0].startswith("Row 10, column 12"), "the answer leaves the cell that is read"


@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize("query", ["count=16&side=5&kernel=2", "count=1&side=1&kernel=1",
                                   "side=224&planes=3&kernel=11"])  # fmt: skip
def test_cards_of_every_kind_fit(open_cards, query, width):
    page = open_cards(query, width=width)
    cut = page.locator(".card").evaluate_all(
        "cards => cards.filter(card => card.scrollWidth > card.clientWidth + 1).length"
    )
    assert cut == 0
    over = page.locator(".root").evaluate("root => root.scrollWidth > root.clientWidth + 1")
    assert not over


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_the_cards(open_cards, scheme):
    page = open_cards(scheme=scheme)
    settled(page, lambda: page.get_by_role("button", name="Filter 2").click())
    found = Axe().run(page, context=".stBidiComponent").response["violations"]
    assert [(each["id"], each["nodes"][0]["html"]) for each in found] == []
