"""The filters of the gallery, and the search among them.

A filter is applied as PyTorch applies it, without flipping (cross-correlation). Those that find
edges fill a file of their own; adding one means adding one entry to its table.
"""

from __future__ import annotations

from collections.abc import Callable

from cnnviz.core.kernels import shapes
from cnnviz.core.kernels.edges import EDGES
from cnnviz.core.kernels.shapes import edge, outer, ripple, smoothed, spot
from cnnviz.core.kernels.spec import (
    AMOUNT,
    ANGLE,
    DOWN,
    FAMILIES,
    PHASE,
    RIGHT,
    SIGMA,
    WAVELENGTH,
    Kernel,
)
from cnnviz.core.messages import N_, finds

_LINES = N_("Gonzalez & Woods, Digital Image Processing, ch. 10; larger sizes smooth first")
_LAWS = N_("Laws 1980, Textured image segmentation; other sizes by the same rule")

SMOOTH = (
    Kernel(
        "identity", "copy", N_("Identity"),
        N_("Copies every pixel: what goes in comes out."),
        N_("The neutral element of convolution"),
        r"w = 1 \text{ if } r = c = 0, \text{ else } 0", shapes.identity, (1, 1), has_centre=True,
    ),
    Kernel(
        "shift", "copy", N_("Shift"),
        N_("Moves the whole picture: each pixel is fetched from a neighbour."),
        N_("A shifted unit impulse; Gonzalez & Woods, Digital Image Processing, ch. 4"),
        r"w = 1 \text{ if } r = -\mathrm{down},\ c = -\mathrm{right}, \text{ else } 0",
        shapes.shift, parameters=(RIGHT, DOWN), has_centre=True,
    ),
    Kernel(
        "box", "blur", N_("Box blur"),
        N_("Replaces each pixel by the mean of its neighbourhood: detail melts away."),
        N_("Mean filter; Gonzalez & Woods, Digital Image Processing, ch. 3"),
        r"w = \dfrac{1}{k\,l}", shapes.box, (1, 1),
    ),
    Kernel(
        "gaussian", "blur", N_("Gaussian blur"),
        N_("Blurs gently: near pixels count more than far ones."),
        N_("Binomial coefficients (Pascal’s triangle), which approach a Gaussian"),
        r"w = 2^{2 - k - l} \binom{k - 1}{i} \binom{l - 1}{j}", shapes.gaussian, (1, 1),
    ),
    Kernel(
        "gaussian-sigma", "blur", N_("Gaussian blur of width σ"),
        N_("Blurs as far as σ says; about 6σ cells each way hold nearly all of the bell curve."),
        N_("The bell curve at the cells’ middles; Gonzalez & Woods, ch. 3"),
        r"w \propto e^{-(r^2 + c^2) / (2 \sigma^2)}, \quad \textstyle\sum w = 1",
        shapes.sampled_gaussian, (1, 1), (SIGMA,),
    ),
    Kernel(
        "motion", "blur", N_("Motion blur"),
        N_("Smears the picture along a line, as a moving camera does."),
        N_("Uniform straight motion; Gonzalez & Woods, Digital Image Processing, ch. 5"),
        r"w \propto \max(0,\ 1 - |r \cos\theta + c \sin\theta|), \quad \textstyle\sum w = 1",
        shapes.motion, (1, 1), (ANGLE,),
    ),
    Kernel(
        "sharpen", "sharpen", N_("Sharpen"),
        N_("Adds to each pixel what sets it apart from its neighbours: edges gain contrast."),
        N_("Identity − Laplacian; Gonzalez & Woods, Digital Image Processing, ch. 3"),
        r"w = \delta - \nabla^2", shapes.sharpen, has_centre=True,
    ),
    Kernel(
        "unsharp", "sharpen", N_("Unsharp mask"),
        N_("Adds what a Gaussian blur takes away: fine detail gains contrast, noise too."),
        N_("Unsharp masking; Gonzalez & Woods, Digital Image Processing, ch. 3"),
        r"w = (1 + a)\,\delta - a\,G_\sigma",
        shapes.unsharp, parameters=(SIGMA, AMOUNT), has_centre=True,
    ),
)  # fmt: skip
PATTERNS = (
    Kernel(
        "line-horizontal", "lines", N_("Horizontal lines"),
        N_("Answers to bright horizontal lines one pixel thick; to dark ones with a minus."),
        _LINES, r"w = \begin{pmatrix} -1 & -1 & -1 \\ 2 & 2 & 2 \\ -1 & -1 & -1 \end{pmatrix}",
        smoothed([[-1, -1, -1], [2, 2, 2], [-1, -1, -1]]),
    ),
    Kernel(
        "line-vertical", "lines", N_("Vertical lines"),
        N_("Answers to bright vertical lines one pixel thick; to dark ones with a minus."),
        _LINES, r"w = \begin{pmatrix} -1 & 2 & -1 \\ -1 & 2 & -1 \\ -1 & 2 & -1 \end{pmatrix}",
        smoothed([[-1, 2, -1], [-1, 2, -1], [-1, 2, -1]]),
    ),
    Kernel(
        "line-rising", "lines", N_("Rising diagonal lines"),
        N_("Answers to bright lines that rise to the right, like a slash."),
        _LINES, r"w = \begin{pmatrix} -1 & -1 & 2 \\ -1 & 2 & -1 \\ 2 & -1 & -1 \end{pmatrix}",
        smoothed([[-1, -1, 2], [-1, 2, -1], [2, -1, -1]]),
    ),
    Kernel(
        "line-falling", "lines", N_("Falling diagonal lines"),
        N_("Answers to bright lines that fall to the right, like a backslash."),
        _LINES, r"w = \begin{pmatrix} 2 & -1 & -1 \\ -1 & 2 & -1 \\ -1 & -1 & 2 \end{pmatrix}",
        smoothed([[2, -1, -1], [-1, 2, -1], [-1, -1, 2]]),
    ),
    Kernel(
        "gabor", "texture", N_("Gabor"),
        N_("Answers to stripes of one direction and width, as cells of the visual cortex do."),
        N_("Daugman 1985, J. Opt. Soc. Am. A 2(7), with a round envelope"),
        r"w = e^{-(r^2 + c^2) / (2 \sigma^2)} "
        r"\cos\left(\dfrac{2\pi\,(c \cos\theta - r \sin\theta)}{\lambda} + \psi\right)",
        shapes.gabor, parameters=(ANGLE, WAVELENGTH, SIGMA, PHASE),
    ),
    Kernel(
        "laws-edges", "texture", N_("Laws’ corners (E5E5)"),
        N_("Answers where brightness changes along both axes at once: corners and crossings."),
        _LAWS, r"w = E^\top E, \quad E = (-1, -2, 0, 2, 1)", outer(edge, edge), (2, 2),
    ),
    Kernel(
        "laws-spots", "texture", N_("Laws’ spots (S5S5)"),
        N_("Answers to spots that stand out from their surroundings along both axes."),
        _LAWS, r"w = S^\top S, \quad S = (-1, 0, 2, 0, -1)", outer(spot, spot),
    ),
    Kernel(
        "laws-ripples", "texture", N_("Laws’ ripples (R5R5)"),
        N_("Answers to the finest ripples, which change from pixel to pixel."),
        _LAWS, r"w = R^\top R, \quad R = (1, -4, 6, -4, 1)", outer(ripple, ripple), (2, 2),
    ),
    Kernel(
        "checkerboard", "texture", N_("Checkerboard"),
        N_("Answers where pixels take turns being bright and dark, as on a checkerboard."),
        N_("A template of what is looked for, less its mean; Gonzalez & Woods, ch. 12"),
        r"w = (-1)^{r + c} - m", shapes.checkerboard, (2, 2),
    ),
)  # fmt: skip

KERNELS: dict[str, Kernel] = {each.id: each for each in (*SMOOTH, *EDGES, *PATTERNS)}
DEFAULT_KERNEL = "sobel-x"


def find_kernels(query: str, translate: Callable[[str], str] = str) -> tuple[Kernel, ...]:
    """Return the filters in which every word of `query` begins a word, in display order.

    Name, family and what the filter detects are searched, each as `translate` gives it in the
    reader's language. Capitals and accents do not count; a query without words finds every filter.
    """

    def told(kernel: Kernel) -> str:
        texts = kernel.name, FAMILIES[kernel.family], kernel.detects
        return " ".join(map(translate, texts))

    return tuple(kernel for kernel in KERNELS.values() if finds(query, told(kernel)))
