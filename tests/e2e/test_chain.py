"""The chain in a real browser: values and fields of cells against those computed here."""

import json
import re

import numpy as np
import pytest

from cnnviz.core.lab.chain import EXAMPLE, fields_back
from cnnviz.core.lab.chain_text import parse_chain
from cnnviz.core.samples import draw_sample
from cnnviz.nn.lab.operations import run_chain
from tests.e2e.browser import settled
from tests.e2e.pages.serving import serve

pytestmark = pytest.mark.e2e

ODD = "typed:1,2;3,4;5,6:2:3:2~sigmoid~avg:3:1~conv:box:3:1:4"


@pytest.fixture(scope="module")
def page_server():
    with serve("chain.py") as address:
        yield address


def told(page):
    """What is said of the cell in force: its stage, row, column, value, and its fields."""
    data = page.locator(".says").evaluate("node => ({...node.dataset})")
    fields = [
        (rows[0], cols[0], rows[1] - rows[0] + 1, cols[1] - cols[0] + 1)
        for rows, cols in json.loads(data["fields"])
    ]
    place = tuple(int(data[name]) for name in ("stage", "row", "col"))
    return place, float(data["value"]), tuple(fields)


def canvas_of(page, stage):
    return page.locator(f'[data-stage="{stage}"] canvas')


def hover(page, stage, cell, shape):
    canvas = canvas_of(page, stage)
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    page.mouse.move(
        box["x"] + (cell[1] + 0.5) * box["width"] / shape[1],
        box["y"] + (cell[0] + 0.5) * box["height"] / shape[0],
    )


def ink(page, stage):
    """Pixels of a map in the accent colour."""
    return canvas_of(page, stage).evaluate(
        """canvas => {
          const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height)
          let count = 0
          for (let i = 0; i < data.length; i += 4)
            if (data[i] === 0xd6 && data[i + 1] === 0 && data[i + 2] === 0x6c) count++
          return count
        }"""
    )


@pytest.mark.parametrize("text", ["", ODD])
def test_cells_and_their_fields_are_those_of_the_maps(page_server, open_page, text):
    page = open_page(f"{page_server}/?lang=en" + (f"&chain={text}" if text else ""))
    chain, image = parse_chain(text) if text else EXAMPLE, draw_sample("digit-7")
    maps = (image, *run_chain(image, chain))
    random = np.random.default_rng(0)
    for stage, values in enumerate(maps):
        for cell in random.integers(0, values.shape[1:], (6, 2)).tolist():
            hover(page, stage, cell, values.shape[1:])
            place, value, fields = told(page)
            assert place == (stage, *cell)
            assert value == pytest.approx(float(values[0][tuple(cell)]), abs=1e-6)
            assert fields == fields_back(chain, stage, *cell)


def test_what_is_said_is_what_is_seen(page_server, open_page):
    page = open_page(f"{page_server}/?lang=en")
    hover(page, 6, (3, 4), (7, 7))
    said = page.locator(".says").inner_text()
    number = re.search(r"Row 3, column 4 .* after step 6 is ([\d.]+); it sees 10 × 10", said)
    maps = run_chain(draw_sample("digit-7"), EXAMPLE)
    assert float(number[1]) == pytest.approx(255 * maps[5][0, 3, 4], abs=0.006)
    assert "rows 9 to 18, columns 13 to 22." in said
    hover(page, 6, (0, 0), (7, 7))
    said = page.locator(".says").inner_text()
    assert "it sees 7 × 7 pixels of the picture: rows 0 to 6, columns 0 to 6." in said
    assert "Its whole field is 10 × 10" in said


def test_the_field_grows_back_to_the_picture(page_server, open_page):
    page = open_page(f"{page_server}/?lang=en")
    page.wait_for_timeout(1500)
    assert all(ink(page, stage) > 0 for stage in range(7)), "alive before anything is touched"
    hover(page, 3, (5, 5), (14, 14))
    assert ink(page, 3) > 0
    assert ink(page, 0) == 0, "it has not come there yet"
    assert ink(page, 4) == 0, "later maps are not seen"
    page.wait_for_timeout(900)
    assert all(ink(page, stage) > 0 for stage in range(4))
    hover(page, 3, (6, 5), (14, 14))
    assert ink(page, 0) > 0, "on the same map the whole field moves along"


