"""What lies on a page, under it, beside it and over it. Each changes a `Scene` in place."""

import numpy as np
from PIL import ImageFont

# ---------------------------------------------------------------- paper and pen


def paper(scene, colour, fibre=0.01):
    scene.page[:] = np.asarray(colour, np.float32)
    scene.page += scene.waves(60, fibre)[..., None]


def luma(colour):
    return float(np.dot(colour, (0.299, 0.587, 0.114)))


def another_colour(scene, colour, distance=0.35, tries=100):
    """A random colour that is at least so far from this one."""
    for _ in range(tries):
        other = scene.uniform(0, 1, 3)
        if np.linalg.norm(other - colour) >= distance:
            break
    return other


def equal_luma(scene, colour, distance=0.4):
    """A colour as light as this one and clearly another."""
    for _ in range(4000):
        other = scene.uniform(0.02, 0.98, 3)
        if abs(luma(other) - luma(colour)) < 0.01 and np.linalg.norm(other - colour) > distance:
            return other
    return np.array([0.75, 0.2, 0.2]) if colour[1] > colour[0] else np.array([0.1, 0.5, 0.1])


# ---------------------------------------------------------------- ruling


def ruled(scene, *, spacing=0.08, colour=(0.63, 0.7, 0.84), width=0.004, upright=False,
          degrees=0.0, opacity=1.0):  # fmt: skip
    """Lines all over the page, a pitch apart; upright ones too make it squared."""
    pitch, slope = spacing * scene.unit, np.tan(np.radians(degrees))
    shift = scene.uniform(0, pitch)
    reach = scene.height + scene.width

    def across(draw):
        for y in np.arange(shift - reach, scene.height + reach, pitch):
            draw.line((0, y, scene.width, y + slope * scene.width), width=width * scene.unit)

    def along(draw):
        for x in np.arange(shift - reach, scene.width + reach, pitch):
            draw.line((x, 0, x - slope * scene.height, scene.height), width=width * scene.unit)

    scene.lay(scene.drawn(across), colour, opacity)
    if upright:
        scene.lay(scene.drawn(along), colour, opacity)


def margin_line(scene, colour=(0.8, 0.25, 0.3), at=0.12, width=0.005, double=False):
    def draw(pen):
        for x in (at, at + 0.015) if double else (at,):
            pen.line((x * scene.width, 0, x * scene.width, scene.height), width=width * scene.unit)

    scene.lay(scene.drawn(draw), colour)


# ---------------------------------------------------------------- drawn round the digit


def around(scene, gap):
    """The digit's box, a gap larger on each side, as (x0, y0, x1, y1)."""
    top, left, bottom, right = scene.box
    gap = gap * scene.unit
    return left - gap, top - gap, right + gap, bottom + gap


def boxed(scene, *, gap=0.08, width=0.008, colour=None, double=False, jitter=0.015):
    """A box drawn round the digit by hand."""
    x0, y0, x1, y1 = around(scene, gap)
    for extra in (0, 0.03) if double else (0,):
        e = extra * scene.unit
        corners = np.array([(x0 - e, y0 - e), (x1 + e, y0 - e), (x1 + e, y1 + e), (x0 - e, y1 + e)])
        corners += scene.uniform(-jitter, jitter, (4, 2)) * scene.unit
        outline = np.vstack((corners, corners[:1])).ravel().tolist()
        mask = scene.drawn(
            lambda pen, o=outline: pen.line(o, width=width * scene.unit, joint="curve")
        )
        scene.lay(mask, scene.pen if colour is None else colour)


def framed(scene, *, inset=0.07, width=0.006, colour=None):
    """A box drawn along the border of the page."""
    i = inset * scene.unit
    frame = (i, i, scene.width - i, scene.height - i)
    mask = scene.drawn(lambda pen: pen.rectangle(frame, fill=None, width=width * scene.unit))
    scene.lay(mask, scene.pen if colour is None else colour)


