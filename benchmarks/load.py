"""A load of sessions on one server, without a browser, and what it does to it.

Measured: from the sending of a change to the word that its script has finished, for visitors who
each change the stride once in two seconds, at a random moment of their own; an answer that is due
while the one before is still out counts from the moment it was due. Memory is the growth of the
server's resident memory by each session after the first few: what the allocator keeps is in it,
what sessions share is not. Not measured: what browsers do with the answers. The visitors share the
machine's processors with the server; how much they take is reported.
"""

from __future__ import annotations

import asyncio
import json
import random
import time
from collections.abc import Awaitable, Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import psutil
from websockets.exceptions import WebSocketException

from benchmarks.protocol import Refused, Run, Visitor, cookie
from benchmarks.servers import AS_STREAMLIT_DOES, NAIVE, Server, serving

PAGE = "convolution?lang=en"
_EVERY_S = 2.0
_LIMIT_S = 120.0
_FIRST = 15  # sessions that have worked when memory is weighed first; some even free memory
_STRIDES = "2341"  # pages open with 1


@dataclass(slots=True)
class Load:
    """What a load did to a server; seconds and MiB.

    Attributes:
        sessions: Number of visitors.
        answers_s: Seconds of every answered change, from when it was due.
        unsent: Changes that were due and never left, because answers were missing.
        took_s: Seconds from the first change to the last answer.
        errors: What went wrong.
        cpu: Processors that the server kept busy.
        visitors_cpu: Processors that the visitors themselves took.
        rss_first: Memory with the first few sessions open, which had seen every stride.
        rss_open: Memory with all sessions open and idle.
        rss_most: Peak memory while they worked.
        rss_after: Memory once they were idle again.
    """

    sessions: int
    answers_s: list[float] = field(default_factory=list)
    unsent: int = 0
    took_s: float = 0.0
    errors: list[str] = field(default_factory=list)
    cpu: float = 0.0
    visitors_cpu: float = 0.0
    rss_first: float = 0.0
    rss_open: float = 0.0
    rss_most: float = 0.0
    rss_after: float = 0.0

    @property
    def per_session_mib(self) -> float:
        """Growth by each session after the first few, all open and idle."""
        return (self.rss_open - self.rss_first) / max(1, self.sessions - _FIRST)

    @property
    def per_session_after_mib(self) -> float:
        """The same once all have worked; what the server keeps for everybody is in it."""
        return (self.rss_after - self.rss_first) / max(1, self.sessions - _FIRST)

    @property
    def has_collapsed(self) -> bool:
        """Whether the server could not keep up with the load."""
        return self.unsent > 0


def load(script: Path, sessions: int, seconds: float, *, settle_s: float) -> Load:
    """Put a load on a fresh server of our app, or of a reference page."""
    is_ours = script != NAIVE
    with serving(script, *(() if is_ours else AS_STREAMLIT_DOES)) as server:
        done = asyncio.run(_loaded(server, sessions, seconds, settle_s, is_ours))
        done.errors += ["the server printed a traceback"] * server.tracebacks()
    return done


async def _loaded(
    server: Server, sessions: int, seconds: float, settle_s: float, is_ours: bool
) -> Load:
    done = Load(sessions)
    token = await asyncio.to_thread(cookie, server.address)
    visitors = [Visitor(server.address, _page(n, is_ours), token) for n in range(sessions)]
    await visitors[0].open()
    await asyncio.sleep(settle_s)
    await in_turn([each.open for each in visitors[1:_FIRST]])
    for stride in _STRIDES:
        await in_turn([partial(each.choose, "stride", stride) for each in visitors[:_FIRST]])
    done.rss_first = await resting(server)
    await in_turn([each.open for each in visitors[_FIRST:]])
    done.rss_open = await resting(server)
    me, began = psutil.Process(), time.perf_counter()
    mine, its = sum(me.cpu_times()[:2]), server.cpu_s()
    watching = asyncio.create_task(_watch(server, done))
    await asyncio.gather(*(_work(each, n, seconds, done) for n, each in enumerate(visitors)))
    watching.cancel()
    done.took_s = time.perf_counter() - began
    done.cpu = (server.cpu_s() - its) / done.took_s
    done.visitors_cpu = (sum(me.cpu_times()[:2]) - mine) / done.took_s
    done.rss_after = await resting(server)
    await asyncio.gather(*(each.close() for each in visitors))
    return done


def _page(n: int, is_ours: bool) -> str:
    """A page of each visitor's own: neighbours look at other padding and dilation."""
    return f"{PAGE}&padding={n % 6}&dilation={n // 6 % 4 + 1}" if is_ours else ""


async def in_turn(tasks: Iterable[Callable[[], Awaitable[object]]], *, at_once: int = 4) -> None:
    """Run what the calls return, a few at a time."""
    gate = asyncio.Semaphore(at_once)

    async def one(task: Callable[[], Awaitable[object]]) -> None:
        async with gate:
            await task()

    await asyncio.gather(*(one(task) for task in tasks))


async def resting(server: Server) -> float:
    """Return a server's memory once it does nothing for a second, in MiB."""
    before = -1.0
    while server.cpu_s() - before > 0.03:
        before = server.cpu_s()
        await asyncio.sleep(1)
    return server.rss_mib()


async def _watch(server: Server, done: Load) -> None:
    while True:
        done.rss_most = max(done.rss_most, server.rss_mib())
        await asyncio.sleep(0.5)


async def _work(visitor: Visitor, n: int, seconds: float, done: Load) -> None:
    began = time.perf_counter()
    due, turn = began + random.Random(n).uniform(0, _EVERY_S), 0
    while due < began + seconds:
        if time.perf_counter() > began + seconds:
            done.unsent += 1
            due += _EVERY_S
            continue
        await asyncio.sleep(due - time.perf_counter())
        stride = _STRIDES[turn % 4]
        turn += 1
        try:
            async with asyncio.timeout(_LIMIT_S):
                run = await visitor.choose("stride", stride)
        except (OSError, LookupError, Refused, WebSocketException) as error:
            done.errors.append(repr(error)[:300])
            return
        done.answers_s.append(time.perf_counter() - due)
        done.errors += run.exceptions
        if visitor.page_name and _viewed(run).get("stride") != [int(stride)] * 2:
            done.errors.append(f"the answer does not show stride {stride}")
        due += _EVERY_S


def headers(run: Run) -> Iterator[dict[str, Any]]:
    """Yield the headers of the components in an answer; see `cnnviz.ui.components.wire`."""
    for element, _ in run.drawn:
        block = element.bidi_component.bytes
        if element.WhichOneof("type") == "bidi_component" and len(block) > 4:
            yield json.loads(block[4 : 4 + int.from_bytes(block[:4], "little")])


def _viewed(run: Run) -> dict[str, Any]:
    """The header of the first viewer in an answer."""
    return next((each for each in headers(run) if each.get("op") == "conv"), {})


def viewed_side(run: Run) -> int:
    """Return the longest side of the picture in an answer's viewer; 0 without one."""
    arrays = _viewed(run).get("arrays")
    return max(arrays["input"]["shape"]) if isinstance(arrays, dict) else 0
