"""Detection is convolution: a digit network run over a canvas at once, without cutting it up."""

from __future__ import annotations

import copy
import math
from collections import OrderedDict
from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import Tensor, nn

from cnnviz.core.arrays import as_planes, check_range
from cnnviz.core.messages import Explained
from cnnviz.core.photos.nms import Detections, one_size_a_place
from cnnviz.core.pictures.digit_canvas import WindowInk, window_ink
from cnnviz.core.pictures.digits import SIDE
from cnnviz.core.pictures.resampling import resized
from cnnviz.core.records import Floats
from cnnviz.core.strict import instance, many, real

MARGIN = 8
"""Black pixels added around a canvas: digits at its border stand in some window's middle, too."""
MOST_PIXELS = 640 * 640
"""Most pixels of a canvas, at the size at which it is looked at."""
_NOTHING = 1e-3
"""A window whose ink fits less holds nothing."""


@dataclass(frozen=True, slots=True, eq=False)
class ClassMap:
    """What the network says of every window of a canvas.

    Attributes:
        logits: (classes, h, w) float32: the output of the last convolution.
        probabilities: (classes, h, w) float32; over the classes they add up to 1.
        scores: (h, w) float32: probability of the likeliest class times how well the window's ink
            lies (`digit_canvas.window_ink`).
        ink: Box and fit of the ink in each window, in the pixels of the canvas.
        stride: Pixels from one window to the next.
        corner: Row and column of the first window's corner on the canvas; below 0, for the
            canvas is given a margin.
        window: Side of a window in pixels.
        grid: Pixels of the canvas, down and across, to one at the size at which it was looked at.
    """

    logits: Floats
    probabilities: Floats
    scores: Floats
    ink: WindowInk
    stride: int
    corner: tuple[int, int]
    window: int
    grid: tuple[float, float] = (1.0, 1.0)

    def detections(self, *, is_window: bool = False) -> Detections:
        """Return the windows that hold ink, best first, before anything is suppressed.

        Args:
            is_window: Whether a box is the whole window; otherwise that of the ink in it.
        """
        there = np.flatnonzero(self.ink.fit > _NOTHING)
        boxes = self._windows() if is_window else self.ink.boxes
        labels = self.probabilities.argmax(axis=0).ravel().astype(np.int64)
        boxes = (boxes[there] * np.array(self.grid * 2)).astype(np.float32)
        found = Detections(boxes, labels[there], self.scores.ravel()[there])
        return found.only(np.argsort(-found.scores, kind="stable"))

    def _windows(self) -> Floats:
        rows, cols = np.indices(self.scores.shape).reshape(2, -1) * self.stride
        top, left = rows + self.corner[0], cols + self.corner[1]
        sides = np.stack([top, left, top + self.window, left + self.window], 1)
        return sides.astype(np.float32)


def convolutional(network: nn.Sequential) -> nn.Sequential:
    """Return a network whose linear layers are convolutions with the same weights.

    A linear layer on C maps of h × w values is a convolution by kernels of h × w that fit once;
    on a larger input they fit many times, and each place is the network's answer for one window.

    Args:
        network: One of ours for (1, 28, 28) pictures that ends in a linear layer; not modified.

    Returns:
        New network that takes (N, 1, H, W) of any size from 28 × 28 on and returns
        (N, classes, h, w). On 28 × 28 it returns what the network does. Elsewhere, a convolution
        with padding sees the neighbours of a window where the network saw zeros: the logits
        differ a little from those of the window cut out.

    Raises:
        Explained: another network.
    """
    layers: OrderedDict[str, nn.Module] = OrderedDict()
    own = copy.deepcopy(network).eval().requires_grad_(False)
    shape = getattr(next(iter(own), None), "input_shape", None)
    if shape != (1, SIDE, SIDE) or not isinstance(own[-1], nn.Linear):
        raise Explained(
            "Only a network for pictures of {side} × {side} pixels that ends in a linear layer can "
            "be run over a canvas.",
            side=SIDE,
        )
    values = torch.zeros(1, *shape)
    maps = values.shape[1:]
    for name, layer in own.named_children():
        if isinstance(layer, nn.Linear):
            layers[name] = _as_convolution(layer, maps)
            maps = torch.Size((layer.out_features, 1, 1))
        elif not isinstance(layer, nn.Flatten):
            layers[name] = layer
        values = layer(values)
        maps = values.shape[1:] if values.ndim == 4 else maps
    return nn.Sequential(layers)


def _as_convolution(layer: nn.Linear, maps: torch.Size) -> nn.Conv2d:
    channels, height, width = maps
    size = channels, layer.out_features, (height, width)
    convolution = nn.Conv2d(*size, bias=layer.bias is not None, device="meta")
    weight = layer.weight.view(layer.out_features, channels, height, width)
    convolution.weight = nn.Parameter(weight, requires_grad=False)
    convolution.bias = layer.bias
    return convolution


