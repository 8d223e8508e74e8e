"""The pixels page in a real browser: every number read against the known array."""

import io
import json

import numpy as np
import pytest
from PIL import Image

from cnnviz.core.pictures.images import LUMA
from cnnviz.core.samples import draw_sample
from tests.e2e.browser import ready, settled

pytestmark = pytest.mark.e2e

COLOURS = ("Red", "Green", "Blue")


@pytest.fixture
def open_pixels(server, open_page):
    """Open the page and wait until nothing above the picture will move it any more."""

    def opened(query="", **options):
        page = open_page(f"{server}/pixels?lang=en{query}", **options)
        page.wait_for_function("!document.querySelector('[data-testid=stSkeleton]')")
        ready(page)
        opened.sent = open_page.sent
        return page

    return opened


def levels_of(sample):
    return np.round(draw_sample(sample) * 255).astype(int)


def told(page):
    """Row, column and levels of the pixel that is read."""
    data = page.locator(".tells").evaluate("node => ({...node.dataset})")
    return (int(data["row"]), int(data["col"])), json.loads(data["levels"])


def region(page, plane=0):
    data = page.locator(".plane canvas[tabindex]").nth(plane).evaluate("n => ({...n.dataset})")
    return {name: json.loads(data[name]) for name in data if name != "focus"}


def on_picture(page, cell, shape):
    """Where a pixel of the whole picture is on the page."""
    box = page.locator(".picture canvas").bounding_box()
    return (
        box["x"] + (cell[1] + 0.5) * box["width"] / shape[1],
        box["y"] + (cell[0] + 0.5) * box["height"] / shape[0],
    )


def on_matrix(page, cell, plane=0):
    """Where a pixel is in the numbers of a plane."""
    box = page.locator(".plane canvas[tabindex]").nth(plane).bounding_box()
    shown = region(page, plane)
    return (
        box["x"] + shown["x"] + (cell[1] - shown["left"] + 0.5) * shown["cell"],
        box["y"] + shown["y"] + (cell[0] - shown["top"] + 0.5) * shown["cell"],
    )


def painted(page, selector, rows, cols):
    """Colour in the middle of every pixel of a canvas that shows rows × cols of them."""
    flat = page.locator(selector).evaluate(
        """(canvas, [rows, cols]) => {
          const context = canvas.getContext('2d'), found = []
          for (let row = 0; row < rows; row++) for (let col = 0; col < cols; col++) {
            const x = Math.floor((col + 0.5) * canvas.width / cols)
            const y = Math.floor((row + 0.5) * canvas.height / rows)
            found.push(...context.getImageData(x, y, 1, 1).data.slice(0, 3))
          }
          return found
        }""",
        [rows, cols],
    )
    return np.array(flat).reshape(rows, cols, 3).transpose(2, 0, 1)


def upload(page, levels):
    file = io.BytesIO()
    Image.fromarray(levels).save(file, "PNG")
    settled(page, lambda: page.get_by_role("radio", name="Upload").click())
    given = {"name": "p.png", "mimeType": "image/png", "buffer": file.getvalue()}
    page.locator('input[type="file"]').first.set_input_files(given)
    page.wait_for_timeout(600)
    ready(page)


@pytest.mark.parametrize("sample", ["digit-7", "colour"])
def test_fifty_pixels_are_read_right_and_nothing_is_sent(open_pixels, sample):
    page = open_pixels(f"&picture={sample}")
    levels = levels_of(sample)
    page.locator(".picture canvas").scroll_into_view_if_needed()
    before = len(open_pixels.sent)
    for cell in np.random.default_rng(0).integers(0, levels.shape[1:], (50, 2)).tolist():
        page.mouse.move(*on_picture(page, cell, levels.shape[1:]))
        here, read = told(page)
        assert list(here) == cell
        expected = levels[:, *cell]
        np.testing.assert_allclose(read, expected, atol=1e-4)
        said = page.locator(".tells").inner_text()
        assert f"Row {cell[0]}, column {cell[1]} (counted from 0)" in said
        if len(levels) == 3:
            assert "red {}, green {}, blue {}".format(*expected) in said
            grey = float(said.rstrip(".").rsplit("= ", 1)[1])
            assert grey == pytest.approx(np.dot(LUMA, expected), abs=0.051)
        else:
            assert f"{expected[0]} of 255" in said
            count = page.locator(".bins").inner_text()
            assert count == f"Level {expected[0]}: {(levels == expected[0]).sum()} of 784 pixels."
    page.wait_for_timeout(400)
    assert len(open_pixels.sent) == before


