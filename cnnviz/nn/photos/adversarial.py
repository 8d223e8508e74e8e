"""One small step that makes a network err: the fast gradient sign method. Uses no hooks."""

from __future__ import annotations

import numpy as np
import torch
from torch import nn

from cnnviz.core.photos.attributions import AdversarialStep
from cnnviz.core.records import Floats
from cnnviz.core.strict import real, whole
from cnnviz.nn.photos.classification import check_seen
from cnnviz.nn.photos.pretrained import PhotoModel


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
    check_seen(seen)
    whole("class_idx", class_idx, 0, 999)
    real("size", size, 0, 1)
    with torch.enable_grad():
        image = torch.from_numpy(np.array(seen, np.float32))[None].requires_grad_()
        loss = nn.functional.cross_entropy(model.network(image), torch.tensor([class_idx]))
        (gradient,) = torch.autograd.grad(loss, image)  # (1, 3, 224, 224)
    step = np.sign(gradient[0].numpy()) * (-size if is_towards else size)
    changed: Floats = np.clip(seen + step, 0, 1).astype(np.float32)
    return AdversarialStep(changed, changed - seen, size, class_idx, is_towards)
