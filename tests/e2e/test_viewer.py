"""The sliding window in a real browser: its sums and products against `trace.cell`."""

import json

import numpy as np
import pytest

from cnnviz.core.kernels import KERNELS
from cnnviz.core.lab.pool_spec import PoolSpec
from cnnviz.core.lab.specs import ConvSpec
from cnnviz.core.samples import draw_sample
from cnnviz.nn import activate, convolve, pool
from tests.e2e.browser import settled

pytestmark = pytest.mark.e2e

SETTING = "lang=en&picture=circle&kernel=laplacian&kernel_size=5&stride=2&padding=3&bias=0.5"


def trace_of_the_setting():
    weight = KERNELS["laplacian"].weights(5)[None, None]
    spec = ConvSpec((5, 5), (2, 2), 3)
    return convolve(draw_sample("circle"), weight, spec, np.array([0.5], np.float32))


def terms(page, viewer=0):
    """What the viewer says of the cell it is on: row, col, total, products."""
    data = page.locator(".sum .terms").nth(viewer).evaluate("node => ({...node.dataset})")
    return int(data["row"]), int(data["col"]), float(data["total"]), json.loads(data["products"])


def hover(page, canvas, cell, shape):
    box = canvas.bounding_box()
    page.mouse.move(
        box["x"] + (cell[1] + 0.5) * box["width"] / shape[1],
        box["y"] + (cell[0] + 0.5) * box["height"] / shape[0],
    )


def test_a_hundred_cells_equal_the_trace(server, open_page):
    page = open_page(f"{server}/convolution?{SETTING}")
    trace = trace_of_the_setting()
    shape = trace.output.shape[1:]
    canvas = page.locator(".output canvas").first
    canvas.scroll_into_view_if_needed()
    cells = np.random.default_rng(0).integers(0, shape, (100, 2)).tolist()
    for cell in cells:
        hover(page, canvas, cell, shape)
        row, col, total, products = terms(page)
        expected = trace.cell(0, *cell)
        assert [row, col] == cell
        assert total == pytest.approx(expected.value, abs=1e-7)
        np.testing.assert_allclose(products, expected.products.ravel(), rtol=1e-6, atol=1e-7)
        scale = np.abs(expected.products).sum() + abs(expected.bias)
        assert abs(sum(products) + 0.5 - total) <= 1e-5 * scale
        shown = page.locator(".sum .terms strong").first.inner_text()
        assert float(shown.replace(",", "").replace("−", "-")) == pytest.approx(
            255 * expected.value, abs=0.006
        )


def test_pooled_cells_equal_the_trace(server, open_page):
    page = open_page(f"{server}/convolution?{SETTING}&pool=avg&pool_size=3&pool_stride=1")
    pooled = pool(activate(trace_of_the_setting().output, "relu"), PoolSpec("avg", (3, 3), (1, 1)))
    canvas = page.locator(".output canvas").nth(1)
    canvas.scroll_into_view_if_needed()
    shape = pooled.output.shape[1:]
    for cell in ((0, 0), (5, 7), (shape[0] - 1, shape[1] - 1)):
        hover(page, canvas, cell, shape)
        row, col, total, values = terms(page, 1)
        expected = pooled.cell(0, *cell)
        assert (row, col) == cell
        assert total == pytest.approx(expected.value, abs=1e-7)
        np.testing.assert_allclose(values, expected.patch.ravel(), atol=1e-7)


def test_the_keyboard_moves_and_pins(server, open_page):
    page = open_page(f"{server}/convolution?lang=en")
    canvas = page.locator(".output canvas").first
    canvas.focus()
    for key in ("Control+Home", "ArrowDown", "ArrowDown", "ArrowRight"):
        page.keyboard.press(key)
    assert terms(page)[:2] == (2, 1)
    page.keyboard.press("End")
    assert terms(page)[:2] == (2, 25)
    settled(page, lambda: page.keyboard.press("Enter"))
    assert "cell=2%2C25" in page.url
    assert (
        page.evaluate("document.activeElement.shadowRoot.activeElement.dataset.focus") == "output"
    )
    hover(page, canvas, (9, 9), (26, 26))
    assert terms(page)[:2] == (2, 25), "a pinned cell stays"
    canvas.focus()
    settled(page, lambda: page.keyboard.press("ArrowLeft"))
    assert "cell=2%2C24" in page.url, "the link follows the pinned cell"
    settled(page, lambda: page.get_by_role("radio", name="4").nth(0).click())
    row, col, *_ = terms(page)
    assert f"cell={row}%2C{col}" in page.url
    canvas.focus()
    settled(page, lambda: page.keyboard.press("Escape"))
    assert "cell=" not in page.url


def test_the_space_bar_plays(server, open_page):
    page = open_page(f"{server}/convolution?lang=en")
    canvas = page.locator(".output canvas").first
    canvas.focus()
    page.keyboard.press("Control+Home")
    page.keyboard.press(" ")
    for _ in range(100):
        if terms(page)[1] >= 2:
            break
        page.wait_for_timeout(50)
    assert terms(page)[1] >= 2
    page.keyboard.press(" ")
    stopped = terms(page)
    page.wait_for_timeout(400)
    assert terms(page) == stopped


def test_moving_the_window_asks_no_server(server, open_page):
    page = open_page(f"{server}/convolution?lang=en")
    assert open_page.sent, "the page itself was asked for over this socket"
    before = len(open_page.sent)
    canvas = page.locator(".output canvas").first
    for cell in ((1, 1), (9, 20), (25, 25)):
        hover(page, canvas, cell, (26, 26))
        assert terms(page)[:2] == cell
    page.wait_for_timeout(500)
    assert len(open_page.sent) == before
