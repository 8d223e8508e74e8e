"""Which properties the challenges ask of a map, and what is said where they are missed.

Knows the numbers of the map alone, so any way to get there counts.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cnnviz.core.lab.receptive_field import receptive_field, window
from cnnviz.core.lab.specs import ConvSpec
from cnnviz.core.messages import N_, Number, Sentence
from cnnviz.core.records import Floats

TOLERANCE = 1e-3
"""A quarter of a level of 255: what counts as equal."""
STROKES = ("upright", "level", "falling", "rising")
"""The strokes of `targets.strokes`: above left, above right, below left, below right."""
TIMES = 3
"""How many times as much the upright stroke must answer as any other."""


@dataclass(frozen=True, slots=True, eq=False)
class Attempt:
    """What a reader's filter made of a challenge's picture.

    Attributes:
        image: (H, W) the picture.
        spec: How the filter moved.
        output: (oH, oW) what came out, the bias included.
    """

    image: Floats
    spec: ConvSpec
    output: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Verdict:
    """Whether an attempt solves its challenge, and one sentence with the numbers."""

    is_solved: bool
    sentence: Sentence


def missed(message: str, **numbers: Number) -> Verdict:
    """Return that an attempt fell short, and how."""
    return Verdict(False, Sentence(message, numbers))


def solved(message: str, **numbers: Number) -> Verdict:
    """Return that an attempt is right, and why."""
    return Verdict(True, Sentence(message, numbers))


def sizes_of(output: Floats, wanted: tuple[int, ...]) -> dict[str, Number]:
    """Return the numbers of a sentence: the size of a map, and the rows and columns wanted."""
    height, width = output.shape
    return {"height": height, "width": width, "rows": wanted[0], "cols": wanted[1]}


# ---------------------------------------------------------------- sizes and fields


_LEFT_OUT = N_(
    "The picture has {rows} × {cols} pixels and your map {height} × {width} cells: a stride above "
    "1 leaves places out."
)
_NO_ROOM = N_(
    "The picture has {rows} × {cols} pixels and your map only {height} × {width} cells: the window "
    "needs more room around the picture."
)
_PADDED = N_(
    "The picture has {rows} × {cols} pixels and your map {height} × {width} cells: that is too "
    "much padding."
)
_EVERY_PIXEL = N_(
    "Your map has {height} × {width} cells, not {rows} × {cols}: the window stops at every pixel "
    "on its way."
)
_TOO_FEW = N_(
    "Your map has {height} × {width} cells, fewer than {rows} × {cols}: padding brings the missing "
    "ones back."
)
_TOO_MANY = N_("Your map has {height} × {width} cells, more than {rows} × {cols}.")
_QUARTER = N_("Your map has {height} × {width} cells, a quarter of the pixels.")


def keeps_size(side: int, attempt: Attempt) -> Verdict:
    """Check that a filter of `side` × `side` gives a map as large as the picture."""
    refusal = _other_side(side, attempt.spec)
    if refusal:
        return refusal
    sizes = sizes_of(attempt.output, attempt.image.shape)
    if attempt.output.shape == attempt.image.shape:
        return solved(N_("{height} × {width} pixels went in, and as many cells came out."), **sizes)
    if attempt.spec.stride != (1, 1):
        return missed(_LEFT_OUT, **sizes)
    is_small = attempt.output.shape[0] < attempt.image.shape[0]
    return missed(_NO_ROOM if is_small else _PADDED, **sizes)


def halves_size(attempt: Attempt) -> Verdict:
    """Check that the map has half as many rows and columns as the picture."""
    rows, cols = (side // 2 for side in attempt.image.shape)
    sizes = sizes_of(attempt.output, (rows, cols))
    if attempt.output.shape == (rows, cols):
        return solved(_QUARTER, **sizes)
    if attempt.spec.stride == (1, 1):
        return missed(_EVERY_PIXEL, **sizes)
    return missed(_TOO_FEW if attempt.output.shape[0] < rows else _TOO_MANY, **sizes)


def sees(side: int, attempt: Attempt) -> Verdict:
    """Check that a 3 × 3 filter after this 3 × 3 filter sees `side` × `side` pixels."""
    refusal = _other_side(3, attempt.spec)
    if refusal:
        return refusal
    _top, _left, height, width = receptive_field((attempt.spec, ConvSpec((3, 3))), 0, 0)
    seen = {"height": height, "width": width}
    if (height, width) == (side, side):
        return solved(N_("A cell of the second map sees {height} × {width} pixels."), **seen)
    message = N_("A cell of the second map sees {height} × {width} pixels, not {rows} × {cols}.")
    return missed(message, rows=side, cols=side, **seen)


def _other_side(side: int, spec: ConvSpec) -> Verdict | None:
    if spec.kernel_size == (side, side):
        return None
    height, width = spec.kernel_size
    message = N_("This task asks for a filter of {rows} × {cols}; yours has {height} × {width}.")
    return missed(message, rows=side, cols=side, height=height, width=width)


# ---------------------------------------------------------------- upright strokes alone

_LOUDEST = {
    "level": N_(
        "The upright stroke answers {upright}, and the level one {other}: {times} times as much "
        "or less is not enough."
    ),
    "falling": N_(
        "The upright stroke answers {upright}, and the falling one {other}: {times} times as much "
        "or less is not enough."
    ),
    "rising": N_(
        "The upright stroke answers {upright}, and the rising one {other}: {times} times as much "
        "or less is not enough."
    ),
}
_COARSE = N_("Your map of {height} × {width} cells is too coarse to tell the four strokes apart.")


def is_upright(attempt: Attempt) -> Verdict:
    """Check that the quarter with the upright stroke answers more than thrice as any other."""
    answers = _answers(attempt)
    if answers is None:
        height, width = attempt.output.shape
        return missed(_COARSE, height=height, width=width)
    upright = answers["upright"]
    other, loudest = max((answers[name], name) for name in STROKES[1:])
    numbers = {"upright": round(upright, 3), "other": round(other, 3)}
    if upright <= TOLERANCE:
        return missed(N_("Nothing answers to the upright stroke: at most {upright}."), **numbers)
    if upright <= TIMES * other + TOLERANCE:
        return missed(_LOUDEST[loudest], times=TIMES, **numbers)
    return solved(
        N_("The upright stroke answers {upright}, and every other one {other} at most."), **numbers
    )


def _answers(attempt: Attempt) -> dict[str, float] | None:
    """The largest value over each stroke's quarter of the picture; None where one has no cell."""
    upper, left = (_in_first_half(attempt, axis) for axis in (0, 1))
    quarters = ((upper, left), (upper, ~left), (~upper, left), (~upper, ~left))
    answers = {}
    for name, (rows, cols) in zip(STROKES, quarters, strict=True):
        part = attempt.output[np.ix_(rows, cols)]
        if not part.size:
            return None
        answers[name] = float(part.max())
    return answers


def _in_first_half(attempt: Attempt, axis: int) -> NDArray[np.bool_]:
    """Whether the window of each row of the map, or column, has its middle in the first half."""
    stride, before, extent = window(attempt.spec, axis)
    cells, middle = np.arange(attempt.output.shape[axis]), (extent - 1) / 2
    centres = cells * stride - before + middle
    if attempt.spec.transposed:
        centres = (cells + before - middle) / stride
    return np.asarray(centres < (attempt.image.shape[axis] - 1) / 2)
