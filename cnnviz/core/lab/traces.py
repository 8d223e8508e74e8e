"""Records of a convolution or pooling that can explain each of their cells.

The maps were computed by PyTorch; a cell is read back from the same padded input and the same
weights, so its sum agrees with the map within float32 rounding.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cnnviz.core.lab.pool_spec import PoolSpec
from cnnviz.core.lab.specs import ConvSpec
from cnnviz.core.records import Floats, Pair

Cells = NDArray[np.intp]


@dataclass(frozen=True, slots=True, eq=False)
class CellTrace:
    """The arithmetic of one output cell: Σ products + bias = value.

    Attributes:
        corner: (row, col) of the window's top-left tap in the padded input.
        patch: (C / groups, kH, kW) values under the taps.
        products: (C / groups, kH, kW) patch × kernel.
        bias: 0.0 where there is none.
        value: The cell of the map, as PyTorch computed it.
    """

    corner: Pair
    patch: Floats
    products: Floats
    bias: float
    value: float


@dataclass(frozen=True, slots=True, eq=False)
class ConvTrace:
    """A convolution, kept so that any cell can be explained.

    Attributes:
        image: (C, H, W) float32, as given.
        weight: As in PyTorch: (O, C / groups, kH, kW), or (C, O / groups, kH, kW) if transposed.
        bias: (O,) float32, or None.
        padded: (C, H', W') float32, what the window moves over; for a transposed convolution
            the zero-stuffed input with its border.
        kernels: (O, C / groups, kH, kW) float32, what the window is multiplied with; for a
            transposed convolution the flipped weight.
        output: (O, oH, oW) float32.
    """

    image: Floats
    weight: Floats
    bias: Floats | None
    spec: ConvSpec
    padded: Floats
    kernels: Floats
    output: Floats

    def cell(self, channel: int, row: int, col: int) -> CellTrace:
        """Explain one cell of the output.

        Raises:
            IndexError: the cell lies outside the output.
        """
        _check_inside(self.output, channel, row, col)
        down, across = (1, 1) if self.spec.transposed else self.spec.stride
        corner = row * down, col * across
        patch = _taps(self.planes_of(channel), corner, self.spec.extent, self.spec.dilation)
        return CellTrace(
            corner=corner,
            patch=patch,
            products=patch * self.kernels[channel],
            bias=0.0 if self.bias is None else float(self.bias[channel]),
            value=float(self.output[channel, row, col]),
        )

    def planes_of(self, channel: int) -> Floats:
        """Return what the kernel of an output channel slides over, (C / groups, H', W')."""
        outputs, depth = self.kernels.shape[:2]
        group = channel // (outputs // self.spec.groups)
        return self.padded[group * depth : (group + 1) * depth]


@dataclass(frozen=True, slots=True, eq=False)
class PoolCell:
    """What one output cell of a pooling was made from.

    Attributes:
        corner: (row, col) of the window's first tap in the picture; negative on padding.
        patch: (h, w) values under the taps; taps outside the picture are NaN.
        winner: (row, col) in the picture of the first largest value ("max" kinds), else None.
        divisor: What the sum is divided by: cells for a mean, 1.0 for "max" and "lp" (less
            where a window of "lp" hangs over the edge, which PyTorch scales up).
        value: The cell of the map, as PyTorch computed it.
    """

    corner: Pair
    patch: Floats
    winner: Pair | None
    divisor: float
    value: float


@dataclass(frozen=True, slots=True, eq=False)
class PoolTrace:
    """A pooling, kept so that any cell can be explained.

    Attributes:
        image: (C, H, W) float32, as given.
        output: (C, oH, oW) float32.
    """

    image: Floats
    spec: PoolSpec
    output: Floats

    def cell(self, channel: int, row: int, col: int) -> PoolCell:
        """Explain one cell of the output.

        Raises:
            IndexError: the cell lies outside the output.
        """
        _check_inside(self.output, channel, row, col)
        rows, cols = self._window(0, row), self._window(1, col)
        patch = _under(self.image[channel], rows, cols)
        return PoolCell(
            corner=(int(rows[0]), int(cols[0])),
            patch=patch,
            winner=self._winner(patch, rows, cols),
            divisor=self._divisor(patch, rows, cols),
            value=float(self.output[channel, row, col]),
        )

    def _window(self, axis: int, position: int) -> Cells:
        """Rows or columns of the picture under the taps; those on padding lie outside it."""
        spec, size = self.spec, self.image.shape[axis + 1]
        if spec.output_size is not None:
            outputs = spec.output_size[axis]
            first, end = position * size // outputs, -(-(position + 1) * size // outputs)
            return np.arange(first, end)
        first = position * spec.stride[axis] - spec.padding[axis]
        return first + spec.dilation[axis] * np.arange(spec.kernel_size[axis])

    def _winner(self, patch: Floats, rows: Cells, cols: Cells) -> Pair | None:
        if self.spec.kind not in ("max", "adaptive_max") or np.isnan(patch).all():
            return None
        row, col = np.unravel_index(np.nanargmax(patch), patch.shape)
        return int(rows[row]), int(cols[col])

    def _divisor(self, patch: Floats, rows: Cells, cols: Cells) -> float:
        height, width = self.image.shape[1:]
        inside = float(np.count_nonzero(~np.isnan(patch)))
        if self.spec.kind == "adaptive_avg":
            return inside
        if self.spec.kind == "lp":
            return inside / patch.size
        if self.spec.kind != "avg":
            return 1.0
        if not self.spec.count_include_pad:
            return inside
        down, across = self.spec.padding
        return float(np.sum(rows < height + down) * np.sum(cols < width + across))


def _check_inside(output: Floats, channel: int, row: int, col: int) -> None:
    """Refuse what NumPy would wrap around: a negative index."""
    if any(not 0 <= n < size for n, size in zip((channel, row, col), output.shape, strict=True)):
        raise IndexError(f"cell {(channel, row, col)} outside an output of {output.shape}")


def _taps(planes: Floats, corner: Pair, extent: Pair, dilation: Pair) -> Floats:
    """Values of (C, H, W) planes under a dilated window, (C, kH, kW)."""
    (top, left), (tall, wide), (down, across) = corner, extent, dilation
    return planes[:, top : top + tall : down, left : left + wide : across]


def _under(plane: Floats, rows: Cells, cols: Cells) -> Floats:
    """Values of an (H, W) plane at rows × cols; NaN outside the picture."""
    height, width = plane.shape
    inside = np.outer((rows >= 0) & (rows < height), (cols >= 0) & (cols < width))
    values = plane[np.ix_(rows.clip(0, height - 1), cols.clip(0, width - 1))]
    return np.where(inside, values, np.float32(np.nan)).astype(np.float32)
