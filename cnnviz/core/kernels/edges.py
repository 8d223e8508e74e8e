"""The gallery's filters that find edges, in display order."""

from __future__ import annotations

import numpy as np

from cnnviz.core.kernels import shapes
from cnnviz.core.kernels.shapes import binomial, edge, offsets, outer, smoothed
from cnnviz.core.kernels.spec import DIRECTION, RATIO, SIGMA, Doubles, Kernel
from cnnviz.core.messages import N_

_SOBEL = N_(
    "Sobel & Feldman 1968; larger sizes as in OpenCV’s getDerivKernels; 5 × 5 is Laws’ L5E5"
)
_PREWITT = N_("Prewitt 1970: the slope of the plane that fits best, by least squares")
_SCHARR = N_("Scharr 2000, Optimale Operatoren; larger sizes smooth with binomials")


def _scharr(size: int) -> Doubles:
    return np.convolve([3, 10, 3], binomial(size - 2))


EDGES = (
    Kernel(
        "outline", "edges", N_("Outline"),
        N_(
            "Answers where a pixel differs from its neighbours, most of all at lone points; flat "
            "areas become 0."
        ),
        N_("Eight-neighbour Laplacian with its sign turned: size² at the centre, minus all ones"),
        r"w = k\,l\,\delta - 1", shapes.outline, has_centre=True,
    ),
    Kernel(
        "laplacian", "edges", N_("Laplacian"),
        N_("Answers on both sides of an edge, whatever its direction, with opposite signs."),
        N_("Four-neighbour second difference; larger sizes smooth with binomials first"),
        r"\nabla^2 = \dfrac{\partial^2}{\partial r^2} + \dfrac{\partial^2}{\partial c^2}",
        shapes.laplacian,
    ),
    Kernel(
        "log", "edges", N_("Laplacian of Gaussian"),
        N_("Blurs, then finds edges: those finer than σ go unseen, and noise with them."),
        N_("Marr & Hildreth 1980, Theory of edge detection"),
        r"w = \dfrac{r^2 + c^2 - 2\sigma^2}{2\pi\sigma^6}\, e^{-(r^2 + c^2) / (2 \sigma^2)} - m",
        shapes.laplacian_of_gaussian, parameters=(SIGMA,),
    ),
    Kernel(
        "dog", "edges", N_("Difference of Gaussians"),
        N_(
            "A narrow blur minus a wide one: answers to blobs and edges, as cells of the retina do."
        ),
        N_("Marr & Hildreth 1980, Theory of edge detection, where the ratio is 1.6"),
        r"w = G_\sigma - G_{q\sigma}", shapes.difference_of_gaussians, parameters=(SIGMA, RATIO),
    ),
    Kernel(
        "sobel-x", "direction", N_("Sobel, vertical edges"),
        N_("Answers to vertical edges: positive where it gets brighter to the right."),
        _SOBEL, r"w = (1, 2, 1)^\top\,(-1, 0, 1)", outer(binomial, edge), (1, 2),
    ),
    Kernel(
        "sobel-y", "direction", N_("Sobel, horizontal edges"),
        N_("Answers to horizontal edges: positive where it gets brighter downwards."),
        _SOBEL, r"w = (-1, 0, 1)^\top\,(1, 2, 1)", outer(edge, binomial), (2, 1),
    ),
    Kernel(
        "prewitt-x", "direction", N_("Prewitt, vertical edges"),
        N_("Like Sobel’s for vertical edges, but all rows count the same."),
        _PREWITT, r"w = c", outer(np.ones, offsets), (1, 2),
    ),
    Kernel(
        "prewitt-y", "direction", N_("Prewitt, horizontal edges"),
        N_("Like Sobel’s for horizontal edges, but all columns count the same."),
        _PREWITT, r"w = r", outer(offsets, np.ones), (2, 1),
    ),
    Kernel(
        "scharr-x", "direction", N_("Scharr, vertical edges"),
        N_("Like Sobel’s for vertical edges, but its answer tells an edge’s angle better."),
        _SCHARR, r"w = (3, 10, 3)^\top\,(-1, 0, 1)", outer(_scharr, edge), (3, 2),
    ),
    Kernel(
        "scharr-y", "direction", N_("Scharr, horizontal edges"),
        N_("Like Sobel’s for horizontal edges, but its answer tells an edge’s angle better."),
        _SCHARR, r"w = (-1, 0, 1)^\top\,(3, 10, 3)", outer(edge, _scharr), (2, 3),
    ),
    Kernel(
        "roberts", "direction", N_("Roberts’ cross, diagonal edges"),
        N_("Subtracts the lower right neighbour: answers where it gets darker along the diagonal."),
        N_("Roberts 1963, with 2 × 2 cells; larger sizes smooth with binomials first"),
        r"w = \begin{pmatrix} 1 & 0 \\ 0 & -1 \end{pmatrix}", smoothed([[1, 0], [0, -1]]), (2, 2),
    ),
    Kernel(
        "kirsch", "direction", N_("Kirsch compass"),
        N_("Answers to edges whose bright side lies in the direction chosen, one of eight."),
        N_("Kirsch 1971, with 3 × 3 cells; larger sizes smooth with binomials first"),
        r"w = \begin{pmatrix} -3 & -3 & 5 \\ -3 & 0 & 5 \\ -3 & -3 & 5 \end{pmatrix}_\theta",
        shapes.compass([-3, -3, 5, 5, 5, -3, -3, -3]), parameters=(DIRECTION,),
    ),
    Kernel(
        "robinson", "direction", N_("Robinson compass"),
        N_("Sobel’s filter turned to one of eight directions: the bright side of the edge."),
        N_("Robinson 1977, with 3 × 3 cells; larger sizes smooth with binomials first"),
        r"w = \begin{pmatrix} -1 & 0 & 1 \\ -2 & 0 & 2 \\ -1 & 0 & 1 \end{pmatrix}_\theta",
        shapes.compass([-1, 0, 1, 2, 1, 0, -1, -2]), parameters=(DIRECTION,),
    ),
    Kernel(
        "emboss", "direction", N_("Emboss"),
        N_("Lights the picture from one corner: edges become bright or dark by direction."),
        N_("Sign of the distance from the anti-diagonal, plus the identity"),
        r"w = \operatorname{sgn}(r + c) + \delta", shapes.emboss, has_centre=True,
    ),
)  # fmt: skip
