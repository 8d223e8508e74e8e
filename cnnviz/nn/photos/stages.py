"""What goes on inside a network for photographs: its maps stage by stage, its first filters.

The network's parts are called one after the other, as its own forward pass does. Nothing is hooked
and nothing copied, so that any number may look inside a shared network at once.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import torch
from torch import Tensor, nn

from cnnviz.core.records import Floats, LayerActivation
from cnnviz.nn.photos.classification import check_seen
from cnnviz.nn.photos.pretrained import PhotoModel

_OPENED = ("features", "blocks")
"""Children that are lists of stages, in timm's and torchvision's networks."""
_ENDS = ("avgpool", "global_pool", "classifier", "fc", "heads")
"""Children from which on there are no maps any more."""
_JOINED = (nn.BatchNorm2d, nn.ReLU)
"""Layers that belong to the one before."""

Part = tuple[str, list[nn.Module]]
"""Its name, and the layers that follow one another in it."""


def stages(model: PhotoModel, seen: Floats) -> tuple[LayerActivation, ...]:
    """Return the maps that each stage of a network puts out.

    Args:
        model: Left as it is; any number may be asked at once.
        seen: (3, 224, 224) float32 in [0, 1], as in `PhotoInput.seen`; not modified.

    Returns:
        From the first convolution to the last stage with maps: `name` is the first layer of the
        stage in the network, `kind` is `conv`, `maxpool` or `block`, `values` are (C, H, W). A
        transformer's tokens are laid out as the squares they stand for; its class token has no
        place and is left out.

    Raises:
        Explained: another shape.
    """
    check_seen(seen)
    inner = model.network.get_submodule("model")
    with torch.inference_mode():
        image = torch.from_numpy(np.array(seen, np.float32))[None]  # (1, 3, 224, 224)
        values = model.network.get_submodule("normalize")(image)
        walked = _tokens(inner, values) if _is_transformer(inner) else _maps(inner, values)
        return tuple(walked)


def first_filters(model: PhotoModel) -> Floats:
    """Return the weights of the first convolution, (O, 3, kH, kW) float32."""
    first = next(layer for layer in model.network.modules() if isinstance(layer, nn.Conv2d))
    weights: Floats = np.array(first.weight.detach().numpy(), np.float32)
    return weights


def _maps(inner: nn.Module, values: Tensor) -> Iterator[LayerActivation]:
    for name, layers in _parts(inner):
        for layer in layers:
            values = layer(values)
        yield _activation(name, _kind(layers[0]), values)


def _parts(inner: nn.Module) -> list[Part]:
    """Return what puts out maps, in order; a convolution with the ReLU that follows is one."""
    parts: list[Part] = []
    for name, layer in _layers(inner):
        if parts and isinstance(layer, _JOINED):
            parts[-1][1].append(layer)
        else:
            parts.append((name, [layer]))
    return parts


def _layers(inner: nn.Module) -> Iterator[tuple[str, nn.Module]]:
    for name, child in inner.named_children():
        if name in _ENDS or isinstance(child, nn.AdaptiveAvgPool2d):
            return
        if name in _OPENED:
            for number, layer in child.named_children():
                yield f"{name}.{number}", layer
        else:
            yield name, child


def _is_transformer(inner: nn.Module) -> bool:
    return "encoder" in dict(inner.named_children())


def _tokens(inner: nn.Module, values: Tensor) -> Iterator[LayerActivation]:
    """Walk a vision transformer as `torchvision.models.VisionTransformer.forward` does."""
    squares: Tensor = inner.get_submodule("conv_proj")(values)  # (1, C, H, W)
    yield _activation("conv_proj", "conv", squares)
    encoder = inner.get_submodule("encoder")
    start = inner.get_parameter("class_token")
    tokens = torch.cat([start, squares.flatten(2).transpose(1, 2)], 1)  # (1, 1 + H x W, C)
    tokens = tokens + encoder.get_parameter("pos_embedding")
    for name, layer in encoder.get_submodule("layers").named_children():
        tokens = layer(tokens)
        maps = tokens[:, 1:].transpose(1, 2).reshape(squares.shape)
        yield _activation(f"encoder.layers.{name}", "block", maps)


def _kind(layer: nn.Module) -> str:
    if isinstance(layer, nn.MaxPool2d):
        return "maxpool"
    is_conv = isinstance(layer, nn.Conv2d) or type(layer).__name__ == "Conv2dNormActivation"
    return "conv" if is_conv else "block"


def _activation(name: str, kind: str, values: Tensor) -> LayerActivation:
    """Copy (1, C, H, W) values: a layer after it may write in place."""
    return LayerActivation(name, kind, np.array(values[0].numpy(), np.float32))
