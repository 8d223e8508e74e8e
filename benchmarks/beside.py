"""What a run in training costs the others who use the pages, and what watching costs the run.

Real servers, a real browser, and the app's own worker, which train MNIST on the same processors.
Blocks take turns: the worker is held (SIGSTOP) and nobody watches, or it trains and its owner
watches. Then it trains on, watched and not, in pairs of seconds close enough together for a
processor that is faster at one time than at another. What a run keeps of every epoch to be
watched is timed without a browser.
"""

from __future__ import annotations

import os
import signal
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, fields
from time import perf_counter
from unittest import mock

import psutil
from playwright.sync_api import Browser, Page

from benchmarks.cases import CASES, OURS
from benchmarks.chromium import calm, chromium, new_page
from benchmarks.measured import Comparison, Part, Table, median, percentile
from benchmarks.servers import APP, Server, serving
from cnnviz.core.networks.models import MODELS
from cnnviz.core.records import TrainEvent
from cnnviz.core.training.train_config import TrainConfig
from cnnviz.nn.runs import create_run, list_runs, plan_run, read_points, train
from cnnviz.nn.runs.writer import RunWriter
from cnnviz.nn.training import follow
from cnnviz.nn.training.run import TrainingRun

_SETTLE_MS = 3000
_WARM_UPS = 2
_ENDLESS = 200
"""Epochs; more than are trained in that time."""
_CONFIG = TrainConfig(epochs=3, batch_size=64, device="cpu")

_OURS = next(case for case in CASES if case.name == OURS)


@dataclass(frozen=True, slots=True)
class Plan:
    """How much is done.

    Attributes:
        blocks: Blocks of changes, alone and beside.
        changes: Changes in a block.
        pairs: Pairs in which a run is watched and left alone.
        watch_s: Seconds of each arm of a pair.
        turns: Turns of the run that is kept.
    """

    blocks: int = 4
    changes: int = 10
    pairs: int = 16
    watch_s: float = 8.0
    turns: int = 1


@dataclass(frozen=True, slots=True)
class Found:
    """Milliseconds a change; microseconds a picture."""

    alone: list[float] = field(default_factory=list)
    beside: list[float] = field(default_factory=list)
    unwatched: list[float] = field(default_factory=list)
    watched: list[float] = field(default_factory=list)
    bare: list[float] = field(default_factory=list)
    kept: list[float] = field(default_factory=list)


def measure(plan: Plan, say: Callable[[str], None]) -> Part:
    """Change the stride beside a run, and train beside a person who watches."""
    found = Found()
    with _home():
        for n in range(plan.turns):
            say(f"beside: a run that is kept, {n + 1} of {plan.turns}")
            kept, bare = _kept()
            found.kept.append(kept)
            found.bare.append(bare)
    with _home(), chromium() as browser, serving(APP) as server:
        page = new_page(browser)
        page.goto(f"{server.address}/{_OURS.path}", timeout=120_000)
        _OURS.is_ready(page)
        owner = _Owner(browser, server)
        _changes(page, 0, _WARM_UPS)
        try:
            for n in range(plan.blocks):
                say(f"beside: changes, block {n + 1} of {plan.blocks}")
                _block(owner, page, plan, found, n)
            page.close()
            for n in range(plan.pairs):
                say(f"beside: watched and not, pair {n + 1} of {plan.pairs}")
                _pair(owner, plan, found, n)
        finally:
            owner.stop()
        errors = ("the server printed a traceback",) * bool(server.tracebacks())
    return _part(found, errors)


# ---------------------------------------------------------------- without a browser


@contextmanager
def _home() -> Iterator[None]:
    """Keep runs in a folder of their own."""
    with (
        tempfile.TemporaryDirectory() as folder,
        mock.patch.dict(os.environ, {"CNNVIZ_HOME": folder}),
    ):
        yield


def _kept() -> tuple[float, float]:
    """Train as a worker does; return microseconds a picture, and those without what is kept."""
    spent: list[float] = []

    def timed(run: TrainingRun) -> Iterator[TrainEvent]:
        for event in follow(run):
            start = perf_counter()
            yield event
            spent.append(perf_counter() - start)

    run_id = create_run(MODELS["mnist"], _CONFIG, plan_run("mnist", "benchmark"))
    with RunWriter(run_id) as writer, mock.patch.object(train, "follow", timed):
        train.train_run(writer)
    last = read_points(run_id)[-1]
    images = last.step * _CONFIG.batch_size
    return 1e6 * last.elapsed_s / images, 1e6 * (last.elapsed_s - sum(spent)) / images