def circled(scene, *, gap=0.1, width=0.008, colour=None):
    x0, y0, x1, y1 = around(scene, gap)
    middle, radii = ((x0 + x1) / 2, (y0 + y1) / 2), ((x1 - x0) / 1.6, (y1 - y0) / 1.7)
    turn = np.linspace(0, scene.uniform(6.1, 6.6), 60) + scene.uniform(0, 6)
    wobble = 1 + scene.uniform(0, 0.05) * np.sin(2 * turn + scene.uniform(0, 6))
    points = np.stack((middle[0] + radii[0] * wobble * np.cos(turn),
                       middle[1] + radii[1] * wobble * np.sin(turn)), 1)  # fmt: skip
    mask = scene.drawn(
        lambda pen: pen.line(points.ravel().tolist(), width=width * scene.unit, joint="curve")
    )
    scene.lay(mask, scene.pen if colour is None else colour)


def underlined(scene, *, gap=0.05, width=0.009, above=False, twice=False, colour=None):
    x0, y0, x1, y1 = around(scene, gap)
    reach = scene.uniform(0, 0.1) * scene.unit

    def draw(pen):
        for n in range(2 if twice else 1):
            y = (y0 if above else y1) + (-1 if above else 1) * n * 0.025 * scene.unit
            end = y + scene.uniform(-0.02, 0.02) * scene.unit
            pen.line((x0 - reach, y, x1 + reach, end), width=width * scene.unit)

    scene.lay(scene.drawn(draw), scene.pen if colour is None else colour)


def cell(scene, *, gap=0.06, width=0.005, colour=(0.15, 0.15, 0.15)):
    """The digit stands in a cell of a printed table."""
    x0, y0, x1, y1 = around(scene, gap)

    def draw(pen):
        for n in range(-6, 8):
            x, y = x0 + n * (x1 - x0), y0 + n * (y1 - y0)
            pen.line((x, 0, x, scene.height), width=width * scene.unit)
            pen.line((0, y, scene.width, y), width=width * scene.unit)

    scene.lay(scene.drawn(draw), colour)


def scribbled(scene, *, turns=12, width=0.01, where=None, colour=None):
    """A line that goes to and fro: no digit."""
    top, left, bottom, right = scene.area if where is None else where
    points = scene.uniform((left * scene.width, top * scene.height),
                           (right * scene.width, bottom * scene.height), (turns, 2))  # fmt: skip
    mask = scene.drawn(
        lambda pen: pen.line(points.ravel().tolist(), width=width * scene.unit, joint="curve")
    )
    scene.lay(mask, scene.pen if colour is None else colour)


def dotted(scene, *, count=1, radius=0.03, colour=None):
    places = scene.uniform(0.1, 0.9, (count, 2)) * (scene.width, scene.height)
    r = radius * scene.unit

    def draw(pen):
        for x, y in places:
            pen.ellipse((x - r, y - r, x + r, y + r))

    scene.lay(scene.drawn(draw), scene.pen if colour is None else colour)


WORDS = ("Name", "Klasse", "Datum", "the", "quick", "brown", "fox", "exercise", "page", "Aufgabe",
         "nome", "data", "turma", "prova")  # fmt: skip


def printed(scene, *, lines=3, height=0.035, where=None, colour=(0.1, 0.1, 0.1), numbers=False):
    """Printed words beside the digit, where they do not cross it."""
    font = ImageFont.load_default(max(6, round(2 * height * scene.unit)))
    box = None if scene.box is None else around(scene, 0.03)
    for _ in range(lines):
        for _try in range(12):
            y, x = scene.uniform(0, 1 - height) * scene.height, scene.uniform(0, 0.7) * scene.width
            if where is not None:
                y = scene.uniform(where[0], where[2]) * scene.height
                x = scene.uniform(where[1], where[3]) * scene.width
            words = [WORDS[n] for n in scene.rng.integers(0, len(WORDS), scene.rng.integers(1, 5))]
            if numbers:
                words.append(str(scene.rng.integers(10, 2000)))
            text = " ".join(words)
            end = x + font.getlength(text) / 2, y + 1.2 * height * scene.unit
            if box is None or x > box[2] or end[0] < box[0] or y > box[3] or end[1] < box[1]:
                mask = scene.drawn(lambda pen, p=(x, y), t=text: pen.text(p, t, font=font))
                scene.lay(mask, colour)
                break


