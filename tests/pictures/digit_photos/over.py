"""What comes between the page and the picture: light, shadows, hands, screens, the telephone."""

import numpy as np
from PIL import Image, ImageFilter, ImageFont


def soft(plane, radius):
    """(H, W) in [0, 1], blurred."""
    levels = Image.fromarray((plane * 255).astype(np.uint8))
    return np.asarray(levels.filter(ImageFilter.GaussianBlur(radius)), np.float32) / 255


# ---------------------------------------------------------------- light


def slope(scene, depth=0.4, turn=None):
    """Full light at one end, less at the other."""
    rows, cols = scene.grid()
    turn = scene.uniform(0, 2 * np.pi) if turn is None else turn
    along = (rows - 0.5) * np.sin(turn) + (cols - 0.5) * np.cos(turn)
    scene.lit(1 - depth * (along / 1.42 + 0.5))


def vignette(scene, depth=0.5):
    rows, cols = scene.grid()
    scene.lit(1 - depth * np.minimum(1, 2 * ((cols - 0.5) ** 2 + (rows - 0.5) ** 2)))


def shadow(scene, depth=0.5, soft=0.03):
    """The edge of a shadow across the page."""
    rows, cols = scene.grid()
    turn, place = scene.uniform(0, 2 * np.pi), scene.uniform(-0.2, 0.2)
    along = (rows - 0.5) * np.sin(turn) + (cols - 0.5) * np.cos(turn) - place
    scene.lit(1 - depth / (1 + np.exp(-along.clip(-1, 1) / max(soft, 1e-3))))


def spotlight(scene, depth=0.65):
    """A lamp: bright in a round place, dark elsewhere."""
    rows, cols = scene.grid()
    row, col = scene.uniform(0.25, 0.75, 2)
    far = np.hypot((rows - row) * scene.height, (cols - col) * scene.width) / scene.unit
    scene.lit(1 - depth / (1 + np.exp(-(far - scene.uniform(0.45, 0.65)) / 0.06)))


def tinted(scene, colour=(1.0, 0.88, 0.7)):
    scene.lit(np.ones_like(scene.page) * np.asarray(colour, np.float32))


def overexposed(scene, gain=1.6):
    scene.page = np.minimum(scene.page * gain + 0.1, 1)


def glare(scene, strength=0.5):
    """A lamp mirrored on the page."""
    rows, cols = scene.grid()
    row, col = scene.uniform(0, 1, 2)
    far = np.hypot(rows - row, cols - col)
    scene.page = scene.page + (strength * np.exp(-((far / 0.2) ** 2)))[..., None]


# ---------------------------------------------------------------- on the page


def finger(scene, colour=(0.85, 0.62, 0.5)):
    """A thumb that holds the page in a corner."""
    corner = scene.rng.integers(0, 2, 2)
    x, y = corner * (scene.width, scene.height)
    length, wide = scene.uniform(0.2, 0.35) * scene.unit, scene.uniform(0.07, 0.11) * scene.unit
    inward = np.array([scene.width / 2 - x, scene.height / 2 - y])
    inward = inward / np.linalg.norm(inward)
    tip = np.array([x, y]) + inward * length

    def draw(pen):
        pen.line((x - inward[0] * wide, y - inward[1] * wide, *tip), width=2 * wide)
        pen.ellipse((tip[0] - wide, tip[1] - wide, tip[0] + wide, tip[1] + wide))

    mask = scene.drawn(draw)
    shade = soft(mask, 0.02 * scene.unit)
    scene.lit(1 - 0.3 * shade)
    scene.lay(mask, np.asarray(colour) * (1 + scene.waves(8, 0.05))[..., None])
    scene.ink = scene.ink * (1 - mask)


def holes(scene, colour=(0.2, 0.18, 0.17), count=2):
    """Holes of a binder along a side."""
    r, left = 0.025 * scene.unit, scene.rng.random() < 0.5
    x = 0.05 * scene.width if left else 0.95 * scene.width

    def draw(pen):
        for y in np.linspace(0.2, 0.8, count) * scene.height:
            pen.ellipse((x - r, y - r, x + r, y + r))

    scene.lay(scene.drawn(draw), colour)


def spiral(scene, colour=(0.15, 0.15, 0.17)):
    """A spiral binding along the top."""
    step = 0.045 * scene.unit

    def draw(pen):
        for x in np.arange(0, scene.width, step):
            pen.line((x, 0, x + 0.3 * step, 0.05 * scene.unit), width=0.012 * scene.unit)
            y = 0.05 * scene.unit
            r = 0.012 * scene.unit
            pen.ellipse((x + 0.3 * step - r, y - r, x + 0.3 * step + r, y + r))

    scene.lay(scene.drawn(draw), colour)