def test_reduced_motion_shows_the_whole_field_at_once(page_server, open_page):
    page = open_page(f"{page_server}/?lang=en", reduced_motion="reduce")
    hover(page, 6, (3, 3), (7, 7))
    assert all(ink(page, stage) > 0 for stage in range(7))


def test_the_keyboard_reaches_every_cell(page_server, open_page):
    page = open_page(f"{page_server}/?lang=en")
    canvas_of(page, 3).focus()
    for key in ("Control+Home", "ArrowDown", "ArrowRight", "ArrowRight", "ArrowUp", "ArrowUp"):
        page.keyboard.press(key)
    assert told(page)[0] == (3, 0, 2)
    page.keyboard.press("Control+End")
    assert told(page)[0] == (3, 13, 13)
    page.keyboard.press("Tab")
    assert told(page)[0][0] == 4


def test_pointing_asks_no_server(page_server, open_page):
    page = open_page(f"{page_server}/?lang=en")
    assert open_page.sent
    before = len(open_page.sent)
    for cell in ((1, 1), (3, 5), (6, 6)):
        hover(page, 6, cell, (7, 7))
    canvas_of(page, 2).focus()
    page.keyboard.press("ArrowLeft")
    page.wait_for_timeout(500)
    assert len(open_page.sent) == before


def test_the_cell_stays_when_steps_change(page_server, open_page):
    page = open_page(f"{page_server}/?lang=en")
    hover(page, 6, (6, 6), (7, 7))
    settled(page, lambda: page.get_by_role("button", name="6. Max pooling").click())
    settled(page, lambda: page.get_by_role("button", name="Remove").click())
    place, *_ = told(page)
    assert place[0] == 5, "its map is gone: the strongest cell of the last one"
    hover(page, 5, (13, 13), (14, 14))
    settled(page, lambda: page.get_by_role("button", name="Add: Max pooling").click())
    assert told(page)[0] == (5, 13, 13)


def test_a_step_is_changed_and_moved_in_place(page_server, open_page):
    page = open_page(f"{page_server}/?lang=en&chain=relu~max:2:2")
    step = page.get_by_role("button", name="2. Max pooling 2 × 2")
    settled(page, step.click)
    field = page.get_by_role("spinbutton", name="Pooling window")
    field.fill("4")
    settled(page, lambda: field.press("Enter"))
    assert field.input_value() == "4", "the controls stay open"
    assert page.locator(".card h2").all_inner_texts()[-1] == "2. Max pooling 4 × 4"
    assert page.locator(".card .shape").all_inner_texts()[-1] == "13 × 13"
    settled(page, lambda: page.keyboard.press("Escape"))
    assert page.get_by_role("button", name="2. Max pooling 4 × 4").count() == 1
    settled(page, lambda: page.get_by_role("button", name="2. Max pooling 4 × 4").click())
    settled(page, lambda: page.get_by_role("button", name="Earlier").click())
    assert page.get_by_role("button", name="1. Max pooling 4 × 4").count() == 1
    assert page.locator(".card .shape").all_inner_texts() == ["28 × 28", "13 × 13", "13 × 13"]


@pytest.mark.parametrize("query", ["", "challenge=stamp", "challenge=upright"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_nothing_is_cut_off(page_server, open_page, width, scheme, query):
    page = open_page(f"{page_server}/?lang=pt_BR&{query}", width=width, scheme=scheme)
    main = page.locator('[data-testid="stMain"]')
    assert main.evaluate("node => node.scrollWidth - node.clientWidth") <= 1
    assert page.locator(".card").count() > 1
    cut = page.locator(".card").evaluate_all(
        "cards => cards.filter(card => card.scrollWidth > card.clientWidth + 1).length"
    )
    assert cut == 0
