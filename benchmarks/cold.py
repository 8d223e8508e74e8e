"""From nothing to the first picture, and to the first answer.

Measured: from the start of the server's process to its first answer on the port, to the first
frame with content in Chromium, and to the first frame that shows an answered change, clicked as
soon as the control is there. Every time a new process and a browser context without a cache. Not
measured: the start of Chromium itself, and reading files from a disk that has not seen them
before: they are in the system's cache from the second start on.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser

from benchmarks import servers
from benchmarks.cases import side
from benchmarks.chromium import arming, await_shown, change, chromium, new_page, press, timings
from benchmarks.measured import Comparison, Part, Table, median, percentile
from benchmarks.servers import AS_STREAMLIT_DOES, await_answer, serving


@dataclass(frozen=True, slots=True)
class Start:
    """One cold start, in seconds from the start of the server's process.

    Attributes:
        port: Seconds until the port answered.
        painted: Seconds until the first frame with content.
        answered: Seconds until the first frame that shows the change; None where none was made.
        click: Seconds from the click to that frame.
    """

    port: float
    painted: float
    answered: float | None = None
    click: float | None = None


@dataclass(frozen=True, slots=True)
class _Way:
    name: str
    script: Path
    options: tuple[str, ...]
    path: str
    first: tuple[str, object]
    then: tuple[str, object] | None = None


BARE, START, CONVOLUTION, EAGER, EAGER_START = (
    "bare app",
    "/",
    "/convolution",
    "/convolution, eager imports",
    "/, eager imports",
)
_CHAIN = ("chain", 5)
_VIEWER = ("viewer", f"{side(1)} × {side(1)}"), ("viewer", f"{side(2)} × {side(2)}")
WAYS = (
    _Way(BARE, servers.FLOOR, AS_STREAMLIT_DOES, "", ("text", "stride is 1")),
    _Way(START, servers.APP, (), "?lang=en", _CHAIN),
    _Way(CONVOLUTION, servers.APP, (), "convolution?lang=en", *_VIEWER),
    _Way(EAGER, servers.EAGER, (), "convolution?lang=en", *_VIEWER),
    _Way(EAGER_START, servers.EAGER, (), "?lang=en", _CHAIN),
)


def measure(repeats: int, say: Callable[[str], None]) -> Part:
    """Start every app `repeats` times, in turns."""
    starts: dict[str, list[Start]] = {way.name: [] for way in WAYS}
    with chromium() as browser:
        for n in range(repeats):
            for way in WAYS:
                say(f"cold: start {n + 1} of {repeats}, {way.name}")
                starts[way.name].append(start(browser, way))
    return _part(starts)


def start(browser: Browser, way: _Way) -> Start:
    """Start an app in a new process and open it in a browser without a cache."""
    began = time.time()  # the wall clock, which the browser shares
    with serving(way.script, *way.options, wait=False) as server:
        port = await_answer(server)
        url = f"{server.address}/{way.path}"
        if way.then is None:
            painted = _painted(browser, url, way, began)
            return Start(port, painted)
        return _changed(browser, url, way, began, port)


def _painted(browser: Browser, url: str, way: _Way, began: float) -> float:
    page = new_page(browser, script=arming("load", *way.first))
    try:
        page.goto(url, timeout=120_000)
        await_shown(page, str(way.first))
        done = timings(page)
        return (done.origin + done.shown) / 1000 - began
    finally:
        page.context.close()


def _changed(browser: Browser, url: str, way: _Way, began: float, port: float) -> Start:
    """The first content is there when the first answer is, at the latest."""
    assert way.then is not None
    page = new_page(browser)
    try:
        page.goto(url, timeout=120_000)
        page.locator(".st-key-stride").get_by_role("radio").first.wait_for(timeout=120_000)
        painted = time.time() - began
        done = change(page, "click", *way.then, lambda: press(page, "stride", 2))
        at = done.origin + page.evaluate("bench.armed.shown")
        return Start(port, painted, at / 1000 - began, done.shown / 1000)
    finally:
        page.context.close()


def _part(starts: dict[str, list[Start]]) -> Part:
    painted = {name: [each.painted for each in done] for name, done in starts.items()}
    first = {
        name: [each.answered for each in done if each.answered is not None]
        for name, done in starts.items()
    }
    rows = tuple(
        (
            name,
            len(done),
            median([each.port for each in done]),
            median(painted[name]),
            percentile(painted[name], 1),
            median(first[name]) if first[name] else "–",
            median([each.click or 0 for each in done]) if first[name] else "–",
        )
        for name, done in starts.items()
    )
    head = (
        "app", "starts", "port answers", "first content", "slowest", "first answered change",
        "of it from the click",
    )  # fmt: skip
    return Part(
        "cold",
        (
            Comparison(
                "cold start → first paint of /, median", "s", median(painted[START]),
                median(painted[BARE]), BARE, 1.3,
            ),
            Comparison(
                "cold start → first answered stride change, median", "s",
                median(first[CONVOLUTION]), median(first[EAGER]), EAGER, 0.6,
            ),
            Comparison(
                "cold start → first paint of /, median", "s", median(painted[START]),
                median(painted[EAGER_START]), EAGER_START, None,
            ),
        ),
        (Table("Cold start: medians, seconds from the process's start", head, rows),),
        (
            "First content: the chain's canvases on /, the number of the bare app, the stride "
            "control on /convolution.",
            "Chromium runs already, with an empty cache for every start.",
        ),
        raw={f"painted {name}": values for name, values in painted.items()}
        | {f"answered {name}": values for name, values in first.items() if values},
    )  # fmt: skip
