"""Any picture made into what a network takes, by its data set, and what it should not name.

Digits are found, made white on black and centred, as MNIST's are; clothes become white on black,
square and small; photographs square and small. Every change is a step that can be shown.

A network answers whatever it is shown; a few simple measures of a picture say when the answer means
little. Their limits are those within which MNIST's 70,000 digits lie: fewer than 2 in 1,000 of them
are called odd, and 97 in 100 of Fashion-MNIST's 10,000 test pictures. Knows no network.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cnnviz.core.arrays import as_picture
from cnnviz.core.messages import N_, Sentence
from cnnviz.core.pictures.data_sets import is_digits, is_inked
from cnnviz.core.pictures.digits import LONGEST, SIDE, Prepared, prepare_digit
from cnnviz.core.pictures.edits import Crop, Edit, Grey, Invert, Resize, apply_edit
from cnnviz.core.pictures.ink import pieces
from cnnviz.core.pictures.reading import EDGE, FAINTEST
from cnnviz.core.pictures.resampling import border
from cnnviz.core.records import Floats, Step


def prepare_picture(image: Floats, dataset: str, shape: tuple[int, int, int]) -> Prepared:
    """Make a picture look like those of a data set.

    Args:
        image: (C, H, W) float32 in [0, 1], C = 1 or 3, any size; not modified.
        dataset: Its id; of one that is not known here, the shape alone counts.
        shape: (C, H, W) that the network takes, C = 1 or 3.

    Raises:
        Explained: a digit is wanted, and the picture is flat or holds nothing but noise.
    """
    image = as_picture(image)
    if not is_digits(dataset):
        return _apply(image, _square(image, dataset, shape))
    digit = prepare_digit(image)
    rest = _apply(digit.image, _smaller(digit.image, shape[1:]))
    return Prepared(rest.image, (*digit.steps, *rest.steps), digit.doubt)


def _apply(image: Floats, edits: Iterator[Edit | None]) -> Prepared:
    """Do one edit after another; None makes three planes of one."""
    steps: list[Step] = []
    for edit in edits:
        steps.append(_coloured(image) if edit is None else apply_edit(image, edit))
        image = steps[-1].image
    return Prepared(np.ascontiguousarray(image, np.float32), tuple(steps))


def _smaller(digit: Floats, size: tuple[int, ...]) -> Iterator[Edit]:
    """Take MNIST's margin off a digit, and shrink it: scikit-learn's fill their frame.

    Measured with a network of `digits`, on MNIST's first 300 test pictures: 62 % right; cropped in
    the middle 56 %, not cropped 28 %.
    """
    if size != (SIDE, SIDE):
        ink = digit[0] > EDGE
        yield Crop(_start(ink.any(axis=1)), _start(ink.any(axis=0)), LONGEST, LONGEST)
        yield Resize(*size)


def _start(has_ink: NDArray[np.bool_]) -> int:
    """Where a frame of `LONGEST` begins that has the ink in its middle."""
    inked = np.flatnonzero(has_ink)
    return int(np.clip((inked[0] + inked[-1] + 2 - LONGEST) // 2, 0, SIDE - LONGEST))


def _square(image: Floats, dataset: str, shape: tuple[int, int, int]) -> Iterator[Edit | None]:
    """Give a picture the planes, the middle square and the size that a network takes."""
    channels, height, width = image.shape
    if shape[0] == 1 and channels == 3:
        yield Grey()
    if is_inked(dataset) and np.median([border(plane) for plane in image]) > 0.5:
        yield Invert()
    side = min(height, width)
    if height != width:
        yield Crop((height - side) // 2, (width - side) // 2, side, side)
    if (side, side) != shape[1:]:
        yield Resize(*shape[1:])
    if shape[0] == 3 and channels == 1:
        yield None


def _coloured(image: Floats) -> Step:
    sentence = Sentence("Grey is three equal planes: as much red as green as blue.")
    return Step(N_("Three planes"), sentence, np.repeat(image, 3, axis=0))


class _Measure(NamedTuple):
    """Something that is alike in all digits.

    Attributes:
        of: Measures an (H, W) plane.
        low: Least that a digit has; high: most.
        sentence: What is said of less or more; it may hold {percent} and {number}.
    """

    of: Callable[[Floats], float]
    low: float
    high: float
    sentence: str


def odd_picture(image: Floats, *, expects_digit: bool = True) -> Sentence | None:
    """Say why a picture should not be named, or None.

    Args:
        image: (C, H, W) float32 in [0, 1], as the network gets it.
        expects_digit: Whether it ought to be one of MNIST's: (1, 28, 28), white on black. Of
            other sizes, and for other networks, only empty pictures are told.
    """
    if float(np.ptp(image)) < FAINTEST:
        return Sentence(N_("The picture is empty: all its pixels are the same, or nearly so."))
    if not expects_digit or image.shape != (1, SIDE, SIDE):
        return None
    for measure in _MEASURES:
        value = measure.of(image[0])
        if not measure.low <= value <= measure.high:
            numbers = {"percent": round(100 * value), "number": round(value)}
            used = {name: n for name, n in numbers.items() if f"{{{name}}}" in measure.sentence}
            return Sentence(measure.sentence, used)
    return None


def _rim(plane: Floats) -> float:
    """Mean of the outer two rows and columns."""
    outer = np.ones(plane.shape, bool)
    outer[2:-2, 2:-2] = False
    return float(plane[outer].mean())


def _ink(plane: Floats) -> float:
    return float(plane.mean())


def _span(plane: Floats) -> float:
    """Rows or columns with clear ink, whichever are more."""
    ink = plane > 0.5
    return float(max(ink.any(axis=1).sum(), ink.any(axis=0).sum()))


def _grey(plane: Floats) -> float:
    """Share of the ink that is neither black nor white."""
    ink = plane > 0.1
    return float((plane[ink] < 0.9).mean()) if ink.any() else 0.0


def _edges(plane: Floats) -> float:
    """Sum of the steps between neighbours: about twice the length of all outlines."""
    return float(sum(np.abs(np.diff(plane, axis=axis)).sum() for axis in (0, 1)))


def _thickness(plane: Floats) -> float:
    """Ink a step: half of a stroke's width."""
    return float(plane.sum()) / max(_edges(plane), 1e-9)


