"""Typing and painting on the board of the kernel editor, and what came of it."""

import json
import re

from tests.e2e.browser import settled


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
