"""Activation, pooling, and chains of operations on arrays, by PyTorch."""

from __future__ import annotations

from functools import partial

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from cnnviz.core.arrays import as_numbers, as_planes
from cnnviz.core.lab.activations import ACTIVATIONS
from cnnviz.core.lab.chain import ActivationStep, Chain, ChainStep, ConvStep, at_step
from cnnviz.core.lab.pool_spec import PoolSpec
from cnnviz.core.lab.traces import PoolTrace
from cnnviz.core.messages import Explained
from cnnviz.core.records import Floats
from cnnviz.core.strict import instance, short
from cnnviz.nn.arrays import as_tensor
from cnnviz.nn.lab.convolution import convolve


def activate(values: Floats, activation: str) -> Floats:
    """Apply an activation function to every cell.

    Args:
        values: Any shape, float32; not modified.
        activation: Its id, one of `core.ACTIVATIONS`.

    Returns:
        New array of the same shape, float32.

    Raises:
        Explained: there is no such activation.
    """
    if not isinstance(activation, str) or activation not in ACTIVATIONS:
        raise Explained("There is no activation “{value}”.", value=short(activation))
    function = getattr(nn, ACTIVATIONS[activation].module)()
    with torch.inference_mode():
        output: Floats = function(as_tensor(as_numbers(values))).numpy().copy()
    return output


def pool(image: Floats, spec: PoolSpec) -> PoolTrace:
    """Shrink every channel by keeping one number per window.

    Args:
        image: (C, H, W) float32, any range; (H, W) is taken as grey. Not modified.
        spec: Kind and movement of the window.

    Returns:
        Trace whose output is (C, oH, oW) float32.

    Raises:
        Explained: the window does not fit even once; it carries all the numbers.
    """
    image = as_planes(image)
    instance("spec", spec, PoolSpec)
    spec.pooled_size((image.shape[1], image.shape[2]))
    with torch.inference_mode():
        output = _pooled(as_tensor(image)[None], spec)
    return PoolTrace(image=image, spec=spec, output=output[0].numpy())


def _pooled(image: Tensor, spec: PoolSpec) -> Tensor:
    window, stride, padding = spec.kernel_size, spec.stride, spec.padding
    if spec.kind == "max":
        return F.max_pool2d(image, window, stride, padding, spec.dilation, spec.ceil_mode)
    if spec.kind == "avg":
        return F.avg_pool2d(image, window, stride, padding, spec.ceil_mode, spec.count_include_pad)
    if spec.kind == "lp":
        return F.lp_pool2d(image, spec.norm, window, stride, spec.ceil_mode)
    adaptive = F.adaptive_max_pool2d if spec.kind == "adaptive_max" else F.adaptive_avg_pool2d
    return adaptive(image, spec.pooled_size((image.shape[-2], image.shape[-1])))


def run_chain(image: Floats, chain: Chain) -> tuple[Floats, ...]:
    """Run one operation after another.

    Args:
        image: (1, H, W) float32, any range; not modified.
        chain: The operations.

    Returns:
        Output of each step, (1, oH, oW) float32; the picture itself is left out.

    Raises:
        StepRefused: a window does not fit even once, or the numbers grow out of float32; with the
            number of the step.
    """
    image = as_planes(image)
    instance("chain", chain, Chain)
    chain.sizes((image.shape[1], image.shape[2]))
    outputs: list[Floats] = []
    for number, step in enumerate(chain.steps, 1):
        before = outputs[-1] if outputs else image
        outputs.append(at_step(number, partial(_run, step, before)))
    return tuple(outputs)


def _run(step: ChainStep, values: Floats) -> Floats:
    output = _output(step, values)
    if not np.isfinite(output).all():
        raise Explained(
            "The numbers of the map grow beyond what 32 bits can hold; smaller weights keep them."
        )
    return output


def _output(step: ChainStep, values: Floats) -> Floats:
    if isinstance(step, ActivationStep):
        return activate(values, step.activation)
    if isinstance(step, ConvStep):
        return convolve(values, step.weights[None, None], step.spec).output
    return pool(values, step.spec).output
