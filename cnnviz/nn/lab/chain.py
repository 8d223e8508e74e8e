"""A chain of operations computed by the same functions as each of them alone."""

from __future__ import annotations

from functools import partial

import numpy as np

from cnnviz.core.lab.chain import ActivationStep, Chain, ChainStep, ConvStep, at_step
from cnnviz.core.messages import Explained
from cnnviz.core.records import Floats
from cnnviz.nn.lab.activation import activate
from cnnviz.nn.lab.convolution import convolve
from cnnviz.nn.lab.pooling import pool


def run_chain(image: Floats, chain: Chain) -> tuple[Floats, ...]:
    """Do one operation after another.

    Args:
        image: (1, H, W) float32, any range; not modified.
        chain: The operations.

    Returns:
        What each step put out, (1, oH, oW) float32; the picture itself is left out.

    Raises:
        StepRefused: a window does not fit even once, or the numbers grow out of float32; with the
            number of the step.
    """
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
