"""This tree against another one, in one run: changes and cold starts, in turns.

uv run --group bench python -m benchmarks.against ../other/checkout [--repeats N] [--starts N]

The other tree brings its own environment (`uv sync` in it). What disturbs one disturbs both, so the
ratio says what a change of the code did, and the machine's moods stay out of it.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from benchmarks import cases, cold, servers
from benchmarks.browser import SETTLE_MS
from benchmarks.chromium import calm, chromium, new_page
from benchmarks.machine import machine
from benchmarks.measured import median, percentile

_TIMED = (cases.OURS, cases.SIX_FILTERS, cases.NETWORK, cases.WHY)
_STARTED = (cold.START, cold.CONVOLUTION)
_WARM_UPS = 2

Times = dict[str, tuple[list[float], list[float]]]
"""What is timed → (in the other tree, in this one)."""


@contextmanager
def _in_tree(root: Path) -> Iterator[None]:
    """Let servers be started from a checkout, by the `cnnviz` of its own environment."""
    held = servers.ROOT, servers.COMMAND
    servers.ROOT, servers.COMMAND = root, root / ".venv" / "bin" / "cnnviz"
    try:
        yield
    finally:
        servers.ROOT, servers.COMMAND = held


def changes(trees: tuple[Path, Path], repeats: int) -> Times:
    """Time changes of pages that both trees serve, milliseconds to the frame that shows them."""
    timed: Times = {name: ([], []) for name in _TIMED}
    with ExitStack() as stack:
        browser, opened = stack.enter_context(chromium()), []
        for case in (each for each in cases.CASES if each.name in _TIMED):
            for n, tree in enumerate(trees):
                with _in_tree(tree):
                    server = stack.enter_context(servers.serving(case.script, *case.options))
                page = new_page(browser)
                page.goto(f"{server.address}/{case.path}", timeout=120_000)
                case.is_ready(page)
                opened.append((case, n, page))
        opened[0][2].wait_for_timeout(SETTLE_MS)
        for change in range(_WARM_UPS + repeats):
            for case, n, page in opened if change % 2 else opened[::-1]:
                calm(page)
                done = case.step(page, change)
                if change >= _WARM_UPS:
                    timed[case.name][n].append(done.shown)
    return timed


def starts(trees: tuple[Path, Path], repeats: int) -> Times:
    """Time cold starts, seconds to the first content, and to the first answered change."""
    timed: Times = {}
    with chromium() as browser:
        for start in range(repeats):
            for way in (each for each in cold.WAYS if each.name in _STARTED):
                for n in (0, 1) if start % 2 else (1, 0):
                    with _in_tree(trees[n]):
                        done = cold.start(browser, way)
                    for what, seconds in (
                        ("first content", done.painted),
                        ("first change", done.answered),
                    ):
                        if seconds is not None:
                            timed.setdefault(f"{way.name}, {what}", ([], []))[n].append(seconds)
    return timed


def main() -> int:
    """Print a table; 0 whatever it says."""
    parser = argparse.ArgumentParser("python -m benchmarks.against", description=__doc__)
    parser.add_argument("other", type=Path)
    parser.add_argument("--repeats", type=int, default=34)
    parser.add_argument("--starts", type=int, default=9)
    asked = parser.parse_args()
    trees = asked.other.resolve(), servers.ROOT
    print(machine(), file=sys.stderr)
    print("| what | n | other p50 | this p50 | ratio | other p95 | this p95 |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: |")
    for timed in (starts(trees, asked.starts), changes(trees, asked.repeats)):
        for name, (other, this) in timed.items():
            middles = median(other), median(this)
            tails = percentile(other, 0.95), percentile(this, 0.95)
            cells = (*middles, middles[1] / middles[0], *tails)
            print(
                f"| {name} | {len(this)} |",
                " | ".join(f"{each:.3g}" for each in cells),
                "|",
                flush=True,
            )
    return 0


if __name__ == "__main__":
    sys.exit(main())
