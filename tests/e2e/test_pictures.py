"""All ways of bringing a picture in, in a real browser; changing, keeping and forgetting it."""

import base64
import io
import re

import numpy as np
import pytest
from PIL import Image

from cnnviz.core.samples import draw_sample
from cnnviz.figures.raster import png
from tests.e2e.browser import WRONG, ready, settled
from tests.pictures.corpus import CASES

pytestmark = pytest.mark.e2e

CLIPBOARD = ["clipboard-read", "clipboard-write"]
COPY = """async text => {
  const bytes = Uint8Array.from(atob(text), letter => letter.charCodeAt(0))
  const blob = new Blob([bytes], {type: "image/png"})
  await navigator.clipboard.write([new ClipboardItem({"image/png": blob})])
}"""


def file(sample):
    return png(np.round(draw_sample(sample) * 255).astype(np.uint8))


def choose(page, source):
    settled(page, lambda: page.get_by_role("radio", name=source, exact=True).click())


def upload(page, *files):
    choose(page, "Upload")
    payload = [{"name": name, "mimeType": "image/png", "buffer": data} for name, data in files]
    settled(page, lambda: page.locator('input[type="file"]').set_input_files(payload))
    page.locator('[data-testid="stFileUploaderFile"]').wait_for(state="detached", timeout=30_000)
    ready(page)


def tray(page):
    return page.get_by_role("group", name="Your pictures").locator("button.pick")


def in_use(page):
    return page.locator('button.pick[aria-pressed="true"]').get_attribute("aria-label")


def answer(page):
    return page.locator('[data-stage="probabilities"] .row.best b').inner_text()


def downloaded(page, name):
    with page.expect_download() as waiting:
        page.get_by_role("button", name=name).click()
    return waiting.value


def test_several_files_make_a_tray_to_switch_between(server, open_page):
    page = open_page(f"{server}/?lang=en")
    upload(page, ("two.png", file("digit-2")), ("six.png", file("digit-6")), ("no.png", b"no"))
    assert tray(page).count() == 2
    assert page.locator('[data-testid="stAlert"]').count() == 1
    assert (in_use(page), answer(page)) == ("six.png", "6")
    settled(page, lambda: tray(page).first.click())
    assert (in_use(page), answer(page)) == ("two.png", "2")
    settled(page, lambda: page.get_by_role("link", name="Network").click())
    assert (in_use(page), answer(page)) == ("two.png", "2")
    settled(page, lambda: page.get_by_role("button", name="Remove two.png").click())
    assert tray(page).count() == 1
    assert answer(page) == "6"


def test_a_picture_is_pasted_with_the_keyboard_or_the_button(server, open_page):
    page = open_page(f"{server}/?lang=en", permissions=CLIPBOARD)
    page.evaluate(COPY, base64.b64encode(file("digit-4")).decode())
    page.locator("h1").click()
    settled(page, lambda: page.keyboard.press("Control+v"))
    tray(page).first.wait_for()
    ready(page)
    assert answer(page) == "4"
    page.evaluate(COPY, base64.b64encode(file("digit-9")).decode())
    button = page.get_by_role("button", name="Paste from the clipboard")
    settled(page, button.click)
    page.wait_for_function("document.querySelectorAll('.stBidiComponent').length > 2")
    ready(page)
    assert answer(page) == "9"
    assert tray(page).count() == 2


PASTE = """files => {
    const given = new DataTransfer();
    for (const [name, text, more] of files) {
        const bytes = Uint8Array.from(atob(text), each => each.charCodeAt(0));
        given.items.add(new File([bytes, new Uint8Array(more)], name, { type: "image/png" }));
    }
    document.dispatchEvent(new ClipboardEvent("paste", { clipboardData: given }));
}"""


def test_of_several_files_that_are_pasted_each_is_taken_or_named(server, open_page):
    page = open_page(f"{server}/?lang=en")
    four, nine = (base64.b64encode(file(each)).decode() for each in ("digit-4", "digit-9"))
    files = [["four.png", four, 0], ["huge.png", nine, 11 * 2**20], ["nine.png", nine, 0]]
    settled(page, lambda: page.evaluate(PASTE, files))
    tray(page).nth(1).wait_for()
    ready(page)
    assert tray(page).count() == 2
    assert (in_use(page), answer(page)) == ("nine.png", "9")
    assert "11.1 MB, more than the 10 MB" in page.locator('[data-testid="stAlert"]').inner_text()


