"""From logits to probabilities: the last link of the chain. Knows no network."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from cnnviz.core.messages import Explained
from cnnviz.core.records import Floats, Prediction


def softmax(logits: Floats) -> NDArray[np.float64]:
    """Return e^x / Σ e^x for (N,) logits, in float64; no logit is too large for it.

    The largest logit is subtracted first: the quotient is the same, and nothing overflows.
    """
    powers = np.exp(logits.astype(np.float64) - np.max(logits))
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
