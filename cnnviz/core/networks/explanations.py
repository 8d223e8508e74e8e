"""Records of why one cell of a network has its value, back to the cells of the layer before.

One shape serves every kind of layer: a cell is Σ terms + bias, and each term belongs to one cell
of the layer before, or to none (padding, or a number of the layer itself). Knows no network.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cnnviz.core.records import Floats

Places = NDArray[np.intp]


class Cell(NamedTuple):
    """Where a value stands in its layer; in flat layers the channel is its index, the rest 0."""

    channel: int
    row: int
    col: int


class Asked(NamedTuple):
    """A number of a network: a cell of a layer; flat layers have `row` and `col` 0."""

    layer: str
    channel: int
    row: int
    col: int


@dataclass(frozen=True, slots=True)
class NormalizeNumbers:
    """What the first layer does to one channel: (x − mean) / std."""

    mean: float
    std: float


@dataclass(frozen=True, slots=True)
class BatchNormNumbers:
    """What batch norm does to one map: (x − mean) / √(var + eps) · gamma + beta."""

    mean: float
    var: float
    eps: float
    gamma: float
    beta: float


@dataclass(frozen=True, slots=True)
class PoolNumbers:
    """What a pooling did with its window.

    Attributes:
        winner: The first largest cell under the window, of the layer before; None for a mean.
        divisor: What the sum is divided by; 1.0 for a maximum.
    """

    winner: Cell | None
    divisor: float


Numbers = NormalizeNumbers | BatchNormNumbers | PoolNumbers


class Term(NamedTuple):
    """One summand: input × weight = term, and where the input stands in the layer before."""

    input: float
    weight: float
    term: float
    source: Cell | None


@dataclass(frozen=True, slots=True)
class Contributions:
    """A long sum, shortened: positive + negative + rest = Σ terms.

    Attributes:
        positive: The largest above 0, largest first.
        negative: The largest below 0, largest first.
        rest: Sum of all others.
        rest_count: How many those are.
    """

    positive: tuple[Term, ...]
    negative: tuple[Term, ...]
    rest: float
    rest_count: int


@dataclass(frozen=True, slots=True, eq=False)
class Explanation:
    """Why one cell has its value: value = Σ terms + bias.

    Its arrays have one entry an input: (C / groups, kH, kW) for a convolution, (h, w) for a
    pooling, (N,) for a linear layer, (2,) for normalisation and batch norm (the value and the
    mean that is taken from it), (1,) for everything else.

    Attributes:
        layer: As in `LayerActivation`; so is `kind`.
        before: Name of the layer before; empty for a pixel of the input.
        cell: Which cell is explained.
        value: The cell, as PyTorch computed it.
        inputs: float32; 0 on zero padding of a convolution, NaN on that of a pooling.
        weights: float32, what each input is multiplied with: the kernel of a convolution;
            1 and 0s for a maximum. None for an activation: its term is f(input).
        terms: float32, what each input adds to the value; 0 where a pooling has padding.
        sources: (..., 3) channel, row and column of each input in the layer before; −1 where it
            stands in none: zero padding, or a mean. Other padding repeats cells, which it names.
        bias: 0.0 where there is none; the beta of batch norm.
        numbers: What else the formula needs: of normalisations and poolings.
    """

    layer: str
    kind: str
    before: str
    cell: Cell
    value: float
    inputs: Floats
    weights: Floats | None
    terms: Floats
    sources: Places
    bias: float = 0.0
    numbers: Numbers | None = None

    @property
    def total(self) -> float:
        """Σ terms + bias, summed in float64: the value, but for float32 rounding."""
        return float(self.terms.sum(dtype=np.float64)) + self.bias

    @property
    def size(self) -> float:
        """Σ |terms| + |bias|: what rounding is measured by; total and value agree to 1e-5 of it."""
        return float(np.abs(self.terms).sum(dtype=np.float64)) + abs(self.bias)

    @property
    def channel_sums(self) -> Floats:
        """(C / groups,) float32: what each input channel of a convolution adds.

        For other layers the terms, (N,), or one sum a row of a pooling's window.
        """
        sums: Floats = self.terms.reshape(len(self.terms), -1).sum(axis=1, dtype=np.float32)
        return sums

    def source(self, *index: int) -> Cell | None:
        """Return the cell of the layer before behind the input at `index`; None: there is none.

        Args:
            index: One number an axis of `inputs`, or one alone that counts the inputs in order.

        Raises:
            IndexError: no input has this index.
        """
        places = self.sources.reshape(-1, 3) if len(index) == 1 else self.sources
        if any(n < 0 for n in index):
            raise IndexError(f"no input {index} in {self.inputs.shape}")
        channel, row, col = places[index].tolist()
        return None if channel < 0 else Cell(channel, row, col)

    def origins(self) -> tuple[Cell, ...]:
        """Return the cells of the layer before that this one was made from, each once, in order."""
        places = self.sources.reshape(-1, 3)
        return tuple(
            Cell(*place) for place in np.unique(places[places[:, 0] >= 0], axis=0).tolist()
        )

    def largest(self, count: int) -> Contributions:
        """Return the `count` largest terms above 0, as many below, and the sum of the rest."""
        inputs, terms = self.inputs.ravel(), self.terms.ravel()
        weights = np.ones_like(terms) if self.weights is None else self.weights.ravel()
        order = np.argsort(-terms, kind="stable")
        positive = [n for n in order[:count] if terms[n] > 0]
        negative = [n for n in order[::-1][:count] if terms[n] < 0]
        rest = np.delete(terms, [*positive, *negative])
        above, below = (
            tuple(
                Term(float(inputs[n]), float(weights[n]), float(terms[n]), self.source(int(n)))
                for n in indices
            )
            for indices in (positive, negative)
        )
        return Contributions(above, below, float(rest.sum(dtype=np.float64)), rest.size)
