"""The pages whose changes are timed: how to open them, what to change, what shows the answer.

A case is a page that is open in the browser; `step` makes the n-th timed change on it. Settings
that no one waits for are changed in between, so that no answer is one that the server kept.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page

from benchmarks import servers
from benchmarks.chromium import Change, await_first, calm, change, option, press, watch

STRIDES = (2, 3, 4, 1)
_PADDINGS = (1, 2, 3, 4, 5, 0)
_DILATIONS = (2, 3, 4, 1)


@dataclass(frozen=True, slots=True)
class Case:
    """A page to time.

    Attributes:
        name: Name in the tables.
        script: What its server serves.
        options: Options of the server.
        path: Path of the page.
        is_ready: Waits until the page shows its first content.
        step: Makes the n-th change.
    """

    name: str
    script: Path
    options: tuple[str, ...]
    path: str
    is_ready: Callable[[Page], None]
    step: Callable[[Page, int], Change]


def side(stride: int, padding: int = 0, dilation: int = 1, *, pixels: int = 28) -> int:
    """Return the side of the map of so many pixels under 3 taps."""
    return (pixels + 2 * padding - 2 * dilation - 1) // stride + 1


def _settings(n: int) -> tuple[int, int, int]:
    """Stride, padding, dilation of the n-th change; all 96 before one comes again."""
    padding = (0, *_PADDINGS[:-1])[n // 4 % 6]
    return STRIDES[n % 4], padding, (1, *_DILATIONS[:-1])[n // 24 % 4]


def _with_our_controls(check: str, pixels: int = 28) -> Callable[[Page, int], Change]:
    def step(page: Page, n: int) -> Change:
        _prepare(page, n)
        stride, *_ = _settings(n)
        return change(
            page, "click", check, _shape(n, pixels), lambda: press(page, "stride", stride)
        )

    return step


def _prepare(page: Page, n: int) -> None:
    """Set what the n-th change leaves as it is."""
    _, padding, dilation = _settings(n)
    if n % 4 == 0 and n:
        press(page, "padding", padding)
        calm(page)
    if n % 24 == 0 and n:
        press(page, "dilation", dilation)
        calm(page)


def _shape(n: int, pixels: int = 28) -> str:
    size = side(*_settings(n), pixels=pixels)
    return f"{size} × {size}"


def _in_a_row(page: Page, n: int) -> Change:
    """Change the stride twice; timed is the second change, made once the first map is there."""
    _prepare(page, 2 * n)
    (first, *_), (second, *_) = _settings(2 * n), _settings(2 * n + 1)
    box = option(page, "stride", second).bounding_box()
    assert box is not None
    place = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2  # a locator's click is slow
    watch(page, "click", "viewer", _shape(2 * n), lambda: press(page, "stride", first))
    return change(page, "click", "viewer", _shape(2 * n + 1), lambda: page.mouse.click(*place))


def _text(page: Page, n: int) -> Change:
    stride = STRIDES[n % 4]
    return change(
        page, "click", "text", f"stride is {stride}", lambda: press(page, "stride", stride)
    )


def _charts(count: int) -> Callable[[Page, int], Change]:
    def step(page: Page, n: int) -> Change:
        stride = STRIDES[n % 4]
        wanted = {"count": count, "rows": side(stride)}
        return change(page, "click", "charts", wanted, lambda: press(page, "stride", stride))

    return step


def _first(check: str, wanted: object) -> Callable[[Page], None]:
    return lambda page: await_first(page, check, wanted)


# ---------------------------------------------------------------- strokes


def _pad(page: Page) -> None:
    """Open the drawing pad and draw a seven on it, in a window that shows every layer."""
    page.set_viewport_size({"width": 1440, "height": 4400})
    await_first(page, "chain", 8)
    page.locator('[class*="st-key-picture-source"]').get_by_role("radio", name="Draw").click()
    page.get_by_role("application", name="Drawing pad").wait_for(timeout=60_000)
    calm(page)
    _stroke(page, [(0.29, 0.2), (0.7, 0.2), (0.58, 0.47), (0.46, 0.85)])
    page.locator('[data-stage="probabilities"] .amount').first.wait_for(timeout=60_000)
    calm(page)


def _stroke(page: Page, points: list[tuple[float, float]]) -> None:
    """Draw with the mouse; points in shares of the pad (x, y)."""
    pad = page.get_by_role("application", name="Drawing pad")
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    assert box is not None
    places = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in points]
    page.mouse.move(*places[0])
    page.mouse.down()
    for place in places[1:]:
        page.mouse.move(*place, steps=3)
    page.mouse.up()


def _drawn(page: Page, n: int) -> Change:
    """Add a short stroke to the seven, another one each time; it is taken back untimed."""
    chance = random.Random(n)
    x, y = chance.uniform(0.15, 0.8), chance.uniform(0.15, 0.8)
    points = [(x, y), (x + chance.uniform(-0.1, 0.1), y + chance.uniform(0.03, 0.12))]
    done = change(page, "pointerup", "network", None, lambda: _stroke(page, points))
    page.get_by_role("button", name="Undo").first.click()
    page.wait_for_timeout(150)
    calm(page)
    return done


# ---------------------------------------------------------------- why this number


def _asked(page: Page, n: int) -> Change:
    """Go one layer back by a click on a number, and forward again by the trail, in turns."""
    if n % 2:
        crumb = page.locator(".crumb").first
        crumb.scroll_into_view_if_needed()
        return change(page, "click", "why", "ReLU 2", crumb.click)
    term = page.locator("button.term").first
    term.scroll_into_view_if_needed()
    return change(page, "click", "why", "Convolution 2", term.click)


# ---------------------------------------------------------------- all of them

FLOOR = "floor"
FLOOR_TUNED = "floor, our garbage setting"
OURS = "/convolution"
OURS_DEFAULT_GC = "/convolution, default gc"
OURS_IN_A_ROW = "/convolution, in a row"
OURS_IN_A_ROW_DEFAULT_GC = "/convolution, in a row, default gc"
SIX = "six maps, our parts"
SIX_FILTERS = "/convolution, six filters, 224 × 224 × 3"
NETWORK = "/network, a stroke"
WHY = "/network, why, a step"
NAIVE = "naive, one chart"
NAIVE_SIX = "naive, six charts"

_AS_STREAMLIT = servers.AS_STREAMLIT_DOES
_NONE = {"count": 1, "rows": side(1)}

CASES: tuple[Case, ...] = (
    Case(FLOOR, servers.FLOOR, _AS_STREAMLIT, "", _first("text", "stride is 1"), _text),
    Case(FLOOR_TUNED, servers.FLOOR, (), "", _first("text", "stride is 1"), _text),
    Case(
        OURS, servers.APP, (), "convolution?lang=en", _first("viewer", "26 × 26"),
        _with_our_controls("viewer"),
    ),
    Case(
        OURS_DEFAULT_GC, servers.DEFAULT_GC, _AS_STREAMLIT, "convolution?lang=en",
        _first("viewer", "26 × 26"), _with_our_controls("viewer"),
    ),
    Case(
        OURS_IN_A_ROW, servers.APP, (), "convolution?lang=en", _first("viewer", "26 × 26"),
        _in_a_row,
    ),
    Case(
        OURS_IN_A_ROW_DEFAULT_GC, servers.DEFAULT_GC, _AS_STREAMLIT, "convolution?lang=en",
        _first("viewer", "26 × 26"), _in_a_row,
    ),
    Case(
        SIX, servers.SIX_MAPS, (), "six_maps?lang=en", _first("wall", "26 × 26"),
        _with_our_controls("wall"),
    ),
    Case(
        SIX_FILTERS, servers.APP, (),
        "convolution?lang=en&picture=astronaut&colour=all&section=filters",
        _first("bank", "222 × 222"), _with_our_controls("bank", 224),
    ),
    Case(NETWORK, servers.APP, (), "network?lang=en", _pad, _drawn),
    Case(
        WHY, servers.APP, (), "network?lang=en&why=relu2,3,5,5", _first("why", "ReLU 2"), _asked
    ),
    Case(NAIVE, servers.NAIVE, _AS_STREAMLIT, "", _first("charts", _NONE), _charts(1)),
    Case(
        NAIVE_SIX, servers.NAIVE_SIX, _AS_STREAMLIT, "",
        _first("charts", {**_NONE, "count": 6}), _charts(6),
    ),
)  # fmt: skip
