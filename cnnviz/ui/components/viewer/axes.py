"""Where the windows of a trace lie, one axis at a time, so that the browser needs no formula.

Convolutions, dilated and transposed ones, poolings that hang over the edge and adaptive ones are
all the same here: for every output index the first tap, how many there are, and how far apart.
Positions count in what the window moves over: the picture with its border.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any, Literal

import numpy as np

from cnnviz.core.lab.pool_spec import PoolKind
from cnnviz.core.lab.specs import PaddingMode
from cnnviz.core.lab.traces import ConvTrace, PoolTrace
from cnnviz.core.records import Pair

_BORDERS: dict[PaddingMode, Literal["reflect", "edge", "wrap"]] = {
    "reflect": "reflect",
    "replicate": "edge",
    "circular": "wrap",
}
"""Padding modes as NumPy calls them."""


@dataclass(frozen=True, slots=True)
class Axis:
    """The windows along rows, or along columns.

    Attributes:
        first: Position of the first tap, one for every output index.
        count: Taps, one for every output index.
        step: Positions between neighbouring taps.
        before: Border above or to the left; below 0 where it cuts the picture instead.
        size: Positions of the picture itself, inserted zeros included.
        after: Border below or to the right; below 0 as `before`.
        stuffing: Distance of neighbouring pixels; above 1 where zeros were inserted.
        counted: First position from which border no longer counts as zeros.
        divisor: What a sum is divided by, one for every output index; rows times columns.
        source: Row or column of the picture at every position, −1 where there is a zero; empty
            where the picture is sent with its border.
    """

    first: tuple[int, ...]
    count: tuple[int, ...]
    step: int
    before: int
    size: int
    after: int
    stuffing: int = 1
    counted: int = 0
    divisor: tuple[float, ...] = ()
    source: tuple[int, ...] = ()

    def told(self) -> dict[str, Any]:
        """Return the attributes as the browser gets them: a count that is the same, only once."""
        told = {field.name: getattr(self, field.name) for field in fields(self)}
        return told | {"count": self.count[:1] if len(set(self.count)) == 1 else self.count}

    @property
    def end(self) -> int:
        """Position after the last tap of all."""
        return max(
            first + self.step * (count - 1) + 1
            for first, count in zip(self.first, self.count, strict=True)
        )

    @property
    def dropped(self) -> int:
        """Cells at the end of the picture that no window reaches."""
        return max(0, min(self.before + self.size - self.end, self.size))

    @property
    def has_gaps(self) -> bool:
        """Whether windows step over cells of the picture that lie between them."""
        used = {
            first + self.step * tap
            for first, count in zip(self.first, self.count, strict=True)
            for tap in range(count)
        }
        end = min(self.end, self.before + self.size)
        return any(position not in used for position in range(max(0, self.before), end))


def conv_axes(trace: ConvTrace) -> tuple[Axis, Axis]:
    """Return how a convolution's windows lie on `trace.padded`, rows and columns."""
    lie = _transposed if trace.spec.transposed else _forward
    return lie(trace, 0), lie(trace, 1)


def _forward(trace: ConvTrace, axis: int) -> Axis:
    spec, size = trace.spec, trace.image.shape[1:]
    before, after = spec.pads((size[0], size[1]))[axis]
    outputs = trace.output.shape[axis + 1]
    return Axis(
        first=tuple(spec.stride[axis] * index for index in range(outputs)),
        count=(spec.kernel_size[axis],) * outputs,
        step=spec.dilation[axis],
        before=before,
        size=size[axis],
        after=after,
        source=_bordered(size[axis], (before, after), spec.padding_mode),
    )


def _bordered(size: int, pads: Pair, mode: PaddingMode) -> tuple[int, ...]:
    """Indices of a row of pixels with its border; −1 for a zero."""
    indices = np.arange(size)
    if mode == "zeros":
        return tuple(np.pad(indices, pads, constant_values=-1).tolist())
    return tuple(np.pad(indices, pads, mode=_BORDERS[mode]).tolist())


def _transposed(trace: ConvTrace, axis: int) -> Axis:
    """The window moves by one over the picture with zeros between its pixels and around them."""
    spec, outputs = trace.spec, trace.output.shape[axis + 1]
    before = spec.extent[axis] - 1 - spec.borders()[axis][0]
    size, stride = spec.stride[axis] * (trace.image.shape[axis + 1] - 1) + 1, spec.stride[axis]
    inside = np.arange(trace.padded.shape[axis + 1]) - before
    is_pixel = (inside >= 0) & (inside < size) & (inside % stride == 0)
    return Axis(
        first=tuple(range(outputs)),
        count=(spec.kernel_size[axis],) * outputs,
        step=spec.dilation[axis],
        before=before,
        size=size,
        after=before + spec.output_padding[axis],
        stuffing=stride,
        source=tuple(np.where(is_pixel, inside // stride, -1).tolist()),
    )


def pool_axes(trace: PoolTrace) -> tuple[Axis, Axis]:
    """Return how a pooling's windows lie on the picture with room for all of them."""
    lie = _adaptive if trace.spec.is_adaptive else _sliding
    return lie(trace, 0), lie(trace, 1)


def _adaptive(trace: PoolTrace, axis: int) -> Axis:
    size, outputs = trace.image.shape[axis + 1], trace.output.shape[axis + 1]
    first = [index * size // outputs for index in range(outputs)]
    count = [-(-(index + 1) * size // outputs) - first[index] for index in range(outputs)]
    is_mean = trace.spec.kind == "adaptive_avg"
    divisor = tuple(float(cells) if is_mean else 1.0 for cells in count)
    return Axis(tuple(first), tuple(count), 1, 0, size, 0, divisor=divisor)


def _sliding(trace: PoolTrace, axis: int) -> Axis:
    spec, size, outputs = trace.spec, trace.image.shape[axis + 1], trace.output.shape[axis + 1]
    pad, taps, step = spec.padding[axis], spec.kernel_size[axis], spec.dilation[axis]
    first = tuple(spec.stride[axis] * index for index in range(outputs))
    end = first[-1] + step * (taps - 1) + 1
    counted = size + 2 * pad if spec.kind == "avg" and spec.count_include_pad else 0
    windows = [range(start, start + step * taps, step) for start in first]
    return Axis(
        first=first,
        count=(taps,) * outputs,
        step=step,
        before=pad,
        size=size,
        after=max(pad, end - pad - size),
        counted=counted,
        divisor=tuple(
            _divisor(spec.kind, each, range(pad, pad + size), counted) for each in windows
        ),
    )


def _divisor(kind: PoolKind, window: range, picture: range, counted: int) -> float:
    """One axis' part of `PoolCell.divisor`, which tells what it means."""
    inside = sum(position in picture for position in window)
    if kind == "max":
        return 1.0
    if kind == "lp":
        return inside / len(window)
    return float(sum(position < counted for position in window) if counted else inside)
