"""Which pixels made a network say so: Grad-CAM, integrated gradients, occlusion, by Captum.

Captum's Grad-CAM hooks the layer that it looks at. So every call works with a layer of its own,
in a copy that shares all else with the network: what others use at the same moment is never
touched, and nobody waits. Captum is imported when the first map is asked for.
"""

from __future__ import annotations

import copy
import importlib
from collections.abc import Callable
from functools import partial
from itertools import chain
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from cnnviz.core.messages import Explained
from cnnviz.core.photos.attributions import METHODS, Attribution, MethodId
from cnnviz.core.records import Floats
from cnnviz.core.strict import real, whole
from cnnviz.nn.photos.classification import as_batch
from cnnviz.nn.photos.pretrained import PhotoModel
from cnnviz.nn.photos.weight_files import Progress

STEPS = 64
"""Points between the grey picture and this one at which integrated gradients looks. Measured on a
photograph with the offline network: 64 miss the difference of the logits by 13 to 20 %, 32 by 27 to
40 %."""
BATCH = 4
"""Pictures a pass in the slow methods: a stop is noticed after so many."""
WINDOW = 32
"""Pixels on each side of the square that occlusion puts on the picture."""
STRIDE = 16
"""Pixels from one place of the square to the next."""

Ask = Callable[[int], Callable[[Tensor], Tensor]]
"""Takes how many pictures will be asked about; returns the network, counting them."""


def attribute(
    model: PhotoModel,
    seen: Floats,
    class_idx: int,
    *,
    method: MethodId = "gradcam",
    layer: str | None = None,
    background: float = 0.5,
    progress: Progress | None = None,
) -> Attribution:
    """Say which pixels count for a class.

    Args:
        model: Left as it is; any number may be asked at once.
        seen: (3, 224, 224) float32 in [0, 1], as in `PhotoInput.seen`; not modified.
        class_idx: From 0 to 999.
        method: A key of `core.photos.attributions.METHODS`.
        layer: For Grad-CAM, one of `conv_layers(model)`; None: the last of them.
        background: The grey, in [0, 1], that integrated gradients starts from and occlusion
            covers with; Grad-CAM has none.
        progress: Called by the slow methods after every few pictures with (done, in all);
            whatever it raises ends the work and leaves nothing behind.

    Returns:
        The map, (224, 224). The classes' logits are what is explained, not the probabilities.

    Raises:
        Explained: another shape, no such class, method or layer, or a layer for a method that
            has none.
    """
    image = as_batch(seen)
    whole("class_idx", class_idx, 0, 999)
    real("background", background, 0, 1)
    name = _layer(model, method, layer)
    if name is not None:
        coarse = _grad_cam(own_copy(model, name), image, class_idx, name)  # (1, 1, h, w)
        values = nn.functional.interpolate(coarse, image.shape[2:], mode="bilinear")
        planes = _plane(values), name, _plane(coarse)
        return Attribution(method, model.card.id, class_idx, *planes)
    run = _integrated_gradients if method == "integrated_gradients" else _occlusion
    ask, grey = partial(_Counted, model.network, progress), torch.full_like(image, background)
    values = run(ask, image, grey, class_idx)
    return Attribution(method, model.card.id, class_idx, _plane(values))


def conv_layers(model: PhotoModel) -> tuple[str, ...]:
    """Return the names of a network's convolutions, in the order they were written down."""
    inner = model.network.get_submodule("model")
    return tuple(name for name, layer in inner.named_modules() if isinstance(layer, nn.Conv2d))


def own_copy(model: PhotoModel, layer: str) -> nn.Sequential:
    """Return a network whose layer `layer` may be hooked: nobody else has it.

    The layer and what it stands in are copied; all other modules and all tensors are the
    network's own, so it costs next to nothing. Hook nothing else, and change no tensor.
    """
    path = f"model.{layer}"
    copied = {"", path} | {path[:end] for end, letter in enumerate(path) if letter == "."}
    shared: dict[int, object] = {
        id(module): module for name, module in model.network.named_modules() if name not in copied
    }
    for tensor in chain(model.network.parameters(), model.network.buffers()):
        shared[id(tensor)] = tensor
    return copy.deepcopy(model.network, shared)


def _layer(model: PhotoModel, method: str, layer: str | None) -> str | None:
    """Return the layer to look at, or None for a method without."""
    if method not in METHODS:
        raise Explained(
            "There is no method “{method}”; there are {methods}.",
            method=method,
            methods=", ".join(METHODS),
        )
    if not METHODS[method].needs_layer:
        if layer is not None:
            raise Explained("The method “{method}” looks at no layer.", method=method)
        return None
    names = conv_layers(model)
    if layer is None:
        return names[-1]
    if layer not in names:
        raise Explained(
            "{network} has no convolution “{layer}”.", network=model.card.name, layer=layer[:60]
        )
    return layer


def _captum() -> Any:
    """Import Captum, which takes seconds and has no types."""
    return importlib.import_module("captum.attr")


def _grad_cam(network: nn.Sequential, image: Tensor, class_idx: int, layer: str) -> Tensor:
    method = _captum().LayerGradCam(network, network.get_submodule(f"model.{layer}"))
    values: Tensor = method.attribute(image, class_idx, relu_attributions=True).detach()
    return values


def _integrated_gradients(ask: Ask, image: Tensor, grey: Tensor, class_idx: int) -> Tensor:
    """Return (1, 1, H, W): the sum over the three colours."""
    values: Tensor = _captum().IntegratedGradients(ask(STEPS)).attribute(
        image.requires_grad_(), grey, class_idx, n_steps=STEPS, internal_batch_size=BATCH
    )  # fmt: skip
    return values.detach().sum(dim=1, keepdim=True).float()


def _occlusion(ask: Ask, image: Tensor, grey: Tensor, class_idx: int) -> Tensor:
    """Return (1, 1, H, W): the square covers all three colours at once, their maps are equal."""
    places = [-(-(side - WINDOW) // STRIDE) + 1 for side in image.shape[2:]]
    with torch.inference_mode():
        values: Tensor = _captum().Occlusion(ask(1 + places[0] * places[1])).attribute(
            image, (3, WINDOW, WINDOW), (3, STRIDE, STRIDE), grey, class_idx,
            perturbations_per_eval=BATCH,
        )  # fmt: skip
    return values[:, :1]


class _Counted:
    """A function, with nothing to hook, that asks a network and tells how far it has come."""

    def __init__(self, network: nn.Sequential, progress: Progress | None, total: int) -> None:
        self._network, self._progress = network, progress
        self._done, self._total = 0, total

    def __call__(self, images: Tensor) -> Tensor:
        logits: Tensor = self._network(images)
        self._done = min(self._total, self._done + len(images))
        if self._progress is not None:
            self._progress(self._done, self._total)
        return logits


def _plane(values: Tensor) -> Floats:
    """Copy (1, 1, H, W) to (H, W)."""
    plane: Floats = np.array(values[0, 0].numpy(), np.float32)
    return plane