def test_the_numbers_are_those_of_the_frame(open_pixels):
    page = open_pixels("&picture=colour")
    levels = levels_of("colour")
    shown = region(page)
    assert shown["legible"]
    assert shown["rows"] == shown["cols"] >= 5
    for plane in range(3):
        assert region(page, plane) == shown, "the planes move together"
        for cell in ((0, 0), (1, 3), (4, 2)):
            there = (shown["top"] + cell[0], shown["left"] + cell[1])
            page.mouse.move(*on_matrix(page, there, plane))
            assert told(page) == (there, levels[:, *there].tolist())
    inside = levels[:, shown["top"] :, shown["left"] :][:, : shown["rows"], : shown["cols"]]
    assert inside.std() > levels.std() * 0.5, "it starts where something happens"


def test_planes_switch_off_and_on(open_pixels):
    page = open_pixels("&picture=colour")
    levels = levels_of("colour")
    before = len(open_pixels.sent)
    page.mouse.move(*on_picture(page, (0, 0), (32, 32)))
    kept = np.ones((32, 32), bool)
    kept[:3, :3] = False  # the highlight of the pixel that is read
    on = [1, 1, 1]
    for plane in (1, 0, 2, 1):
        button = page.get_by_role("button", name=f"{COLOURS[plane]} plane")
        assert button.get_attribute("aria-pressed") == str(bool(on[plane])).lower()
        button.focus()
        page.keyboard.press("Space")
        on[plane] = 1 - on[plane]
        assert button.get_attribute("aria-pressed") == str(bool(on[plane])).lower()
        expected = levels * np.array(on)[:, None, None]
        found = painted(page, ".picture canvas", 32, 32)
        np.testing.assert_array_equal(found[:, kept], expected[:, kept])
    page.wait_for_timeout(300)
    assert len(open_pixels.sent) == before


def test_zoom_by_button_key_and_wheel(open_pixels):
    page = open_pixels("&picture=digit-7")
    first = region(page)
    page.get_by_role("button", name="Zoom in").click()
    closer = region(page)
    assert closer["rows"] < first["rows"]
    assert closer["cell"] > first["cell"]
    page.locator(".plane canvas").focus()
    page.keyboard.press("-")
    assert region(page)["rows"] == first["rows"]
    page.mouse.move(*on_matrix(page, (first["top"] + 2, first["left"] + 2)))
    page.mouse.wheel(0, -100)
    assert region(page)["rows"] == closer["rows"], "with the focus, the wheel zooms"
    out = page.get_by_role("button", name="Zoom out")
    for _ in range(30):
        if out.is_disabled():
            break
        out.click()
    whole = region(page)
    assert [whole[name] for name in ("top", "left", "rows", "cols")] == [0, 0, 28, 28]
    assert not whole["legible"]
    assert page.get_by_text("Zoom in (+) to read the numbers.").is_visible()


def test_without_focus_the_wheel_scrolls_the_page(open_pixels):
    page = open_pixels("&picture=digit-7", height=600)
    first = region(page)
    page.mouse.move(*on_picture(page, (3, 3), (28, 28)))
    main = page.locator('[data-testid="stMain"]')
    page.mouse.wheel(0, 150)
    page.wait_for_timeout(300)
    assert main.evaluate("node => node.scrollTop") > 0
    assert region(page) == first
    page.keyboard.down("Control")
    page.mouse.wheel(0, -150)
    page.keyboard.up("Control")
    assert region(page)["rows"] < first["rows"]


