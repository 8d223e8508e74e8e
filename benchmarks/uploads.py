"""What a session weighs once it has brought its own picture, through the real upload endpoint.

Each visitor uploads noise of their own, which no format makes smaller: a picture of 1024 × 1024,
the largest that is kept, or a file just below the limit of 10 MB. Reading a picture takes several
times its size for a moment, and the allocator keeps some of that once and for all, not for each
session; so the later half of the visitors is also weighed by itself.
"""

from __future__ import annotations

import asyncio
import io
from dataclasses import dataclass, field
from functools import partial

import numpy as np
from PIL import Image
from websockets.exceptions import WebSocketException

from benchmarks.load import PAGE, in_turn, resting, viewed_side
from benchmarks.protocol import Refused, Visitor, cookie
from benchmarks.servers import APP, Server, serving

KEPT, LARGEST = 1024, 1800
_LAB_SIDE = 224
_SOURCE, _UPLOADER = "picture.source", "picture.upload"


@dataclass(slots=True)
class Weight:
    """Growth of resident memory a session, in MB (10⁶ bytes).

    Attributes:
        side: Side of the picture that each visitor brought.
        file_mb: Size of the file.
        sessions: How many visitors.
        per_session_mb: Growth with the picture, over a session without one.
        later_mb: The same of the later half of the visitors.
        errors: What went wrong.
    """

    side: int
    file_mb: float
    sessions: int
    per_session_mb: float = 0.0
    later_mb: float = 0.0
    errors: list[str] = field(default_factory=list)


def noise(side: int, seed: int) -> bytes:
    """Return a square RGB PNG of noise; its size is hardly below that of its pixels."""
    levels = np.random.default_rng(seed).integers(0, 256, (side, side, 3), np.uint8)
    file = io.BytesIO()
    Image.fromarray(levels).save(file, "PNG", compress_level=1)
    return file.getvalue()


def weigh(side: int, sessions: int, *, settle_s: float) -> Weight:
    """Weigh sessions of a fresh server that each bring a picture of that side.

    One visitor more uploads first, so that what is loaded for the first picture is not weighed.
    """
    weight = Weight(side, len(noise(side, 0)) / 1e6, sessions)
    with serving(APP) as server:
        asyncio.run(_weighed(server, weight, settle_s))
        weight.errors += ["the server printed a traceback"] * server.tracebacks()
    return weight


async def _weighed(server: Server, weight: Weight, settle_s: float) -> None:
    token = await asyncio.to_thread(cookie, server.address)
    first, *visitors = (Visitor(server.address, PAGE, token) for _ in range(weight.sessions + 1))
    await first.open()
    await asyncio.sleep(settle_s)
    await _bring(first, 0, weight)
    await in_turn([each.open for each in visitors])
    half = weight.sessions // 2
    brings = [partial(_bring, each, n, weight) for n, each in enumerate(visitors, 1)]
    rss = [await resting(server)]
    for some in (brings[:half], brings[half:]):
        await in_turn(some, at_once=2)
        rss.append(await resting(server))
    weight.per_session_mb = (rss[2] - rss[0]) * 2**20 / 1e6 / weight.sessions
    weight.later_mb = (rss[2] - rss[1]) * 2**20 / 1e6 / (weight.sessions - half)
    await asyncio.gather(*(each.close() for each in (first, *visitors)))


async def _bring(visitor: Visitor, n: int, weight: Weight) -> None:
    try:
        await visitor.choose(_SOURCE, "Upload")
        data = await asyncio.to_thread(noise, weight.side, n)
        async with asyncio.timeout(120):
            run = await visitor.upload(_UPLOADER, f"noise-{n}.png", data)
    except (OSError, LookupError, Refused, WebSocketException) as error:
        weight.errors.append(repr(error)[:300])
        return
    weight.errors += run.exceptions
    if viewed_side(run) != _LAB_SIDE:
        weight.errors.append(f"the answer shows a picture of {viewed_side(run)}, not the upload")