def class_map(network: nn.Sequential, canvas: Floats) -> ClassMap:
    """Run a digit network over a canvas.

    Args:
        network: From `convolutional`; left as it is.
        canvas: (1, H, W) float32 in [0, 1], white ink on black; not modified.

    Raises:
        Explained: another network, shape or range.
    """
    return _said(_convolved(network), _checked(canvas))


def _said(network: nn.Sequential, canvas: Floats) -> ClassMap:
    padded = _padded(canvas)
    with torch.inference_mode():
        logits: Tensor = network(torch.from_numpy(padded)[None])[0]  # (classes, h, w)
        probabilities = torch.softmax(logits, 0).numpy()
    stride = _stride(network)
    ink = window_ink(padded[0], stride)
    scores = probabilities.max(axis=0) * ink.fit.reshape(probabilities.shape[1:])
    ink = WindowInk(ink.boxes - np.float32(MARGIN), ink.fit)
    corner = -MARGIN, -MARGIN
    return ClassMap(logits.numpy(), probabilities, scores, ink, stride, corner, SIDE)


def class_maps(
    network: nn.Sequential, canvas: Floats, scales: tuple[float, ...]
) -> tuple[ClassMap, ...]:
    """Run a digit network over a canvas at several sizes; see `detect` for what it takes."""
    _convolved(network)
    return tuple(_at_scale(network, canvas, scale) for scale in many("scales", scales, 1, 16))


def found_on(maps: tuple[ClassMap, ...], *, is_window: bool = False) -> Detections:
    """Return what was found at all sizes, best first; each place belongs to the size that fits.

    Args:
        maps: From `class_maps`.
        is_window: As in `ClassMap.detections`.
    """
    inks = [each.detections() for each in maps]
    left = one_size_a_place(inks)
    found = [each.detections(is_window=True) for each in maps] if is_window else inks
    return Detections.joined(found).only(left)


def detect(
    network: nn.Sequential, canvas: Floats, *, scales: tuple[float, ...] = (1.0,)
) -> Detections:
    """Find digits on a canvas: every window with ink in it, before anything is suppressed.

    A box is that of the ink in a window, its score as in `ClassMap`; `kept` leaves the good ones.
    Where sizes disagree about a place, `found_on` decides.

    Args:
        network: From `convolutional`; left as it is.
        canvas: (1, H, W) float32 in [0, 1], white ink on black; not modified.
        scales: At which sizes of the canvas to look, each from 0.1 to 4: the network knows digits
            of 20 pixels only, so that one of 40 is found at 0.5; `digit_canvas.SCALES` find most.

    Returns:
        Detections on the canvas as it was given, best first.

    Raises:
        Explained: another network, shape or range, or impossible scales.
    """
    return found_on(class_maps(network, canvas, scales))


def _at_scale(network: nn.Sequential, canvas: Floats, scale: float) -> ClassMap:
    """Run the network over the canvas at one size."""
    real("scales", scale, 0.1, 4)
    canvas = _checked(canvas, scale)
    height, width = (max(1, round(side * scale)) for side in canvas.shape[1:])
    said = _said(network, resized(canvas, height, width))
    return replace(said, grid=(canvas.shape[1] / height, canvas.shape[2] / width))


def _convolved(network: nn.Sequential) -> nn.Sequential:
    """Refuse a network that still has a layer for one window only."""
    instance("network", network, nn.Sequential)
    if any(isinstance(layer, nn.Linear) for layer in network.modules()):
        raise Explained("Over a canvas runs what convolutional(network) returns.")
    return network


def _checked(canvas: Floats, scale: float = 1) -> Floats:
    canvas = as_planes(canvas)
    check_range(canvas)
    if len(canvas) != 1:
        raise Explained(
            "Digits are looked for on one grey canvas (1, height, width), not an array {shape}.",
            shape=str(canvas.shape),
        )
    pixels = round(canvas.size * scale**2)
    if pixels > MOST_PIXELS:
        raise Explained(
            "The canvas has {pixels} pixels at this size; digits are looked for on {most} at most.",
            pixels=pixels,
            most=MOST_PIXELS,
        )
    return canvas


def _padded(canvas: Floats) -> Floats:
    """Add the margin, and what is missing to one whole window."""
    pads = [(MARGIN, max(MARGIN, SIDE - MARGIN - side)) for side in canvas.shape[1:]]
    return np.pad(np.asarray(canvas, np.float32), [(0, 0), *pads])


def _stride(network: nn.Sequential) -> int:
    """Return how far apart two windows are: the product of all strides, the same both ways."""
    steps = [getattr(layer, "stride", 1) for layer in network.modules()]
    return math.prod(step[0] if isinstance(step, tuple) else step for step in steps)
