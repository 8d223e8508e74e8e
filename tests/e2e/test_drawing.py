"""Digits drawn with the mouse in a real browser, read by the shipped network."""

import pytest

from tests.e2e.browser import ready, settled

pytestmark = pytest.mark.e2e

# Strokes as a person draws them, in shares of the pad (x, y); not the samples' own strokes.
DIGITS = {
    0: [[(0.5, 0.18), (0.34, 0.27), (0.28, 0.5), (0.33, 0.75), (0.5, 0.85), (0.67, 0.74),
         (0.72, 0.5), (0.66, 0.27), (0.5, 0.18)]],
    1: [[(0.42, 0.28), (0.53, 0.16), (0.52, 0.84)]],
    2: [[(0.3, 0.33), (0.38, 0.2), (0.55, 0.17), (0.68, 0.28), (0.62, 0.45), (0.45, 0.63),
         (0.29, 0.82), (0.5, 0.81), (0.74, 0.82)]],
    3: [[(0.31, 0.24), (0.47, 0.16), (0.65, 0.23), (0.63, 0.39), (0.46, 0.48), (0.64, 0.56),
         (0.69, 0.72), (0.53, 0.84), (0.31, 0.77)]],
    4: [[(0.36, 0.17), (0.3, 0.38), (0.29, 0.54), (0.71, 0.54)], [(0.63, 0.2), (0.62, 0.86)]],
    5: [[(0.68, 0.18), (0.37, 0.18), (0.34, 0.44), (0.53, 0.42), (0.68, 0.54), (0.67, 0.73),
         (0.52, 0.85), (0.31, 0.79)]],
    6: [[(0.6, 0.16), (0.43, 0.33), (0.33, 0.57), (0.36, 0.76), (0.5, 0.85), (0.64, 0.77),
         (0.65, 0.62), (0.52, 0.53), (0.37, 0.62)]],
    7: [[(0.29, 0.2), (0.7, 0.2), (0.58, 0.47), (0.46, 0.85)]],
    8: [[(0.64, 0.26), (0.5, 0.17), (0.37, 0.27), (0.42, 0.41), (0.6, 0.55), (0.67, 0.7),
         (0.52, 0.85), (0.36, 0.73), (0.43, 0.56), (0.6, 0.41), (0.64, 0.26)]],
    9: [[(0.64, 0.32), (0.52, 0.2), (0.38, 0.28), (0.38, 0.43), (0.51, 0.5), (0.64, 0.38),
         (0.64, 0.3), (0.63, 0.55), (0.57, 0.85)]],
}  # fmt: skip


def draw(page, strokes):
    pad = page.get_by_role("application", name="Drawing pad")
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    for stroke in strokes:
        points = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in stroke]
        page.mouse.move(*points[0])
        page.mouse.down()
        for point in points[1:]:
            page.mouse.move(*point, steps=6)
        page.mouse.up()


def open_pad(page):
    settled(page, lambda: page.get_by_role("radio", name="Draw").click())
    page.get_by_role("application", name="Drawing pad").wait_for()


def answer(page):
    return page.locator('[data-stage="probabilities"] .row.best b').inner_text()


def test_six_and_more_drawn_digits_are_read_right(server, open_page):
    page = open_page(f"{server}/network?lang=en")
    open_pad(page)
    read = {}
    for digit, strokes in DIGITS.items():
        settled(page, lambda strokes=strokes: draw(page, strokes))
        read[digit] = answer(page)
        settled(page, lambda: page.get_by_role("button", name="Clear").click())
    wrong = {digit: said for digit, said in read.items() if said != str(digit)}
    assert wrong == {}


def test_predictions_follow_each_stroke(server, open_page):
    page = open_page(f"{server}/network?lang=en")
    open_pad(page)
    seen = []
    for stroke in DIGITS[4]:
        settled(page, lambda stroke=stroke: draw(page, [stroke]))
        seen.append(page.locator('[data-stage="logits"]').inner_text())
    assert seen[0] != seen[1]
    assert answer(page) == "4"
    settled(page, lambda: page.get_by_role("button", name="Undo").click())
    assert page.locator('[data-stage="logits"]').inner_text() == seen[0]


def test_a_stroke_survives_the_answer_to_the_one_before(server, open_page):
    page = open_page(f"{server}/network?lang=en")
    open_pad(page)
    pad = page.get_by_role("application", name="Drawing pad")
    box = pad.bounding_box()
    at = lambda x, y: (box["x"] + x * box["width"], box["y"] + y * box["height"])  # noqa: E731
    draw(page, DIGITS[4][:1])
    page.mouse.move(*at(0.63, 0.2))
    page.mouse.down()
    page.mouse.move(*at(0.63, 0.4), steps=4)
    page.wait_for_timeout(1500)  # the answer to the first stroke arrives meanwhile
    page.mouse.move(*at(0.62, 0.86), steps=4)
    settled(page, page.mouse.up)
    assert answer(page) == "4"
    inked = page.locator(".says[data-inked]").get_attribute("data-inked")
    page.mouse.move(*at(0.1, 0.1), steps=4)
    page.mouse.move(*at(0.9, 0.9), steps=4)
    assert page.locator(".says[data-inked]").get_attribute("data-inked") == inked


def test_leaving_the_pad_lifts_the_pen(server, open_page):
    page = open_page(f"{server}/network?lang=en")
    open_pad(page)
    page.get_by_role("application", name="Drawing pad").focus()
    page.keyboard.press(" ")
    for _ in range(9):
        page.keyboard.press("ArrowDown")
    settled(page, lambda: page.keyboard.press("Tab"))
    assert page.locator('[data-stage="probabilities"]').count() == 1


def test_an_empty_pad_gives_no_class(server, open_page):
    page = open_page(f"{server}/network?lang=en")
    open_pad(page)
    assert page.get_by_text("no digit, no class").is_visible()
    assert page.locator('[data-stage="probabilities"]').count() == 0


def test_the_drawing_follows_from_page_to_page(server, open_page):
    page = open_page(f"{server}/?lang=en")
    open_pad(page)
    settled(page, lambda: draw(page, DIGITS[3]))
    inked = page.locator(".says[data-inked]").get_attribute("data-inked")
    assert int(inked) > 50
    settled(page, lambda: page.get_by_role("link", name="Network").click())
    ready(page)
    assert page.locator(".says[data-inked]").get_attribute("data-inked") == inked
    assert answer(page) == "3"


def test_a_finger_draws_and_the_page_stays(server, open_page):
    page = open_page(f"{server}/network?lang=en", width=390, height=844, has_touch=True)
    open_pad(page)
    pad = page.get_by_role("application", name="Drawing pad")
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    finger = page.context.new_cdp_session(page)
    where = lambda share: {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] * share}  # noqa: E731
    finger.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [where(0.2)]})
    for step in range(1, 13):
        point = where(0.2 + 0.05 * step)
        finger.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [point]})
    settled(
        page,
        lambda: finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []}),
    )
    assert int(page.locator(".says[data-inked]").get_attribute("data-inked")) > 20
    assert pad.bounding_box()["y"] == pytest.approx(box["y"], abs=2)
    assert answer(page) == "1"


def test_the_keyboard_draws(server, open_page):
    page = open_page(f"{server}/network?lang=en")
    open_pad(page)
    page.get_by_role("application", name="Drawing pad").focus()
    for _ in range(9):
        page.keyboard.press("ArrowUp")
    page.keyboard.press(" ")
    for _ in range(18):
        page.keyboard.press("ArrowDown")
    settled(page, lambda: page.keyboard.press(" "))
    assert answer(page) == "1"
