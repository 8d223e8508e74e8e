"""A real server and a real Chromium. Off by default: run with `-m e2e`."""

import shutil

import pytest
from playwright.sync_api import Page, sync_playwright

from tests.e2e.browser import fresh_server, note, ready
from tests.e2e.pages.serving import serve

BROWSER_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
]


@pytest.fixture(scope="session")
def server():
    with fresh_server() as (address, _process):
        yield address


@pytest.fixture(scope="session")
def chromium():
    path = shutil.which("chromium") or shutil.which("google-chrome")
    assert path, "the browser tests need Chromium; on Debian: apt-get install chromium"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=BROWSER_FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def open_page(chromium, request):
    """Open an address in a context of its own; fails the test on any console error of ours."""
    contexts, complaints = [], []

    def opened(url, *, width=1440, height=900, scheme="light", is_ready=True, **options) -> Page:
        context = chromium.new_context(
            viewport={"width": width, "height": height}, color_scheme=scheme, **options
        )
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(f"error: {error}"))
        page.on("console", lambda message: note(message, complaints))
        sent = opened.sent = []
        page.on(
            "websocket", lambda socket: socket.on("framesent", lambda frame: sent.append(frame))
        )
        page.goto(url)
        if is_ready:
            ready(page)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert not complaints


@pytest.fixture(scope="session")
def board_server():
    with serve("kernel_board.py") as running:
        yield running


@pytest.fixture
def open_board(board_server, open_page):
    """Open the kernel editor alone, with a filter as links have it."""

    def opened(k="1,0,-1;2,0,-2;1,0,-1", query="", **options) -> Page:
        page = open_page(f"{board_server}/?k={k.replace(';', '%3B')}&{query}", **options)
        opened.sent = open_page.sent
        return page

    return opened
