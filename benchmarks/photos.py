"""Photographs: from an upload to five answers, Grad-CAM, and what thirty people leave behind.

Measured: from the browser's word that a file was chosen to the first frame with the five answers,
in turns with a page written the plain way; Grad-CAM beside one pass of the same network, without
a server; the server's resident memory after a first and after a second round of people who each
open the page, bring a photograph and leave. Every upload is a file that no server has seen before.
"""

from __future__ import annotations

import asyncio
import io
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import numpy as np
from PIL import Image
from playwright.sync_api import Page
from websockets.exceptions import WebSocketException

from benchmarks.chromium import Change, await_first, calm, change, chromium, new_page
from benchmarks.load import headers, resting
from benchmarks.measured import Comparison, Part, Table, median, percentile
from benchmarks.protocol import Refused, Run, Visitor, cookie
from benchmarks.servers import APP, AS_STREAMLIT_DOES, NAIVE_PHOTOS, Server, serving
from cnnviz.core.samples import draw_sample

MEGAPIXELS = 4000, 3000
"""Width and height of an upload."""
SHOWN = (("coffee", "espresso"), ("camera", "tripod"))
"""Samples that uploads are made of, and the first answer to each."""
PAGE = "classify?lang=en"
_WARM_UPS = 2
_FORGOTTEN_S = 135
"""Streamlit keeps a session for two minutes after its browser has left."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How much is measured.

    Attributes:
        uploads: Uploads to each of the two pages.
        maps: Times that Grad-CAM, and one pass, is timed.
        people: In each of two rounds.
        settle_s: Pause before a fresh server is timed or weighed.
        forgotten_s: Pause after a round, until the server has let go of its sessions.
    """

    uploads: int = 30
    maps: int = 30
    people: int = 30
    settle_s: float = 12.0
    forgotten_s: float = _FORGOTTEN_S


@dataclass(slots=True)
class Rounds:
    """Resident memory of a server, in MiB.

    Attributes:
        people: People in each round.
        before: Memory after one person.
        first: Memory after the first round, when its sessions are gone.
        second: Memory after the second round.
        errors: What went wrong.
    """

    people: int
    before: float = 0.0
    first: float = 0.0
    second: float = 0.0
    errors: list[str] = field(default_factory=list)


def measure(plan: Plan, say: Callable[[str], None]) -> Part:
    """Time uploads and maps, and weigh two rounds of people."""
    ours, plain, errors = _uploads(plan, say)
    say("photos: Grad-CAM and one pass")
    maps, passes = _maps(plan.maps)
    rounds = _rounds(plan, say)
    megabytes = (rounds.second - rounds.first) * 2**20 / 1e6
    comparisons = (
        Comparison(
            "12-megapixel JPEG → five answers, p50", "ms", median(ours), median(plain),
            "the plain way, p50", 0.5,
        ),
        Comparison("Grad-CAM, p50", "ms", median(maps), median(passes), "one pass, p50", 3),
        Comparison(
            f"a second round of {rounds.people} people", "MB", megabytes, at_most=50
        ),
    )  # fmt: skip
    raw = {"ours, ms": ours, "plain, ms": plain, "Grad-CAM, ms": maps, "one pass, ms": passes}
    return Part(
        "photos",
        comparisons,
        (_times(raw), _memory(rounds)),
        (
            "Uploads are JPEGs of 4000 × 3000 pixels; the time runs from the browser's change "
            "event to the first frame with the answer. The plain page decodes them whole, builds "
            "and loads the same network in each run, and collects garbage as Streamlit does.",
            "Grad-CAM and one pass run in one process with one thread, as on the server.",
            "Memory is weighed at rest: two minutes after the last of a round has left, one more "
            "person comes and goes, and Streamlit lets go of the sessions before.",
        ),
        (*errors, *rounds.errors),
        raw,
    )


def _times(raw: dict[str, list[float]]) -> Table:
    head = ("what", "times", "p50", "p95", "least", "most")
    rows = [
        (name, len(each), median(each), percentile(each, 0.95), min(each), max(each))
        for name, each in raw.items()
    ]
    return Table("Photographs", head, tuple(rows))


def _memory(rounds: Rounds) -> Table:
    head = ("people a round", "after one", "after the first round", "after the second")
    row = (rounds.people, rounds.before, rounds.first, rounds.second)
    return Table("Resident memory of the server, MiB", head, (row,))


def jpeg(n: int, size: tuple[int, int] = MEGAPIXELS) -> bytes:
    """Return the n-th upload: a sample enlarged, a little lighter or darker each time."""
    levels = np.round(draw_sample(SHOWN[n % 2][0]) * 255).astype(np.uint8)
    colours = levels.repeat(3, 0) if len(levels) == 1 else levels
    picture = Image.fromarray(np.ascontiguousarray(colours.transpose(1, 2, 0)))
    width, height = picture.size
    side = min(width * size[1] / size[0], height)  # the middle, in the upload's proportions
    half = side * size[0] / size[1] / 2, side / 2
    box = tuple(
        round(place)
        for place in (
            width / 2 - half[0], height / 2 - half[1], width / 2 + half[0], height / 2 + half[1],
        )
    )  # fmt: skip
    large = picture.resize(size, Image.Resampling.BICUBIC, box)
    file = io.BytesIO()
    large.point(lambda level: level * (1 - n / 1000)).save(file, "JPEG", quality=90)
    return file.getvalue()


