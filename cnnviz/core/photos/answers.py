"""What a network says of a photograph, and whether it should be believed. Knows no network."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from cnnviz.core.messages import Sentence
from cnnviz.core.networks.certainty import entropy, predict, softmax
from cnnviz.core.photos.class_names import class_names
from cnnviz.core.photos.input import PhotoInput
from cnnviz.core.records import Floats, Prediction

FLAT = 0.02
"""Standard deviation of the pixels below which a picture shows nothing. A rule of this project."""
LEAST_FIRST = 0.2
"""Probability of the first answer below which the network is unsure. A rule of this project:
scikit-image's portrait of an astronaut, no class of ImageNet's, gets 0.16."""
MOST_ENTROPY = 6.0
"""Bits above which the answer is spread too thinly: as many as 64 equally likely classes have."""


@dataclass(frozen=True, slots=True, eq=False)
class PhotoAnswer:
    """Everything a network says about one photograph.

    Attributes:
        network_id: Network that answered.
        input: Picture that it saw.
        logits: (1000,) float32.
        probabilities: (1000,) float32 in [0, 1], their sum is 1.
        predictions: All classes, the likeliest first, with their English names.
        entropy_bits: −Σ p log2 p: 0 for a certain answer, log2(1000) = 9.97 for no idea.
        doubt: Why the answer may be worth nothing; None: no sign of that.
    """

    network_id: str
    input: PhotoInput
    logits: Floats
    probabilities: Floats
    predictions: tuple[Prediction, ...]
    entropy_bits: float
    doubt: Sentence | None


def photo_answer(network_id: str, seen: PhotoInput, logits: Floats) -> PhotoAnswer:
    """Make an answer of the logits.

    Args:
        network_id: Network that was asked.
        seen: Picture that it saw.
        logits: (1000,) float32, finite.

    Raises:
        Explained: not one finite number a class.
    """
    predictions = predict(logits, class_names())
    probabilities = softmax(logits)
    entropy_bits = entropy(probabilities).nats / math.log(2)
    return PhotoAnswer(
        network_id,
        seen,
        logits,
        probabilities.astype(np.float32),
        predictions,
        entropy_bits,
        _doubt(float(seen.seen.std(axis=(1, 2)).max()), predictions[0].probability, entropy_bits),
    )


def _doubt(spread: float, first: float, entropy_bits: float) -> Sentence | None:
    """Name the strongest reason for doubt."""
    if spread < FLAT:
        return Sentence(
            "The picture is almost of one colour: there is nothing to recognise, and the answers "
            "mean nothing."
        )
    if first < LEAST_FIRST:
        return Sentence(
            "The network is not sure: its first answer gets {percent} % only. It may be none of "
            "the 1,000 classes that it knows.",
            {"percent": round(100 * first, 1)},
        )
    if entropy_bits > MOST_ENTROPY:
        return Sentence(
            "The network is not sure: its answer is spread as thinly as over {count} classes that "
            "are all equally likely. It may be none of the 1,000 classes that it knows.",
            {"count": round(math.exp2(entropy_bits))},
        )
    return None
