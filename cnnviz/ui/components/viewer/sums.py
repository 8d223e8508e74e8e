"""Maps of so many cells that the browser had better compute than be sent them.

A transposed convolution of 224 × 224 pixels has up to 900 × 900 cells, 3 MB. `nn.convolve` adds
them up in float64 and rounds once; `viewer_sums.js` does the same, in the order that is repeated
here. Both come out alike, bit for bit; the cells where they should not are sent.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from cnnviz.core.lab.traces import ConvTrace
from cnnviz.core.records import Floats
from cnnviz.ui.components.viewer.axes import Axis

MOST_SENT = 62_000
"""Cells up to which a map is sent: those of every direct convolution of 224 × 224 pixels."""

Landing = tuple[slice, slice]


def is_summed(trace: ConvTrace) -> bool:
    """Whether the browser computes a map of this trace."""
    _, height, width = trace.output.shape
    return trace.spec.transposed and height * width > MOST_SENT


def mended(trace: ConvTrace, axes: tuple[Axis, Axis], channels: slice, channel: int) -> Floats:
    """Return where the browser's sums differ from PyTorch's: (2, n) float32, places and values.

    Args:
        trace: Trace of a transposed convolution.
        axes: As the browser gets them.
        channels: Channels of the picture that the filter sees.
        channel: Output channel.
    """
    bias = 0.0 if trace.bias is None else float(trace.bias[channel])
    sums: NDArray[np.float64] = np.full(trace.output.shape[1:], bias)
    image, weights = trace.image[channels], trace.kernels[channel]
    for i, j in np.ndindex(weights.shape[1:]):
        rows, down = _landing(axes[0], i, image.shape[1], sums.shape[0])
        cols, across = _landing(axes[1], j, image.shape[2], sums.shape[1])
        sums[down, across] += _product(image[:, rows, cols], weights[:, i, j])
    output = trace.output[channel]
    places = np.flatnonzero(sums.astype(np.float32) != output)
    return np.stack([places.astype(np.float32), output.ravel()[places]])


def _landing(axis: Axis, tap: int, pixels: int, outputs: int) -> Landing:
    """Which pixels a tap brings into the map, and where they land."""
    start = axis.before - tap * axis.step
    first = max(0, -(start // axis.stuffing))
    end = max(first, min(pixels, -((start - outputs) // axis.stuffing)))
    landed = start + first * axis.stuffing
    last = landed + (end - first - 1) * axis.stuffing
    return slice(first, end), slice(landed, last + 1 if end > first else landed, axis.stuffing)


def _product(pixels: Floats, weights: Floats) -> NDArray[np.float64]:
    """Sum over the planes, from the first to the last, in float64."""
    total: NDArray[np.float64] = pixels[0].astype(float) * float(weights[0])
    for plane, weight in zip(pixels[1:], weights[1:], strict=True):
        total += plane.astype(float) * float(weight)
    return total
