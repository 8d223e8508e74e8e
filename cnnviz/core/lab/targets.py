"""Whether a map is the one that a challenge asks for; where it is not, how it differs."""

from __future__ import annotations

import numpy as np

from cnnviz.core.lab.map_checks import TOLERANCE, Attempt, Verdict, missed, sizes_of, solved
from cnnviz.core.lab.target_pictures import STAMP, stamped
from cnnviz.core.messages import N_
from cnnviz.core.records import Floats

_FAR = 4
"""Cells by which a map is looked for elsewhere."""


def is_shifted(target: Floats, attempt: Attempt) -> Verdict:
    """Check that a map equals the target; tells a map that went elsewhere by how far it did."""
    verdict = _compared(target, attempt.output)
    if verdict.is_solved or target.shape != attempt.output.shape:
        return verdict
    for down in range(-_FAR, _FAR + 1):
        for right in range(-_FAR, _FAR + 1):
            elsewhere = _moved(target, down, right)
            if elsewhere.any() and _are_equal(elsewhere, attempt.output):
                return missed(
                    N_(
                        "The picture arrives, but not in its place: it lies {down} rows too low "
                        "and {right} columns too far right (below 0: too high, too far left)."
                    ),
                    down=down,
                    right=right,
                )
    return verdict


def is_stamped(target: Floats, attempt: Attempt) -> Verdict:
    """Check that a map equals the target; tells a stamp that is turned the wrong way."""
    output = attempt.output
    if output.shape == target.shape and _are_equal(stamped(STAMP[::-1, ::-1]), output):
        return missed(
            N_(
                "The corner is there, but turned by {degrees}°: the filter is laid onto the "
                "picture as it is, so the dot meets its weights from the other side."
            ),
            degrees=180,
        )
    return _compared(target, output)


def _compared(target: Floats, output: Floats) -> Verdict:
    if output.shape != target.shape:
        return missed(
            N_(
                "Your map has {height} × {width} cells and the target {rows} × {cols}; padding, "
                "stride and filter size decide that."
            ),
            **sizes_of(output, target.shape),
        )
    if _are_equal(target, output):
        return solved(N_("All {total} cells equal the target."), total=output.size)
    offset = float((output - target).mean())
    if _are_equal(target + np.float32(offset), output):
        return missed(
            N_("Every cell is the target's plus {offset}: that is the bias."),
            offset=round(offset, 3),
        )
    factor = float((output * target).sum() / (target * target).sum())
    if abs(factor) > TOLERANCE and _are_equal(target * np.float32(factor), output):
        return missed(
            N_(
                "The shape is right, but every cell is {factor} times the target's, as the "
                "weights are."
            ),
            factor=round(factor, 3),
        )
    differing = abs(output - target)
    return missed(
        N_("{count} of {total} cells differ from the target, by {most} at most."),
        count=int((differing > TOLERANCE).sum()),
        total=output.size,
        most=round(float(differing.max()), 3),
    )


def _are_equal(one: Floats, other: Floats) -> bool:
    return bool(abs(one - other).max() <= TOLERANCE)


def _moved(values: Floats, down: int, right: int) -> Floats:
    """A map moved by some cells, zeros where nothing comes from."""
    rows, cols = values.shape
    padded = np.pad(values, _FAR)
    return padded[_FAR - down : _FAR - down + rows, _FAR - right : _FAR - right + cols]
