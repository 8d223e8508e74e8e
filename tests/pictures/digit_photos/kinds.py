"""Kinds of photographed digits, each by what is peculiar to it.

`KINDS` maps a name to what happens to a page, in order. A kind in `TOLD` cannot be read as one
digit: it is right when that is said. None of the finder's training pictures has what `UNSEEN`
kinds are made of.
"""

from collections.abc import Callable

import numpy as np

from tests.pictures.digit_photos import over, things
from tests.pictures.digit_photos.scene import Scene

INK, RED, BLUE, PENCIL = (0.16, 0.18, 0.27), (0.78, 0.12, 0.13), (0.12, 0.22, 0.68), (0.5,) * 3
WHITE, CHALK, BLACK = (0.88, 0.86, 0.8), (0.9, 0.9, 0.86), (0.03, 0.03, 0.035)
WOOD, TABLE = (0.45, 0.3, 0.18), (0.3, 0.19, 0.13)

Act = Callable[[Scene, np.ndarray], None]


def do(act, **options):
    return lambda scene, digit: act(scene, **options)


def pen(colour=INK, paper=WHITE):
    def act(scene, digit):
        things.paper(scene, paper)
        scene.pen = np.asarray(colour, np.float32)

    return act


def write(**options):
    return lambda scene, digit: scene.write(digit, **options)


def table(sides, colour=TABLE, ground=things.plain, **options):
    return lambda scene, digit: things.table(scene, ground(scene, colour), sides, **options)


def note(paper, colour):
    def act(scene, digit):
        share = things.note(scene, paper)
        scene.pen = np.asarray(colour, np.float32)
        scene.write(digit, share=share * scene.uniform(0.6, 0.95))

    return act


def equal_luma(scene, digit):
    ground = scene.uniform(0.25, 0.75, 3)
    things.paper(scene, ground)
    scene.pen = things.equal_luma(scene, ground)


def second(scene, digit):
    """Two digits side by side, equally large."""
    turned = np.roll(digit, 3, axis=1)
    share = scene.uniform(0.3, 0.45)
    scene.write(digit, share=share, where=(0.1, 0.05, 0.9, 0.48))
    scene.write(turned, share=share, where=(0.3, 0.52, 0.7, 0.95), blots=False)


DAY = do(over.slope, depth=0.35)
LIGHT_LINES, DARK_LINES = (0.64, 0.71, 0.84), (0.3, 0.36, 0.5)

