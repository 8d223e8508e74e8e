"""Every kind of window in a real browser: its numbers, what belongs together, how it is moved.

The settings that no page gives at once are mounted by `viewer_page.py`, a server of its own.
"""

import json
import os
import subprocess
import sys

import numpy as np
import pytest

from cnnviz.core.lab.traces import ConvTrace
from tests.e2e.browser import ROOT, free_port, settled, wait_for
from tests.e2e.test_viewer import hover, terms
from tests.e2e.viewer_cases import CASES

pytestmark = pytest.mark.e2e

ACCENT = np.array([0xD6, 0x00, 0x6C])
NUMBERED = [name for name in CASES if name != "global"]


@pytest.fixture(scope="module")
def cases_server():
    address = f"http://127.0.0.1:{(port := free_port())}"
    command = [sys.executable, "-m", "streamlit", "run", "tests/e2e/viewer_page.py"]
    process = subprocess.Popen(
        [*command, "--server.headless=true", f"--server.port={port}", "--server.address=127.0.0.1"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_for(f"{address}/_stcore/health", process)
        yield address
    finally:
        process.terminate()
        process.wait(timeout=20)


@pytest.fixture
def open_case(cases_server, open_page):
    """Open a case; returns the page and the same trace, computed here."""

    def opened(name, channel=0, **options):
        page = open_page(f"{cases_server}/?case={name}&channel={channel}", **options)
        opened.sent = open_page.sent
        return page, CASES[name]()

    return opened


def canvas_of(page, panel, plane=0):
    canvas = page.locator(f".{panel} canvas").nth(plane)
    canvas.scroll_into_view_if_needed()
    return canvas


def marked(page, panel):
    """The (row, col) cells that a panel says are marked."""
    text = page.locator(f".{panel} canvas").get_attribute("data-marked")
    rows, cols = json.loads(text) if text else ([], [])
    return {(row, col) for row in rows for col in cols}


def windows(trace):
    """{output cell: the positions under its taps}, border included, from the trace alone."""
    pads = (0, 0)
    if isinstance(trace, ConvTrace):
        steps, size = trace.spec.dilation, trace.spec.kernel_size
    else:
        steps, size, pads = trace.spec.dilation, None, trace.spec.padding
    found = {}
    for row in range(trace.output.shape[1]):
        for col in range(trace.output.shape[2]):
            cell = trace.cell(0, row, col)
            tall, wide = size or cell.patch.shape
            top, left = cell.corner[0] + pads[0], cell.corner[1] + pads[1]
            found[row, col] = {
                (top + steps[0] * i, left + steps[1] * j) for i in range(tall) for j in range(wide)
            }
    return found


def shape_of_input(page):
    """(rows, columns) of what the window moves over, read off the canvas' own cells."""
    return tuple(json.loads(page.locator(".input canvas").get_attribute("data-shape")))


LINKED = (
    "uneven", "dilated", "gaps", "transposed", "cropped", "max", "max-dilated", "avg-counted",
    "adaptive-avg", "lecture",
)  # fmt: skip


def an_input_pixel_shows_every_cell_that_uses_it(page, trace):
    under = windows(trace)
    shape = shape_of_input(page)
    canvas = canvas_of(page, "input")
    said = page.locator(".says")
    for pixel in np.random.default_rng(2).integers(0, shape, (12, 2)).tolist():
        hover(page, canvas, pixel, shape)
        users = {cell for cell, positions in under.items() if tuple(pixel) in positions}
        assert marked(page, "output") == users
        words = {0: "no window uses it", 1: "one cell of the output uses it"}
        assert (
            words.get(len(users), f"{len(users)} cells of the output use it") in said.inner_text()
        )
        row, col, *_ = terms(page)
        assert not users or (row, col) in users, "the window comes to the pixel"


@pytest.mark.parametrize("name", NUMBERED)
def test_cells_and_pixels_are_linked_as_in_the_trace(open_case, name):
    page, trace = open_case(name)
    cells_equal_the_trace(page, trace, name)
    if name in LINKED:
        an_input_pixel_shows_every_cell_that_uses_it(page, trace)


def cells_equal_the_trace(page, trace, name):
    shape = trace.output.shape[1:]
    canvas = canvas_of(page, "output")
    count = 100 if name in ("lecture", "stretched") else 12
    for cell in np.random.default_rng(0).integers(0, shape, (count, 2)).tolist():
        hover(page, canvas, cell, shape)
        row, col, total, products = terms(page)
        expected = trace.cell(0, *cell)
        assert [row, col] == cell
        assert total == pytest.approx(expected.value, abs=1e-6)
        if name == "stretched":
            assert total == expected.value, "added up in the browser, to the same bits"
        if isinstance(trace, ConvTrace):
            np.testing.assert_allclose(products, expected.products.ravel(), rtol=1e-5, atol=1e-6)
            continue
        seen = np.array([np.nan if value is None else value for value in products])
        inside = ~np.isnan(expected.patch.ravel())
        np.testing.assert_allclose(seen[inside], expected.patch.ravel()[inside], atol=1e-7)
        assert set(seen[~inside][~np.isnan(seen[~inside])]) <= {0.0}
        if name.startswith(("avg", "adaptive-avg")):
            assert np.nansum(seen) / expected.divisor == pytest.approx(total, abs=1e-5)


@pytest.mark.parametrize(("name", "channel"), [("lecture", 1), ("depthwise", 2)])
def test_another_filter_is_shown_with_its_own_numbers(open_case, name, channel):
    page, trace = open_case(name, channel)
    hover(page, canvas_of(page, "output"), (3, 4), trace.output.shape[1:])
    _row, _col, total, products = terms(page)
    expected = trace.cell(channel, 3, 4)
    assert total == pytest.approx(expected.value, abs=1e-6)
    np.testing.assert_allclose(products, expected.products.ravel(), rtol=1e-5, atol=1e-6)


def test_the_lectures_filter_is_three_sums_a_bias_and_one_number(open_case):
    page, trace = open_case("lecture")
    hover(page, canvas_of(page, "output"), (9, 13), (28, 28))
    expected = trace.cell(0, 9, 13)
    assert page.locator(".deep .term > b").count() == 75
    assert page.locator(".deep .name").all_inner_texts() == ["Red", "Green", "Blue"]
    partial = [
        float(text.lstrip("= ").replace(",", "").replace("−", "-"))
        for text in page.locator(".partial").all_inner_texts()
    ]
    np.testing.assert_allclose(partial, 255 * expected.products.sum((1, 2)), atol=0.006)
    assert sum(partial) + 127.5 == pytest.approx(255 * expected.value, abs=0.02)
    assert "bias 127.50 = " in page.locator(".total").inner_text()


def test_marked_cells_are_painted_in_the_accent(open_case):
    page, _trace = open_case("gaps")
    canvas = canvas_of(page, "output")
    read = """canvas => [
      ...canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data
    ]"""
    before = canvas.evaluate(read)
    hover(page, canvas_of(page, "input"), (4, 4), (9, 9))
    after = canvas.evaluate(read)
    width = canvas.evaluate("canvas => canvas.width")
    rows, cols = 3, 3
    pictures = [np.array(data).reshape(-1, width, 4)[..., :3] for data in (before, after)]
    cell = width // cols
    [(row, col)] = marked(page, "output")
    assert (row, col) == (1, 1)
    for r in range(rows):
        for c in range(cols):
            inside = np.s_[r * cell + 9 : (r + 1) * cell - 9, c * cell + 9 : (c + 1) * cell - 9]
            was, now = (picture[inside].mean((0, 1)) for picture in pictures)
            is_closer = np.abs(now - ACCENT).sum() < np.abs(was - ACCENT).sum() - 20
            assert is_closer == ((r, c) == (row, col))


@pytest.mark.parametrize("name", ["uneven", "dilated", "transposed", "reflect"])
def test_a_weight_shows_where_it_lands(open_case, name):
    page, trace = open_case(name)
    tall, wide = trace.spec.kernel_size
    stride = (1, 1) if trace.spec.transposed else trace.spec.stride
    rows, cols = trace.output.shape[1:]
    plane = len(trace.kernels[0]) - 1
    for i, j in ((0, 0), (tall - 1, wide - 1), (tall // 2, 0)):
        hover(page, canvas_of(page, "kernel", plane), (i, j), (tall, wide))
        down, across = i * trace.spec.dilation[0], j * trace.spec.dilation[1]
        assert marked(page, "input") == {
            (row * stride[0] + down, col * stride[1] + across)
            for row in range(rows)
            for col in range(cols)
        }
        lit = page.locator(".terms .lit")
        assert lit.count() == 1
        place = (plane * tall + i) * wide + j
        assert (
            page.locator(".terms .term:has(> b)")
            .nth(place)
            .evaluate("node => node.classList.contains('lit')")
        )
        assert f"multiplied with {rows * cols} cells" in page.locator(".says").inner_text()
    page.mouse.move(2, 2)
    assert marked(page, "input") == set()
    assert page.locator(".terms .lit").count() == 0


def test_a_number_under_the_window_lights_its_product(open_case):
    page, trace = open_case("lecture")
    hover(page, canvas_of(page, "output"), (9, 13), (28, 28))
    hover(page, canvas_of(page, "window", 1), (3, 2), (5, 5))
    lit = page.locator(".terms .lit")
    assert lit.count() == 1
    expected = trace.cell(0, 9, 13)
    shown = float(lit.locator("b").inner_text())
    assert shown == pytest.approx(255 * expected.patch[1, 3, 2], abs=0.006)
    assert page.locator(".says").inner_text().startswith("Green: ")
    assert "row 12, column 15" in page.locator(".says").inner_text()
    assert terms(page)[:2] == (9, 13), "the window stays"


def test_the_largest_value_is_marked_in_the_sum(open_case):
    page, trace = open_case("max")
    canvas = canvas_of(page, "output")
    for cell in ((0, 0), (2, 3), (4, 4)):
        hover(page, canvas, cell, trace.output.shape[1:])
        winner = page.locator(".terms .won")
        assert winner.count() == 1
        value = 255 * trace.cell(0, *cell).value
        assert float(winner.inner_text()) == pytest.approx(value, abs=0.006)


def test_pointing_asks_no_server(open_case):
    page, _trace = open_case("lecture")
    before = len(open_case.sent)
    assert before
    for panel, shape in (
        ("input", (32, 32)),
        ("output", (28, 28)),
        ("kernel", (5, 5)),
        ("window", (5, 5)),
    ):
        for cell in ((0, 0), (2, 3), (4, 4)):
            hover(page, canvas_of(page, panel), cell, shape)
    for name in ("One step forward", "One step back", "Play backwards"):
        page.get_by_role("button", name=name).click()
    page.get_by_label("Position of the window").fill("99")
    page.wait_for_timeout(500)
    assert terms(page)[:2] == (3, 15)
    assert len(open_case.sent) == before


def test_steps_wrap_around_and_the_scrubber_follows(open_case):
    page, _trace = open_case("uneven")
    scrub = page.get_by_label("Position of the window")
    assert scrub.get_attribute("max") == "24"
    scrub.fill("0")
    assert terms(page)[:2] == (0, 0)
    page.get_by_role("button", name="One step back").click()
    assert terms(page)[:2] == (4, 4)
    page.get_by_role("button", name="One step forward").click()
    page.get_by_role("button", name="One step forward").click()
    assert terms(page)[:2] == (0, 1)
    assert scrub.input_value() == "1"
    assert scrub.get_attribute("aria-valuetext") == "row 0, column 1"


def played(page, ms):
    """Cells passed while playing for so long; negative backwards."""
    scrub = page.get_by_label("Position of the window")
    begun = int(scrub.input_value())
    page.get_by_role("button", name="Play", exact=True).click()
    page.wait_for_timeout(ms)
    page.get_by_role("button", name="Pause").click()
    return int(scrub.input_value()) - begun


def test_playing_has_speeds_and_a_direction(open_case):
    page, _trace = open_case("lecture")
    page.get_by_label("Position of the window").fill("200")
    moved = {}
    for speed in ("slow", "normal", "fast"):
        page.get_by_label("Speed").select_option(label=speed)
        moved[speed] = played(page, 1500)
    assert 1 <= moved["slow"] < moved["normal"] < moved["fast"]
    assert moved["fast"] > 15
    reverse = page.get_by_role("button", name="Play backwards")
    reverse.click()
    assert reverse.get_attribute("aria-pressed") == "true"
    assert played(page, 1000) < -8
    stopped = terms(page)
    page.wait_for_timeout(300)
    assert terms(page) == stopped


def test_the_keyboard_alone_steps_and_points(open_case):
    page, trace = open_case("uneven")
    canvas_of(page, "output").focus()
    page.keyboard.press("Control+Home")
    page.keyboard.press(",")
    assert terms(page)[:2] == (4, 4)
    page.keyboard.press(".")
    page.keyboard.press(".")
    assert terms(page)[:2] == (0, 1)
    page.keyboard.press("r")
    reverse = page.get_by_role("button", name="Play backwards")
    assert reverse.get_attribute("aria-pressed") == "true"
    page.locator(".kernel .boards").focus()
    for key in ("ArrowRight", "ArrowRight", "ArrowDown"):
        page.keyboard.press(key)
    assert "row 1, column 1" in page.locator(".says").inner_text()
    assert marked(page, "input") == {(2 * r + 1, 3 * c + 1) for r in range(5) for c in range(5)}
    page.keyboard.press("Escape")
    assert marked(page, "input") == set()
    canvas_of(page, "input").focus()
    page.keyboard.press("Control+Home")
    assert marked(page, "output") == {(0, 0)}
    page.keyboard.press("Control+End")
    assert marked(page, "output") == {(4, 4)}
    page.locator(".window .boards").focus()
    assert marked(page, "output") == set(), "what was pointed at is let go"
    assert trace.output.shape == (1, 5, 5)


def test_every_step_is_said_with_its_arithmetic(open_case):
    page, trace = open_case("dropped")
    spoken = page.locator(".spoken")
    assert spoken.get_attribute("aria-live") == "polite"
    canvas_of(page, "output").focus()
    page.keyboard.press("Control+Home")
    page.keyboard.press("ArrowRight")
    page.wait_for_timeout(400)
    said = spoken.text_content()
    assert said.startswith("Row 0, column 1: ")
    *_, last = said.rstrip(".").split(" = ")
    assert float(last) == pytest.approx(255 * trace.cell(0, 0, 1).value, abs=0.006)
    assert said.count("·") == 9
    assert "bias 127.50" in said


def test_a_long_sum_is_said_in_short(open_case):
    page, _trace = open_case("large")
    page.locator(".output canvas").focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_timeout(400)
    said = page.locator(".spoken").text_content()
    assert said.count("·") == 12
    assert "and 63 more" in said


def test_rows_that_no_window_reaches_are_said_and_the_mode_is_named(open_case):
    page, _trace = open_case("dropped")
    assert (
        "The last row is not used. The last column is not used."
        in page.locator(".notes").inner_text()
    )
    page, _trace = open_case("reflect")
    assert page.locator(".input .shape").inner_text().endswith("reflected border 2")
    page, _trace = open_case("transposed")
    assert (
        "zeros inserted between rows: 1, columns: 2" in page.locator(".input .shape").inner_text()
    )


def test_a_pinned_cell_is_reported_and_stays(open_case):
    page, _trace = open_case("max")
    canvas = canvas_of(page, "output")
    hover(page, canvas, (1, 2), (5, 5))
    settled(page, lambda: page.mouse.down() or page.mouse.up())
    assert page.get_by_text("pinned (1, 2)").is_visible()
    hover(page, canvas_of(page, "input"), (8, 8), shape_of_input(page))
    assert terms(page)[:2] == (1, 2)
    assert marked(page, "output"), "a pinned window does not hinder pointing"
    canvas.focus()
    settled(page, lambda: page.keyboard.press("Escape"))
    assert page.get_by_text("pinned None").is_visible()


@pytest.mark.parametrize("name", ["lecture", "transposed", "global", "adaptive-max", "deep"])
def test_nothing_is_cut_off_on_a_phone(open_case, name):
    page, _trace = open_case(name, width=390, height=844)
    cut = page.locator(".card").evaluate_all(
        "cards => cards.filter(card => card.scrollWidth > card.clientWidth + 1).length"
    )
    assert cut == 0
    small = page.locator(".tools button, .tools select, .tools input").evaluate_all(
        "all => all.filter(one => one.offsetHeight < 24 || one.offsetWidth < 24).length"
    )
    assert small == 0


def test_reduced_motion_steps_instead_of_playing(open_case):
    page, _trace = open_case("uneven", reduced_motion="reduce")
    page.get_by_label("Position of the window").fill("3")
    page.get_by_role("button", name="Play", exact=True).click()
    page.wait_for_timeout(400)
    assert terms(page)[:2] == (0, 4)
