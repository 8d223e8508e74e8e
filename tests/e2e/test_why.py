"""Why this number, in a real browser: walked back to a pixel, every number held to PyTorch's."""

import pytest

from cnnviz.core.pictures.digits import prepare_digit
from cnnviz.core.samples import draw_sample
from tests.e2e.browser import ready, settled

pytestmark = pytest.mark.e2e

KINDS = [
    "probabilities", "linear2", "relu3", "linear1", "flatten", "pool2", "relu2", "conv2",
    "pool1", "relu1", "conv1", "normalize", "input",
]  # fmt: skip


@pytest.fixture(scope="module")
def activations():
    from cnnviz.nn import capture, load_network

    image = prepare_digit(draw_sample("digit-4")).image
    return {each.name: each.values for each in capture(load_network("mnist"), image)}


@pytest.fixture
def open_why(server, open_page):
    def opened(query="", **options):
        page = open_page(f"{server}/network?lang=en&picture=digit-4{query}", **options)
        page.locator(".trail").wait_for(timeout=60_000)
        ready(page)
        opened.sent = open_page.sent
        return page

    return opened


def asked(page):
    layer, *place = page.url.split("why=")[1].split("&")[0].replace("%2C", ",").split(",")
    return layer, tuple(map(int, place))


def told(page):
    return float(page.locator(".total").get_attribute("data-value"))


def ask_on(page):
    """Ask about the first number that went into this one, with the keyboard alone."""
    terms = page.locator("button.term")
    if terms.count():
        settled(page, lambda: terms.first.press("Enter"))
        return
    patch = page.locator(".plane canvas[tabindex]").first
    patch.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    settled(page, lambda: page.keyboard.press("Enter"))


def test_the_way_back_from_an_answer_to_a_pixel_and_forward_again(open_why, activations):
    page = open_why("&why=probabilities,4,0,0")
    walked = []
    for layer in KINDS:
        here, (channel, row, col) = asked(page)
        assert here == layer
        if layer != "probabilities":
            values = activations[layer]
            expected = values[channel] if values.ndim == 1 else values[channel, row, col]
            assert told(page) == pytest.approx(float(expected), abs=1e-5), layer
        walked.append(told(page))
        if layer != "input":
            ask_on(page)
    crumbs = page.locator(".crumb")
    assert crumbs.count() == len(KINDS)
    assert page.locator("button.term, .plane").count() == 0, "a pixel comes from nowhere"
    for position in (0, 7, 12, 3):
        settled(page, lambda position=position: crumbs.nth(position).click())
        assert told(page) == pytest.approx(walked[position], abs=1e-9)
        assert crumbs.count() == len(KINDS), "the way on is kept"
        assert crumbs.nth(position).get_attribute("aria-current") == "step"
    reopened = open_why(f"&{page.url.split('?')[1]}")
    assert told(reopened) == pytest.approx(walked[3], abs=1e-9)


def test_pointing_asks_no_server_and_says_the_product(open_why):
    page = open_why("&why=conv2,3,7,7")
    patch = page.locator(".plane canvas[tabindex]").first
    patch.scroll_into_view_if_needed()
    before = len(open_why.sent)
    box = patch.bounding_box()
    for x, y in ((0.1, 0.1), (0.5, 0.5), (0.9, 0.9)):
        page.mouse.move(box["x"] + x * box["width"], box["y"] + y * box["height"])
    said = page.locator(".trail ~ .says").inner_text()
    assert said.startswith("map 0, row 9, column 9: ")
    value, rest = said.split(": ")[1].replace("−", "-").split(" × ")
    weight, product = map(float, rest.split(" = "))
    assert float(value) * weight == pytest.approx(product, abs=2e-3)
    assert len(open_why.sent) == before


def test_a_cell_of_the_map_takes_the_place_of_the_open_one(open_why, activations):
    page = open_why("&why=pool1,2,3,3")
    page.locator(".map canvas").scroll_into_view_if_needed()
    box = page.locator(".map canvas").bounding_box()
    at = (box["x"] + 8.5 * box["width"] / 14, box["y"] + 6.5 * box["height"] / 14)
    settled(page, lambda: page.mouse.click(*at))
    assert asked(page) == ("pool1", (2, 6, 8))
    assert told(page) == pytest.approx(float(activations["pool1"][2, 6, 8]), abs=1e-5)
    assert page.locator(".crumb").count() == 1


def test_a_map_chosen_on_the_wall_is_asked_about(open_why):
    page = open_why()
    canvas = page.locator('[data-stage="conv2"] canvas')
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    settled(page, lambda: page.mouse.click(box["x"] + 10, box["y"] + 10))
    assert asked(page)[0] == "conv2"
    assert asked(page)[1][0] == 0
    box = page.locator(".trail").bounding_box()
    assert 0 <= box["y"] < 900 - 200, "the question stays beside the wall"


@pytest.mark.parametrize("why", ["conv2,3,7,7", "linear1,3,0,0", "probabilities,4,0,0"])
def test_nothing_is_cut_off_on_a_phone_and_in_the_dark(open_why, why):
    page = open_why(f"&why={why}", width=390, scheme="dark")
    main = page.locator('[data-testid="stMain"]')
    assert main.evaluate("node => node.scrollWidth - node.clientWidth") <= 1
    cut = page.locator(".card").evaluate_all(
        "cards => cards.filter(card => card.scrollWidth > card.clientWidth + 1)"
        ".map(card => card.className)"
    )
    assert cut == []
