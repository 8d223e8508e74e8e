"""Chains as text, as links carry them: `conv:sobel-x:3:1:1~relu~max:2:2`. Nothing is evaluated.

A convolution is `conv:<filter>:<size>:<stride>:<padding>`, or `typed:<weights>:<stride>:<padding>`,
each with `:<dilation>` where it is not 1; a pooling is `max:<window>:<stride>` or `avg:…`;
anything else is the id of an activation.
"""

from __future__ import annotations

import re

from cnnviz.core.lab.activations import ACTIVATIONS
from cnnviz.core.lab.chain import (
    MAX_STEPS,
    WRONG_COUNT,
    ActivationStep,
    Chain,
    ChainStep,
    ConvStep,
    PoolStep,
    StepRefused,
)
from cnnviz.core.messages import N_, Explained

MAX_TEXT = 12_000
"""Characters: six typed filters of 11 × 11 have fewer."""

_NUMBER = re.compile(r"\d{1,2}", re.ASCII)
_TOO_LONG = N_(
    "The text of the chain has {length} characters, more than the {limit} that are read."
)
_UNREADABLE = N_(
    "“{text}” is no operation; one is written like conv:sobel-x:3:1:1, relu or max:2:2."
)


def format_chain(chain: Chain) -> str:
    """Write a chain as links carry it; `parse_chain` gives the same chain back."""
    return "~".join(map(_format, chain.steps))


def _format(step: ChainStep) -> str:
    if isinstance(step, ActivationStep):
        return step.activation
    if isinstance(step, PoolStep):
        return f"{step.kind}:{step.window}:{step.stride}"
    named = f"typed:{step.kernel}" if step.size is None else f"conv:{step.kernel}:{step.size}"
    dilation = f":{step.dilation}" if step.dilation != 1 else ""
    return f"{named}:{step.stride}:{step.padding}{dilation}"


def parse_chain(text: str) -> Chain:
    """Read a chain from a link.

    Raises:
        Explained: naming the step that cannot be read.
    """
    if len(text) > MAX_TEXT:
        raise Explained(_TOO_LONG, length=len(text), limit=MAX_TEXT)
    parts = text.split("~")
    if len(parts) > MAX_STEPS:
        raise Explained(WRONG_COUNT, limit=MAX_STEPS, count=len(parts))
    return Chain(tuple(_parse(part, number) for number, part in enumerate(parts, 1)))


def _parse(part: str, number: int) -> ChainStep:
    word, *rest = part.split(":")
    try:
        if word == "conv":
            kernel, *numbers = rest
            return ConvStep(kernel, *map(_number, numbers))
        if word == "typed":
            weights, *numbers = rest
            return ConvStep(weights, None, *map(_number, numbers))
        if word in ("max", "avg"):
            window, stride = map(_number, rest)
            return PoolStep("max" if word == "max" else "avg", window, stride)
        if rest or word not in ACTIVATIONS:
            raise ValueError(part)
        return ActivationStep(word)
    except Explained as reason:
        raise StepRefused(number, reason) from reason
    except (TypeError, ValueError) as error:  # too many numbers, too few, or none at all
        raise StepRefused(number, Explained(_UNREADABLE, text=part[:40])) from error


def _number(text: str) -> int:
    if not _NUMBER.fullmatch(text):
        raise ValueError(text)
    return int(text)
