"""A page being photographed: paper, ink, what lies on it, light, and the camera.

Everything is drawn from one generator of random numbers, so a seed repeats a photograph. Lengths
are shares of the page's shorter side.
"""

import io

import numpy as np
from PIL import Image, ImageDraw, ImageFilter
from skimage.morphology import skeletonize

MARGIN = 0.04


class Scene:
    """One page.

    `page` is (H, W, 3) float32; `ink` (H, W), 1 where the digit's pen left ink; `box` the digit's
    rows and columns; `digits` how many were written.
    """

    def __init__(self, seed, size=(360, 480)):
        self.rng = np.random.default_rng(seed)
        self.height, self.width = size
        self.unit = min(size)
        self.page = np.ones((*size, 3), np.float32)
        self.ink = np.zeros(size, np.float32)
        self.box = None
        self.digits = 0
        self.pen = np.zeros(3, np.float32)
        self.area = (MARGIN, MARGIN, 1 - MARGIN, 1 - MARGIN)

    def uniform(self, low, high, size=None):
        return self.rng.uniform(low, high, size)

    def drawn(self, draw):
        """What `draw` draws on an `ImageDraw`, in pixels of (x, y), as soft (H, W) in [0, 1]."""
        canvas = Image.new("L", (2 * self.width, 2 * self.height))
        draw(_Twice(ImageDraw.Draw(canvas)))
        return np.asarray(canvas.reduce(2), np.float32) / 255

    def lay(self, mask, colour, opacity=1.0):
        """Cover the page with a colour, or with a page of colours, where the mask is."""
        share = (mask * opacity)[..., None].astype(np.float32)
        self.page = self.page * (1 - share) + np.asarray(colour, np.float32) * share

    def lit(self, light):
        """Light of (H, W) or (H, W, 3) on all of it."""
        light = np.asarray(light, np.float32)
        self.page = self.page * (light[..., None] if light.ndim == 2 else light)

    def grid(self):
        """Rows and columns of all pixels, in shares of the page."""
        rows, cols = np.mgrid[0 : self.height, 0 : self.width].astype(np.float32)
        return rows / self.height, cols / self.width

    def waves(self, coarse, amplitude=1.0):
        """Smooth random unevenness of `coarse` pieces along the shorter side, about 0."""
        shape = [max(2, round(coarse * side / self.unit)) for side in (self.height, self.width)]
        small = self.rng.standard_normal(shape).astype(np.float32)
        size = (self.width, self.height)
        return amplitude * np.asarray(Image.fromarray(small).resize(size, Image.Resampling.BICUBIC))

    def write(self, digit, *, share=None, degrees=None, thick=None, where=None, opacity=1.0,
              grain=0.0, line=None, blots=True):  # fmt: skip
        """Write a digit, (28, 28) uint8 of white ink on black, somewhere in the area."""
        share = self.uniform(0.3, 0.6) if share is None else share
        degrees = self.uniform(-8, 8) if degrees is None else degrees
        mask = _pen(digit, share * self.unit, degrees, self.uniform(-5, 30) if thick is None
                    else thick, line)  # fmt: skip
        top, left, bottom, right = self.area if where is None else where
        room = (bottom - top) * self.height - mask.shape[0], (right - left) * self.width
        room = room[0], room[1] - mask.shape[1]
        row, col = (
            round(start * side + (self.uniform(0, space) if space > 0 else space / 2))
            for start, side, space in zip((top, left), (self.height, self.width), room, strict=True)
        )
        whole = np.zeros_like(self.ink)
        rows = slice(max(0, row), min(self.height, row + mask.shape[0]))
        cols = slice(max(0, col), min(self.width, col + mask.shape[1]))
        whole[rows, cols] = mask[rows.start - row : rows.stop - row,
                                 cols.start - col : cols.stop - col]  # fmt: skip
        seen = whole * opacity
        if grain:
            seen = seen * np.clip(1 - grain * self.rng.random(seen.shape, np.float32), 0, 1)
        self.lay(seen, self.pen)
        self.ink = np.maximum(self.ink, whole)
        self.digits += 1
        if self.box is None and blots:
            self.box = (row, col, row + mask.shape[0], col + mask.shape[1])

    def tilted(self, strength):
        """Seen from aside: page and ink through the same random perspective."""
        height, width = self.height, self.width
        corners = np.array([(0, 0), (width, 0), (width, height), (0, height)], float)
        moved = corners + self.uniform(-strength, strength, (4, 2)) * self.unit
        coefficients = _perspective(corners, moved)
        kinds = (width, height), Image.Transform.PERSPECTIVE, coefficients, Image.Resampling.BICUBIC
        planes = []
        for plane in (*np.moveaxis(self.page, 2, 0), self.ink):
            edge = float(np.median(plane[[0, -1]])) if plane is not self.ink else 0.0
            picture = Image.fromarray(np.ascontiguousarray(plane))
            planes.append(np.asarray(picture.transform(*kinds, fillcolor=edge)))
        self.page = np.stack(planes[:3], 2)
        self.ink = planes[3].clip(0, 1)

    def photograph(self, *, blur=0.003, noise=0.02, quality=80, coarse=1.0):
        """The picture as the camera keeps it, (H, W, 3) uint8."""
        levels = (self.page.clip(0, 1) * 255).astype(np.uint8)
        picture = Image.fromarray(levels).filter(ImageFilter.GaussianBlur(blur * self.unit))
        size = tuple(round(side / coarse) for side in picture.size)
        if coarse > 1:
            picture = picture.resize(size, Image.Resampling.BOX)
        seen = np.asarray(picture, np.float32) / 255
        seen = seen + noise * self.rng.standard_normal(seen.shape, np.float32)
        picture = Image.fromarray((seen.clip(0, 1) * 255).astype(np.uint8))
        if coarse > 1:
            picture = picture.resize((self.width, self.height), Image.Resampling.BICUBIC)
        if quality:
            file = io.BytesIO()
            picture.save(file, "JPEG", quality=quality)
            picture = Image.open(file)
        return np.asarray(picture)


