"""What a person does to a picture, step by step; each is a small value that fits into a link."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass

import numpy as np

from cnnviz.core.arrays import as_picture
from cnnviz.core.messages import N_, Explained, Number, Sentence
from cnnviz.core.pictures.finder import KeepInk
from cnnviz.core.pictures.images import LONGEST, LUMA, to_grey
from cnnviz.core.pictures.light import background, even_light
from cnnviz.core.pictures.resampling import fit, resized, turned
from cnnviz.core.records import Floats, Step
from cnnviz.core.strict import make_plain, many, real

WHITE = 255


@dataclass(frozen=True, slots=True)
class Grey:
    """Colours turned to grey by luma."""

    def _apply(self, image: Floats) -> Step:
        if image.shape[0] == 1:
            return Step(N_("Grey"), Sentence("The picture was grey already."), image.copy())
        sentence = Sentence(
            "Turned to grey: {red} of red, {green} of green and {blue} of blue.",
            dict(zip(("red", "green", "blue"), LUMA, strict=True)),
        )
        return Step(N_("Grey"), sentence, to_grey(image))


@dataclass(frozen=True, slots=True)
class Invert:
    """Dark made light and light dark."""

    def _apply(self, image: Floats) -> Step:
        sentence = Sentence("Inverted: dark became light, and light dark.")
        return Step(N_("Invert"), sentence, 1 - image)


@dataclass(frozen=True, slots=True)
class Contrast:
    """Levels stretched: `low` of 255 and below become black, `high` and above white."""

    low: int
    high: int

    def __post_init__(self) -> None:
        make_plain(self)
        if not _are_whole((self.low, self.high), 0, WHITE) or self.low >= self.high:
            raise Explained(
                "Levels are whole numbers from 0 to 255, and what becomes black lies below what "
                "becomes white; not {low} and {high}.",
                **asdict(self),
            )

    def _apply(self, image: Floats) -> Step:
        low, high = np.float32(self.low / WHITE), np.float32(self.high / WHITE)
        sentence = Sentence(
            "Contrast stretched: {low} of 255 and below became black, {high} and above white.",
            asdict(self),
        )
        return Step(N_("Contrast"), sentence, np.clip((image - low) / (high - low), 0, 1))


@dataclass(frozen=True, slots=True)
class EvenLight:
    """Shadows and falling light taken out: the background made equally light everywhere."""

    def _apply(self, image: Floats) -> Step:
        ground = background(image)
        sentence = Sentence(
            "Light evened: the background lay between {darkest} and {lightest} of 255 and now "
            "lies at {level} everywhere.",
            {name: round(level * WHITE) for name, level in ground.span().items()},
        )
        return Step(N_("Even light"), sentence, even_light(image, ground))


@dataclass(frozen=True, slots=True)
class Rotate:
    """Turned about its middle, clockwise where `degrees` is above 0, from -180 to 180.

    The canvas grows so that nothing is cut off, and is shrunk to 1024 pixels where it must be.
    """

    degrees: float

    def __post_init__(self) -> None:
        make_plain(self)
        real("degrees", self.degrees, -180, 180)

    def _apply(self, image: Floats) -> Step:
        image = np.ascontiguousarray(fit(turned(image, self.degrees), LONGEST))
        message = N_("Turned by {degrees}° clockwise, to {rows} × {cols} pixels.")
        if self.degrees < 0:
            message = N_("Turned by {degrees}° anticlockwise, to {rows} × {cols} pixels.")
        degrees = int(abs(self.degrees)) if self.degrees == int(self.degrees) else abs(self.degrees)
        return Step(N_("Rotate"), Sentence(message, {"degrees": degrees, **_sides(image)}), image)


@dataclass(frozen=True, slots=True)
class Crop:
    """A part of the picture: `height` × `width` pixels from row `top`, column `left`."""

    top: int
    left: int
    height: int
    width: int

    def __post_init__(self) -> None:
        make_plain(self)
        corner, size = (self.top, self.left), (self.height, self.width)
        if not (_are_whole(corner, 0, LONGEST - 1) and _are_whole(size, 1, LONGEST)):
            raise Explained(
                "A crop has a corner of 0 or more and sides of 1 to {longest} pixels; {height} × "
                "{width} pixels from row {top}, column {left} are none.",
                longest=LONGEST,
                **asdict(self),
            )

    def _apply(self, image: Floats) -> Step:
        bottom, right = self.top + self.height, self.left + self.width
        if bottom > image.shape[1] or right > image.shape[2]:
            raise Explained(
                "A crop of {height} × {width} pixels from row {top}, column {left} reaches outside "
                "the picture, which has {rows} × {cols} pixels.",
                **_sides(image),
                **asdict(self),
            )
        sentence = Sentence(
            "Cropped to rows {top} to {bottom}, columns {left} to {right}.",
            {"top": self.top, "bottom": bottom - 1, "left": self.left, "right": right - 1},
        )
        return Step(N_("Crop"), sentence, image[:, self.top : bottom, self.left : right].copy())


@dataclass(frozen=True, slots=True)
class Resize:
    """Made `height` × `width` pixels: means of areas to shrink, bicubic curves to enlarge."""

    height: int
    width: int

    def __post_init__(self) -> None:
        make_plain(self)
        if not _are_whole((self.height, self.width), 1, LONGEST):
            raise Explained(
                "A picture has 1 to {longest} pixels a side, not {height} × {width}.",
                longest=LONGEST,
                **asdict(self),
            )

    def _apply(self, image: Floats) -> Step:
        message = N_("Resized from {rows} × {cols} to {height} × {width} pixels.")
        sentence = Sentence(message, {**_sides(image), **asdict(self)})
        return Step(N_("Resize"), sentence, resized(image, self.height, self.width))


@dataclass(frozen=True, slots=True)
class SetPixel:
    """One pixel given new levels of 0 to 255: one for a grey picture, three for colours."""

    row: int
    col: int
    levels: tuple[int, ...]

    def __post_init__(self) -> None:
        make_plain(self)
        many("levels", self.levels, 1, 3)
        if not _are_whole((self.row, self.col), 0, LONGEST - 1):
            raise Explained("There is no pixel in row {row}, column {col}.", **self._numbers())
        if len(self.levels) not in (1, 3) or not _are_whole(self.levels, 0, WHITE):
            raise Explained(
                "A pixel has one level or three, whole numbers from 0 to 255, not {levels}.",
                **self._numbers(),
            )

    def _numbers(self) -> dict[str, Number]:
        return {"row": self.row, "col": self.col, "levels": ", ".join(map(str, self.levels))}

    def _apply(self, image: Floats) -> Step:
        if self.row >= image.shape[1] or self.col >= image.shape[2]:
            raise Explained(
                "The pixel in row {row}, column {col} lies outside the picture, which has "
                "{rows} × {cols} pixels.",
                **_sides(image),
                **self._numbers(),
            )
        if len(self.levels) != len(image):
            raise Explained(
                "The number of levels of a pixel is {channels} in this picture, not {count}.",
                channels=len(image),
                count=len(self.levels),
            )
        changed = image.copy()
        changed[:, self.row, self.col] = np.array(self.levels, np.float32) / WHITE
        sentence = Sentence("Row {row}, column {col} set to {levels} of 255.", self._numbers())
        return Step(N_("Pixel"), sentence, changed)


Edit = Grey | Invert | Contrast | EvenLight | KeepInk | Rotate | Crop | Resize | SetPixel

KINDS: dict[str, type[Edit]] = {
    "grey": Grey,
    "invert": Invert,
    "contrast": Contrast,
    "light": EvenLight,
    "ink": KeepInk,
    "rotate": Rotate,
    "crop": Crop,
    "resize": Resize,
    "pixel": SetPixel,
}
"""The words for them in links, in the order in which people are offered them."""


def apply_edit(image: Floats, edit: Edit) -> Step:
    """Do one thing to a picture.

    Args:
        image: (C, H, W) float32 in [0, 1], C = 1 or 3, at most 1024 a side; not modified. The
            step's image is of the same kind, and shares no memory with it.
        edit: What to do.

    Raises:
        Explained: the edit does not fit this picture; it carries the numbers.
    """
    return edit._apply(as_picture(image))


def apply_edits(image: Floats, edits: Iterable[Edit]) -> tuple[Step, ...]:
    """Do one thing after the other; see `apply_edit`."""
    steps: list[Step] = []
    for edit in edits:
        steps.append(apply_edit(steps[-1].image if steps else image, edit))
    return tuple(steps)


def _sides(image: Floats) -> dict[str, int]:
    return {"rows": image.shape[1], "cols": image.shape[2]}


def _are_whole(values: Iterable[object], least: int, most: int) -> bool:
    return all(type(value) is int and least <= value <= most for value in values)
