"""Where the ink is: specks and lines along the border told from the digit. Knows no network.

Works on planes of white ink on black, (H, W) float32 in [0, 1].
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from cnnviz.core.pictures.resampling import fit
from cnnviz.core.records import Floats, Pair

LOOK = 160
"""Pixels on the longer side of the copy on which pieces of ink are told apart."""
TINY = 0.04
"""Pieces with less than this share of the main piece's ink are specks."""


class Box(NamedTuple):
    """Rows `top` to before `bottom`, columns `left` to before `right`."""

    top: int
    left: int
    bottom: int
    right: int

    @property
    def size(self) -> Pair:
        """(height, width)."""
        return self.bottom - self.top, self.right - self.left


def ink_box(plane: Floats, weakest: float) -> Box:
    """Find the box of the digit: the main piece of ink with all that is not a speck.

    Looked for on a small copy, then again on a copy of what was found, which shows its edges
    more exactly. At full size, weak ink at the edges counts too, but none below `weakest`; some
    pixel of (H, W) is above it.
    """
    box = Box(0, 0, *plane.shape)
    for _ in range(2):
        part = plane[box.top : box.bottom, box.left : box.right]
        look = fit(part[None], LOOK)[0]
        found = _pieces_box(look, min(weakest, float(look.max()) / 2))
        if look.shape == part.shape:
            return _placed(found, box, 1.0, 1.0, 0, plane.shape)
        rows, cols = (full / small for full, small in zip(part.shape, look.shape, strict=True))
        outer = _placed(found, box, rows, cols, 0, plane.shape)
        box = _placed(found, box, rows, cols, 2, plane.shape)
    return outer


def _placed(
    found: Box, within: Box, rows: float, cols: float, margin: int, shape: tuple[int, ...]
) -> Box:
    """Turn a box in a small copy of `within` into one of the picture, `margin` small pixels out."""
    return Box(
        max(0, within.top + int((found.top - margin) * rows)),
        max(0, within.left + int((found.left - margin) * cols)),
        min(shape[0], within.top + int(np.ceil((found.bottom + margin) * rows))),
        min(shape[1], within.left + int(np.ceil((found.right + margin) * cols))),
    )


def _pieces_box(plane: Floats, weakest: float) -> Box:
    mask = plane > weakest
    labels, count = pieces(mask)
    mass = np.bincount(labels.ravel(), plane.ravel() * mask.ravel(), count + 1)
    mass[0] = 0
    edge = np.concatenate((labels[0], labels[-1], labels[:, 0], labels[:, -1]))
    touches = np.zeros(count + 1, bool)
    touches[edge] = True
    main = int(np.argmax(mass * np.where(touches, 0.25, 1)))
    kept = (mass >= TINY * mass[main]) & (touches <= touches[main])
    rows, cols = (np.flatnonzero((kept[labels] & mask).any(axis=axis)) for axis in (1, 0))
    return Box(int(rows[0]), int(cols[0]), int(rows[-1]) + 1, int(cols[-1]) + 1)


def pieces(mask: NDArray[np.bool_]) -> tuple[NDArray[np.int64], int]:
    """Number the connected pieces of (H, W), corners and gaps of a pixel bridged.

    Returns:
        (H, W) with 0 where nothing is and 1 to N elsewhere, and N.
    """
    grown = Image.fromarray(mask.astype(np.uint8)).filter(ImageFilter.MaxFilter(3))
    parents: list[int] = [0]
    labels = np.zeros(mask.shape, np.int64)
    above: list[tuple[int, int, int]] = []
    for row, ends in enumerate(_runs(np.asarray(grown))):
        runs = []
        for start, end in ends:
            parents.append(len(parents))
            label = len(parents) - 1
            for before, after, other in above:
                if before < end and start < after:
                    parents[_root(parents, label)] = _root(parents, other)
            labels[row, start:end] = label
            runs.append((start, end, label))
        above = runs
    roots = np.array([_root(parents, label) for label in range(len(parents))])
    _, numbers = np.unique(roots, return_inverse=True)
    return np.where(mask, numbers[labels], 0), int(numbers.max())


def _runs(rows: NDArray[np.uint8]) -> list[list[tuple[int, int]]]:
    """List for each row of ones and zeros where ones begin and end."""
    ends: list[list[tuple[int, int]]] = [[] for _ in rows]
    changes = np.argwhere(np.diff(rows.astype(np.int8), prepend=0, append=0)).tolist()
    for (row, start), (_, end) in zip(changes[::2], changes[1::2], strict=True):
        ends[row].append((start, end))
    return ends


def _root(parents: list[int], label: int) -> int:
    while parents[label] != label:
        parents[label] = label = parents[parents[label]]
    return label
