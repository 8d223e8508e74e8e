"""The formulas of the gallery: (rows, columns, parameters) → weights in float64.

Filters are applied without flipping (cross-correlation). Angles are in degrees, anticlockwise
from the right, as one sees them on the screen, where rows count downwards.
"""

from __future__ import annotations

from collections.abc import Callable
from math import cos, radians, sin

import numpy as np

from cnnviz.core.kernels.spec import Doubles
from cnnviz.core.messages import Explained

Build = Callable[[int, int], Doubles]


def binomial(size: int) -> Doubles:
    """Row `size` of Pascal's triangle: 1 2 1, 1 4 6 4 1 …; sums to 2^(size − 1)."""
    row = np.ones(1)
    for _ in range(size - 1):
        row = np.convolve(row, [1, 1])
    return row


def edge(size: int) -> Doubles:
    """The first difference of a smoothed row: −1 1; −1 0 1; −1 −1 1 1; −1 −2 0 2 1."""
    return np.convolve(binomial(size - 1), [-1, 1])


def spot(size: int) -> Doubles:
    """The second difference of a smoothed row with its sign turned: −1 2 −1; −1 0 2 0 −1."""
    return np.convolve(binomial(size - 2), [-1, 2, -1])


def ripple(size: int) -> Doubles:
    """Binomials with alternating signs, the middle one positive: 1 −4 6 −4 1."""
    return binomial(size) * (-1.0) ** (np.arange(size) - size // 2)


def offsets(size: int) -> Doubles:
    """Distances of a row's cells from its middle: −1 0 1; −½ ½."""
    return np.arange(size, dtype=np.float64) - (size - 1) / 2


def outer(rows: Callable[[int], Doubles], cols: Callable[[int], Doubles]) -> Build:
    """A separable filter: what one does down the rows times what the other does along them."""
    return lambda height, width: np.outer(rows(height), cols(width))


def smoothed(mask: list[list[int]]) -> Build:
    """A published filter, which larger sizes smooth with binomials first (their sum is 1)."""
    return lambda height, width: _smoothed(np.array(mask, np.float64), height, width)


def _smoothed(mask: Doubles, height: int, width: int) -> Doubles:
    tall, wide = mask.shape
    smooth = gaussian(height - tall + 1, width - wide + 1)
    grown = np.zeros((height, width))
    for (row, col), weight in np.ndenumerate(mask):
        grown[row : row + smooth.shape[0], col : col + smooth.shape[1]] += weight * smooth
    return grown


def compass(ring: list[int]) -> Callable[..., Doubles]:
    """Eight neighbours, clockwise from the top left; `direction` turns them by steps of 45°."""

    def build(height: int, width: int, direction: float) -> Doubles:
        turned = np.roll(ring, -round(direction / 45))
        mask = np.zeros((3, 3))
        mask[[0, 0, 0, 1, 2, 2, 2, 1], [0, 1, 2, 2, 2, 1, 0, 0]] = turned
        return _smoothed(mask, height, width)

    return build


def along(height: int, width: int, angle: float) -> tuple[Doubles, Doubles]:
    """Distances of all cells from the centre, along `angle` and across it, (rows, columns)."""
    up, right = -offsets(height)[:, None], offsets(width)[None, :]
    turn = radians(angle)
    return right * cos(turn) + up * sin(turn), up * cos(turn) - right * sin(turn)


def identity(height: int, width: int) -> Doubles:
    """One in the middle, else 0."""
    return shift(height, width, 0, 0)


def shift(height: int, width: int, right: float, down: float) -> Doubles:
    """One where the pixel lies that moves to the centre, else 0."""
    row, col = height // 2 - int(down), width // 2 - int(right)
    if not (0 <= row < height and 0 <= col < width):
        raise Explained(
            "A filter of {height} × {width} shifts by at most {down} rows and {right} columns.",
            height=height,
            width=width,
            down=height // 2,
            right=width // 2,
        )
    delta = np.zeros((height, width))
    delta[row, col] = 1
    return delta


def box(height: int, width: int) -> Doubles:
    """The mean."""
    return np.full((height, width), 1 / (height * width))


def gaussian(height: int, width: int) -> Doubles:
    """Binomials along both axes; sums to 1."""
    return np.asarray(np.outer(binomial(height), binomial(width)) / 2.0 ** (height + width - 2))


def sampled_gaussian(height: int, width: int, sigma: float) -> Doubles:
    """The bell curve at the cells' middles; sums to 1."""
    bell = np.exp(-_squares(height, width) / (2 * sigma**2))
    return np.asarray(bell / bell.sum())


def motion(height: int, width: int, angle: float) -> Doubles:
    """A line through the centre, one cell thick, soft at its sides; sums to 1."""
    _, across = along(height, width, angle)
    line = np.maximum(0, 1 - np.abs(across)).round(12)
    return np.asarray(line / line.sum())


def sharpen(height: int, width: int) -> Doubles:
    """The identity minus the Laplacian."""
    return identity(height, width) - laplacian(height, width)


def unsharp(height: int, width: int, sigma: float, amount: float) -> Doubles:
    """The picture plus `amount` times what a Gaussian blur takes away."""
    blurred = sampled_gaussian(height, width, sigma)
    return (1 + amount) * identity(height, width) - amount * blurred


def outline(height: int, width: int) -> Doubles:
    """Every cell counted against the centre."""
    return height * width * identity(height, width) - np.ones((height, width))


laplacian = smoothed([[0, 1, 0], [1, -4, 1], [0, 1, 0]])


def laplacian_of_gaussian(height: int, width: int, sigma: float) -> Doubles:
    """The Laplacian of the bell curve, less its mean, so that flat areas become 0."""
    squares = _squares(height, width) / sigma**2
    hat = (squares - 2) * np.exp(-squares / 2) / (2 * np.pi * sigma**4)
    return np.asarray(hat - hat.mean())


def difference_of_gaussians(height: int, width: int, sigma: float, ratio: float) -> Doubles:
    """A narrow bell curve minus a wide one; sums to 0."""
    wide = sampled_gaussian(height, width, ratio * sigma)
    return sampled_gaussian(height, width, sigma) - wide


def gabor(
    height: int, width: int, angle: float, wavelength: float, sigma: float, phase: float
) -> Doubles:
    """A wave that travels along `angle`, under a bell curve."""
    distance, _ = along(height, width, angle)
    wave = np.cos(2 * np.pi * distance / wavelength + radians(phase))
    return np.asarray((wave * np.exp(-_squares(height, width) / (2 * sigma**2))).round(12))


def checkerboard(height: int, width: int) -> Doubles:
    """Plus and minus one in turn, less their mean, so that flat areas become 0."""
    rows, cols = np.indices((height, width))
    board = (-1.0) ** (rows + cols + height // 2 + width // 2)
    return np.asarray(board - board.mean())


def emboss(height: int, width: int) -> Doubles:
    """The sign of the distance from the anti-diagonal, plus the identity."""
    slope = np.sign(np.add.outer(offsets(height), offsets(width)))
    return np.asarray(slope + identity(height, width))


def _squares(height: int, width: int) -> Doubles:
    """Squared distances of all cells from the centre."""
    return np.asarray(np.add.outer(offsets(height) ** 2, offsets(width) ** 2))