class _Twice:
    """Draws everything at twice the size, so that `reduce` softens its edges."""

    def __init__(self, draw):
        self._draw = draw

    def __getattr__(self, name):
        method = getattr(self._draw, name)

        def doubled(points, *args, width=None, **options):
            points = (2 * np.asarray(points, float)).ravel().tolist()
            if width is not None:
                options["width"] = max(1, round(2 * width))
            options.setdefault("fill", 255)
            if options["fill"] is None:
                options["outline"] = 255
            return method(points, *args, **options)

        return doubled


def _pen(digit, longest, degrees, thick, line=None):
    """A digit of MNIST as a pen leaves it, (h, w) float32: enlarged, and its edges made sharp.

    With a line, a share of the length, the middle of its strokes is drawn again in that width.
    """
    small = Image.fromarray(np.asarray(digit, np.uint8))
    small = small.crop(small.getbbox())
    scale = 240 / max(small.size)
    size = [max(1, round(side * scale)) for side in small.size]
    large = Image.new("L", (size[0] + 40, size[1] + 40))
    large.paste(small.resize(size, Image.Resampling.BICUBIC), (20, 20))
    sharp = large.filter(ImageFilter.GaussianBlur(2)).point(
        lambda level: max(0, min(255, round(6 * (level + thick) - 640)))
    )
    if line is not None:
        sharp = _drawn_again(sharp, line)
    turned = sharp.rotate(-degrees, Image.Resampling.BICUBIC, expand=True)
    turned = turned.crop(turned.getbbox() or (0, 0, 1, 1))
    scale = longest / max(turned.size)
    size = [max(1, round(side * scale)) for side in turned.size]
    return np.asarray(turned.resize(size, Image.Resampling.LANCZOS), np.float32) / 255


def _drawn_again(sharp, line):
    small = np.asarray(sharp.resize((sharp.width // 2, sharp.height // 2))) > 127
    middle = Image.fromarray(skeletonize(small).astype(np.uint8) * 255).resize(sharp.size, 0)
    wide = max(1.0, line * 240 / 2.4)
    soft = np.asarray(middle.filter(ImageFilter.GaussianBlur(wide)), np.float32)
    level = 255 * 2 / (wide * 2.507) * np.exp(-0.5 * 1.2**2)
    return Image.fromarray((255 / (1 + np.exp(-8 * (soft / level - 1)))).astype(np.uint8))


def _perspective(corners, moved):
    """The eight numbers that Pillow wants, for pixels of the result at `corners`."""
    rows = []
    for (x, y), (u, v) in zip(corners, moved, strict=True):
        rows.append([x, y, 1, 0, 0, 0, -u * x, -u * y])
        rows.append([0, 0, 0, x, y, 1, -v * x, -v * y])
    return np.linalg.solve(np.array(rows), moved.ravel()).tolist()
