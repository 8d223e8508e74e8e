"""The gallery's filters that find lines and textures, in display order."""

from __future__ import annotations

from cnnviz.core.kernels import shapes
from cnnviz.core.kernels.shapes import edge, outer, ripple, smoothed, spot
from cnnviz.core.kernels.spec import ANGLE, PHASE, SIGMA, WAVELENGTH, Kernel
from cnnviz.core.messages import N_

_LINES = N_("Gonzalez & Woods, Digital Image Processing, ch. 10; larger sizes smooth first")
_LAWS = N_("Laws 1980, Textured image segmentation; other sizes by the same rule")

PATTERNS = (
    Kernel(
        "line-horizontal",
        "lines",
        N_("Horizontal lines"),
        N_("Answers to bright horizontal lines one pixel thick; to dark ones with a minus."),
        _LINES,
        r"w = \begin{pmatrix} -1 & -1 & -1 \\ 2 & 2 & 2 \\ -1 & -1 & -1 \end{pmatrix}",
        smoothed([[-1, -1, -1], [2, 2, 2], [-1, -1, -1]]),
    ),
    Kernel(
        "line-vertical",
        "lines",
        N_("Vertical lines"),
        N_("Answers to bright vertical lines one pixel thick; to dark ones with a minus."),
        _LINES,
        r"w = \begin{pmatrix} -1 & 2 & -1 \\ -1 & 2 & -1 \\ -1 & 2 & -1 \end{pmatrix}",
        smoothed([[-1, 2, -1], [-1, 2, -1], [-1, 2, -1]]),
    ),
    Kernel(
        "line-rising",
        "lines",
        N_("Rising diagonal lines"),
        N_("Answers to bright lines that rise to the right, like a slash."),
        _LINES,
        r"w = \begin{pmatrix} -1 & -1 & 2 \\ -1 & 2 & -1 \\ 2 & -1 & -1 \end{pmatrix}",
        smoothed([[-1, -1, 2], [-1, 2, -1], [2, -1, -1]]),
    ),
    Kernel(
        "line-falling",
        "lines",
        N_("Falling diagonal lines"),
        N_("Answers to bright lines that fall to the right, like a backslash."),
        _LINES,
        r"w = \begin{pmatrix} 2 & -1 & -1 \\ -1 & 2 & -1 \\ -1 & -1 & 2 \end{pmatrix}",
        smoothed([[2, -1, -1], [-1, 2, -1], [-1, -1, 2]]),
    ),
    Kernel(
        "gabor",
        "texture",
        N_("Gabor"),
        N_("Answers to stripes of one direction and width, as cells of the visual cortex do."),
        N_("Daugman 1985, J. Opt. Soc. Am. A 2(7), with a round envelope"),
        r"w = e^{-(r^2 + c^2) / (2 \sigma^2)} "
        r"\cos\left(\dfrac{2\pi\,(c \cos\theta - r \sin\theta)}{\lambda} + \psi\right)",
        shapes.gabor,
        parameters=(ANGLE, WAVELENGTH, SIGMA, PHASE),
    ),
    Kernel(
        "laws-edges",
        "texture",
        N_("Laws’ corners (E5E5)"),
        N_("Answers where brightness changes along both axes at once: corners and crossings."),
        _LAWS,
        r"w = E^\top E, \quad E = (-1, -2, 0, 2, 1)",
        outer(edge, edge),
        (2, 2),
    ),
    Kernel(
        "laws-spots",
        "texture",
        N_("Laws’ spots (S5S5)"),
        N_("Answers to spots that stand out from their surroundings along both axes."),
        _LAWS,
        r"w = S^\top S, \quad S = (-1, 0, 2, 0, -1)",
        outer(spot, spot),
    ),
    Kernel(
        "laws-ripples",
        "texture",
        N_("Laws’ ripples (R5R5)"),
        N_("Answers to the finest ripples, which change from pixel to pixel."),
        _LAWS,
        r"w = R^\top R, \quad R = (1, -4, 6, -4, 1)",
        outer(ripple, ripple),
        (2, 2),
    ),
    Kernel(
        "checkerboard",
        "texture",
        N_("Checkerboard"),
        N_("Answers where pixels take turns being bright and dark, as on a checkerboard."),
        N_("A template of what is looked for, less its mean; Gonzalez & Woods, ch. 12"),
        r"w = (-1)^{r + c} - m",
        shapes.checkerboard,
        (2, 2),
    ),
)