def test_text_is_pasted_where_it_was_meant_to_go(server, open_page):
    page = open_page(f"{server}/convolution?lang=en&kernel=custom", permissions=CLIPBOARD)
    page.evaluate("navigator.clipboard.writeText('0 1 0')")
    area = page.locator("textarea")
    area.fill("")
    area.press("Control+v")
    assert area.input_value() == "0 1 0"
    assert tray(page).count() == 0


def test_the_camera_takes_a_photograph(server, open_page):
    page = open_page(f"{server}/convolution?lang=en", permissions=["camera"])
    choose(page, "Camera")
    shutter = page.get_by_role("button", name="Take Photo")
    shutter.wait_for(timeout=20_000)
    page.wait_for_timeout(1500)
    settled(page, shutter.click)
    tray(page).first.wait_for(timeout=20_000)
    ready(page)
    assert in_use(page) == "From the camera"
    assert re.match(r"1 × \d+ × 224", page.locator(".input .shape").first.inner_text())


def test_a_frame_is_drawn_and_cut_out(server, open_page):
    page = open_page(f"{server}/convolution?lang=en&picture=circle")
    settled(page, lambda: page.get_by_text("Change this picture").click())
    canvas = page.get_by_role("application", name="Picture with a frame")
    box = canvas.bounding_box()
    at = lambda share: (box["x"] + share * box["width"], box["y"] + share * box["height"])  # noqa: E731
    page.mouse.move(*at(0.01))
    page.mouse.down()
    page.mouse.move(*at(0.49), steps=5)
    page.mouse.up()
    assert page.get_by_text("Rows 0 to 23, columns 0 to 23.").is_visible()
    settled(page, lambda: page.get_by_role("button", name="Crop to the frame").click())
    assert page.locator(".input .shape").first.inner_text().startswith("1 × 24 × 24")
    assert "edits=crop" in page.url
    saved = downloaded(page, "Download this picture")
    assert saved.suggested_filename == "cnnviz-circle-changed.png"
    got = np.asarray(Image.open(saved.path()))
    expected = np.round(draw_sample("circle")[0, :24, :24] * 255)
    np.testing.assert_array_equal(got, expected)
    settled(page, lambda: page.get_by_role("button", name="Undo").click())
    assert page.locator(".input .shape").first.inner_text().startswith("1 × 48 × 48")
    canvas.focus()
    for key in ("Shift+ArrowLeft", "Shift+ArrowUp", "ArrowRight", "Enter"):
        page.keyboard.press(key)
    page.wait_for_timeout(300)
    ready(page)
    assert page.locator(".input .shape").first.inner_text().startswith("1 × 47 × 47")


def test_what_the_network_sees_is_downloaded(server, open_page):
    page = open_page(f"{server}/network?lang=en&picture=digit-5")
    fold = page.get_by_text("What was done to the picture before the network saw it")
    settled(page, fold.click)
    saved = downloaded(page, "Download what the network sees")
    got = np.asarray(Image.open(io.BytesIO(saved.path().read_bytes())))
    np.testing.assert_allclose(got, draw_sample("digit-5")[0] * 255, atol=1)


def test_forgetting_takes_everything_away(server, open_page):
    page = open_page(f"{server}/?lang=en")
    upload(page, ("two.png", file("digit-2")))
    settled(page, lambda: page.get_by_role("button", name="Forget my pictures").click())
    assert tray(page).count() == 0
    assert answer(page) == "7"
    choose(page, "Upload")
    assert page.get_by_text("Nothing here yet").is_visible()


SAMPLE = [case for case in CASES if case.filename.isascii()][::8]


def test_files_of_the_corpus_are_a_picture_or_one_sentence(server, open_page):
    assert len(SAMPLE) >= 18
    page = open_page(f"{server}/pixels?lang=en")
    for case in SAMPLE:
        settled(page, lambda: page.get_by_role("button", name="Forget my pictures").click())
        upload(page, (case.filename[:100], case.data))
        told = page.locator('[data-testid="stAlert"]').count()
        assert (tray(page).count(), told) == ((0, 1) if case.refused else (1, 0)), case.name
        assert page.locator(WRONG).count() == 0
