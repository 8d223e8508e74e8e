"""The filters of the gallery, each built from its formula at any odd size, with its source.

A filter is applied as PyTorch applies it, without flipping (cross-correlation). Adding one means
adding one entry to `KERNELS`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cnnviz.core.messages import N_, Explained
from cnnviz.core.records import Floats

Doubles = NDArray[np.float64]

SIZES = (1, 3, 5, 7, 9, 11)


@dataclass(frozen=True, slots=True)
class Kernel:
    """A filter of the gallery.

    Attributes:
        id: Stable name in links.
        name: For people; translated in `ui`.
        detects: One sentence on what it detects.
        source: Where the formula is from.
        build: Size in taps, odd → (size, size) float64.
        least: The smallest size at which the formula means something.
    """

    id: str
    name: str
    detects: str
    source: str
    build: Callable[[int], Doubles]
    least: int = 3

    def weights(self, size: int = 3) -> Floats:
        """Return the filter as (size, size) float32.

        Raises:
            Explained: the size is even, or too small for this filter.
        """
        if size % 2 == 0:
            raise Explained(
                "A filter of {size} × {size} has no centre; take an odd size.", size=size
            )
        if size < self.least:
            raise Explained(
                "This filter compares a pixel with its neighbours, so it needs at least "
                "{least} × {least} cells; {size} × {size} is too small.",
                least=self.least,
                size=size,
            )
        return self.build(size).astype(np.float32)


def _binomial(size: int) -> Doubles:
    """Row `size` of Pascal's triangle: 1 2 1, 1 4 6 4 1 …; sums to 2^(size − 1)."""
    row = np.ones(1)
    for _ in range(size - 1):
        row = np.convolve(row, [1, 1])
    return row


def _identity(size: int) -> Doubles:
    delta = np.zeros((size, size))
    delta[size // 2, size // 2] = 1
    return delta


def _box(size: int) -> Doubles:
    return np.full((size, size), 1 / size**2)


def _gaussian(size: int) -> Doubles:
    return np.asarray(np.outer(_binomial(size), _binomial(size)) / 4 ** (size - 1))


def _laplacian(size: int) -> Doubles:
    """The four-neighbour Laplacian of a picture smoothed by the Gaussian of `size` − 2."""
    smooth = np.pad(_gaussian(size - 2), 2)
    centre = smooth[1:-1, 1:-1]
    neighbours = smooth[:-2, 1:-1] + smooth[2:, 1:-1] + smooth[1:-1, :-2] + smooth[1:-1, 2:]
    return np.asarray(neighbours - 4 * centre)


def _sharpen(size: int) -> Doubles:
    return np.asarray(_identity(size) - _laplacian(size))


def _outline(size: int) -> Doubles:
    return size**2 * _identity(size) - np.ones((size, size))


def _sobel_x(size: int) -> Doubles:
    slope = np.convolve(_binomial(size - 2), [-1, 0, 1])
    return np.outer(_binomial(size), slope)


def _sobel_y(size: int) -> Doubles:
    return _sobel_x(size).T


def _emboss(size: int) -> Doubles:
    offset = np.arange(size) - size // 2
    return np.asarray(np.sign(np.add.outer(offset, offset)) + _identity(size))


_GALLERY = (
    Kernel(
        "identity",
        N_("Identity"),
        N_("Copies every pixel: what goes in comes out."),
        N_("The neutral element of convolution"),
        _identity,
        1,
    ),
    Kernel(
        "box",
        N_("Box blur"),
        N_("Replaces each pixel by the mean of its neighbourhood: detail melts away."),
        N_("Mean filter; Gonzalez & Woods, Digital Image Processing, ch. 3"),
        _box,
        1,
    ),
    Kernel(
        "gaussian",
        N_("Gaussian blur"),
        N_("Blurs gently: near pixels count more than far ones."),
        N_("Binomial coefficients (Pascal’s triangle), which approach a Gaussian"),
        _gaussian,
        1,
    ),
    Kernel(
        "sharpen",
        N_("Sharpen"),
        N_("Adds to each pixel what sets it apart from its neighbours: edges gain contrast."),
        N_("Identity − Laplacian; Gonzalez & Woods, Digital Image Processing, ch. 3"),
        _sharpen,
    ),
    Kernel(
        "outline",
        N_("Outline"),
        N_("Answers where a pixel differs from its neighbours; flat areas become 0."),
        N_("Eight-neighbour Laplacian with its sign turned: size² at the centre, minus all ones"),
        _outline,
    ),
    Kernel(
        "sobel-x",
        N_("Sobel, vertical edges"),
        N_("Answers to vertical edges: positive where it gets brighter to the right."),
        N_("Sobel & Feldman 1968; larger sizes as in OpenCV’s getDerivKernels"),
        _sobel_x,
    ),
    Kernel(
        "sobel-y",
        N_("Sobel, horizontal edges"),
        N_("Answers to horizontal edges: positive where it gets brighter downwards."),
        N_("Sobel & Feldman 1968; larger sizes as in OpenCV’s getDerivKernels"),
        _sobel_y,
    ),
    Kernel(
        "laplacian",
        N_("Laplacian"),
        N_("Answers on both sides of an edge, whatever its direction, with opposite signs."),
        N_("Four-neighbour second difference; larger sizes smooth with binomials first"),
        _laplacian,
    ),
    Kernel(
        "emboss",
        N_("Emboss"),
        N_("Lights the picture from one corner: edges become bright or dark by direction."),
        N_("Sign of the distance from the anti-diagonal, plus the identity"),
        _emboss,
    ),
)
KERNELS: dict[str, Kernel] = {kernel.id: kernel for kernel in _GALLERY}
DEFAULT_KERNEL = "sobel-x"