KINDS: dict[str, tuple[Act, ...]] = {
    "plain paper": (pen(), write(), DAY),
    "table at the top": (pen(), write(where=(0.33, 0.05, 0.95, 0.95)), table("t"), DAY),
    "table at the right": (pen(), write(where=(0.05, 0.05, 0.95, 0.75)), table("r"), DAY),
    "table at the bottom": (pen(), write(where=(0.05, 0.05, 0.68, 0.95)), table("b"), DAY),
    "table at the left": (pen(), write(where=(0.05, 0.25, 0.95, 0.95)), table("l"), DAY),
    "table in a corner": (pen(), write(where=(0.35, 0.3, 0.95, 0.95)), table("tl", slant=0.1), DAY),
    "table around": (pen(), write(share=0.35, where=(0.28, 0.28, 0.72, 0.72)), table("tlbr"), DAY),
    "wooden table": (pen(), write(share=0.35, where=(0.28, 0.28, 0.72, 0.72)),
                     table("tlbr", WOOD, things.wood), DAY),
    "woven cloth": (pen(), write(share=0.35, where=(0.28, 0.28, 0.72, 0.72)),
                    table("tlb", (0.3, 0.35, 0.5), things.woven), DAY),
    "light table": (pen(), write(share=0.35, where=(0.28, 0.28, 0.72, 0.72)),
                    table("tlbr", (0.7, 0.68, 0.63)), DAY),
    "status bar": (pen(), write(where=(0.12, 0.05, 0.95, 0.95)), DAY, do(over.status_bar)),
    "light status bar": (pen(), write(where=(0.12, 0.05, 0.95, 0.95)), DAY,
                         do(over.status_bar, colour=(0.97,) * 3, ink=(0.05,) * 3)),
    "telephone's frame": (pen(), write(where=(0.14, 0.05, 0.82, 0.95)), DAY, do(over.phone_frame)),
    "box": (pen(), write(share=0.35), do(things.boxed), DAY),
    "box along the border": (pen(), write(), do(things.framed), DAY),
    "double box": (pen(), write(share=0.33), do(things.boxed, double=True), DAY),
    "circle": (pen(), write(share=0.33, where=(0.2, 0.2, 0.8, 0.8)), do(things.circled), DAY),
    "underlined": (pen(), write(), do(things.underlined), DAY),
    "underlined twice": (pen(), write(), do(things.underlined, twice=True), DAY),
    "table cell": (pen(), write(share=0.3), do(things.cell), DAY),
    "yellow note": (pen(), note((0.97, 0.9, 0.4), INK), DAY),
    "pink note": (pen(), note((0.95, 0.5, 0.65), BLUE), DAY),
    "green note": (pen(), note((0.5, 0.85, 0.45), BLACK), DAY),
    "ruled light": (pen(BLUE), do(things.ruled, colour=LIGHT_LINES), write(), DAY),
    "ruled dark": (pen(), do(things.ruled, spacing=0.075, colour=DARK_LINES), write(), DAY),
    "ruled wide": (pen(), do(things.ruled, spacing=0.2, colour=DARK_LINES, width=0.006),
                   write(share=0.4), DAY),
    "squared light": (pen(BLUE), do(things.ruled, spacing=0.06, colour=LIGHT_LINES, upright=True),
                      write(), DAY),
    "squared dark": (pen(), do(things.ruled, spacing=0.08, colour=DARK_LINES, upright=True),
                     write(), DAY),
    "red pen on dark lines": (pen(RED), do(things.ruled, colour=DARK_LINES), write(), DAY),
    "red margin": (pen(), do(things.ruled, colour=LIGHT_LINES), do(things.margin_line),
                   write(where=(0.05, 0.17, 0.95, 0.95)), DAY),
    "faint pencil": (pen(PENCIL), write(grain=0.5, thick=-25, opacity=0.8), DAY),
    "red on green": (pen((0.8, 0.15, 0.17), (0.15, 0.5, 0.23)), write(), DAY),
    "yellow on white": (pen((0.93, 0.85, 0.2), (0.92, 0.92, 0.9)), write(), DAY),
    "colours of equal luma": (equal_luma, write(), do(over.slope, depth=0.2)),
    "chalk on a blackboard": (pen(CHALK, (0.13, 0.2, 0.17)), write(grain=0.7), DAY),
    "white on a dark screen": (pen((0.95,) * 3, BLACK), write(), do(over.screen_pixels)),
    "soft shadow": (pen(), write(), do(over.shadow, depth=0.6, soft=0.05)),
    "hard shadow": (pen(), write(), do(over.shadow, depth=0.6, soft=0.004)),
    "vignette": (pen(), write(), do(over.vignette, depth=0.7)),
    "spotlight": (pen(), write(where=(0.25, 0.25, 0.75, 0.75)), do(over.spotlight)),
    "finger in the corner": (pen(), write(where=(0.25, 0.25, 0.75, 0.75), share=0.42),
                             do(over.finger), DAY),
    "binder holes": (pen(), write(where=(0.05, 0.12, 0.95, 0.88)), do(over.holes), DAY),
    "torn edge": (pen(), write(where=(0.05, 0.05, 0.82, 0.95)), do(over.torn), DAY),
    "spiral binding": (pen(), write(where=(0.12, 0.05, 0.95, 0.95)), do(over.spiral), DAY),
    "coffee stain": (pen(), write(), do(over.stain), DAY),
    "printed text": (pen(), write(), do(things.printed, lines=5), DAY),
    "two digits": (pen(), second, DAY),
    "small on a large page": (pen(), write(share=0.14), DAY),
    "huge": (pen(), write(share=0.96, degrees=0, where=(0.01, 0.01, 0.99, 0.99)), DAY),
    "in a corner of the page": (pen(), write(share=0.3, where=(0.03, 0.03, 0.36, 0.33)), DAY),
    "tilted": (pen(), write(degrees=14), lambda scene, digit: scene.tilted(0.1), DAY),
    "blurred": (pen(), write(), DAY),
    "noisy night": (pen(), write(), do(over.slope, depth=0.3), lambda s, d: s.lit(np.full(
        (s.height, s.width), 0.35))),
    "low-quality JPEG": (pen(), write(), DAY),
    "overexposed": (pen(PENCIL), write(), do(over.overexposed)),
    "thick marker": (pen(BLACK), write(thick=75), DAY),
    "thin pen": (pen(), write(thick=-45), DAY),
    "crumpled paper": (pen(), write(), do(over.crumpled)),
    "screen with moire": (pen(), write(), do(over.moire)),
    "specks": (pen(), write(), do(over.specks), DAY),
    "warm lamp": (pen(), write(), do(over.tinted, colour=(1, 0.75, 0.45)), DAY),
}  # fmt: skip

CAMERAS = {
    "blurred": {"blur": 0.014}, "noisy night": {"noise": 0.07, "quality": 70},
    "low-quality JPEG": {"quality": 12}, "white on a dark screen": {"noise": 0.005},
    "screen with moire": {"blur": 0.002},
}  # fmt: skip
"""What is unlike elsewhere in the camera of a kind."""

UNSEEN = frozenset((
    "woven cloth", "spotlight", "finger in the corner", "torn edge", "spiral binding",
    "coffee stain", "crumpled paper", "screen with moire", "underlined twice", "table cell",
))  # fmt: skip
TOLD = frozenset(("two digits",))


def photographed(kind, digit, seed, size=(480, 640)):
    """A photograph of the kind and where its ink is: (H, W, 3) uint8 and (H, W) float32."""
    scene = Scene(seed, size)
    for act in KINDS[kind]:
        act(scene, digit)
    return scene.photograph(**{"quality": 85, "noise": 0.015, **CAMERAS.get(kind, {})}), scene.ink


__all__ = ["KINDS", "TOLD", "UNSEEN", "photographed"]
