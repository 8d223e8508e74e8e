"""What a network has learned, to be looked at: filters in order, what excites maps, embeddings.

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
    units, norms = _directions(kernels)
    if not norms.any():
        return tuple(range(len(units)))
    alike = np.where(norms == 0, -2.0, units @ units.T)
    order = [int(np.argmax(norms))]
    for _ in range(len(units) - 1):
        alike[:, order[-1]] = -np.inf
        order.append(int(np.argmax(alike[order[-1]])))
    return tuple(order)


def similar_groups(kernels: Floats, least: float = 0.5) -> tuple[tuple[int, ...], ...]:
    """Return filters in groups that are alike, by average linkage.

    The two groups whose filters are most alike, by the mean cosine of the angles between them,
    become one, until no two are as alike as `least`. In each, as `order_by_similarity` has them.

    Args:
        kernels: (O, ...) float32; one of zeros is like no other.
        least: From -1 to 1.

    Returns:
        The largest groups first, equal ones by their first filter; those of one filter last.

    Reference: Sokal & Michener, University of Kansas Science Bulletin 38, 1958.
    """
    units, _norms = _directions(kernels)
    alike, sizes = units @ units.T, np.ones(len(units))
    np.fill_diagonal(alike, -np.inf)
    groups = {n: [n] for n in range(len(units))}
    while len(groups) > 1:
        first, second = sorted(np.unravel_index(int(alike.argmax()), alike.shape))
        if alike[first, second] < least:
            break
        both = sizes[[first, second]] @ alike[[first, second]] / sizes[[first, second]].sum()
        alike[first], alike[:, first] = both, both
        alike[first, first] = alike[second] = alike[:, second] = -np.inf
        sizes[first] += sizes[second]
        groups[int(first)] += groups.pop(int(second))
    ordered = sorted(map(sorted, groups.values()), key=lambda group: (-len(group), group))
    return tuple(tuple(group[n] for n in order_by_similarity(kernels[group])) for group in ordered)


def _directions(kernels: Floats) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return each filter as a row of length 1, or of zeros, and its length before."""
    rows = kernels.reshape(len(kernels), -1).astype(np.float64)
    norms = np.linalg.norm(rows, axis=1)
    return rows / np.where(norms == 0, 1, norms)[:, None], norms


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
        shares: Share of the pictures' variance along each axis, in [0, 1].
    """

    layer: str
    points: Floats
    centre: Floats
    axes: Floats
    shares: tuple[float, float]

    def place(self, activations: Sequence[LayerActivation]) -> tuple[float, float]:
        """Return where a picture lies, from what `nn.networks.capture` returned for it.

        Raises:
            LookupError: there is no such layer among them.
            Explained: it has another size.
        """
        values = next((each.values for each in activations if each.name == self.layer), None)
        if values is None:
            raise LookupError(f"no layer {self.layer!r}")
        if values.size != self.centre.size:
            raise Explained(
                "The layer “{layer}” has {given} values here, not {expected}.",
                layer=self.layer,
                given=values.size,
                expected=self.centre.size,
            )
        across, up = self.axes @ (values.ravel() - self.centre)
        return float(across), float(up)
