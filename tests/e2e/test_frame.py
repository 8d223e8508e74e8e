"""What surrounds the pages: Back, reset, and a server that goes away."""

import signal

import pytest
from playwright.sync_api import expect

from tests.e2e.browser import fresh_server, settled

pytestmark = pytest.mark.e2e


def go(page, name):
    settled(page, lambda: page.get_by_role("link", name=name, exact=True).click())


def value(page, label):
    group = page.get_by_role("radiogroup", name=label).first
    return group.locator('[aria-checked="true"]').inner_text()


def test_back_is_one_step_a_page_and_finds_it_as_it_was(server, open_page):
    page = open_page(f"{server}/?lang=en")
    steps = page.evaluate("history.length")
    go(page, "Convolution")
    stride = page.get_by_role("radiogroup", name="Stride").first
    for name in ("3", "2"):
        settled(page, lambda name=name: stride.get_by_role("radio", name=name).click())
    settled(page, lambda: page.get_by_role("radio", name="Sigmoid").click())
    left = page.url
    assert "stride=2" in left
    assert "activation=sigmoid" in left
    go(page, "Network")
    go(page, "Pixels")
    assert page.evaluate("history.length") == steps + 3
    settled(page, page.go_back)
    assert page.locator("h1").inner_text() == "Network"
    settled(page, page.go_back)
    assert page.locator("h1").inner_text() == "Convolution"
    assert sorted(page.url.split("?")[1].split("&")) == sorted(left.split("?")[1].split("&"))
    assert value(page, "Stride") == "2"
    settled(page, page.go_back)
    assert page.locator("h1").inner_text() == "From pixels to an answer"
    settled(page, page.go_forward)
    assert value(page, "Stride") == "2"


def test_nothing_fades_while_a_run_goes_on(server, open_page):
    page = open_page(f"{server}/convolution?lang=en")
    styles = page.locator('[data-testid="stMain"] [data-stale]').first.evaluate(
        """node => {
            node.setAttribute("data-stale", "true");
            const { opacity, transitionDuration } = getComputedStyle(node);
            return { opacity, transitionDuration };
        }"""
    )
    assert styles == {"opacity": "1", "transitionDuration": "0s"}


def test_reset_all_puts_every_control_back(server, open_page):
    query = "stride=3&padding=2&kernel=box&bias=0.5&activation=tanh&pool=avg&pool_size=3&cell=1,1"
    page = open_page(f"{server}/convolution?lang=pt_BR&{query}&unit=1&picture=circle&edits=invert")
    settled(page, lambda: page.get_by_role("button", name="Redefinir tudo").click())
    fresh = open_page(f"{server}/convolution?lang=pt_BR")
    assert sorted(page.url.split("?")[1].split("&")) == sorted(fresh.url.split("?")[1].split("&"))
    main = '[data-testid="stMain"]'
    assert page.locator(main).inner_text() == fresh.locator(main).inner_text()
    first, second = (
        each.locator(".sum .terms").first.evaluate("node => ({...node.dataset})")
        for each in (page, fresh)
    )
    assert first == second


def test_a_lost_connection_is_said_and_mended(open_page):
    with fresh_server() as (address, _process):
        page = open_page(f"{address}/convolution?lang=pt_BR&stride=2")
        banner = page.locator(".lost")
        assert not banner.is_visible()
        page.context.set_offline(True)
        banner.wait_for(state="visible")
        assert "A conexão com o servidor caiu." in banner.inner_text()
        assert page.locator(".output canvas").first.is_visible()
        page.context.set_offline(False)
        banner.wait_for(state="hidden")
        page.context.close()


def test_a_server_that_goes_away_is_said(open_page):
    with fresh_server() as (address, process):
        page = open_page(f"{address}/convolution?lang=en")
        process.send_signal(signal.SIGTERM)
        page.locator(".lost").wait_for(state="visible", timeout=30_000)
        assert "The connection to the server is lost." in page.locator(".lost").inner_text()
        page.context.close()


def test_a_change_made_while_torch_still_loads_is_shown(open_page):
    with fresh_server() as (address, _process):
        page = open_page(f"{address}/convolution?lang=en", is_ready=False)
        stride = page.get_by_role("radiogroup", name="Stride").first
        stride.get_by_role("radio", name="2", exact=True).click(timeout=60_000)
        shown = page.locator(".output .shape")
        expect(shown.first).to_have_text("1 × 13 × 13", timeout=60_000)
        expect(shown.last).to_have_text("1 × 6 × 6", timeout=60_000)
        page.context.close()
