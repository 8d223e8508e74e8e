"""The network's strip of layers in a real browser: a click or Enter shows a layer on the wall."""

import pytest

from tests.e2e.browser import ready, settled

pytestmark = pytest.mark.e2e


@pytest.fixture
def open_plan(server, open_page):
    def opened(query="", **options):
        page = open_page(f"{server}/network?lang=en&picture=digit-4{query}", **options)
        page.locator(".strip").wait_for(timeout=60_000)
        page.locator(".trail").wait_for(timeout=60_000)
        ready(page)
        opened.sent = open_page.sent
        return page

    return opened


def stage_of(page, layer):
    return page.locator(f'.wall [data-stage="{layer}"]')


def is_in_view(page, stage):
    box = stage.bounding_box()
    return box["y"] >= 0 and box["y"] + box["height"] <= page.viewport_size["height"]


@pytest.mark.parametrize("layer", ["conv2", "linear2"])
def test_a_layer_comes_into_view_without_asking_the_server(open_plan, layer):
    page = open_plan()
    stage = stage_of(page, layer)
    assert not is_in_view(page, stage)
    before = len(open_plan.sent)
    button = page.locator(f'.strip [data-layer="{layer}"]')
    button.focus()
    page.keyboard.press("Enter")
    page.wait_for_timeout(900)
    assert is_in_view(page, stage)
    focused = page.evaluate(
        """() => [...document.querySelectorAll('[data-testid="stBidiComponentIsolated"]')]
        .map(host => host.shadowRoot.activeElement?.dataset.focus).find(Boolean)"""
    )
    assert focused == f"maps-{layer}"
    assert len(open_plan.sent) == before


def test_flattening_has_no_maps_and_shows_those_after_it(open_plan):
    page = open_plan()
    page.locator('.strip [data-layer="flatten"]').click()
    page.wait_for_timeout(900)
    assert is_in_view(page, stage_of(page, "linear1"))


def test_what_is_asked_about_is_marked_as_the_trail_goes_on(open_plan):
    page = open_plan("&why=linear2,4,0,0")
    marked = page.locator(".strip [aria-current]")
    assert marked.get_attribute("data-layer") == "linear2"
    settled(page, lambda: page.locator("button.term").first.click())
    assert marked.get_attribute("data-layer") == "relu3"


def test_a_far_wall_is_painted_when_it_is_looked_at(open_plan):
    page = open_plan()
    canvas = stage_of(page, "linear2").locator("canvas")
    is_painted = (
        "canvas => canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height)"
        ".data.some(level => level)"
    )
    canvas.scroll_into_view_if_needed()
    page.wait_for_timeout(300)
    assert canvas.evaluate(is_painted)


def test_on_a_phone_the_strip_scrolls_and_the_page_does_not(open_plan):
    page = open_plan(width=390)
    main = page.locator('[data-testid="stMain"]')
    assert main.evaluate("node => node.scrollWidth - node.clientWidth") <= 1
    strip = page.locator(".strip")
    assert strip.evaluate("node => node.scrollLeft") == 0, "it starts with the input"
    assert strip.evaluate("node => node.scrollWidth > 2 * node.clientWidth")