# ---------------------------------------------------------------- under and beside the page


def wood(scene, colour=(0.45, 0.3, 0.18), contrast=0.12):
    """Grain along the width."""
    rows, cols = scene.grid()
    bent = rows + scene.waves(3, 0.03)
    grain = np.sin(bent * scene.uniform(60, 160) + 3 * np.sin(cols * 2 + scene.uniform(0, 6)))
    return (
        np.asarray(colour, np.float32) * (1 + contrast * grain + scene.waves(40, 0.05))[..., None]
    )


def plain(scene, colour=(0.35, 0.22, 0.15)):
    return np.asarray(colour, np.float32) * (1 + scene.waves(30, 0.03))[..., None]


def woven(scene, colour=(0.3, 0.35, 0.5)):
    rows, cols = scene.grid()
    n = scene.uniform(20, 70)
    weave = np.sign(np.sin(rows * n * 3) * np.sin(cols * n * 4))
    return np.asarray(colour, np.float32) * (1 + 0.15 * weave)[..., None]


def table(scene, ground, sides="tlbr", deep=(0.06, 0.22), slant=0.05, shadow=True):
    """What is seen past the sides of the page; the ink on it is gone, too."""
    inset = {side: scene.uniform(*deep) if side in sides else -0.3 for side in "tlbr"}
    t, l, b, r = (inset[side] * scene.unit for side in "tlbr")  # noqa: E741
    corners = np.array([(l, t), (scene.width - r, t), (scene.width - r, scene.height - b),
                        (l, scene.height - b)])  # fmt: skip
    corners += scene.uniform(-slant, slant, (4, 2)) * scene.unit
    lies = scene.drawn(lambda pen: pen.polygon(corners.ravel().tolist()))
    if shadow:
        moved = corners + scene.uniform(-0.02, 0.02, 2) * scene.unit
        dark = scene.drawn(lambda pen: pen.polygon(moved.ravel().tolist()))
        ground = ground * (1 - 0.5 * dark)[..., None]
    scene.page = ground * (1 - lies)[..., None] + scene.page * lies[..., None]
    scene.ink = scene.ink * (lies > 0.5)


def note(scene, colour=(0.97, 0.9, 0.35), gap=0.1, shadow=0.35):
    """A sticky note on the page, where the digit will be written."""
    side = scene.uniform(0.55, 0.8)
    top, left = scene.uniform(0.08, 0.92 - side, 2)
    w = side * scene.unit
    x0, y0 = left * (scene.width - w) / max(0.92 - side, 0.01) * 0.9, top * scene.height
    x0 = min(max(0.03 * scene.unit, x0), scene.width - w)
    corners = np.array([(x0, y0), (x0 + w, y0), (x0 + w, y0 + w), (x0, y0 + w)])
    corners += scene.uniform(-0.03, 0.03, (4, 2)) * scene.unit
    moved = corners + np.array([0.012, 0.02]) * scene.unit
    scene.lay(scene.drawn(lambda pen: pen.polygon(moved.ravel().tolist())), (0, 0, 0), shadow)
    scene.lay(scene.drawn(lambda pen: pen.polygon(corners.ravel().tolist())), colour)
    g = gap * scene.unit
    scene.area = ((y0 + g) / scene.height, (x0 + g) / scene.width,
                  (y0 + w - g) / scene.height, (x0 + w - g) / scene.width)  # fmt: skip
    return side - 2 * gap
