"""Detection is convolution: a digit network run over a canvas at once, without cutting it up."""

from __future__ import annotations

import copy
from collections import OrderedDict
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from cnnviz.core.messages import Explained
from cnnviz.core.photos.nms import nms
from cnnviz.core.pictures.digit_canvas import window_ink
from cnnviz.core.pictures.digits import SIDE
from cnnviz.core.pictures.resampling import resized
from cnnviz.core.records import Floats
from cnnviz.core.strict import many, real

MARGIN = 8
"""Black pixels added around a canvas: digits at its border stand in some window's middle, too."""
MOST_PIXELS = 640 * 640
"""Of a canvas at the size at which it is looked at."""


@dataclass(frozen=True, slots=True, eq=False)
class ClassMap:
    """What the network says of every window of a canvas.

    Attributes:
        logits: (classes, h, w) float32: the output of the last convolution.
        probabilities: Likewise; over the classes they add up to 1.
        stride: Pixels from one window to the next.
        corner: Row and column of the first window's corner on the canvas; below 0, for the
            canvas is given a margin.
        window: Side of a window in pixels.
    """

    logits: Floats
    probabilities: Floats
    stride: int
    corner: tuple[int, int]
    window: int


@dataclass(frozen=True, slots=True, eq=False)
class Detections:
    """Boxes with a class each, the highest score first.

    Attributes:
        boxes: (N, 4) float32: top, left, bottom, right in pixels of the canvas.
        labels: (N,) int64: the likeliest class.
        scores: (N,) float32 in [0, 1].
    """

    boxes: Floats
    labels: NDArray[np.int64]
    scores: Floats

    def __len__(self) -> int:
        return len(self.scores)

    def kept(
        self, score_threshold: float, iou_threshold: float, *, by_class: bool = False
    ) -> Detections:
        """Return what is left: scores of the threshold or more, then one box a place.

        Args:
            score_threshold: In [0, 1].
            iou_threshold: In [0, 1]; as in `core.photos.nms.nms`.
            by_class: Whether boxes of different classes may share a place, as a rider and a
                bicycle do.

        Raises:
            Explained: a threshold outside [0, 1].
        """
        real("score_threshold", score_threshold, 0, 1)
        good = np.flatnonzero(self.scores >= score_threshold)
        boxes = self.boxes[good]
        if by_class and len(good):  # moved so far apart that classes never meet
            far = np.float32(boxes.max() - min(0, boxes.min()) + 1)
            boxes = boxes + far * self.labels[good, None].astype(np.float32)
        return self._only(good[nms(boxes, self.scores[good], iou_threshold)])

    def _only(self, which: NDArray[np.int64]) -> Detections:
        return Detections(self.boxes[which], self.labels[which], self.scores[which])


def convolutional(network: nn.Sequential) -> nn.Sequential:
    """Return a network whose linear layers are convolutions with the same weights.

    A linear layer on C maps of h × w values is a convolution by kernels of h × w that fit once;
    on a larger input they fit many times, and each place is the network's answer for one window.

    Args:
        network: Of ours, for (1, 28, 28) pictures, with a linear layer at the end; not modified.

    Returns:
        Network of its own that takes (N, 1, H, W) of any size from 28 × 28 on and returns
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
        Explained: another shape.
    """
    _check(canvas)
    padded = _padded(canvas)
    with torch.inference_mode():
        logits: Tensor = network(torch.from_numpy(padded)[None])[0]  # (classes, h, w)
        probabilities = torch.softmax(logits, 0)
    stride = _stride(network)
    return ClassMap(logits.numpy(), probabilities.numpy(), stride, (-MARGIN, -MARGIN), SIDE)


def detect(
    network: nn.Sequential, canvas: Floats, *, scales: tuple[float, ...] = (1.0,)
) -> Detections:
    """Find digits on a canvas: every window with ink in it, before anything is suppressed.

    The score of a window is the probability of its likeliest class times how well its ink lies
    (`digit_canvas.window_ink`); its box is the box of the ink in it. `kept` leaves the good
    ones.

    Args:
        network: From `convolutional`; left as it is.
        canvas: (1, H, W) float32 in [0, 1], white ink on black; not modified.
        scales: At which sizes of the canvas to look, each from 0.1 to 4: the network knows digits
            of 20 pixels only, so that one of 40 is found at 0.5.

    Returns:
        Detections on the canvas as it was given, best first.

    Raises:
        Explained: another shape, or impossible scales.
    """
    found = [_at_scale(network, canvas, scale) for scale in many("scales", scales, 1, 16)]
    boxes, labels, scores = (np.concatenate(parts) for parts in zip(*found, strict=True))
    every = Detections(boxes, labels, scores)
    return every._only(np.argsort(-scores, kind="stable"))


def _at_scale(
    network: nn.Sequential, canvas: Floats, scale: float
) -> tuple[Floats, NDArray[np.int64], Floats]:
    """Return boxes, labels and scores of the windows that hold ink, at one size."""
    real("scales", scale, 0.1, 4)
    _check(canvas, scale)
    height, width = (max(1, round(side * scale)) for side in canvas.shape[1:])
    image = resized(canvas, height, width)
    answer = class_map(network, image)
    ink = window_ink(_padded(image)[0], answer.stride)
    probabilities = answer.probabilities.reshape(len(answer.probabilities), -1)  # (classes, N)
    scores = probabilities.max(axis=0) * ink.fit
    there = np.flatnonzero(ink.fit > 1e-3)
    boxes = ink.boxes[there] - MARGIN
    grid = np.array([canvas.shape[1] / image.shape[1], canvas.shape[2] / image.shape[2]] * 2)
    boxes = (boxes * grid).astype(np.float32)
    return boxes, probabilities.argmax(axis=0)[there].astype(np.int64), scores[there]


def _check(canvas: Floats, scale: float = 1) -> None:
    if canvas.ndim != 3 or canvas.shape[0] != 1 or not canvas.size:
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


def _padded(canvas: Floats) -> Floats:
    """Add the margin, and what is missing to one whole window."""
    pads = [(0, 0)]
    for side in canvas.shape[1:]:
        pads.append((MARGIN, max(MARGIN, SIDE - MARGIN - side)))
    return np.pad(np.asarray(canvas, np.float32), pads)


def _stride(network: nn.Sequential) -> int:
    """Return how far apart two windows are: the product of all strides, the same both ways."""
    stride = 1
    for layer in network.modules():
        step = getattr(layer, "stride", 1)
        stride *= step[0] if isinstance(step, tuple) else step
    return stride
