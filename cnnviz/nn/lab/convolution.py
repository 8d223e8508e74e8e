"""Convolution of arrays by PyTorch, kept as a trace that explains every cell."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from cnnviz.core.arrays import as_numbers, as_planes
from cnnviz.core.lab.specs import ConvSpec
from cnnviz.core.lab.traces import ConvTrace
from cnnviz.core.messages import Explained
from cnnviz.core.records import Floats
from cnnviz.core.strict import instance
from cnnviz.nn.arrays import as_tensor

_PAD_MODES = {
    "zeros": "constant",
    "reflect": "reflect",
    "replicate": "replicate",
    "circular": "circular",
}


def convolve(
    image: Floats, weight: Floats, spec: ConvSpec, bias: Floats | None = None
) -> ConvTrace:
    """Slide kernels over an image and keep what is needed to explain any cell.

    Args:
        image: (C, H, W) float32, any range; (H, W) is taken as grey. Not modified.
        weight: (O, C / groups, kH, kW) float32; transposed: (C, O / groups, kH, kW).
        spec: How the window moves; its kernel size must be the weight's.
        bias: (O,) float32, a number where there is one filter, or None.

    Returns:
        Trace whose output is (O, oH, oW) float32.

    Raises:
        Explained: shapes that do not belong together, or a window that does not fit; it
            carries all the numbers.

    Reference: Dumoulin & Visin, arXiv:1603.07285, relationships 6 and 14.
    """
    image, weight = as_planes(image), as_numbers(weight)
    bias = None if bias is None else np.atleast_1d(as_numbers(bias))
    instance("spec", spec, ConvSpec)
    _check_shapes(image, weight, spec, bias)
    spec.output_size(image.shape[-2:])
    with torch.inference_mode():
        tensors = as_tensor(image)[None], as_tensor(weight)
        offset = None if bias is None else as_tensor(bias)
        run = _transposed if spec.transposed else _forward
        padded, kernels, output = run(*tensors, offset, spec)
    return ConvTrace(
        image=image,
        weight=weight,
        bias=bias,
        spec=spec,
        padded=padded[0].numpy(),
        kernels=kernels.numpy(),
        output=output[0].numpy(),
    )


def _check_shapes(image: Floats, weight: Floats, spec: ConvSpec, bias: Floats | None) -> None:
    if weight.ndim != 4 or not weight.size:
        raise Explained(
            "A convolution takes weights (filters, channels, height, width); these are {shape}.",
            shape=str(weight.shape),
        )
    if weight.shape[-2:] != spec.kernel_size:
        raise Explained(
            "The weights are {rows} × {cols}, but the setting says {height} × {width}.",
            rows=weight.shape[-2],
            cols=weight.shape[-1],
            height=spec.kernel_size[0],
            width=spec.kernel_size[1],
        )
    first, second = weight.shape[:2]
    taken, outputs = (
        (first, second * spec.groups) if spec.transposed else (second * spec.groups, first)
    )
    if taken != image.shape[0] or outputs % spec.groups or taken % spec.groups:
        raise Explained(
            "The weights take {taken} channels in {groups} groups; the image has {channels}.",
            taken=taken,
            groups=spec.groups,
            channels=image.shape[0],
        )
    if bias is not None and bias.shape != (outputs,):
        raise Explained("{outputs} filters need {outputs} biases.", outputs=outputs)


def _forward(
    image: Tensor, weight: Tensor, bias: Tensor | None, spec: ConvSpec
) -> tuple[Tensor, Tensor, Tensor]:
    (top, bottom), (left, right) = spec.pads((image.shape[-2], image.shape[-1]))
    padded = F.pad(image, (left, right, top, bottom), mode=_PAD_MODES[spec.padding_mode])
    output = F.conv2d(
        padded, weight, bias, stride=spec.stride, dilation=spec.dilation, groups=spec.groups
    )
    return padded, weight, output


def _transposed(
    image: Tensor, weight: Tensor, bias: Tensor | None, spec: ConvSpec
) -> tuple[Tensor, Tensor, Tensor]:
    """Compute the transposed convolution, and the forward one that gives the same map.

    The map is added up in float64 and rounded once, so that whoever does the same in another
    order gets the same numbers: its cells are too many to be sent to a browser.
    Stuffing stride − 1 zeros between the pixels and extent − 1 − padding around them turns it
    into an ordinary convolution with the flipped kernel (Dumoulin & Visin, relationship 13).
    """
    (top, _), (left, _) = spec.borders()
    exact = image.double(), weight.double(), None if bias is None else bias.double()
    output = F.conv_transpose2d(
        *exact, spec.stride, (top, left), spec.output_padding, spec.groups, spec.dilation
    ).float()
    channels, height, width = image.shape[1:]
    down, across = spec.stride
    stuffed = image.new_zeros(1, channels, (height - 1) * down + 1, (width - 1) * across + 1)
    stuffed[..., ::down, ::across] = image
    (tall, wide), (below, beyond) = spec.extent, spec.output_padding
    y, x = tall - 1 - top, wide - 1 - left
    padded = F.pad(stuffed, (x, x + beyond, y, y + below))
    grouped = weight.flip(-2, -1).reshape(spec.groups, -1, *weight.shape[1:])
    flipped = grouped.transpose(1, 2).flatten(0, 1)  # (O, C / groups, kH, kW)
    return padded, flipped, output
