"""Pictures that a network of digits should not name, told apart by a few simple measures.

A network answers whatever it is shown; this says when the answer means little. The limits are
those within which MNIST's 70,000 digits lie: fewer than 2 in 1,000 of them are called odd, of
Fashion-MNIST's 10,000 test pictures 97 in 100 are. Knows no network.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from cnnviz.core.messages import N_, Sentence
from cnnviz.core.pictures.digits import FAINTEST, SIDE
from cnnviz.core.pictures.ink import pieces
from cnnviz.core.records import Floats


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


def _border(plane: Floats) -> float:
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
        _border,
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
