"""Pictures to train a finder of digits on: everything in `things` and `over`, thrown together.

Left out is what the kinds in `kinds.UNSEEN` are made of, so that those show how well it does on
what it never saw.
"""

import numpy as np

from tests.pictures.digit_photos import over, things
from tests.pictures.digit_photos.scene import Scene

SIZES = ((240, 320), (240, 320), (320, 240), (260, 260), (200, 330))


def mixed(digits, seed):
    """A random picture of a digit, of none, or of several.

    Args:
        digits: (N, 28, 28) uint8, to choose from.
        seed: Repeats the picture.

    Returns:
        (H, W, 3) uint8; the ink of all digits, (H, W) float32; how many there are.
    """
    rng = np.random.default_rng(seed)
    scene = Scene(rng.integers(2**62), SIZES[rng.integers(len(SIZES))])
    if rng.random() < 0.1:
        return clean(scene, digits)
    _page(scene)
    if rng.random() < 0.4:
        _ruling(scene)
    share = None
    if rng.random() < 0.12:
        share = things.note(scene, scene.uniform(0.3, 1, 3)) * scene.uniform(0.5, 1)
        ground = scene.page[scene.height // 2, scene.width // 2]
        scene.pen = things.another_colour(scene, ground, 0.45)
    chosen = rng.random()
    if chosen < 0.14:
        _no_digit(scene)
    elif chosen < 0.24:
        _several(scene, digits)
    else:
        scene.write(_any(digits, rng), **_hand(scene, share))
        _drawn_round(scene)
    _beside(scene)
    _light(scene)
    photo = _camera(scene)
    count = _seen(scene)
    if rng.random() < 0.2:  # negatives: the same edges the other way round
        photo = 255 - photo
    return photo, scene.ink, count


def _any(digits, rng):
    return digits[rng.integers(len(digits))]


def _seen(scene):
    """How many digits are left when all is on the page: a covered one is none."""
    left = float(scene.ink.sum())
    return 0 if left < 20 else scene.digits


def clean(scene, digits):
    """Flat ink on a flat ground, as on the drawing pad, often very coarse."""
    rng = scene.rng
    dark, light = (0, 1) if rng.random() < 0.7 else np.sort(rng.random(2)) * 0.5 + (0, 0.5)
    scene.page[:] = dark
    scene.pen = np.full(3, light)
    chosen = rng.random()
    if chosen < 0.15:
        _no_digit(scene)
    elif chosen < 0.3:
        _several(scene, digits)
    else:
        scene.area = (0, 0, 1, 1)
        scene.write(_any(digits, rng), share=scene.uniform(0.3, 0.98), degrees=0)
    coarse = scene.uniform(1, 9) if rng.random() < 0.7 else 1
    photo = scene.photograph(blur=0, noise=0, quality=0, coarse=coarse)
    return (255 - photo if rng.random() < 0.4 else photo), scene.ink, scene.digits


def _page(scene):
    """Paper and pen: mostly white paper and dark ink, but any two colours that differ."""
    rng, chosen = scene.rng, scene.rng.random()
    if chosen < 0.5:
        ground = scene.uniform(0.7, 1) * (1 - scene.uniform(0, 0.15, 3))
        colour = scene.uniform(0, 0.35, 3)
        if rng.random() < 0.25:
            colour = ground * scene.uniform(0.45, 0.8)  # pencil
        elif rng.random() < 0.4:
            colour[rng.integers(3)] = scene.uniform(0.4, 0.95)
    elif chosen < 0.65:
        ground, colour = scene.uniform(0, 0.35, 3), scene.uniform(0.55, 1) * np.ones(3)
    elif chosen < 0.78:
        ground = scene.uniform(0.15, 0.95, 3)
        colour = things.equal_luma(scene, ground, scene.uniform(0.25, 0.6))
    else:
        ground = scene.uniform(0, 1, 3)
        colour = things.another_colour(scene, ground, 0.3)
    things.paper(scene, ground, scene.uniform(0, 0.015))
    scene.pen = np.asarray(colour, np.float32)


def _hand(scene, share=None):
    """How a digit is written."""
    rng = scene.rng
    if share is None:
        low, high = ((0.1, 0.25), (0.2, 0.5), (0.4, 0.95))[rng.integers(3)]
        share = scene.uniform(low, high)
    return {
        "share": share,
        "degrees": scene.uniform(-16, 16),
        "thick": scene.uniform(-50, 80),
        "grain": scene.uniform(0, 0.7) if rng.random() < 0.3 else 0.0,
        "opacity": scene.uniform(0.7, 1),
        "line": _line(scene, share) if rng.random() < 0.35 else None,
    }


def _line(scene, share):
    """Width of a pen as a share of the digit: a pixel at least."""
    return max(scene.uniform(0.02, 0.12), 1.3 / (share * scene.unit))


def _line_colour(scene):
    """Of lines and frames: the pen's, a printed grey, or any other."""
    chosen = scene.rng.random()
    ground = np.median(scene.page[::8, ::8].reshape(-1, 3), axis=0)
    if chosen < 0.35:
        return scene.pen
    if chosen < 0.75:
        return ground + (scene.uniform(0, 0.6, 3) - ground) * scene.uniform(0.2, 1)
    return scene.uniform(0, 1, 3)


def _ruling(scene):
    rng = scene.rng
    things.ruled(
        scene,
        spacing=np.exp(scene.uniform(np.log(0.03), np.log(0.35))),
        colour=_line_colour(scene),
        width=scene.uniform(0.002, 0.011),
        upright=rng.random() < 0.4,
        degrees=scene.uniform(-4, 4) if rng.random() < 0.5 else 0.0,
        opacity=scene.uniform(0.3, 1),
    )
    if rng.random() < 0.3:
        colour = scene.uniform(0, 1, 3)
        things.margin_line(scene, colour, scene.uniform(0.05, 0.95), double=rng.random() < 0.3)


def _drawn_round(scene):
    rng, chosen = scene.rng, scene.rng.random()
    how = {"gap": scene.uniform(0.01, 0.15), "width": scene.uniform(0.003, 0.018)}
    how["colour"] = _line_colour(scene)
    if chosen < 0.12:
        things.boxed(scene, double=rng.random() < 0.3, **how)
    elif chosen < 0.22:
        things.circled(scene, **how)
    elif chosen < 0.3:
        things.underlined(scene, above=rng.random() < 0.4, **how)
    elif chosen < 0.36:
        things.framed(scene, inset=scene.uniform(0.02, 0.15), width=how["width"],
                      colour=how["colour"])  # fmt: skip


def _no_digit(scene):
    rng, chosen = scene.rng, scene.rng.integers(6)
    if chosen == 0:
        things.scribbled(scene, turns=rng.integers(4, 25), width=scene.uniform(0.005, 0.03))
    elif chosen == 1:
        things.dotted(scene, count=rng.integers(1, 4), radius=scene.uniform(0.01, 0.2))
    elif chosen == 2:
        scene.box = (scene.height * 0.3, scene.width * 0.3, scene.height * 0.6, scene.width * 0.6)
        _drawn_round(scene)
        scene.box = None
    elif chosen == 3:
        things.printed(scene, lines=rng.integers(1, 9), height=scene.uniform(0.03, 0.08))
    elif chosen == 4:
        colours = things.plain(scene, scene.uniform(0, 1, 3))
        things.table(scene, colours, "tlbr", deep=(0.1, 0.4))


def _several(scene, digits):
    """Two or three digits in a row, mostly of one size."""
    rng = scene.rng
    how = _hand(scene)
    count = 2 if rng.random() < 0.7 else 3
    share = min(scene.uniform(0.15, 0.6), 0.9 * scene.width / scene.unit / count)
    width = share * scene.unit / scene.width * scene.uniform(0.6, 1.1)
    left = scene.uniform(0, max(0.01, 1 - count * width))
    top = scene.uniform(0.02, max(0.03, 0.98 - share * scene.unit / scene.height))
    for n in range(count):
        bottom = min(1, top + share * scene.unit / scene.height * scene.uniform(1, 1.15))
        where = (top, left + n * width, bottom, left + (n + 1) * width)
        scene.write(_any(digits, rng), **{**how, "share": share}, where=where)


def _beside(scene):
    """What lies beside and past the page."""
    rng = scene.rng
    if rng.random() < 0.15:
        things.printed(scene, lines=rng.integers(1, 8), height=scene.uniform(0.02, 0.05),
                       colour=_line_colour(scene), numbers=rng.random() < 0.5)  # fmt: skip
    if rng.random() < 0.06:
        things.scribbled(scene, turns=rng.integers(2, 5), width=0.008,
                         where=(0.8, 0, 1, 1) if rng.random() < 0.5 else (0, 0, 1, 0.1),
                         colour=_line_colour(scene))  # fmt: skip
    if rng.random() < 0.1:
        over.specks(scene, rng.integers(1, 40), scene.uniform(0.003, 0.012))
    if rng.random() < 0.06:
        over.holes(scene, scene.uniform(0, 0.6, 3), rng.integers(2, 5))
    if rng.random() < 0.36:
        _table(scene)
    if rng.random() < 0.08:
        colour, ink = scene.uniform(0, 1, 3), scene.uniform(0, 1, 3)
        over.status_bar(scene, colour, scene.uniform(0.03, 0.1), ink)
    elif rng.random() < 0.06:
        over.phone_frame(scene, scene.uniform(0, 1) * np.ones(3))


def _table(scene):
    """A table past some sides, no deeper than leaves most of the digit."""
    rng = scene.rng
    ground = (things.plain, things.plain, things.wood)[rng.integers(3)]
    colours = ground(scene, scene.uniform(0, 0.9, 3) * scene.uniform(0.5, 1))
    sides = ["t", "l", "b", "r"]
    rng.shuffle(sides)
    sides = sides[: rng.choice([1, 1, 2, 3, 4])]
    third = scene.height / 3, scene.width / 3
    top, left, bottom, right = scene.box or (*third, 2 * third[0], 2 * third[1])
    free = {"t": top, "l": left, "b": scene.height - bottom, "r": scene.width - right}
    room = min((free[side] for side in sides), default=0) / scene.unit
    if scene.digits > 1:
        room = min(room, 0.05)
    deepest = min(0.3, room + 0.01)
    if deepest > 0.02:
        things.table(scene, colours, sides, (deepest / 4, deepest), scene.uniform(0, 0.05),
                     rng.random() < 0.7)  # fmt: skip


def _light(scene):
    rng = scene.rng
    for act, chance in ((over.slope, 0.5), (over.vignette, 0.2), (over.glare, 0.06)):
        if rng.random() < chance:
            act(scene, scene.uniform(0.05, 0.7))
    if rng.random() < 0.25:
        over.shadow(scene, scene.uniform(0.2, 0.75), np.exp(scene.uniform(-6, -2)))
    if rng.random() < 0.15:
        over.tinted(scene, scene.uniform(0.6, 1, 3))
    if rng.random() < 0.1:
        scene.lit(np.full((scene.height, scene.width), scene.uniform(0.25, 0.8)))
    if rng.random() < 0.06:
        over.overexposed(scene, scene.uniform(1.1, 1.6))
    if rng.random() < 0.3:
        scene.tilted(scene.uniform(0, 0.08))


def _camera(scene):
    rng = scene.rng
    return scene.photograph(
        blur=scene.uniform(0, 0.006) if rng.random() < 0.7 else scene.uniform(0, 0.018),
        noise=scene.uniform(0, 0.03) if rng.random() < 0.8 else scene.uniform(0, 0.09),
        quality=int(scene.uniform(10, 95)) if rng.random() < 0.8 else 0,
        coarse=scene.uniform(1, 3) if rng.random() < 0.15 else 1.0,
    )
