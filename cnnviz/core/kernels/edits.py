"""Changes of all numbers of a filter at once. Knows neither the gallery nor any picture."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from cnnviz.core.messages import N_, Explained
from cnnviz.core.records import Floats


@dataclass(frozen=True, slots=True)
class KernelEdit:
    """A change of all numbers of a filter at once.

    Attributes:
        id: Stable name.
        name: For people; translated in `ui`.
        does: One sentence on what it does, and why.
        apply: (kH, kW) or (C, kH, kW) float32 → a new array of as many dimensions, float32.
    """

    id: str
    name: str
    does: str
    apply: Callable[[Floats], Floats]


def _normalise(weights: Floats) -> Floats:
    total = np.abs(weights).sum(dtype=np.float64)
    if total == 0:
        raise Explained("All weights are 0, and nothing makes their sum 1.")
    return np.asarray(weights / total, np.float32)


_ALL = (
    KernelEdit(
        "normalise", N_("Normalise"),
        N_(
            "Divides by the sum of absolute values, which becomes 1: no sum exceeds the brightest "
            "pixel."
        ),
        _normalise,
    ),
    KernelEdit(
        "flip", N_("Flip"),
        N_(
            "Turns it by 180°: PyTorch’s cross-correlation with the flipped filter is convolution "
            "as in mathematics."
        ),
        lambda weights: np.flip(weights, (-2, -1)).copy(),
    ),
    KernelEdit(
        "rotate", N_("Turn by 90°"),
        N_("Turns it clockwise: a filter for vertical edges becomes one for horizontal edges."),
        lambda weights: np.rot90(weights, -1, (-2, -1)).copy(),
    ),
    KernelEdit(
        "transpose", N_("Transpose"),
        N_("Swaps rows and columns, as a reflection on the diagonal does."),
        lambda weights: weights.swapaxes(-2, -1).copy(),
    ),
    KernelEdit(
        "negate", N_("Change the signs"),
        N_("Dark becomes what bright was: the map changes its sign."),
        lambda weights: 0 - weights,  # 0, not −0
    ),
)  # fmt: skip
KERNEL_EDITS: dict[str, KernelEdit] = {edit.id: edit for edit in _ALL}


def random_kernel(shape: tuple[int, ...], seed: int) -> Floats:
    """Return a filter as networks start from: normally distributed, variance 2 / fan-in.

    The shape is (kH, kW) or (C, kH, kW); all its cells are one filter's fan-in.

    Reference: He, Zhang, Ren & Sun 2015, arXiv:1502.01852, equation 10.
    """
    spread = (2 / np.prod(shape)) ** 0.5
    return np.random.default_rng(seed).normal(0, spread, shape).astype(np.float32)
