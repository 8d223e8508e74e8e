"""Change → first frame that shows it, in a real Chromium, page beside page.

Measured: from the trusted click or the end of a stroke to the first animation frame with the new
content, on servers and a browser that share the machine's processors. Cases take turns, change by
change, so that what disturbs one disturbs all. Not measured: what the screen itself needs, and
anything over a network.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack

from playwright.sync_api import Page

from benchmarks import cases
from benchmarks.cases import CASES, Case
from benchmarks.chromium import Change, calm, chromium, new_page
from benchmarks.measured import Comparison, Part, Table, median, percentile
from benchmarks.servers import Server, serving

SETTLE_MS = 12_000  # torch is loaded behind the first page; nobody is timed before
_WARM_UPS = 2

Changes = dict[str, list[Change]]


def measure(repeats: int, say: Callable[[str], None], *, settle_ms: int) -> Part:
    """Time every case.

    Args:
        repeats: Changes of each case.
        say: Called with each line of progress.
        settle_ms: Pause after the pages have opened.
    """
    changes: Changes = {case.name: [] for case in CASES}
    with ExitStack() as stack:
        browser = stack.enter_context(chromium())
        opened: list[tuple[Case, Server, Page]] = []
        for case in CASES:
            say(f"browser: opening {case.name}")
            server = stack.enter_context(serving(case.script, *case.options))
            page = new_page(browser)
            page.goto(f"{server.address}/{case.path}", timeout=120_000)
            case.is_ready(page)
            opened.append((case, server, page))
        opened[0][2].wait_for_timeout(settle_ms)
        for n in range(_WARM_UPS + repeats):
            say(f"browser: change {n + 1} of {_WARM_UPS + repeats}")
            for case, _, page in opened:
                calm(page)
                done = case.step(page, n)
                if n >= _WARM_UPS:
                    changes[case.name].append(done)
        errors = [
            f"{case.name}: the server printed a traceback"
            for case, server, _ in opened
            if server.tracebacks()
        ]
    return _part(changes, errors)


def _part(changes: Changes, errors: Sequence[str]) -> Part:
    shown = {name: [change.shown for change in done] for name, done in changes.items()}
    return Part(
        "browser",
        _comparisons(shown),
        (_overview(shown), _where(changes)),
        (
            "Times run from the trusted input event to the first animation frame that shows the "
            "answer, taken inside the page; frames come every 16.7 ms.",
            "In a row: two changes, the second made as soon as the first map is painted; timed is "
            "the second, which meets the collection of garbage behind the first.",
            "Every change of ours is one that the server has not computed before.",
            "The window of /network is as tall as the page while a stroke is timed: walls far from "
            "what is in sight would be painted only when they are scrolled to.",
            "The floor, the naive pages and “default gc” collect garbage as Streamlit does by "
            "default; the “floor, our garbage setting” has the product's configuration.",
        ),
        tuple(errors),
        shown,
    )


def _comparisons(shown: dict[str, list[float]]) -> tuple[Comparison, ...]:
    ours, floor = shown[cases.OURS], shown[cases.FLOOR]

    def against(
        what: str, name: str, reference: str, at_most: float | None, share: float = 0.5
    ) -> Comparison:
        return Comparison(
            what,
            "ms",
            percentile(shown[name], share),
            median(shown[reference]),
            f"{reference}, p50",
            at_most,
        )

    lines = [
        against("stride → map, p50", cases.OURS, cases.FLOOR, 1.5),
        Comparison(
            "stride → map, p95", "ms", percentile(ours, 0.95), percentile(floor, 0.95),
            f"{cases.FLOOR}, p95", 3,
        ),
        against("stride → map, p50", cases.OURS, cases.OURS_DEFAULT_GC, 0.4),
        against(
            "stride → map, changes in a row, p50", cases.OURS_IN_A_ROW,
            cases.OURS_IN_A_ROW_DEFAULT_GC, 0.4,
        ),
        against("stride → six maps, p50", cases.SIX, cases.FLOOR, 2.5),
        against("stride → window and six maps, RGB, p50", cases.SIX_FILTERS, cases.FLOOR, 2.5),
        against("stroke → every layer, p50", cases.NETWORK, cases.FLOOR, 4),
        against("why, one step, p50", cases.WHY, cases.FLOOR, 1.5),
        against("stride → map, p50", cases.OURS, cases.FLOOR_TUNED, None),
        against("stride → map, p50", cases.OURS, cases.NAIVE, None),
        against("stride → six maps, p50", cases.SIX, cases.NAIVE_SIX, None),
    ]  # fmt: skip
    return tuple(lines)


def _overview(shown: dict[str, list[float]]) -> Table:
    rows = [
        (name, len(values), median(values), percentile(values, 0.95), min(values), max(values))
        for name, values in shown.items()
    ]
    head = ("case", "changes", "p50 ms", "p95 ms", "least ms", "most ms")
    return Table("Change → first frame that shows it", head, tuple(rows))


def _where(changes: Changes) -> Table:
    """Medians of each leg; the script's run is what lies between its first and last message."""

    def middle(values: Sequence[float | None]) -> float | str:
        known = [value for value in values if value is not None]
        return median(known) if known else "–"

    def legs(done: Sequence[Change]) -> tuple[float | str, ...]:
        return (
            middle([change.sent for change in done]),
            middle([change.first for change in done]),
            middle([_less(change.finished, change.first) for change in done]),
            middle([change.finished for change in done]),
            middle([change.last for change in done]),
            middle([change.shown for change in done]),
            middle([change.size / 1000 for change in done]),
        )

    head = (
        "case", "request sent", "run began", "script ran for", "script finished",
        "last message", "shown", "answer in kB",
    )  # fmt: skip
    rows = tuple((name, *legs(done)) for name, done in changes.items())
    return Table("Where the time goes: medians, ms from the input", head, rows)


def _less(one: float | None, other: float | None) -> float | None:
    return None if one is None or other is None else one - other