def test_the_frame_is_placed_by_a_click_and_dragged(open_pixels):
    page = open_pixels("&picture=digit-7")
    side = region(page)["rows"]
    page.mouse.click(*on_picture(page, (14, 10), (28, 28)))
    placed = region(page)
    assert (placed["top"], placed["left"]) == (14 - side // 2, 10 - side // 2)
    page.mouse.move(*on_picture(page, (14, 10), (28, 28)))
    page.mouse.down()
    page.mouse.move(*on_picture(page, (12, 11), (28, 28)), steps=4)
    page.mouse.up()
    moved = region(page)
    assert (moved["top"], moved["left"]) == (placed["top"] - 2, placed["left"] + 1)
    page.mouse.click(*on_picture(page, (27, 27), (28, 28)))
    corner = region(page)
    assert (corner["top"], corner["left"]) == (28 - side, 28 - side), "it stays inside"


def test_a_finger_drags_the_frame(open_pixels):
    page = open_pixels("&picture=digit-7", width=390, height=844, has_touch=True)
    page.locator(".frame").scroll_into_view_if_needed()
    before = region(page)
    middle = (before["top"] + before["rows"] // 2, before["left"] + before["cols"] // 2)
    finger = page.context.new_cdp_session(page)

    def touch(kind, *cells):
        points = [dict(zip("xy", on_picture(page, cell, (28, 28)), strict=True)) for cell in cells]
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    touch("touchStart", middle)
    for step in (1, 2, 3):
        touch("touchMove", (middle[0] + step, middle[1] - step))
    touch("touchEnd")
    after = region(page)
    assert (after["top"], after["left"]) == (before["top"] + 3, before["left"] - 3)
    assert page.locator(".frame").evaluate("n => getComputedStyle(n).touchAction") == "none"


def test_the_keyboard_reads_pins_and_the_link_follows(open_pixels, open_page):
    page = open_pixels("&picture=digit-7")
    canvas = page.locator(".plane canvas")
    canvas.focus()
    for key in ("Control+Home", "ArrowDown", "ArrowDown", "ArrowRight"):
        page.keyboard.press(key)
    assert told(page)[0] == (2, 1)
    shown = region(page)
    assert (shown["top"], shown["left"]) == (0, 0), "the frame follows"
    page.keyboard.press("End")
    assert told(page)[0] == (2, 27)
    assert region(page)["left"] == 28 - shown["cols"]
    page.keyboard.press("Control+End")
    assert told(page)[0] == (27, 27)
    settled(page, lambda: page.keyboard.press("Enter"))
    assert "cell=27%2C27" in page.url
    settled(page, lambda: page.keyboard.press("ArrowUp"))
    assert "cell=26%2C27" in page.url
    page.mouse.move(*on_picture(page, (3, 3), (28, 28)))
    assert told(page)[0] == (26, 27), "a pinned pixel stays"
    reopened = open_page(page.url)
    assert told(reopened)[0] == (26, 27)
    shown = region(reopened)
    assert shown["top"] <= 26 < shown["top"] + shown["rows"]
    canvas.focus()
    settled(page, lambda: page.keyboard.press("Escape"))
    assert "cell=" not in page.url


def test_a_click_on_a_number_pins_it(open_pixels):
    page = open_pixels("&picture=digit-7")
    shown = region(page)
    cell = (shown["top"] + 3, shown["left"] + 4)
    settled(page, lambda: page.mouse.click(*on_matrix(page, cell)))
    assert f"cell={cell[0]}%2C{cell[1]}" in page.url
    assert region(page) == shown, "nothing moves"
    settled(page, lambda: page.mouse.click(*on_matrix(page, cell)))
    assert "cell=" not in page.url


def test_a_typed_number_changes_the_picture(open_pixels):
    page = open_pixels("&picture=digit-7&cell=3,4")
    expected = levels_of("digit-7")
    page.locator(".plane canvas").focus()
    page.keyboard.type("200")
    assert told(page) == ((3, 4), [200.0]), "at once"
    settled(page, lambda: page.keyboard.press("Enter"))
    expected[0, 3, 4] = 200
    assert told(page) == ((3, 4), [200.0]), "and after the server has answered"
    found = painted(page, ".picture canvas", 28, 28)
    np.testing.assert_array_equal(found[0, 8:], expected[0, 8:])
    assert found[0, 3, 4] == 200
    settled(page, lambda: page.get_by_role("link", name="Convolution").click())
    settled(page, lambda: page.get_by_role("link", name="Pixels").click())
    page.mouse.move(*on_picture(page, (3, 4), (28, 28)))
    page.locator(".plane canvas").focus()
    assert told(page) == ((3, 4), [200.0]), "the change belongs to the picture"


def test_changes_that_follow_fast_are_all_kept(open_pixels):
    page = open_pixels("&picture=colour&cell=2,3")
    for channel, level in enumerate(("11", "22", "33")):
        page.locator(".levels input").nth(channel).fill(level)
        page.keyboard.press("Tab")
    assert told(page) == ((2, 3), [11.0, 22.0, 33.0])
    for _ in range(5):
        settled(page, lambda: None)
    assert told(page) == ((2, 3), [11.0, 22.0, 33.0])
    page.locator(".picture canvas").focus()
    settled(page, lambda: page.keyboard.press("Escape"))
    page.mouse.move(*on_picture(page, (2, 3), (32, 32)))
    assert told(page) == ((2, 3), [11.0, 22.0, 33.0])


def test_what_is_no_level_is_one_sentence(open_pixels):
    page = open_pixels("&picture=digit-7&cell=3,4")
    before = told(page)
    sent = len(open_pixels.sent)
    field = page.get_by_label("New number")
    refusal = "A pixel takes a whole number from 0 to 255."
    for text in ("256", "-1", "1.5", "999", ""):
        field.fill("")
        page.keyboard.type(text)
        page.keyboard.press("Enter")
        assert page.get_by_role("alert").inner_text() == refusal, text
        assert field.get_attribute("aria-invalid") == "true"
        assert told(page) == before
        page.keyboard.press("Tab")
        assert page.get_by_text("A pixel takes a whole number").count() == 0
        assert field.input_value() == str(round(before[1][0]))
    page.wait_for_timeout(300)
    assert len(open_pixels.sent) == sent


@pytest.mark.parametrize("width", [1440, 390])
def test_pictures_of_every_size(open_pixels, width):
    page = open_pixels(width=width)
    for shape in ((1, 1), (3, 5, 3), (200, 3, 3), (3, 200), (1024, 1024, 3)):
        levels = np.random.default_rng(1).integers(0, 256, shape, dtype=np.uint8)
        upload(page, levels)
        is_shown(page, levels)


def is_shown(page, levels):
    """Every number of a picture of any size can be reached, and nothing is cut off."""
    shape = levels.shape
    (row, col), read = told(page)
    np.testing.assert_allclose(read, levels[row, col].reshape(-1), atol=1e-4)
    shown = region(page)
    assert shown["legible"]
    assert shown["top"] + shown["rows"] <= shape[0]
    assert shown["left"] + shown["cols"] <= shape[1]
    page.locator(".plane canvas[tabindex]").first.focus()
    for key, cell in (("Control+Home", (0, 0)), ("Control+End", (shape[0] - 1, shape[1] - 1))):
        page.keyboard.press(key)
        here, read = told(page)
        assert here == cell
        np.testing.assert_allclose(read, levels[cell].reshape(-1), atol=1e-4)
    cut = page.locator(".card").evaluate_all(
        "cards => cards.filter(card => card.scrollWidth > card.clientWidth + 1).length"
    )
    assert cut == 0
    for _ in range(25):
        page.keyboard.press("-")
    shown = region(page)
    assert (shown["rows"], shown["cols"]) == shape[:2]


def test_sixteen_bits_have_decimals(open_pixels):
    page = open_pixels()
    levels = (np.arange(20 * 20, dtype=np.uint16) * 150).reshape(20, 20)
    upload(page, levels)
    (row, col), read = told(page)
    assert read[0] == pytest.approx(levels[row, col] / 257, abs=1e-3)
    assert "." in page.locator(".tells").inner_text().split(":")[1]
    assert page.get_by_text("finer steps than the 256 levels").is_visible()


def test_another_picture_puts_the_frame_anew_and_a_language_does_not(server, open_pixels):
    page = open_pixels("&picture=digit-7")
    page.mouse.click(*on_picture(page, (20, 20), (28, 28)))
    page.get_by_role("button", name="Zoom in").click()
    kept = region(page)
    page.get_by_label("Language").click()
    settled(page, lambda: page.get_by_role("option", name="Português").click())
    assert region(page) == kept
    page.goto(f"{server}/pixels?lang=en&picture=colour")
    ready(page)
    assert page.locator(".plane").count() == 3
