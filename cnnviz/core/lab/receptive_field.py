"""Which pixels a cell can see, by walking back through the windows before it."""

from __future__ import annotations

from collections.abc import Sequence

from cnnviz.core.lab.pool_spec import PoolSpec
from cnnviz.core.lab.specs import ConvSpec
from cnnviz.core.messages import Explained


def receptive_field(
    specs: Sequence[ConvSpec | PoolSpec], row: int, col: int
) -> tuple[int, int, int, int]:
    """Return (top, left, height, width) in input pixels of one cell of the last output.

    The field may reach outside the picture, onto the padding. Layers that work cell by cell
    (activations, normalisation) do not change it and are left out of `specs`.

    Args:
        specs: From the first operation to the last.
        row: Row of the cell in the output of the last one.
        col: Column likewise.

    Raises:
        Explained: an adaptive pooling, whose windows depend on the picture's size.

    Reference: Araujo, Norris & Sim, Distill 2019, doi:10.23915/distill.00021.
    """
    (top, bottom), (left, right) = (_walk(specs, axis, n) for axis, n in enumerate((row, col)))
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
    """Return (stride, padding before, extent) of a window along one axis.

    Raises:
        Explained: an adaptive pooling, whose windows depend on the picture's size.
    """
    if isinstance(spec, ConvSpec):
        return spec.stride[axis], spec.borders()[axis][0], spec.extent[axis]
    if spec.is_adaptive:
        raise Explained("The windows of an adaptive pooling depend on the size of the picture.")
    extent = spec.dilation[axis] * (spec.kernel_size[axis] - 1) + 1
    return spec.stride[axis], spec.padding[axis], extent
