"""Which pixels a cell can see, walking back through the windows, and what a convolution costs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cnnviz.core.lab.pool_spec import PoolSpec
from cnnviz.core.lab.specs import ConvSpec
from cnnviz.core.messages import N_, Explained
from cnnviz.core.records import Pair
from cnnviz.core.strict import instance, whole

MOST = 10**9
"""Rows and columns that are asked for at most, beyond any picture."""


def receptive_field(
    specs: Sequence[ConvSpec | PoolSpec] | ConvSpec | PoolSpec, row: int, col: int
) -> tuple[int, int, int, int]:
    """Return (top, left, height, width) in input pixels of one cell of the last output.

    The field may reach outside the picture, onto the padding. Layers that work cell by cell
    (activations, normalisation) do not change it and are left out of `specs`,
    which go from the first operation to the last; one alone needs no list.

    Raises:
        Explained: an adaptive pooling, whose windows depend on the picture's size; no setting,
            or no cell.

    Reference: Araujo, Norris & Sim, Distill 2019, doi:10.23915/distill.00021.
    """
    every = tuple(specs) if isinstance(specs, list | tuple) else (specs,)
    for spec in every:
        instance("specs", spec, ConvSpec, PoolSpec)
    for name, value in (("row", row), ("col", col)):
        whole(name, value, -MOST, MOST)
    cells = enumerate((int(row), int(col)))
    (top, bottom), (left, right) = (_walk(every, axis, n) for axis, n in cells)
    return top, left, bottom - top + 1, right - left + 1


def _walk(specs: Sequence[ConvSpec | PoolSpec], axis: int, position: int) -> tuple[int, int]:
    first = last = position
    for spec in reversed(specs):
        stride, before, extent = window(spec, axis)
        if isinstance(spec, ConvSpec) and spec.transposed:
            first, last = -(-(first + before - extent + 1) // stride), (last + before) // stride
        else:
            first, last = first * stride - before, last * stride - before + extent - 1
    return first, last


def window(spec: ConvSpec | PoolSpec, axis: int) -> tuple[int, int, int]:
    """Return (stride, padding before, extent) along one axis; raises as `receptive_field` does."""
    if isinstance(spec, ConvSpec):
        return spec.stride[axis], spec.borders()[axis][0], spec.extent[axis]
    if spec.is_adaptive:
        raise Explained("The windows of an adaptive pooling depend on the size of the picture.")
    extent = spec.dilation[axis] * (spec.kernel_size[axis] - 1) + 1
    return spec.stride[axis], spec.padding[axis], extent


@dataclass(frozen=True, slots=True)
class Cost:
    """The cost of one convolution on one picture.

    Attributes:
        parameters: Weights and biases.
        multiplications: As PyTorch does them, those with padding included.
        receptive_field: (height, width) in input pixels that one output cell sees; of a
            transposed convolution the largest, since its cells see different numbers.
    """

    parameters: int
    multiplications: int
    receptive_field: Pair


_UNEVEN = N_("{inputs} channels in and {outputs} out cannot be split into {groups} equal groups.")


def conv_cost(
    spec: ConvSpec, in_channels: int, out_channels: int, size: Pair, has_bias: bool = True
) -> Cost:
    """Count what a convolution costs on a picture of `size` (H, W).

    A filter has C / groups × kH × kW weights and each is used once per cell of the map; if
    transposed, each of the C × O / groups × kH × kW weights is used once per pixel of its channel.

    Raises:
        Explained: the channels cannot be split into the groups, or the window does not fit.
    """
    if any(channels < 1 or channels % spec.groups for channels in (in_channels, out_channels)):
        raise Explained(_UNEVEN, inputs=in_channels, outputs=out_channels, groups=spec.groups)
    rows, cols = spec.output_size(size)
    if spec.transposed:
        rows, cols = size
    weights = in_channels // spec.groups * out_channels * spec.kernel_size[0] * spec.kernel_size[1]
    return Cost(
        parameters=weights + has_bias * out_channels,
        multiplications=weights * rows * cols,
        receptive_field=(_seen(spec, 0), _seen(spec, 1)),
    )


def _seen(spec: ConvSpec, axis: int) -> int:
    if not spec.transposed:
        return spec.extent[axis]
    return max(receptive_field((spec,), cell, cell)[2 + axis] for cell in range(spec.stride[axis]))
