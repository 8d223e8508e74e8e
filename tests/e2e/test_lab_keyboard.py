"""A piece of work in the lab, and one on pooling, without a pointer."""

import json
from pathlib import Path

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg

from tests.e2e.browser import ready, settled
from tests.e2e.keyboard import here, tab_to

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def warm(server, chromium):
    """The server once it has loaded torch: until then a change makes a page anew, and the focus
    is lost once (`show.fragment`)."""
    for _ in range(60):
        page, sent = chromium.new_page(), []

        def listen(socket, to=sent):
            socket.on("framesent", lambda frame: to.append(frame))

        page.on("websocket", listen)
        page.goto(f"{server}/convolution?lang=en")
        ready(page)
        settled(page, page.locator(".st-key-stride").get_by_role("radio", name="2").click)
        page.close()
        if BackMsg.FromString(sent[-1]).rerun_script.fragment_id:
            return server
    raise TimeoutError("torch was not loaded")


@pytest.fixture
def hands(open_page):
    """Open a page to be worked on with keys alone: `go` to a control, `press` and await."""

    class Hands:
        def open(self, address):
            self.page = open_page(address)

        def go(self, name="", **options):
            tab_to(self.page, name, **options)

        def press(self, *keys):
            for key in keys[:-1]:
                self.page.keyboard.press(key)
            settled(self.page, lambda: self.page.keyboard.press(keys[-1]))

        def type(self, text):
            self.page.keyboard.type(text)

    return Hands()


def sum_of(page):
    """Row, column and products of the first viewer."""
    data = page.locator(".sum .terms").first.evaluate("node => ({...node.dataset})")
    return int(data["row"]), int(data["col"]), json.loads(data["products"])


def test_a_filter_is_found_changed_moved_and_chained(warm, hands):
    hands.open(f"{warm}/convolution?lang=en")
    page = hands.page
    hands.go("Find a filter")
    hands.press("Enter")
    hands.go("What should it do?")
    hands.type("laplacian")
    hands.press("Enter")
    hands.go("Laplacian")
    hands.press("Enter")
    assert "kernel=laplacian" in page.url
    hands.press("Escape")

    hands.go("Change the numbers")
    hands.press("Enter")
    hands.go("Row 1, column 1")
    hands.press("ArrowDown", "ArrowRight")
    assert here(page)[0] == "Row 2, column 2"
    hands.press("Control+A")
    hands.type("-1/2")
    hands.press("Enter")
    assert "kernel=custom" in page.url
    assert "-0.5" in page.url
    hands.press("Escape")

    hands.go("0", key="st-key-stride")
    hands.press("ArrowRight", "ArrowRight", "Space")
    assert "stride=2" in page.url
    hands.go("Output.")
    hands.press("Control+Home", "ArrowDown", "ArrowRight", "Enter")
    assert "cell=1%2C1" in page.url
    row, col, products = sum_of(page)
    assert (row, col, len(products)) == (1, 1, 9)

    hands.go(key="st-key-word-section")
    hands.press(*["ArrowRight"] * 4, "Space")
    assert "section=chain" in page.url
    stages = page.locator("[data-focus^=stage]")
    assert stages.count() == 7
    hands.go("6. Max pooling")
    hands.press("Enter")
    hands.go("Remove")
    hands.press("Enter")
    assert stages.count() == 6
    hands.go("Add: Average pooling")
    hands.press("Enter")
    assert stages.count() == 7
    hands.go("6. Average pooling 2 × 2, size")
    hands.press("Control+Home", "ArrowDown")
    said = page.locator(".says[data-stage]").evaluate("node => ({...node.dataset})")
    assert (said["stage"], said["row"], said["col"]) == ("6", "1", "0")


def test_a_window_is_chosen_and_what_a_shift_does_is_read(warm, hands):
    hands.open(f"{warm}/pooling?lang=en")
    page = hands.page
    hands.go("Pooling", key="word-pool")
    hands.press("ArrowDown", "Enter")
    assert "pool=avg" in page.url
    hands.go("Pooling window")
    hands.press("ArrowUp")
    assert "pool_size=3" in page.url
    hands.go("Output.")
    hands.press("Control+Home", "ArrowRight", "ArrowDown", "ArrowDown", "Enter")
    assert "cell=2%2C1" in page.url
    row, col, values = sum_of(page)
    assert (row, col, len(values)) == (2, 1, 9)
    hands.press("Escape")
    assert "cell=" not in page.url

    hands.go("0", key="st-key-shift")
    hands.press("ArrowRight", "ArrowRight", "Space")
    assert "shift=2" in page.url
    hands.go(key="word-pool_section")
    hands.press("ArrowRight", "ArrowRight", "Space")
    assert "pool_section=take" in page.url
    hands.go("CSV", key="take-map")
    with page.expect_download() as download:
        page.keyboard.press("Enter")
    rows = Path(download.value.path()).read_text(encoding="utf-8").splitlines()
    assert len(rows) == page_side(page)


def page_side(page):
    """Rows of the pooled map, as its card says."""
    return int(page.locator(".card.output .shape").inner_text().split(" × ")[1])
