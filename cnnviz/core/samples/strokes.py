"""Ten digits written by hand as pen strokes, and the pen. Knows nothing of networks or files."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from cnnviz.core.records import Floats

Stroke = tuple[tuple[float, float], ...]
Doubles = NDArray[np.float64]

SIDE = 28
"""Pixels a side, as in MNIST."""

# Points (x, y) in pixels, x to the right and y down, that the pen passes through smoothly.
# A corner is where one stroke ends and the next begins. Written for this project, within the
# 20 × 20 pixels that MNIST's digits fill.
DIGITS: tuple[tuple[Stroke, ...], ...] = (
    (
        ((15.0, 7.0), (11.7, 8.2), (9.5, 12.1), (8.9, 16.9), (10.2, 21.2), (13.2, 23.0),
         (16.5, 21.4), (18.6, 17.3), (19.1, 12.6), (17.9, 8.5), (15.0, 7.0)),
    ),
    (
        ((12.2, 10.2), (13.8, 8.9), (15.1, 7.0)),
        ((15.1, 7.0), (14.6, 15.0), (13.8, 23.0)),
    ),
    (
        ((9.9, 10.2), (11.0, 7.4), (14.3, 6.0), (17.7, 7.0), (18.6, 10.0), (16.7, 13.9),
         (13.3, 18.0), (9.7, 22.0)),
        ((9.7, 22.0), (13.1, 21.5), (16.7, 22.0), (20.3, 21.7)),
    ),
    (
        ((9.8, 8.0), (12.2, 6.3), (15.5, 6.2), (17.6, 8.2), (16.8, 11.3), (13.0, 13.4)),
        ((13.0, 13.4), (16.8, 14.0), (18.7, 16.8), (17.7, 20.2), (14.2, 22.0), (10.9, 21.3),
         (9.3, 19.7)),
    ),
    (
        ((13.1, 7.0), (11.5, 11.6), (9.7, 16.4)),
        ((9.7, 16.4), (14.8, 16.2), (20.3, 15.7)),
        ((17.8, 10.0), (17.1, 16.2), (16.4, 23.0)),
    ),
    (
        ((12.1, 7.2), (11.4, 10.6), (10.8, 14.1)),
        ((10.8, 14.1), (13.9, 12.7), (17.4, 13.7), (19.1, 16.9), (17.9, 20.8), (14.3, 23.0),
         (10.5, 21.9)),
        ((12.1, 7.2), (15.7, 7.5), (19.5, 7.0)),
    ),
    (
        ((17.7, 5.0), (14.1, 7.7), (11.5, 12.2), (10.7, 16.6), (12.4, 20.2), (15.6, 20.9),
         (18.7, 19.0), (19.1, 15.7), (16.9, 13.6), (13.7, 14.1), (11.0, 17.0)),
    ),
    (
        ((8.8, 9.9), (13.7, 9.6), (19.2, 9.0)),
        ((19.2, 9.0), (16.5, 14.0), (14.1, 19.5), (12.4, 25.0)),
    ),
    (
        ((18.3, 8.4), (15.5, 6.1), (11.8, 6.8), (10.7, 9.6), (12.8, 12.4), (16.5, 14.9),
         (18.3, 18.3), (16.2, 21.4), (12.3, 21.8), (9.7, 19.1), (11.2, 15.8), (14.8, 13.1),
         (17.9, 10.7), (18.3, 8.4)),
    ),
    (
        ((18.2, 11.1), (15.8, 8.2), (12.1, 8.6), (9.7, 11.9), (10.4, 15.1), (13.3, 16.1),
         (16.5, 14.4), (18.4, 11.0)),
        ((18.4, 11.0), (17.7, 15.1), (16.7, 19.5), (15.6, 24.0)),
    ),
)  # fmt: skip


def write_digit(value: int, *, pen: float = 2.4) -> Floats:
    """Write a digit with a round, soft pen.

    Args:
        value: The digit, 0 to 9.
        pen: Width of the line in pixels; MNIST's are 2 to 3 pixels wide.

    Returns:
        (1, 28, 28) float32 in [0, 1], multiples of 1/255: white ink on black.
    """
    rows, cols = np.mgrid[0:SIDE, 0:SIDE] + 0.5
    centres = np.stack((cols.ravel(), rows.ravel()), axis=1)  # (P, 2)
    nearest = np.min([_distance(centres, _smooth(stroke)) for stroke in DIGITS[value]], axis=0)
    ink = np.clip((pen + 1) / 2 - nearest, 0, 1).reshape(1, SIDE, SIDE)
    return np.asarray(np.round(ink * 255) / 255, dtype=np.float32)


def _smooth(stroke: Sequence[tuple[float, float]], per_span: int = 4) -> Doubles:
    """Points along the Catmull-Rom spline through a stroke, (N, 2).

    Source: Catmull & Rom, "A class of local interpolating splines", 1974; tension 1/2.
    """
    points = np.asarray(stroke, dtype=np.float64)
    before = np.vstack((2 * points[0] - points[1], points[:-1]))
    after = np.vstack((points[1:], 2 * points[-1] - points[-2]))
    slopes = (after - before) / 2
    t = np.linspace(0, 1, per_span, endpoint=False)[:, None, None]
    start, end = points[:-1], points[1:]
    curve = (
        (2 * t**3 - 3 * t**2 + 1) * start
        + (t**3 - 2 * t**2 + t) * slopes[:-1]
        + (3 * t**2 - 2 * t**3) * end
        + (t**3 - t**2) * slopes[1:]
    )  # (per_span, spans, 2), Hermite form
    return np.vstack((curve.transpose(1, 0, 2).reshape(-1, 2), points[-1:]))


def _distance(centres: Doubles, curve: Doubles) -> Doubles:
    """Distance from each of (P, 2) pixel centres to a polyline of (N, 2) points, (P,)."""
    start, along = curve[:-1], np.diff(curve, axis=0)
    from_start = centres[:, None] - start  # (P, N - 1, 2)
    share = np.clip((from_start * along).sum(axis=2) / (along**2).sum(axis=1), 0, 1)
    gap = from_start - share[..., None] * along
    return np.asarray(np.sqrt((gap**2).sum(axis=2)).min(axis=1))
