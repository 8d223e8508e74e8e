"""What the tabulator key stops at, and going there; shared by the browser tests."""

_HERE = """() => {
  let node = document.activeElement
  while (node.shadowRoot?.activeElement) node = node.shadowRoot.activeElement
  if (node === document.body) return null
  node.dataset.reached = '1'
  const name = node.getAttribute('aria-label') || node.innerText || node.tagName
  const widget = node.getRootNode().host ?? node
  return [name, widget.closest('[class*="st-key-"]')?.className ?? '']
}"""
_CONTROLS = (
    ".stMain :is(canvas[tabindex='0'], a.door, .tools button, [data-baseweb=select] input,"
    " [data-testid=stNumberInputField], [data-testid=stBaseButton-secondary]:enabled,"
    " .stDownloadButton button, summary, [role=slider])"
)
MOST = 150
"""Stops after which the focus is taken to be trapped."""


def here(page):
    """Name and key of what has the focus, the inside of components included; None for nothing."""
    return page.evaluate(_HERE)


def reachable(page):
    """What the tabulator key stops at, once around from wherever the focus was."""
    page.evaluate("""() => {
      document.activeElement.blur()
      for (const node of document.querySelectorAll('[data-reached]')) delete node.dataset.reached
    }""")
    stops: list = []
    while stops.count(None) < 2 and len(stops) < 2 * MOST:  # to the end, and once around
        page.keyboard.press("Tab")
        stops.append(here(page))
    return stops[stops.index(None) :] if None in stops else stops


def missed(page):
    """The controls that no stop was at: none where the keyboard alone can do everything."""
    controls = page.locator(_CONTROLS).evaluate_all(
        "nodes => nodes.filter(n => n.checkVisibility() && !n.disabled && !n.dataset.reached)"
        ".map(n => n.outerHTML.slice(0, 120))"
    )
    groups = page.locator(".stMain [role=radiogroup]").evaluate_all(
        "groups => groups.filter(g => g.checkVisibility() && !g.querySelector('[data-reached]'))"
        ".map(g => g.outerHTML.slice(0, 160))"
    )
    return controls + groups


def tab_to(page, name="", *, key=""):
    """Press the tabulator key until the focus is on what is called `name`…, in what has `key`."""
    for _ in range(MOST):
        page.keyboard.press("Tab")
        stop = here(page)
        if not stop or not stop[1] or key not in stop[1]:
            continue
        if any(line.startswith(name) for line in stop[0].split("\n")):
            return
    raise AssertionError(f"the tabulator key never came to {name or key}")