def _pieces(plane: Floats) -> float:
    return float(pieces(plane > 0.5)[1])


# Measured on MNIST: border at most 0.040; ink 0.025 to 0.398, of 9,995 in 10,000 up to 0.305;
# span 11 to 20, of 9,995 from 16; grey of 9,990 up to 0.89; edges up to 182; thickness of 9,995
# up to 2.43; pieces of 9,998 up to 3.
_MEASURES = (
    _Measure(
        _rim,
        0,
        0.045,
        N_("This is hardly a digit: its border is {percent} % white; digits leave it black."),
    ),
    _Measure(_ink, 0.025, 1, N_("This is hardly a digit: hardly any of the picture is ink.")),
    _Measure(_ink, 0, 0.35, N_("This is hardly a digit: {percent} % of the picture is ink.")),
    _Measure(
        _span, 15, 28, N_("This is hardly a digit: its clear ink is only {number} pixels long.")
    ),
    _Measure(
        _edges, 0, 185, N_("This is hardly a digit: it has more fine detail than strokes make.")
    ),
    _Measure(
        _thickness, 0, 2.5, N_("This is hardly a digit: it is a solid patch rather than strokes.")
    ),
    _Measure(
        _grey, 0, 0.9, N_("This is hardly a digit: {percent} % of its ink is grey, not white.")
    ),
    _Measure(
        _pieces, 0, 3, N_("This is hardly a digit: its ink lies in {number} separate pieces.")
    ),
)
