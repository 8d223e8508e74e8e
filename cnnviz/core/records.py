"""Records that come up from the computations: arrays and the numbers that explain them.

Frozen, but not comparable (`eq=False`): arrays have no single truth value. The arrays are
views or copies in NumPy; nothing here knows torch.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cnnviz.core.messages import Sentence

Floats = NDArray[np.float32]
Pair = tuple[int, int]
"""(height, width)."""


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """One change made to a picture.

    Attributes:
        name: Short, for people; translated where it is shown.
        sentence: The change in words, with its numbers.
        image: (C, H, W) float32 in [0, 1], after the step.
    """

    name: str
    sentence: Sentence
    image: Floats


@dataclass(frozen=True, slots=True, eq=False)
class LayerActivation:
    """Output of one layer.

    Attributes:
        name: Unique within the network: `input`, or the layer's name in the `Sequential`.
        kind: `input`, `normalize`, `conv`, `batchnorm`, `relu`, `sigmoid`, `tanh`,
            `maxpool`, `avgpool`, `dropout`, `flatten` or `linear`.
        values: (C, H, W), or (N,) for flat layers; float32.
    """

    name: str
    kind: str
    values: Floats


@dataclass(frozen=True, slots=True)
class Prediction:
    """One class and how much the network believes in it; probabilities in [0, 1]."""

    label: str
    class_idx: int
    logit: float
    probability: float


@dataclass(frozen=True, slots=True)
class TrainEvent:
    """A moment of a training run.

    Attributes:
        epoch: 1-based.
        step: Optimiser steps taken since the start.
        total_steps: Steps the whole run will take.
        train_loss: Mean cross-entropy since the last event, in nats.
        validation_loss: Cross-entropy on the held-out part of the training set;
            `None` between epochs and where nothing is held out.
        accuracy: Share of the held-out part that is right, in [0, 1]; `None` as for the loss.
        images_per_s: Average since the start, validation left out.
        elapsed_s: Wall-clock seconds since the start.
        parts: Number of parts each batch is computed in, where memory does not hold it whole.
        is_moved: Whether the run continues on the CPU because the CUDA device ran out of memory.
    """

    epoch: int
    step: int
    total_steps: int
    train_loss: float
    validation_loss: float | None
    accuracy: float | None
    images_per_s: float
    elapsed_s: float
    parts: int = 1
    is_moved: bool = False
