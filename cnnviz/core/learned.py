"""What a network has learnt, to be looked at: filters in order, what excites maps, the embedding.

Records and the arithmetic on them; knows no network.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cnnviz.core.messages import Explained
from cnnviz.core.records import Floats, LayerActivation

Indices = NDArray[np.intp]


def order_by_similarity(kernels: Floats) -> tuple[int, ...]:
    """Return filters in an order in which similar ones are neighbours.

    Greedy: from the strongest filter on, always the one most alike the last, by the cosine of the
    angle between them; equal ones in their own order. Filters of zeros come last.

    Args:
        kernels: (O, ...) float32.
    """
    rows = kernels.reshape(len(kernels), -1).astype(np.float64)
    norms = np.linalg.norm(rows, axis=1)
    if not norms.any():
        return tuple(range(len(rows)))
    units = rows / np.where(norms == 0, 1, norms)[:, None]
    alike = np.where(norms == 0, -2.0, units @ units.T)
    order = [int(np.argmax(norms))]
    for _ in range(len(rows) - 1):
        alike[:, order[-1]] = -np.inf
        order.append(int(np.argmax(alike[order[-1]])))
    return tuple(order)


@dataclass(frozen=True, slots=True, eq=False)
class Excitement:
    """For each map of a layer, the pictures in which some cell of it is largest.

    Attributes:
        layer: As in `LayerActivation`.
        indices: (M, k) of the pictures, the strongest first; equal ones in their own order.
        values: (M, k) float32, each picture's largest cell.
        cells: (M, k, 2) row and column of that cell; 0 in flat layers, where a map is one value.
    """

    layer: str
    indices: Indices
    values: Floats
    cells: Indices


@dataclass(frozen=True, slots=True, eq=False)
class Embedding:
    """A network's last hidden layer in two dimensions, by principal components.

    Attributes:
        layer: Whose values are laid out, (D,) or (C, H, W) with D cells.
        points: (N, 2) float32, one a picture.
        centre: (D,) float32, the mean of the pictures' values.
        axes: (2, D) float32, of length 1 and at right angles; the largest entry of each is
            positive, so that the same pictures always lie in the same places. 0 where the
            pictures differ in no further direction.
        shares: Of the pictures' variance that lie along each axis, in [0, 1].
    """

    layer: str
    points: Floats
    centre: Floats
    axes: Floats
    shares: tuple[float, float]

    def place(self, activations: Sequence[LayerActivation]) -> tuple[float, float]:
        """Return where a picture lies, from what `nn.capture` returned for it.

        Raises:
            LookupError: there is no such layer among them.
            Explained: it has another size.
        """
        for each in activations:
            if each.name != self.layer:
                continue
            if each.values.size != self.centre.size:
                raise Explained(
                    "The layer “{layer}” has {given} values here, not {expected}.",
                    layer=each.name,
                    given=each.values.size,
                    expected=self.centre.size,
                )
            across, up = self.axes @ (each.values.ravel() - self.centre)
            return float(across), float(up)
        raise LookupError(f"no layer {self.layer!r}")
