"""How good a network is: its answers to labelled pictures, counted."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional as F

from cnnviz.core.arrays import as_labels, as_pictures
from cnnviz.core.messages import Explained
from cnnviz.core.training.cards import Confusion
from cnnviz.core.training.records import MOST_MISTAKES, Mistake
from cnnviz.nn.data import ImageData

_BATCH = 250
"""Pictures at a time: few enough for a stop to be heard within a second or two."""


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Answers counted.

    Attributes:
        accuracy: Share that is right, in [0, 1].
        loss: Mean cross-entropy, in nats.
        confusion_matrix: Pictures by true class (rows) and answer (columns).
    """

    accuracy: float
    loss: float
    confusion_matrix: Confusion


def as_pixels(images: Tensor) -> Tensor:
    """Return uint8 pictures as networks take them: float32 in [0, 1]."""
    return images.float() / 255


def keep_on() -> None:
    """Look for nothing between two batches."""


def evaluate(
    network: nn.Sequential,
    images: NDArray[np.uint8],
    labels: NDArray[np.uint8],
    look: Callable[[], None] = keep_on,
) -> Evaluation:
    """Ask a network for every picture, in float32 on the device it is on.

    Args:
        network: Any; asked in evaluation mode and left in the mode it had.
        images: (N, C, H, W) uint8.
        labels: (N,) uint8, the true classes.
        look: Called before every batch; may raise, to end it all.

    Raises:
        Explained: pictures or labels of another form, or a class that the network does not have.
    """
    images = as_pictures(images)
    named = as_labels(labels, len(images))
    device = next(network.parameters()).device
    tensors = torch.from_numpy(images).to(device), torch.from_numpy(named).to(device)
    with torch.inference_mode():
        return count_answers(network, *tensors, look)


def count_answers(
    network: nn.Sequential, images: Tensor, labels: Tensor, look: Callable[[], None] = keep_on
) -> Evaluation:
    """Do as `evaluate` does, with tensors (uint8 and int64) that are on the device already."""
    was_training = network.training
    network.eval()
    try:
        logits = torch.cat(list(answers(network, images, look)))
    finally:
        network.train(was_training)
    classes, named = logits.shape[1], logits.argmax(1)
    if int(labels.max()) >= classes:
        raise Explained(
            "The network has {classes} classes, 0 to {last}; there is a picture of class {found}.",
            classes=classes,
            last=classes - 1,
            found=int(labels.max()),
        )
    matrix = torch.bincount(labels * classes + named, minlength=classes**2)
    counts = matrix.view(classes, classes).tolist()
    return Evaluation(
        accuracy=(named == labels).double().mean().item(),
        loss=F.cross_entropy(logits, labels).item(),
        confusion_matrix=tuple(map(tuple, counts)),
    )


def answers(
    network: nn.Sequential, images: Tensor, look: Callable[[], None] = keep_on
) -> Iterator[Tensor]:
    """Yield the logits, (n, classes), of uint8 pictures a batch at a time."""
    for batch in torch.split(images, _BATCH):
        look()
        yield network(as_pixels(batch))


def find_mistakes(
    network: nn.Sequential,
    data: ImageData,
    most: int = MOST_MISTAKES,
    *,
    look: Callable[[], None] = keep_on,
) -> tuple[Mistake, ...]:
    """Return the test pictures that a network classifies wrongly, the surest first.

    Args:
        network: In evaluation mode, on the CPU.
        data: Its test part is asked.
        most: How many at most.
        look: As for `evaluate`.
    """
    images = torch.from_numpy(data.test_images)
    with torch.inference_mode():
        logits = torch.cat(list(answers(network, images, look)))
    probabilities = logits.softmax(1).numpy()  # (N, classes)
    named, sure = probabilities.argmax(1), probabilities.max(1)
    wrong = np.flatnonzero(named != data.test_labels)
    worst = wrong[np.argsort(-sure[wrong], kind="stable")][:most]
    return tuple(
        Mistake(int(n), int(data.test_labels[n]), int(named[n]), float(sure[n])) for n in worst
    )
