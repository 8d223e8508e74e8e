"""A real Chromium, and one change on one of its pages: act, wait for the frame that shows it.

Times are taken inside the page by `probe.js`, from the trusted input event on. What Playwright
needs to move the mouse and to ask for the result is in none of them.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Locator, Page, sync_playwright

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
PROBE = (Path(__file__).parent / "probe.js").read_text(encoding="utf-8")
_LIMIT_MS = 60_000
_QUIET_MS = 300


@dataclass(frozen=True, slots=True)
class Change:
    """One change; milliseconds from the trusted input, but for `origin` and `size`.

    Attributes:
        shown: Time until the first animation frame with the new content.
        sent: Time until the request left on the websocket.
        first: Time until the answer's first message about the run.
        finished: Time until the server said that the script had finished.
        last: Time until the last message.
        size: Bytes of the answer.
        origin: When the page began, in milliseconds of the wall clock.
    """

    shown: float
    sent: float | None
    first: float | None
    finished: float | None
    last: float | None
    size: int
    origin: float


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start Chromium for the time of the block."""
    path = shutil.which("chromium") or shutil.which("google-chrome")
    if path is None:
        raise SystemExit("The benchmarks need Chromium; on Debian: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        try:
            yield browser
        finally:
            browser.close()


def new_page(browser: Browser, *, script: str = "") -> Page:
    """Return an empty page with the probe in it, in a context of its own: nothing is cached.

    Args:
        browser: Browser to open it in.
        script: Script to run after the probe, before the page's own.
    """
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="en-US")
    context.add_init_script(PROBE + script)
    return context.new_page()


def arming(kind: str, check: str, wanted: object) -> str:
    """Return the script that makes the probe await an event of a kind, then the answer."""
    return f"bench.arm({json.dumps(kind)}, {json.dumps(check)}, {json.dumps(wanted)})"


def change(page: Page, kind: str, check: str, wanted: object, act: Callable[[], None]) -> Change:
    """Do something on a page; return what it took, once the page is idle.

    Args:
        page: Page from `new_page`.
        kind: The trusted event that `act` ends with, "click" or "pointerup".
        check: What shows the answer; one of the probe's checks.
        wanted: What the check compares with.
        act: Uses mouse or keyboard.
    """
    watch(page, kind, check, wanted, act)
    return timings(page)


def watch(page: Page, kind: str, check: str, wanted: object, act: Callable[[], None]) -> None:
    """Do something on a page, as for `change`; return as soon as the answer was seen."""
    page.bring_to_front()
    page.evaluate(arming(kind, check, wanted))
    act()
    await_shown(page, f"{check} {wanted}")


def await_shown(page: Page, what: str) -> None:
    """Wait for the answer that the probe was armed for.

    Raises:
        TimeoutError: it was not seen within a minute.
    """
    if not page.evaluate(f"bench.shown({_LIMIT_MS})"):
        raise TimeoutError(f"{page.url}: no frame showed {what} within {_LIMIT_MS} ms")


def timings(page: Page) -> Change:
    """Wait until a page is idle; return what its last change took."""
    calm(page)
    return Change(**page.evaluate("bench.timings()"))


def calm(page: Page) -> None:
    """Wait until the script is idle and the wire has been quiet for a while."""
    page.wait_for_function(f"bench.isCalm({_QUIET_MS})", timeout=_LIMIT_MS, polling=50)


def press(page: Page, key: str, name: int | str) -> None:
    """Click an option of the segmented control of that key."""
    option(page, key, name).click()


def option(page: Page, key: str, name: int | str) -> Locator:
    """Return an option of the segmented control of that key."""
    return page.locator(f".st-key-{key}").get_by_role("radio", name=str(name), exact=True)


def await_first(page: Page, check: str, wanted: object) -> None:
    """Wait until a page shows its first content, however long that takes, and is idle."""
    page.evaluate(arming("load", check, wanted))
    for _ in range(5):
        if page.evaluate(f"bench.shown({_LIMIT_MS})"):
            return calm(page)
    raise TimeoutError(f"{page.url}: never showed {check} {wanted}")
