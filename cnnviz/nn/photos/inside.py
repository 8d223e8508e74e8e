"""Inside a network for photographs: maps stage by stage, first filters, both ends layer by layer.

The network's parts are called one after the other, as its own forward pass does: nothing is hooked
or changed, so that any number may look inside a shared network at once. `nn.explain` walks chains
of layers; such a network begins with one (up to the first activation) and ends with one (from the
last maps or features on). Both are put together from the network's own parts and weights.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import dropwhile

import numpy as np
import torch
from torch import Tensor, nn

from cnnviz.core.records import Floats, LayerActivation
from cnnviz.nn.networks.capture import capture
from cnnviz.nn.networks.walk import UNCHANGED, is_pointwise
from cnnviz.nn.photos.attribution import own_copy
from cnnviz.nn.photos.classification import as_batch
from cnnviz.nn.photos.pretrained import PhotoModel, plain_convolution, plain_norm

_OPENED = ("features", "blocks")
"""Children that are lists of stages, in timm's and torchvision's networks."""
_ENDS = ("avgpool", "global_pool", "classifier", "fc", "heads")
"""Children from which on there are no maps any more."""
_JOINED = (nn.BatchNorm2d, nn.ReLU)
"""Layers that belong to the one before."""
_HAS_WEIGHTS = (nn.Linear, nn.Conv2d)

Layers = OrderedDict[str, nn.Module]


@dataclass(frozen=True, slots=True, eq=False)
class NetworkEnd:
    """A chain of layers and what each makes of one input, as `nn.explain` takes them.

    Attributes:
        network: Parts of the network for photographs, in order; read-only.
        activations: The input, then one record a layer. The input is the picture (kind `input`),
            or what the rest of the network made of it (`block`).
    """

    network: nn.Sequential
    activations: tuple[LayerActivation, ...]


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
    batch = as_batch(seen)
    inner = model.network.get_submodule("model")
    with torch.inference_mode():
        values = model.network.get_submodule("normalize")(batch)
        walked = _tokens(inner, values) if _is_transformer(inner) else _maps(inner, values)
        return tuple(walked)


def first_filters(model: PhotoModel) -> Floats:
    """Return the weights of the first convolution, (O, 3, kH, kW) float32."""
    first = next(layer for layer in model.network.modules() if isinstance(layer, nn.Conv2d))
    return np.array(first.weight.detach().numpy(), np.float32)


def _maps(inner: nn.Module, values: Tensor) -> Iterator[LayerActivation]:
    for name, layers in _parts(inner):
        for layer in layers:
            values = layer(values)
        yield _stage(name, _kind(layers[0]), values)


def _parts(inner: nn.Module) -> list[tuple[str, list[nn.Module]]]:
    """Name what puts out maps, in order; a convolution with the ReLU that follows is one part."""
    parts: list[tuple[str, list[nn.Module]]] = []
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
    return hasattr(inner, "encoder")


def _tokens(inner: nn.Module, values: Tensor) -> Iterator[LayerActivation]:
    """Walk a vision transformer as `torchvision.models.VisionTransformer.forward` does."""
    squares: Tensor = inner.get_submodule("conv_proj")(values)  # (1, C, H, W)
    yield _stage("conv_proj", "conv", squares)
    encoder = inner.get_submodule("encoder")
    start = inner.get_parameter("class_token")
    tokens = torch.cat([start, squares.flatten(2).transpose(1, 2)], 1)  # (1, 1 + H x W, C)
    tokens = tokens + encoder.get_parameter("pos_embedding")
    for name, layer in encoder.get_submodule("layers").named_children():
        tokens = layer(tokens)
        maps = tokens[:, 1:].transpose(1, 2).reshape(squares.shape)
        yield _stage(f"encoder.layers.{name}", "block", maps)


def _kind(layer: nn.Module) -> str:
    if isinstance(layer, nn.MaxPool2d):
        return "maxpool"
    is_conv = isinstance(layer, nn.Conv2d) or type(layer).__name__ == "Conv2dNormActivation"
    return "conv" if is_conv else "block"


def _stage(name: str, kind: str, values: Tensor) -> LayerActivation:
    """Copy (1, C, H, W) values: a layer after it may write in place."""
    return LayerActivation(name, kind, np.array(values[0].numpy(), np.float32))


def first_layers(model: PhotoModel, seen: Floats) -> NetworkEnd:
    """Return the beginning: normalisation, first convolution, and what follows up to a curve.

    Takes what `stages` takes.

    Returns:
        `normalize`, `conv`, and where the network has them `batchnorm` and `activation`.

    Raises:
        Explained: another shape.
    """
    as_batch(seen)  # refuses another shape
    parts = dropwhile(lambda part: not isinstance(part, nn.Conv2d), model.network.modules())
    layers: Layers = OrderedDict(normalize=model.network.get_submodule("normalize"))
    for part in parts:
        if isinstance(part, nn.Conv2d) and "conv" not in layers:
            layers["conv"] = plain_convolution(part, seen.shape[1:])
        elif isinstance(part, nn.BatchNorm2d) and "batchnorm" not in layers:
            layers["batchnorm"] = plain_norm(part)
        elif is_pointwise(part):
            layers["activation"] = part
            break
        elif not isinstance(part, UNCHANGED):
            break
    network = nn.Sequential(layers).eval()
    return NetworkEnd(network, capture(network, seen))


def last_layers(model: PhotoModel, seen: Floats) -> NetworkEnd:
    """Return the end: from the last maps, or features, to the 1,000 logits.

    Takes what `stages` takes.

    Returns:
        Up to the layer `logits`. Where features are means of maps: `maps`, `pool`, `features`;
        else `features` alone. Where the last layer with weights is a convolution, as in
        SqueezeNet: `maps`, `conv`, `activation`, `pool`.

    Raises:
        Explained: another shape.
    """
    maps = stages(model, seen)[-1].values
    inner = model.network.get_submodule("model")
    name, last = [each for each in inner.named_modules() if isinstance(each[1], _HAS_WEIGHTS)][-1]
    if isinstance(last, nn.Conv2d):
        after = dropwhile(lambda part: part is not last, inner.modules())
        names = ("conv", "activation", "pool")
        layers: Layers = OrderedDict(zip(names, after, strict=True))
        layers["logits"] = nn.Flatten()
        return _chain(maps, layers)
    features = _features(model, name, seen)
    pool = nn.AdaptiveAvgPool2d(1)
    with torch.inference_mode():
        means = pool(torch.from_numpy(maps)).flatten().numpy()
    if np.array_equal(means, features):
        layers = OrderedDict(pool=pool, features=nn.Flatten(), logits=last)
        return _chain(maps, layers)
    with torch.inference_mode():
        logits = last(torch.from_numpy(features)[None])[0].numpy()
    given = LayerActivation("features", "block", features)
    made = LayerActivation("logits", "linear", logits)
    return NetworkEnd(nn.Sequential(OrderedDict(logits=last)), (given, made))


def _chain(maps: Floats, layers: Layers) -> NetworkEnd:
    """Run layers on (C, H, W) maps that the rest of the network made."""
    network = nn.Sequential(layers).eval()
    given, *rest = capture(network, maps)
    named = [
        replace(each, kind="avgpool") if each.kind == "adaptiveavgpool2d" else each
        for each in rest  # a mean of a whole map is an average like any other
    ]
    return NetworkEnd(network, (replace(given, name="maps", kind="block"), *named))


def _features(model: PhotoModel, last: str, seen: Floats) -> Floats:
    """Return what goes into the last layer, (N,): what a copy without that layer puts out."""
    network = own_copy(model, last)
    network.set_submodule(f"model.{last}", nn.Identity())
    with torch.inference_mode():
        features: Floats = network(as_batch(seen))[0].numpy()
    return features