def torn(scene, ground=(0.25, 0.2, 0.18)):
    """The page's bottom is torn off; below it is the table."""
    xs = np.linspace(0, scene.width, 60)
    ys = scene.height * 0.88 + np.cumsum(scene.uniform(-1, 1, 60)) * 0.012 * scene.unit
    outline = [(0, 0), (scene.width, 0), *zip(xs[::-1], ys[::-1], strict=True)]
    lies = scene.drawn(lambda pen: pen.polygon(np.array(outline).ravel().tolist()))
    scene.page = np.asarray(ground) * (1 - lies)[..., None] + scene.page * lies[..., None]
    scene.ink = scene.ink * (lies > 0.5)


def stain(scene, colour=(0.55, 0.36, 0.18), opacity=0.45):
    """A ring of coffee."""
    x, y = scene.uniform(0.1, 0.9, 2) * (scene.width, scene.height)
    r = scene.uniform(0.14, 0.24) * scene.unit
    ring = (x - r, y - r, x + r, y + r)
    mask = scene.drawn(lambda pen: pen.ellipse(ring, fill=None, width=0.018 * scene.unit))
    inner = scene.drawn(lambda pen: pen.ellipse(ring))
    uneven = np.clip(0.8 + scene.waves(10, 0.2), 0, 1)
    scene.page = scene.page * (1 - (mask * opacity * uneven)[..., None] * (1 - np.array(colour)))
    scene.page = scene.page * (1 - (inner * opacity * 0.2)[..., None] * (1 - np.array(colour)))


def crumpled(scene, depth=0.12):
    """Facets, each with its own light."""
    seeds = scene.uniform(0, 1, (14, 2)) * (scene.height, scene.width)
    rows, cols = np.mgrid[0 : scene.height, 0 : scene.width].astype(np.float32)
    far = [(rows - y) ** 2 + (cols - x) ** 2 for y, x in seeds]
    facet = np.argmin(far, axis=0)
    turns = scene.uniform(-depth, depth, (14, 3)) * (1, 3, 3)
    plane = turns[facet]
    light = plane[..., 0] + plane[..., 1] * (rows / scene.height - 0.5)
    light = light + plane[..., 2] * (cols / scene.width - 0.5)
    scene.lit(0.5 + soft((light + 0.5).clip(0, 1), 0.004 * scene.unit))


def specks(scene, count=20, radius=0.006, colour=None):
    places = scene.uniform(0, 1, (count, 2)) * (scene.width, scene.height)
    r = radius * scene.unit

    def draw(pen):
        for x, y in places:
            pen.ellipse((x - r, y - r, x + r, y + r))

    scene.lay(scene.drawn(draw), scene.pen if colour is None else colour)


# ---------------------------------------------------------------- screens


def moire(scene, depth=0.18):
    """Rows of a screen that beat with those of the camera."""
    rows, cols = scene.grid()
    first = np.sin(rows * scene.uniform(180, 260) + cols * scene.uniform(20, 60))
    second = np.sin(cols * scene.uniform(180, 260) - rows * scene.uniform(10, 50))
    scene.lit(1 - depth * (first + second + 2) / 4)


def screen_pixels(scene, depth=0.4):
    """Dark lines between the pixels of a screen."""
    step = 4
    lines = np.ones((scene.height, scene.width), np.float32)
    lines[::step] -= depth
    lines[:, ::step] -= depth
    scene.lit(lines)


def status_bar(scene, colour=(0.05, 0.05, 0.06), height=0.07, ink=(0.95, 0.95, 0.95), text=None):
    """The top of a telephone's screen: the time, signal, battery."""
    h = height * scene.height
    scene.lay(scene.drawn(lambda pen: pen.rectangle((0, 0, scene.width, h))), colour)
    font = ImageFont.load_default(max(6, round(1.3 * h)))
    clock = text or f"{scene.rng.integers(0, 24)}:{scene.rng.integers(10, 60)}"

    def draw(pen):
        pen.text((0.03 * scene.width, 0.1 * h), clock, font=font)
        for n in range(4):
            x = (0.8 + 0.02 * n) * scene.width
            pen.rectangle((x, (0.8 - 0.15 * n) * h, x + 0.012 * scene.width, 0.8 * h))
        pen.rectangle((0.9 * scene.width, 0.3 * h, 0.96 * scene.width, 0.8 * h))

    scene.lay(scene.drawn(draw), ink)


def phone_frame(scene, colour=(0.08, 0.08, 0.1)):
    """Bars above and below, with words and buttons, as in a screenshot of a gallery."""
    status_bar(scene, colour)
    h = scene.uniform(0.1, 0.16) * scene.height
    bottom = scene.height - h
    scene.lay(scene.drawn(lambda p: p.rectangle((0, bottom, scene.width, scene.height))), colour)
    r = 0.2 * h

    def draw(pen):
        for x in np.linspace(0.2, 0.8, 3) * scene.width:
            y = bottom + h / 2
            pen.ellipse((x - r, y - r, x + r, y + r), fill=None, width=0.06 * h)

    scene.lay(scene.drawn(draw), (0.9, 0.9, 0.9))
