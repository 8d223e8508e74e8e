"""What every layer of a network makes of one picture. Uses no hooks: networks are shared."""

from __future__ import annotations

import copy
from collections.abc import Iterator

import numpy as np
import torch
from torch import Tensor, nn

from cnnviz.core.arrays import as_planes, check_range
from cnnviz.core.messages import Explained
from cnnviz.core.networks.layer_kinds import layer_kinds
from cnnviz.core.records import Floats, LayerActivation
from cnnviz.nn.arrays import as_array, as_tensor
from cnnviz.nn.networks.build import Normalize
from cnnviz.nn.networks.walk import device_of


def capture(network: nn.Sequential, image: Floats) -> tuple[LayerActivation, ...]:
    """Return the picture and what each layer puts out, in order; the last are the logits.

    Args:
        network: Any `Sequential`; walked as in evaluation, and left as it is. One that is in
            training mode is copied first.
        image: (C, H, W) float32 in [0, 1], of the network's own size; not modified.

    Returns:
        The input, named "input", then one record a layer, named as in the network; layers of
        nested `Sequential`s have dotted names. Values are copies, (C, H, W) or (N,) float32.

    Raises:
        Explained: a picture of another size, or with values outside [0, 1], for a network of
            ours; one that a layer cannot take, for any other.
    """
    image = as_planes(image)
    _check_image(network, image)
    if any(layer.training for layer in network.modules()):
        network = copy.deepcopy(network).eval()
    with torch.inference_mode():
        values = as_tensor(image)[None].to(device_of(network))
        captured = [LayerActivation("input", "input", _array(values))]
        for name, layer in _layers(network):
            values = _run(layer, name, values)
            captured.append(LayerActivation(name, _kind(layer), _array(values)))
    return tuple(captured)


def _check_image(network: nn.Sequential, image: Floats) -> None:
    first = next(iter(network), None)
    if not isinstance(first, Normalize):
        return
    if image.shape != first.input_shape:
        raise Explained(
            "The network takes pictures of {expected} (channels × height × width); this one has "
            "{given}.",
            expected=" × ".join(map(str, first.input_shape)),
            given=" × ".join(map(str, image.shape)),
        )
    check_range(image)


def _layers(network: nn.Sequential) -> Iterator[tuple[str, nn.Module]]:
    """Open nested `Sequential`s and nothing else; a layer that is used twice comes twice."""
    opened = {""}
    for name, layer in network.named_modules(remove_duplicate=False):
        if name.rpartition(".")[0] not in opened:
            continue
        if isinstance(layer, nn.Sequential):
            opened.add(name)
        else:
            yield name, layer


def _run(layer: nn.Module, name: str, values: Tensor) -> Tensor:
    try:
        output = layer(values)
    except torch.OutOfMemoryError:
        raise
    except (RuntimeError, ValueError) as error:
        raise Explained(
            "The layer “{layer}” cannot take values of the shape {shape}.",
            layer=name,
            shape=" × ".join(map(str, values.shape[1:])),
        ) from error
    if not isinstance(output, Tensor):
        raise Explained("The layer “{layer}” does not put out one array of values.", layer=name)
    return output


def _kind(layer: nn.Module) -> str:
    """Name the kind; layers that no network of ours has go by their class."""
    if isinstance(layer, Normalize):
        return "normalize"
    for kind, known in layer_kinds().items():
        if isinstance(layer, getattr(nn, known.module)):
            return kind
    return type(layer).__name__.lower()


def _array(values: Tensor) -> Floats:
    """Copy (1, ...) values without their first axis: a layer after it may write in place."""
    return np.array(as_array(values[0]))
