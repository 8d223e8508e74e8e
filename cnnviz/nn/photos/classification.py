"""Photographs named: one pass of a network from pixels to an answer, and one step that fools it."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor, nn

from cnnviz.core.arrays import as_numbers
from cnnviz.core.messages import Explained
from cnnviz.core.photos.answers import PhotoAnswer, photo_answer
from cnnviz.core.photos.attributions import AdversarialStep
from cnnviz.core.photos.input import PhotoCrop, PhotoInput, photo_input
from cnnviz.core.photos.networks import CROP
from cnnviz.core.records import Floats, Prediction
from cnnviz.core.strict import real, whole
from cnnviz.nn.arrays import as_tensor
from cnnviz.nn.photos.pretrained import PhotoModel, shared_photo_network


def classify(image: Floats, *, top: int = 5) -> tuple[Prediction, ...]:
    """Name what a photograph shows, by the network that needs no download.

    Args:
        image: (C, H, W) float32 in [0, 1], C = 1 or 3, any size; not modified.
        top: How many answers, from 1 to 1,000.

    Returns:
        The likeliest classes of ImageNet's 1,000, best first, with their English names.

    Raises:
        Explained: no such picture, or `top` out of range.
    """
    whole("top", top, 1, 1000)
    return classify_photo(shared_photo_network("lite0"), image).predictions[: int(top)]


def classify_photo(model: PhotoModel, image: Floats, crop: PhotoCrop | None = None) -> PhotoAnswer:
    """Name a photograph, and keep what is needed to explain the answer.

    Args:
        model: From `load_photo_network`; left as it is, so that any number may ask it at once.
        image: (C, H, W) float32 in [0, 1], C = 1 or 3, any size; not modified.
        crop: Which square it sees; None: as the network was tested.

    Raises:
        Explained: no such picture.
    """
    return answer_for(model, photo_input(image, model.card, crop))


def answer_for(model: PhotoModel, seen: PhotoInput) -> PhotoAnswer:
    """Name exactly this input, such as one that was disturbed after it was cut out.

    Raises:
        Explained: an input of another shape, or values that the network makes infinite ones of.
    """
    return photo_answer(model.card.id, seen, photo_logits(model, seen.seen))


def photo_logits(model: PhotoModel, seen: Floats) -> Floats:
    """Return the (1000,) float32 logits for what the network sees.

    Args:
        model: Left as it is; no hooks.
        seen: (3, 224, 224) float32 in [0, 1]; not modified.

    Raises:
        Explained: another shape.
    """
    batch = as_batch(seen)
    with torch.inference_mode():
        logits: Floats = model.network(batch)[0].numpy()
    return logits


def adversarial(
    model: PhotoModel,
    seen: Floats,
    class_idx: int,
    *,
    size: float = 2 / 255,
    is_towards: bool = False,
) -> AdversarialStep:
    """Move every pixel by `size` in the direction that makes a class less likely.

    The direction is the sign of the gradient of the cross-entropy; pixels stay in [0, 1].

    Args:
        model: Left as it is; any number may be asked at once.
        seen: (3, 224, 224) float32 in [0, 1]; not modified.
        class_idx: From 0 to 999: what to lead away from, such as the first answer.
        size: In [0, 1].
        is_towards: Whether to lead towards the class instead.

    Raises:
        Explained: another shape, class or size.

    Reference: Goodfellow, Shlens & Szegedy, arXiv:1412.6572, section 4.
    """
    image = as_batch(seen).requires_grad_()
    whole("class_idx", class_idx, 0, 999)
    real("size", size, 0, 1)
    with torch.enable_grad():
        loss = nn.functional.cross_entropy(model.network(image), torch.tensor([class_idx]))
        (gradient,) = torch.autograd.grad(loss, image)  # (1, 3, 224, 224)
    step = np.sign(gradient[0].numpy()) * (-size if is_towards else size)
    changed: Floats = np.clip(seen + step, 0, 1).astype(np.float32)
    return AdversarialStep(changed, changed - seen, size, class_idx, is_towards)


def as_batch(seen: Floats) -> Tensor:
    """Return a copy of what a network for photographs sees, (1, 3, 224, 224) float32.

    Raises:
        Explained: another shape than (3, 224, 224).
    """
    seen = as_numbers(seen)
    if seen.shape != (3, CROP, CROP):
        raise Explained(
            "The network sees 3 × {side} × {side} values, not an array {shape}.",
            side=CROP,
            shape=str(seen.shape),
        )
    return as_tensor(seen)[None]
