"""Every section and fold of the lab's pages: what axe finds, and what the keyboard reaches.

A fault counts as ours unless a bare Streamlit page has it in the same widget (`pages/bare_lab.py`).
"""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.e2e.browser import ready, settled
from tests.e2e.keyboard import MOST, missed, reachable
from tests.e2e.pages.serving import serve

pytestmark = pytest.mark.e2e

TALL = 5000  # CSS pixels: axe leaves out what is not in sight
WIDGET = """selector => {
  let node = document.querySelector(selector)
  for (; node; node = node.parentElement) {
    const widget = [...node.classList].find(each => /^st(?!Markdown|Tooltip)[A-Z]/.test(each))
    if (widget) return widget
  }
  return 'page'
}"""


def faults(page):
    """{(rule, widget): an example}; what lies in a component counts as the component's."""
    found = {}
    for rule in Axe().run(page).response["violations"]:
        for node in rule["nodes"]:
            target = node["target"][0]
            widget = page.evaluate(WIDGET, target) if isinstance(target, str) else "component"
            found[rule["id"], widget] = node["html"][:200]
    return found


@pytest.fixture(scope="module")
def bare(chromium, tmp_path_factory):
    """Where a bare page has faults, in each appearance, chosen options under focus and pointer."""
    known = {}
    with serve("bare_lab.py", folder=tmp_path_factory.mktemp("bare")) as address:
        for scheme in ("light", "dark"):
            page = chromium.new_page(color_scheme=scheme, viewport={"width": 1440, "height": TALL})
            page.goto(address)
            ready(page)
            page.locator(".stCode .token").first.wait_for()  # coloured, which comes late
            settled(page, page.get_by_role("radio", name="Two").click)
            known[scheme] = set(faults(page))
            page.close()
    return known


def option(param, position):
    """Click an option of a control that is linked as `param`."""
    return f".st-key-word-{param} [role=radio] >> nth={position}"


def fold(key):
    return f".st-key-{key} :is(button, summary) >> nth=0"


CONVOLUTION = (
    *[option("section", n) for n in range(4)],
    *[option("compare", n) for n in (0, 2, 5)],
    option("section", 4),
    "[class*='st-key-chain-'][class*='-open'] button >> nth=0",
    option("section", 5),
    option("challenge", 1),
    "[class*='st-key-challenges-'] summary >> nth=-1",
    "[class*='st-key-challenges-'] summary >> nth=-1",
    option("section", 6),
    option("code", 1),
    fold("gallery-fold"),
    fold("filter-edit"),
    fold("lab-more"),
    fold("picture-changing"),
)
POOLING = (*[option("pool_section", n) for n in range(3)], fold("picture-changing"))
VIEWS = {
    "convolution": ("padding=1&colour=each&picture=colour", CONVOLUTION),
    "transposed": ("transposed=yes&output_padding=1&stride=2&apart=yes", ()),
    "own filter": ("kernel=custom&k=1,0;0,x", ()),
    "impossible": ("stride=0", ()),
    "pooling": ("apart=yes&pool=avg&pool_padding=1&picture=astronaut", POOLING),
}


def walk(page, clicks):
    """Open one thing after another; yields where it is, the page as it opened first."""
    yield "as it opens"
    for selector in clicks:
        page.keyboard.press("Escape")
        control = page.locator(selector)
        if control.get_attribute("aria-expanded") != "true":
            settled(page, control.click)
        yield selector


@pytest.mark.parametrize("lang", ["en", "pt_BR"])
@pytest.mark.parametrize("view", VIEWS)
def test_axe_finds_no_fault_that_a_bare_page_lacks(server, open_page, bare, view, lang):
    query, clicks = VIEWS[view]
    if lang != "en":
        clicks = [each for each in clicks if "section" in each]
    path = "pooling" if view == "pooling" else "convolution"
    page = open_page(f"{server}/{path}?lang={lang}&{query}", height=TALL)
    for where in walk(page, clicks):
        for scheme in ("light", "dark") if lang == "en" else ("light",):
            page.emulate_media(color_scheme=scheme)
            ready(page)
            ours = {key: node for key, node in faults(page).items() if key not in bare[scheme]}
            assert ours == {}, (where, scheme)


@pytest.mark.parametrize("view", ["convolution", "pooling"])
def test_the_keyboard_reaches_every_control_of_every_section(server, open_page, view):
    query, clicks = VIEWS[view]
    page = open_page(f"{server}/{view}?lang=en&{query}")
    for where in walk(page, [each for each in clicks if "compare" not in each]):
        assert len(reachable(page)) < MOST, (where, "the focus is trapped")
        assert missed(page) == [], where