# ---------------------------------------------------------------- with one


class _Owner:
    """Who trains: a page with a run that outlasts the benchmark, and the worker behind it."""

    def __init__(self, browser: Browser, server: Server) -> None:
        self.page = new_page(browser)
        self._address = f"{server.address}/train?lang=en&dataset=mnist"
        self.page.goto(self._address, timeout=120_000)
        epochs = self.page.locator(".st-key-train-epochs input")
        epochs.fill(str(_ENDLESS))
        epochs.press("Enter")
        calm(self.page)
        self.page.get_by_role("button", name="Train this network").click()
        self.watch()
        (self.run,) = list_runs()
        (self.worker,) = server.process.children()

    def watch(self) -> None:
        if self.page.url != self._address:
            self.page.goto(self._address, timeout=120_000)
        progress = self.page.get_by_text("pictures a second").first
        progress.wait_for(timeout=120_000)
        progress.scroll_into_view_if_needed()
        self.page.wait_for_timeout(_SETTLE_MS)

    def leave(self) -> None:
        self.page.goto("about:blank")
        self.page.wait_for_timeout(_SETTLE_MS)

    def speed(self, seconds: float) -> float:
        """Microseconds a picture, averaged over `seconds`."""
        first = read_points(self.run.id)[-1]
        self.page.wait_for_timeout(1000 * seconds)
        last = read_points(self.run.id)[-1]
        images = (last.step - first.step) * self.run.config.batch_size
        return 1e6 * (last.elapsed_s - first.elapsed_s) / images

    @contextmanager
    def held(self) -> Iterator[None]:
        """Let the worker rest, unwatched, for the time of the block."""
        self.leave()
        self.worker.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self.worker.send_signal(signal.SIGCONT)

    def stop(self) -> None:
        with suppress(psutil.NoSuchProcess):
            self.worker.kill()


def _block(owner: _Owner, page: Page, plan: Plan, found: Found, n: int) -> None:
    """Change alone and beside the run."""
    first = _WARM_UPS + n * 2 * plan.changes
    with owner.held():
        found.alone.extend(_changes(page, first, plan.changes))
    owner.watch()
    found.beside.extend(_changes(page, first + plan.changes, plan.changes))


def _pair(owner: _Owner, plan: Plan, found: Found, n: int) -> None:
    """Train on watched and unwatched, in changing order."""
    for is_watched in (n % 2 == 0, n % 2 == 1):
        if is_watched:
            owner.watch()
        else:
            owner.leave()
        speeds = found.watched if is_watched else found.unwatched
        speeds.append(owner.speed(plan.watch_s))


def _changes(page: Page, first: int, count: int) -> list[float]:
    page.wait_for_timeout(_SETTLE_MS)
    return [_OURS.step(page, n).shown for n in range(first, first + count)]


def _part(found: Found, errors: tuple[str, ...]) -> Part:
    values: dict[str, list[float]] = {
        each.name: getattr(found, each.name) for each in fields(found)
    }

    def line(what: str, unit: str, share: float, ours: str, other: str, most: float) -> Comparison:
        one, reference = (percentile(values[name], share) for name in (ours, other))
        return Comparison(what, unit, one, reference, f"{other}, p{100 * share:.0f}", most)

    ratios = [one / other for one, other in zip(found.watched, found.unwatched, strict=True)]
    rows = tuple(
        (name, len(each), median(each), min(each), max(each)) for name, each in values.items()
    )
    return Part(
        "beside",
        (
            line(
                "stride → map beside a run that is watched, p95", "ms", 0.95, "beside", "alone", 2
            ),
            Comparison(
                "training, a picture, watched by unwatched", "×", median(ratios), at_most=1.05
            ),
            line("training, a picture, kept to be watched", "µs", 0.5, "kept", "bare", 1.05),
        ),
        (Table("Each of them", ("case", "measured", "p50", "least", "most"), rows),),
        (
            "alone, beside: a person changes the stride on /convolution while the worker is held "
            "and nobody watches, or while it trains and its owner watches in the same browser.",
            "watched, unwatched: the same run, with its page open in a browser on these processors "
            "or not, nobody else there; their ratio is the median of the pairs'.",
            "kept, bare: the same run of three epochs, with the time between its steps that goes "
            "into what is kept of it, and without.",
        ),
        errors,
        values,
    )
