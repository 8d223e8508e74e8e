"""Trained networks as files: weights, card, activations. Knows no runs."""

from __future__ import annotations

import errno
import hashlib
import math
import os
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import safetensors.torch
import torch
from safetensors import SafetensorError
from torch import Tensor, nn

from cnnviz.core.files import read_whole, writing_whole
from cnnviz.core.messages import Explained
from cnnviz.core.networks.network_spec import NetworkSpec
from cnnviz.core.pictures.data_sets import DATA_SETS
from cnnviz.core.pictures.network_inputs import prepare_picture
from cnnviz.core.records import Floats
from cnnviz.core.samples import DEFAULT_SAMPLE, draw_sample
from cnnviz.core.training.cards import NetworkCard, pack_activations
from cnnviz.nn.networks.build import Normalize
from cnnviz.nn.networks.capture import capture

LARGEST_FILE = 50_000_000
"""Bytes of weights that are read at most."""
_REST = 65_536
"""Bytes of a saved network that are neither weights nor activations, at most."""


def load_weights(network: nn.Sequential, path: Path, *, sha256: str | None = None) -> None:
    """Put stored weights into a network; when anything is wrong, it stays as it was.

    Args:
        network: Changed in place.
        path: A safetensors file with PyTorch's own `state_dict` keys. No code in it can run.
        sha256: What the file must hash to, in hexadecimal; None: not checked.

    Raises:
        Explained: the file is missing, too large, damaged, or made for another network.
    """
    data = _read(path)
    if sha256 is not None and hashlib.sha256(data).hexdigest() != sha256.lower():
        raise Explained("The weights “{name}” are not the ones their card names.", name=path.name)
    try:
        state = safetensors.torch.load(data)
    except SafetensorError as error:
        raise Explained("The weights “{name}” are damaged or missing.", name=path.name) from error
    _check_state(network, state, path.name)
    network.load_state_dict(state)


def _read(path: Path) -> bytes:
    try:
        return read_whole(path, LARGEST_FILE)
    except OSError as error:
        if error.errno == errno.EFBIG:
            raise Explained(
                "The weights “{name}” are larger than {most} bytes.",
                name=path.name,
                most=LARGEST_FILE,
            ) from error
        raise Explained("The weights “{name}” are damaged or missing.", name=path.name) from error


def _check_state(network: nn.Sequential, state: dict[str, Tensor], name: str) -> None:
    expected = network.state_dict()
    for key in sorted(expected.keys() ^ state.keys()):
        if key in expected:
            raise Explained("The weights “{name}” lack “{key}”.", name=name, key=key)
        raise Explained(
            "The weights “{name}” hold “{key}”, which the network has not.", name=name, key=key[:60]
        )
    for key, value in state.items():
        if (value.shape, value.dtype) != (expected[key].shape, expected[key].dtype):
            raise Explained(
                "“{key}” is {found} in the weights “{name}”; the network needs {expected}.",
                key=key,
                name=name,
                found=_described(value),
                expected=_described(expected[key]),
            )
        if not torch.isfinite(value).all():
            raise Explained(
                "“{key}” in the weights “{name}” has values that are not finite.",
                key=key,
                name=name,
            )
    for layer, module in network.named_children():
        keys = (f"{layer}.mean", f"{layer}.std") if isinstance(module, Normalize) else ()
        if not all(torch.equal(state[key], expected[key].cpu()) for key in keys):
            raise Explained(
                "The weights “{name}” were made for pictures with another mean and spread.",
                name=name,
            )


def _described(value: Tensor) -> str:
    return f"{str(value.dtype).removeprefix('torch.')} {tuple(value.shape)}"


def pack_weights(network: nn.Sequential) -> bytes:
    """Return a network's weights as safetensors, the same bytes for the same weights."""
    state = network.state_dict()
    return safetensors.torch.save({key: value.cpu().contiguous() for key, value in state.items()})


def save_network(network: nn.Sequential, card: NetworkCard, folder: Path) -> None:
    """Write <id>.safetensors, <id>.npz and, last, <id>.json, each whole or not at all.

    The .npz holds what the network makes of its first picture. A reader that finds the new
    card finds what it speaks of; between the files, an old card's SHA-256 gives it away.

    Args:
        network: In evaluation mode, on any device.
        card: With the SHA-256 of `pack_weights(network)`.
        folder: Made where it is missing.

    Raises:
        OSError: the folder cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    last_first = {
        "json": card.to_json().encode(),
        "npz": pack_activations(capture(network, first_picture(card))),
        "safetensors": pack_weights(network),
    }
    with ExitStack() as aside:  # none has its name before all are on the disk
        for ending, data in last_first.items():
            file = aside.enter_context(writing_whole(folder / f"{card.id}.{ending}"))
            file.write(data)
            file.flush()
            os.fsync(file.fileno())


@contextmanager
def room_for(spec: NetworkSpec, folder: Path) -> Iterator[None]:
    """Hold as much of a disk as `save_network` will need, by a file that goes with its process.

    Raises:
        OSError: the folder cannot be written, or the disk has no such room.
    """
    cells = sum(math.prod(each.shape) for each in spec.shapes())
    with ExitStack() as held:
        try:
            file = held.enter_context(tempfile.TemporaryFile(dir=folder))
        except OSError as error:
            error.filename = str(folder)  # not one that nobody has heard of
            raise
        file.write(bytes(4 * (spec.parameters() + cells) + _REST))
        file.flush()
        os.fsync(file.fileno())
        yield


def first_picture(card: NetworkCard) -> Floats:
    """Return the picture that the app begins with for a network's data set, as it takes it."""
    known = DATA_SETS.get(card.dataset)
    sample = known.first_sample if known else DEFAULT_SAMPLE
    return prepare_picture(draw_sample(sample), card.dataset, card.spec.input_shape).image
