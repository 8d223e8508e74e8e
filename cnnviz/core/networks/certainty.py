"""From logits to probabilities, and how sure a network is: softmax, temperature, entropy."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cnnviz.core.messages import Explained
from cnnviz.core.records import Floats, Prediction

Doubles = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Entropy:
    """How evenly belief is spread over the classes.

    Attributes:
        nats: −Σ p ln p; 0 when one class has it all, ln N when all have the same.
        share: nats / ln N, in [0, 1]; 0.0 where there is one class alone.
    """

    nats: float
    share: float


@dataclass(frozen=True, slots=True, eq=False)
class SoftmaxCell:
    """How one logit became a probability: e^((logit − largest) / temperature) / their sum.

    Attributes:
        class_idx: The class; its logit is the cell (class_idx, 0, 0) of the network's last layer.
        logits: (N,) float32.
        largest: The largest logit, subtracted from all: the quotient is the same.
        temperature: Above 0; 1 leaves the network's own probabilities.
        exponentials: (N,) float64, one a class.
        total: Their sum.
        value: The probability, in [0, 1].
    """

    class_idx: int
    logits: Floats
    largest: float
    temperature: float
    exponentials: Doubles
    total: float
    value: float


def softmax(logits: Floats, temperature: float = 1.0) -> Doubles:
    """Return e^(x / temperature) / Σ e^(x / temperature): above 1 it evens out, below it sharpens.

    Args:
        logits: (N,) float32, finite; none is too large, for the largest is subtracted first.
        temperature: Above 0 and finite.

    Returns:
        (N,) float64 probabilities; their order is that of the logits.

    Raises:
        Explained: a temperature of 0 or less, or none at all.

    Reference: Guo, Pleiss, Sun & Weinberger, arXiv:1706.04599, section 4.2.
    """
    powers = _powers(logits, temperature)
    return np.asarray(powers / powers.sum())


def predict(logits: Floats, labels: Sequence[str] | None = None) -> tuple[Prediction, ...]:
    """Return every class, the likeliest first; equal ones in the order of the classes.

    Args:
        logits: (N,) float32, finite: the last values that `nn.networks.capture` returns.
        labels: Name of every class; None numbers them from 0.

    Raises:
        Explained: not one number a class, or not as many labels.
    """
    if logits.ndim != 1 or not logits.size or not np.isfinite(logits).all():
        raise Explained(
            "Classes are told from one finite number each; these logits have the shape {shape}.",
            shape=str(logits.shape),
        )
    names = [str(idx) for idx in range(logits.size)] if labels is None else labels
    if len(names) != logits.size:
        raise Explained(
            "There are {logits} logits, but {labels} labels.", logits=logits.size, labels=len(names)
        )
    probabilities = softmax(logits)
    return tuple(
        Prediction(names[idx], int(idx), float(logits[idx]), float(probabilities[idx]))
        for idx in np.argsort(-probabilities, kind="stable")
    )


def explain_softmax(logits: Floats, class_idx: int, *, temperature: float = 1.0) -> SoftmaxCell:
    """Explain the probability of one class: the link behind the last layer.

    Args:
        logits: (N,) float32, finite.
        class_idx: 0 ≤ class_idx < N.
        temperature: As for `softmax`.

    Raises:
        Explained: as `softmax` does.
        IndexError: there is no such class.
    """
    if not 0 <= class_idx < logits.size:
        raise IndexError(f"class {class_idx} outside {logits.size} logits")
    exponentials = _powers(logits, temperature)
    total = float(exponentials.sum())
    largest, value = float(np.max(logits)), float(exponentials[class_idx]) / total
    return SoftmaxCell(class_idx, logits, largest, temperature, exponentials, total, value)


def entropy(probabilities: Doubles) -> Entropy:
    """Measure how unsure an answer is.

    Args:
        probabilities: (N,) in [0, 1], their sum 1.

    Reference: Shannon, Bell System Technical Journal 27, 1948.
    """
    held = probabilities[probabilities > 0]
    nats = max(0.0, -float(np.sum(held * np.log(held))))
    most = math.log(probabilities.size)
    return Entropy(nats, min(1.0, nats / most) if most else 0.0)


def _powers(logits: Floats, temperature: float) -> Doubles:
    """Return e^((logits − the largest) / temperature); at the lowest temperatures 0 but for one."""
    if not 0 < temperature < math.inf:
        raise Explained(
            "The temperature must be above 0 and finite, not {value}.", value=temperature
        )
    with np.errstate(over="ignore"):
        shifted = (logits.astype(np.float64) - np.max(logits)) / temperature
    return np.asarray(np.exp(shifted))
