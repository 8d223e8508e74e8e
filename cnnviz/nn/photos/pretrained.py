"""Networks that name photographs, ready to be asked: built by timm or torchvision, weights checked.

The only module that calls `torch.load`, and only on files whose SHA-256 was compared a moment
before, with `weights_only=True`. torchvision and timm are imported where a network is built.
"""

from __future__ import annotations

import importlib
import threading
from collections import OrderedDict
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from cnnviz.core.files import opened
from cnnviz.core.photos.networks import CROP, PhotoNetwork, WeightsCard, photo_network
from cnnviz.nn.networks.build import Normalize
from cnnviz.nn.photos.weight_files import (
    Progress,
    download_weights,
    is_expected,
    refuse_file,
    unreadable,
    weights_path,
)

MOST_SHARED = 2
"""Networks that `shared_photo_network` keeps; the one asked for least recently goes first. The
largest takes 530 MB."""

_shared: OrderedDict[str, PhotoModel] = OrderedDict()
_guard = threading.Lock()
_turns: dict[str, threading.Lock] = {}
"""One lock a network: who waits for a download holds up nobody who asks for another."""


class NormalizeColour(Normalize):
    """The first layer: (x − mean) / std, channel by channel, as the network was trained.

    Attributes:
        mean: (3, 1, 1), not stored with the weights.
        std: (3, 1, 1), not stored with the weights.
    """

    def __init__(self, card: PhotoNetwork) -> None:
        nn.Module.__init__(self)
        self.input_shape = (3, CROP, CROP)
        self.register_buffer("mean", torch.tensor(card.mean).view(-1, 1, 1), persistent=False)
        self.register_buffer("std", torch.tensor(card.std).view(-1, 1, 1), persistent=False)


@dataclass(frozen=True, slots=True, eq=False)
class PhotoModel:
    """A network for photographs, to be shared by everybody.

    Attributes:
        card: What it is.
        network: Two layers, `normalize` and `model`; takes (N, 3, 224, 224) float32 in [0, 1]
            and returns (N, 1000) logits. In evaluation mode, without gradients. Never hook it:
            `own_copy` is for that.
    """

    card: PhotoNetwork
    network: nn.Sequential


def load_photo_network(network_id: str, *, progress: Progress | None = None) -> PhotoModel:
    """Return a network for photographs, downloading its weights where they are missing.

    Args:
        network_id: A key of `core.photos.networks.PHOTO_NETWORKS`; never a path.
        progress: Called with (bytes done, bytes in all) during a download. Whatever it raises
            ends the download, which leaves nothing behind; an `OSError` would be taken for
            one of the download's own.

    Raises:
        LookupError: no network has this id.
        Explained: the weights cannot be had; or they are damaged, cut off or foreign, and were
            set aside.
    """
    card = photo_network(network_id)
    path = weights_path(card)
    if not card.is_offline:
        path = download_weights(card, progress=progress)
    model = _build(card)
    fill(model, card, path)
    layers = OrderedDict(normalize=NormalizeColour(card), model=model)
    return PhotoModel(card, nn.Sequential(layers).eval().requires_grad_(False))


def shared_photo_network(network_id: str, *, progress: Progress | None = None) -> PhotoModel:
    """Return the one copy of a network that this process keeps, loading it at its first use.

    Takes and raises what `load_photo_network` does.
    """
    turn = _turns.setdefault(photo_network(network_id).id, threading.Lock())
    with turn:
        model = _shared.get(network_id)
        if model is None:
            model = load_photo_network(network_id, progress=progress)
        with _guard:
            _shared[network_id] = model
            _shared.move_to_end(network_id)
            while len(_shared) > MOST_SHARED:
                _shared.popitem(last=False)
    return model


def _build(card: PhotoNetwork) -> nn.Module:
    """Build a network whose numbers are yet to come: on "meta", where PyTorch draws none.

    So nothing is computed that is thrown away, and the generator all threads share stays as it is.
    """
    package = importlib.import_module("timm.models" if card.is_offline else "torchvision.models")
    with torch.device("meta"):
        model: nn.Module = getattr(package, card.builder)()
    return model


def fill(model: nn.Module, card: WeightsCard, path: Path) -> None:
    """Put a file's tensors into a network, in place of its own; those may be on "meta".

    Raises:
        Explained: the file is not the one its card names, or does not fit, and was set aside; or
            it cannot be read.
    """
    try:
        with opened(path) as file:
            if is_expected(file, card):
                model.load_state_dict(_read(file, model, card), assign=True)
                return
    except FileNotFoundError as error:
        raise refuse_file(card, path) from error
    except OSError as error:
        raise unreadable(card) from error
    except MemoryError:
        raise
    except Exception as error:  # unpickling raises errors of many families
        raise refuse_file(card, path) from error
    raise refuse_file(card, path)


def _read(file: BufferedReader, model: nn.Module, card: WeightsCard) -> dict[str, Tensor]:
    """Read the tensors and name them as the network does; all numbers must be finite."""
    state: dict[str, Tensor] = torch.load(file, map_location="cpu", weights_only=True)
    expected = model.state_dict()
    if card.is_offline:  # the names are another library's, the order is timm's
        state = dict(zip(expected, state.values(), strict=True))
    for key, value in state.items():
        if value.dtype != expected[key].dtype or not torch.isfinite(value).all():
            raise ValueError(f"{key} holds {value.dtype}, or values that are not finite")
    return state


class UnevenConvolution(nn.Conv2d):
    """A convolution with more zeros on one side than on the other; shares another one's weights.

    Attributes:
        padding: ((top, bottom), (left, right)), as `ConvSpec` takes it.
    """

    padding: tuple[tuple[int, int], tuple[int, int]]  # type: ignore[assignment]

    def __init__(self, module: nn.Conv2d, size: tuple[int, ...]) -> None:
        """Pad pictures of `size` (H, W) as TensorFlow does, the odd zero at the end."""
        settings: Any = module
        super().__init__(
            module.in_channels,
            module.out_channels,
            settings.kernel_size,
            settings.stride,
            dilation=settings.dilation,
            groups=module.groups,
            bias=module.bias is not None,
            device="meta",
        )
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


def plain_convolution(module: nn.Conv2d, size: tuple[int, ...]) -> nn.Conv2d:
    """Return a convolution that says what it pads: timm's `Conv2dSame` decides when it is run."""
    return module if type(module) is nn.Conv2d else UnevenConvolution(module, size)


def plain_norm(module: nn.BatchNorm2d) -> nn.BatchNorm2d:
    """Return a batch norm alone: timm's applies the activation, too."""
    if type(module) is nn.BatchNorm2d:
        return module
    plain = nn.BatchNorm2d(module.num_features, module.eps, device="meta")
    plain.weight, plain.bias = module.weight, module.bias
    plain.running_mean, plain.running_var = module.running_mean, module.running_var
    return plain