# ---------------------------------------------------------------- uploads


def _uploads(plan: Plan, say: Callable[[str], None]) -> tuple[list[float], list[float], list[str]]:
    """Return milliseconds of ours, of the plain page, and what went wrong; pages take turns."""
    times: tuple[list[float], list[float]] = ([], [])
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        browser = stack.enter_context(chromium())
        servers = (
            stack.enter_context(serving(APP)),
            stack.enter_context(serving(NAIVE_PHOTOS, *AS_STREAMLIT_DOES)),
        )
        pages = new_page(browser), new_page(browser)
        say("photos: opening both pages")
        pages[0].goto(f"{servers[0].address}/{PAGE}", timeout=120_000)
        await_first(pages[0], "top5", "")
        pages[0].locator('[class*="st-key-picture-source"]').get_by_role(
            "radio", name="Upload"
        ).click()
        pages[1].goto(servers[1].address, timeout=120_000)
        pages[1].locator('input[type="file"]').wait_for(state="attached", timeout=120_000)
        pages[0].wait_for_timeout(1000 * plan.settle_s)
        for n in range(_WARM_UPS + plan.uploads):
            say(f"photos: upload {n + 1} of {_WARM_UPS + plan.uploads}")
            path = folder / f"photograph-{n}.jpg"
            path.write_bytes(jpeg(n))
            for page, check, kept in zip(pages, ("top5", "named"), times, strict=True):
                done = _upload(page, path, check, SHOWN[n % 2][1])
                if n >= _WARM_UPS:
                    kept.append(done.shown)
        errors = ["a server printed a traceback"] * sum(each.tracebacks() for each in servers)
    return *times, errors


def _upload(page: Page, path: Path, check: str, wanted: str) -> Change:
    calm(page)
    chooser = page.locator('input[type="file"]').last
    return change(page, "change", check, wanted, lambda: chooser.set_input_files(path))


# ---------------------------------------------------------------- maps


def _maps(count: int) -> tuple[list[float], list[float]]:
    """Return milliseconds of Grad-CAM and of one pass, in turns."""
    from cnnviz.core.photos.input import photo_input
    from cnnviz.nn.device import use_threads
    from cnnviz.nn.photos.attribution import attribute
    from cnnviz.nn.photos.classification import photo_logits
    from cnnviz.nn.photos.pretrained import shared_photo_network

    use_threads(1)
    model = shared_photo_network("lite0")
    seen = photo_input(draw_sample("cat"), model.card).seen

    def timed(work: Callable[[], object]) -> float:
        began = time.perf_counter()
        work()
        return 1000 * (time.perf_counter() - began)

    maps, passes = [], []
    for n in range(_WARM_UPS + count):
        one = timed(partial(photo_logits, model, seen))
        other = timed(partial(attribute, model, seen, 281 + n % 5))
        if n >= _WARM_UPS:
            passes.append(one)
            maps.append(other)
    return maps, passes


# ---------------------------------------------------------------- rounds of people


def _rounds(plan: Plan, say: Callable[[str], None]) -> Rounds:
    rounds = Rounds(plan.people)
    with serving(APP) as server:
        asyncio.run(_weighed(server, plan, rounds, say))
        rounds.errors += ["the server printed a traceback"] * server.tracebacks()
    return rounds


async def _weighed(server: Server, plan: Plan, rounds: Rounds, say: Callable[[str], None]) -> None:
    token = await asyncio.to_thread(cookie, server.address)
    await _visit(server, token, 0, rounds)
    await asyncio.sleep(plan.settle_s)
    rounds.before = await resting(server)
    weights = []
    for turn in range(2):
        for n in range(plan.people):
            say(f"photos: round {turn + 1}, person {n + 1} of {plan.people}")
            await _visit(server, token, 1 + turn * plan.people + n, rounds)
        await asyncio.sleep(plan.forgotten_s)
        await _visit(server, token, 0, rounds)  # Streamlit lets go of old sessions for a new one
        weights.append(await resting(server))
    rounds.first, rounds.second = weights


async def _visit(server: Server, token: str, n: int, rounds: Rounds) -> None:
    """Open the page, bring a photograph, and leave."""
    visitor = Visitor(server.address, PAGE, token)
    data = await asyncio.to_thread(jpeg, n)
    try:
        async with asyncio.timeout(180):
            await visitor.open()
            await visitor.choose("picture.source", "Upload")
            run = await visitor.upload("picture.upload", f"photograph-{n}.jpg", data)
        rounds.errors += run.exceptions
        if _first_answer(run) != SHOWN[n % 2][1]:
            rounds.errors.append(f"the answer to upload {n} is {_first_answer(run)!r}")
    except (OSError, LookupError, Refused, WebSocketException) as error:
        rounds.errors.append(repr(error)[:300])
    finally:
        await visitor.close()


def _first_answer(run: Run) -> str:
    """Return the likeliest class on the wall of answers; "" without one."""
    for header in headers(run):
        for stage in header.get("stages", ()):
            if stage["id"] == "top5":
                return str(stage["classes"][0]["label"])
    return ""
