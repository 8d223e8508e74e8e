"""Every page in a real browser: sizes, appearances, languages, links, keyboard, accessibility."""

import io
import re

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image

from cnnviz.core.samples import draw_sample
from tests.e2e.browser import WRONG, fresh_server, ready, settled
from tests.e2e.keyboard import MOST, missed, reachable

pytestmark = pytest.mark.e2e

PATHS = {
    "start": "",
    "pixels": "pixels",
    "convolution": "convolution",
    "pooling": "pooling",
    "network": "network",
    "train": "train",
    "classify": "classify",
}
ENGLISH = re.compile(r"\b(the|and|picture|window|every|draw|stride|filter|upload|layer)\b", re.I)


@pytest.mark.parametrize("lang", ["en", "pt_BR"])
@pytest.mark.parametrize("name", PATHS)
def test_every_page_is_whole(server, open_page, name, lang):
    page = open_page(f"{server}/{PATHS[name]}?lang={lang}")
    assert page.evaluate("document.documentElement.lang") == lang.replace("_", "-")
    main = page.locator('[data-testid="stMain"]')
    if lang == "pt_BR":
        assert ENGLISH.findall(main.inner_text().replace("Stride", "").replace("stride", "")) == []
    for width in (1440, 390):
        page.set_viewport_size({"width": width, "height": 900})
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            ready(page)
            assert page.locator("canvas").first.is_visible()
            assert page.locator(WRONG).count() == 0
            assert main.evaluate("node => node.scrollWidth - node.clientWidth") <= 1
            cut = page.locator(".card").evaluate_all(
                "cards => cards.filter(card => card.scrollWidth > card.clientWidth + 1).length"
            )
            assert cut == 0, (width, scheme)


def test_a_deep_link_opens_a_fresh_server(open_page):
    query = "lang=pt_BR&stride=2&padding=1&kernel=gaussian&picture=circle&cell=3,4"
    with fresh_server() as (address, _process):
        page = open_page(f"{address}/convolution?{query}")
        assert page.locator("h1").inner_text() == "Convolução"
        assert page.get_by_role("link", name="Rede").is_visible()
        for label, value in (("Passo", "2"), ("Preenchimento", "1")):
            group = page.get_by_role("radiogroup", name=re.compile(label)).first
            assert group.locator('[aria-checked="true"]').inner_text() == value
        data = page.locator(".sum .terms").first.evaluate("node => ({...node.dataset})")
        assert (data["row"], data["col"]) == ("3", "4")
        assert page.locator(".input canvas").first.is_visible()
        for part in ("lang=pt_BR", "stride=2", "padding=1", "kernel=gaussian", "picture=circle"):
            assert part in page.url
        page.context.close()  # before its server goes, which Streamlit would complain of


@pytest.mark.parametrize("name", PATHS)
def test_language_switches_and_keeps_the_view(server, open_page, name):
    example = "photograph=coffee" if name == "classify" else "picture=digit-4"
    query = "&stride=3&kernel=box" if name == "convolution" else ""
    page = open_page(f"{server}/{PATHS[name]}?lang=en&{example}{query}")
    before = page.locator(".card canvas").count()  # Plotly makes one of its own, and late
    assert before
    page.get_by_label("Language").click()
    settled(page, lambda: page.get_by_role("option", name="Português").click())
    assert "lang=pt_BR" in page.url
    assert example in page.url
    assert page.locator(".card canvas").count() == before
    if name == "convolution":
        assert "stride=3" in page.url
        assert "kernel=box" in page.url
        assert page.get_by_text("Box blur").count() == 0, "no word is left in the old language"
    assert page.get_by_text("Digit 4").count() == page.get_by_text("Coffee").count() == 0
    reopened = open_page(page.url)
    assert reopened.locator("h1").inner_text() == page.locator("h1").inner_text()


def test_the_theme_switches_and_keeps_the_view(server, open_page):
    page = open_page(f"{server}/convolution?lang=en&stride=3")
    background = "getComputedStyle(document.querySelector('[data-testid=stApp]')).backgroundColor"
    light = page.evaluate(background)
    page.locator('[data-testid="stMainMenu"] button').click()
    page.get_by_test_id("stMainMenuItem-theme-Dark").click()
    page.wait_for_function(f"{background} !== '{light}'")
    ready(page)
    assert "stride=3" in page.url
    corner = page.locator(".output canvas").first.evaluate(
        "canvas => [...canvas.getContext('2d').getImageData(3, 3, 1, 1).data].slice(0, 3)"
    )
    assert max(corner) < 90, "the map’s neutral colour follows the dark theme"


def test_the_doors_of_the_chain_lead_on(server, open_page):
    page = open_page(f"{server}/?lang=pt_BR&picture=digit-5")
    settled(page, lambda: page.locator('[data-stage="conv1"] a').click())
    page.wait_for_url("**/convolution?*")
    ready(page)
    assert page.locator("h1").inner_text() == "Convolução"
    assert "picture=digit-5" in page.url, "the picture follows from page to page"


@pytest.mark.parametrize("name", PATHS)
def test_the_keyboard_reaches_every_control(server, open_page, name):
    page = open_page(f"{server}/{PATHS[name]}?lang=en")
    assert len(reachable(page)) < MOST, "the focus is trapped"
    assert missed(page) == []


def png(image):
    file = io.BytesIO()
    Image.fromarray(np.round(image[0] * 255).astype(np.uint8)).save(file, "PNG")
    return file.getvalue()


def test_an_upload_with_markup_in_its_name(server, open_page):
    page = open_page(f"{server}/network?lang=en")
    settled(page, lambda: page.get_by_role("radio", name="Upload").click())
    name = "<img src=x onerror=document.title='pwned'>:red[x].png"
    file = {"name": name, "mimeType": "image/png", "buffer": png(draw_sample("digit-2"))}
    page.locator('input[type="file"]').set_input_files(file)
    page.get_by_text("<img src=x").first.wait_for()
    ready(page)
    assert page.title() == "Network · cnnviz"
    assert page.locator("img[src='x']").count() == 0
    assert page.locator('[data-stage="probabilities"] .row.best b').inner_text() == "2"


def test_a_file_that_is_no_picture_is_one_sentence_and_the_old_one_stays(server, open_page):
    page = open_page(f"{server}/network?lang=en&picture=digit-6")
    settled(page, lambda: page.get_by_role("radio", name="Upload").click())
    file = {"name": "digit.png", "mimeType": "image/png", "buffer": b"%PDF-1.7 not a picture"}
    page.locator('input[type="file"]').set_input_files(file)
    page.locator('[data-testid="stAlert"]').first.wait_for()
    assert page.locator('[data-testid="stAlert"]').count() == 1
    assert page.locator('[data-stage="probabilities"] .row.best b').inner_text() == "6"


@pytest.mark.parametrize("name", PATHS)
def test_axe_finds_no_fault(server, open_page, name):
    page = open_page(f"{server}/{PATHS[name]}?lang=en")
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        ready(page)
        found = Axe().run(page).response["violations"]
        faults = {rule["id"]: [node["html"][:160] for node in rule["nodes"]] for rule in found}
        assert faults == {}, scheme
