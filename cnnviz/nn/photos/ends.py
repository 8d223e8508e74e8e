"""Both ends of a network for photographs, layer by layer, so that each number can be explained.

`nn.explain` walks chains of layers. A network for photographs is none, but it begins with one (up
to the first activation) and ends with one (from the last maps or features on). Both are put
together here from the network's own parts: weights are shared, nothing is hooked, nothing changed.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from itertools import dropwhile

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from cnnviz.core.records import Floats, LayerActivation
from cnnviz.nn.networks.capture import capture
from cnnviz.nn.networks.walk import POINTWISE, UNCHANGED
from cnnviz.nn.photos.attribution import own_copy
from cnnviz.nn.photos.classification import check_seen
from cnnviz.nn.photos.pretrained import PhotoModel
from cnnviz.nn.photos.stages import stages

Layers = OrderedDict[str, nn.Module]


@dataclass(frozen=True, slots=True, eq=False)
class NetworkEnd:
    """A chain of layers and what each of them makes of one input, as `nn.explain` takes them.

    Attributes:
        network: Made of parts of the network for photographs; only to be read.
        activations: What goes in, then one record a layer. What goes in is the picture (`input`),
            or what the rest of the network made of it (`block`).
    """

    network: nn.Sequential
    activations: tuple[LayerActivation, ...]


def first_layers(model: PhotoModel, seen: Floats) -> NetworkEnd:
    """Return the beginning: normalisation, first convolution, and what follows up to a curve.

    Args:
        model: Left as it is; any number may be asked at once.
        seen: (3, 224, 224) float32 in [0, 1]; not modified.

    Returns:
        `normalize`, `conv`, and where the network has them `batchnorm` and `activation`.

    Raises:
        Explained: another shape.
    """
    check_seen(seen)
    parts = dropwhile(lambda part: not isinstance(part, nn.Conv2d), model.network.modules())
    layers: Layers = OrderedDict(normalize=model.network.get_submodule("normalize"))
    for part in parts:
        if isinstance(part, nn.Conv2d) and "conv" not in layers:
            layers["conv"] = _padded(part, seen.shape[1:])
        elif isinstance(part, nn.BatchNorm2d) and "batchnorm" not in layers:
            layers["batchnorm"] = _plain_norm(part)
        elif isinstance(part, POINTWISE):
            layers["activation"] = part
            break
        elif not isinstance(part, UNCHANGED):
            break
    network = nn.Sequential(layers).eval()
    return NetworkEnd(network, capture(network, seen))


def last_layers(model: PhotoModel, seen: Floats) -> NetworkEnd:
    """Return the end: from the last maps, or features, to the 1,000 logits.

    Args:
        model: Left as it is; any number may be asked at once.
        seen: (3, 224, 224) float32 in [0, 1]; not modified.

    Returns:
        Up to the layer `logits`. Where features are means of maps: `maps`, `pool`, `features`;
        else `features` alone. Where the last layer with weights is a convolution, as in
        SqueezeNet: `maps`, `conv`, `activation`, `pool`.

    Raises:
        Explained: another shape.
    """
    maps = stages(model, seen)[-1].values
    inner = model.network.get_submodule("model")
    name, last = [each for each in inner.named_modules() if _has_weights(each[1])][-1]
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


def _has_weights(part: nn.Module) -> bool:
    return isinstance(part, nn.Linear | nn.Conv2d)


def _chain(maps: Floats, layers: Layers) -> NetworkEnd:
    """Run layers on (C, H, W) maps that the rest of the network made."""
    network = nn.Sequential(layers).eval()
    given, *rest = capture(network, maps)
    begin = LayerActivation("maps", "block", given.values)
    return NetworkEnd(network, (begin, *(_named(each) for each in rest)))


def _named(activation: LayerActivation) -> LayerActivation:
    """Give a pooling to one value a map the kind that any mean has."""
    is_mean = activation.kind == "adaptiveavgpool2d"
    kind = "avgpool" if is_mean else activation.kind
    return LayerActivation(activation.name, kind, activation.values)


def _features(model: PhotoModel, last: str, seen: Floats) -> Floats:
    """Return what goes into the last layer, (N,): what a copy without that layer puts out."""
    network = own_copy(model, last)
    network.set_submodule(f"model.{last}", nn.Identity())
    with torch.inference_mode():
        features: Floats = network(torch.from_numpy(np.array(seen, np.float32))[None])[0].numpy()
    return features


class UnevenConvolution(nn.Conv2d):
    """A convolution with more zeros on one side than on the other; shares another one's weights.

    Attributes:
        padding: ((top, bottom), (left, right)), as `ConvSpec` takes it.
    """

    padding: tuple[tuple[int, int], tuple[int, int]]  # type: ignore[assignment]

    def __init__(self, module: nn.Conv2d, size: tuple[int, ...]) -> None:
        """Pad pictures of `size` (H, W) as TensorFlow does, the odd zero at the end."""
        channels, taps = (module.in_channels, module.out_channels), _pair(module.kernel_size)
        has_bias = module.bias is not None
        super().__init__(*channels, taps, groups=module.groups, bias=has_bias, device="meta")
        self.stride, self.dilation = _pair(module.stride), _pair(module.dilation)
        self.weight, self.bias = module.weight, module.bias
        top, left = (
            max(0, (-(-side // stride) - 1) * stride + dilation * (taps - 1) + 1 - side)
            for side, taps, stride, dilation in zip(
                size, self.kernel_size, self.stride, self.dilation, strict=True
            )
        )
        self.padding = (top // 2, top - top // 2), (left // 2, left - left // 2)

    def forward(self, images: Tensor) -> Tensor:
        """Convolve (N, C, H, W)."""
        (top, bottom), (left, right) = self.padding
        padded = functional.pad(images, (left, right, top, bottom))
        return functional.conv2d(
            padded, self.weight, self.bias, self.stride, 0, self.dilation, self.groups
        )


def _pair(sides: tuple[int, ...]) -> tuple[int, int]:
    height, width = sides
    return height, width


def _padded(module: nn.Conv2d, size: tuple[int, ...]) -> nn.Conv2d:
    """Return a convolution that says what it pads: timm's `Conv2dSame` decides when it is run."""
    return module if type(module) is nn.Conv2d else UnevenConvolution(module, size)


def _plain_norm(module: nn.BatchNorm2d) -> nn.BatchNorm2d:
    """Return a batch norm alone: timm's applies the activation, too."""
    if type(module) is nn.BatchNorm2d:
        return module
    plain = nn.BatchNorm2d(module.num_features, module.eps, device="meta")
    plain.weight, plain.bias = module.weight, module.bias
    plain.running_mean, plain.running_var = module.running_mean, module.running_var
    return plain
