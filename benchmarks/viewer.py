"""The sliding window itself, which asks no server: what pointing costs, and how steadily it plays.

Measured: how long the handler of a pointer's move runs, called in the page with places all over
the picture, and how far apart the frames are while the window plays at its fastest. Not measured:
what the browser does afterwards to bring the frame to the screen.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page

from benchmarks import servers
from benchmarks.chromium import await_first, chromium, new_page
from benchmarks.measured import Comparison, Part, Table, median, percentile
from benchmarks.servers import serving

_PAGES = {
    "28 × 28, grey": ("convolution?lang=en", 28),
    "224 × 224, grey": ("convolution?lang=en&picture=astronaut", 224),
    "224 × 224 × 3": ("convolution?lang=en&picture=astronaut&colour=all", 224),
}
_LARGEST = "224 × 224 × 3"
_AT_MOST_MS = 4.0
_FRAME_MS = 1000 / 60

_ROOT = """[...document.querySelectorAll('[data-testid="stBidiComponentIsolated"]')]
  .map((each) => each.shadowRoot).find((root) => root?.querySelector(".card.output canvas"))"""

_HOVER = f"""async ([name, repeats]) => {{
  const canvas = ({_ROOT}).querySelector(`.card.${{name}} canvas`);
  const box = canvas.getBoundingClientRect();
  const times = [];
  for (let n = 0; n < repeats; n++) {{
    const [x, y] = [(n * 0.618034) % 1, (n * 0.754878) % 1]; // all over the picture
    const place = {{ clientX: box.left + x * box.width, clientY: box.top + y * box.height }};
    const event = new PointerEvent("pointermove", place);
    const start = performance.now();
    canvas.onpointermove(event);
    times.push(performance.now() - start);
    await new Promise(requestAnimationFrame); // one move a frame, as browsers hand them out
  }}
  canvas.onpointerleave?.();
  return times;
}}"""

_PLAY = f"""async (ms) => {{
  const tools = ({_ROOT}).querySelector(".tools");
  const speed = tools.querySelector(".speed");
  speed.value = speed.options.length - 1;
  speed.onchange();
  tools.querySelector(".play").click();
  const frames = [];
  await new Promise((resolve) => {{
    const look = (now) => {{
      frames.push(now);
      if (now - frames[0] < ms) requestAnimationFrame(look);
      else resolve();
    }};
    requestAnimationFrame(look);
  }});
  tools.querySelector(".play").click();
  return frames.slice(1).map((now, n) => now - frames[n]);
}}"""


def measure(repeats: int, say: Callable[[str], None]) -> Part:
    """Point at `repeats` places of every picture and map, and play for as many frames."""
    raw: dict[str, list[float]] = {}
    with serving(servers.APP) as server, chromium() as browser:
        for name, (path, side) in _PAGES.items():
            say(f"viewer: {name}")
            page = new_page(browser)
            page.goto(f"{server.address}/{path}", timeout=120_000)
            await_first(page, "viewer", f"{side - 2} × {side - 2}")
            page.mouse.move(0, 0)
            raw |= {f"{what}, {name}": values for what, values in _times(page, repeats).items()}
            page.context.close()
        errors = ("the server printed a traceback",) if server.tracebacks() else ()
    rows = tuple(
        (what, len(values), median(values), percentile(values, 0.95), max(values))
        for what, values in raw.items()
    )
    hover = [*raw[f"hover on input, {_LARGEST}"], *raw[f"hover on output, {_LARGEST}"]]
    frames = raw[f"frames, {_LARGEST}"]
    return Part(
        "viewer",
        (
            Comparison(
                f"hover handler, {_LARGEST}, p95", "ms", percentile(hover, 0.95),
                at_most=_AT_MOST_MS,
            ),
            Comparison(
                f"between frames while playing, {_LARGEST}, mean", "ms",
                sum(frames) / len(frames), _FRAME_MS, "60 a second", 1.02,
            ),
        ),
        (Table("Pointing and playing", ("what", "times", "p50 ms", "p95 ms", "most ms"), rows),),
        ("Handlers are called in the page, one a frame; frames are requestAnimationFrame's.",),
        errors,
        raw,
    )  # fmt: skip


def _times(page: Page, repeats: int) -> dict[str, list[float]]:
    def asked(script: str, given: Any) -> list[float]:
        return [float(each) for each in page.evaluate(script, given)]

    for name in ("input", "output"):
        asked(_HOVER, [name, 10])  # compiled, and every sheet of numbers is written
    return {
        "hover on input": asked(_HOVER, ["input", repeats]),
        "hover on output": asked(_HOVER, ["output", repeats]),
        "frames": asked(_PLAY, repeats * _FRAME_MS),
    }
