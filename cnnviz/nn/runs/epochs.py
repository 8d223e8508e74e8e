"""What a network was after its epochs, kept while it is trained so that it can be watched forming.

Beside a run's points: one file an epoch, safetensors of the network and of what it took the
held-out pictures for, its SHA-256 in its name; and one held-out picture of each class. Losing any
of them harms no run: what is damaged is not shown. Bounded in count, in bytes, and in the time
that may go into it.
"""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

import numpy as np
import safetensors.torch
import torch
from numpy.typing import NDArray
from safetensors import SafetensorError
from torch import Tensor, nn

from cnnviz.core.files import read_arrays, read_whole, saving
from cnnviz.core.records import Floats, LayerActivation
from cnnviz.core.training.records import fingerprint
from cnnviz.nn.networks.build import build_network
from cnnviz.nn.networks.capture import capture
from cnnviz.nn.runs.files import run_folder
from cnnviz.nn.runs.start import broken, spec
from cnnviz.nn.training.run import TrainingRun

MOST_EPOCHS = 40
MOST_BYTES = 16_000_000
"""What the kept epochs of a run may take on the disk; a network of 8 MB or more has none."""
MOST_SHARE = 0.03
"""Share of the training's time; what would cost more is left out, except the first and last."""

_PICTURES = "watched.npz"
_CONFUSION = "confusion"
_NAME = re.compile(r"epoch-(\d+)-([0-9a-f]{64})\.safetensors")


@dataclass(frozen=True, slots=True, eq=False)
class Watched:
    """One picture of each class: images (N, C, H, W) uint8, labels (N,) uint8."""

    images: NDArray[np.uint8]
    labels: NDArray[np.uint8]


@dataclass(frozen=True, slots=True, eq=False)
class EpochView:
    """A network as it was after an epoch.

    Attributes:
        filters: (O, C, kH, kW) of its first convolution; None where it has none.
        activations: What each layer made of the picture, as `nn.networks.capture` returns it.
        confusion: (N, N) held-out pictures by true class (rows) and answer; None where nothing
            was held out, and before the first epoch.
    """

    filters: Floats | None
    activations: tuple[LayerActivation, ...]
    confusion: NDArray[np.int32] | None


class EpochKeeper:
    """Writes the epochs of one run, which has not begun or has just been restored."""

    def __init__(self, folder: Path, run: TrainingRun) -> None:
        self._folder, self._run = folder, run
        size = sum(each.nbytes for each in run.network.state_dict().values())
        self._stride = stride(run.config.epochs, size)
        self._spent_s = 0.0
        if run.step == 0:
            self._write_pictures()
            self.keep(0)

    def keep(self, epoch: int) -> None:
        """Keep the network as it is after an epoch, unless that would take too much.

        Raises `Explained` where the disk is full.
        """
        run = self._run
        if self._stride is None or (epoch % self._stride and epoch != run.config.epochs):
            return
        start = perf_counter()
        is_between = 0 < epoch < run.config.epochs
        if is_between and self._spent_s > MOST_SHARE * (start - run.start):
            return
        state = {f"network.{key}": value for key, value in run.network.state_dict().items()}
        if epoch and run.counted is not None:
            state[_CONFUSION] = torch.tensor(run.counted.confusion_matrix, dtype=torch.int32)
        data = safetensors.torch.save({key: v.cpu().contiguous() for key, v in state.items()})
        name = f"epoch-{epoch}-{fingerprint(data)[1]}.safetensors"
        with saving():
            for old in self._folder.glob(f"epoch-{epoch}-*"):
                old.unlink(missing_ok=True)
            _write(self._folder / name, data)
        self._spent_s += perf_counter() - start

    def _write_pictures(self) -> None:
        images, labels = self._run.held if len(self._run.held[0]) else self._run.learnt
        classes, first = np.unique(labels.cpu().numpy(), return_index=True)
        file = io.BytesIO()
        np.savez(file, images=images[first].cpu().numpy(), labels=classes.astype(np.uint8))
        with saving():
            _write(self._folder / _PICTURES, file.getvalue())


def _write(path: Path, data: bytes) -> None:
    """Write a file that no reader sees half of, but do not wait for the disk.

    That takes longer than an epoch of a small network; after a power cut, the SHA-256 tells.
    """
    temporary = path.with_name(f".{path.name}")  # a leftover is removed by the next writer
    temporary.write_bytes(data)
    temporary.replace(path)


def stride(epochs: int, size_bytes: int) -> int | None:
    """Return which epochs are kept, every so many; None: none, the network is too large."""
    most = min(MOST_EPOCHS, MOST_BYTES // max(size_bytes, 1) - 1)
    return -(-epochs // most) if most > 0 else None


def kept_epochs(run_id: str) -> tuple[int, ...]:
    """Return which epochs of a run were kept, 0 for the untrained network; or `LookupError`."""
    return tuple(sorted(_files(run_id)))


def read_watched(run_id: str) -> Watched | None:
    """Return the pictures kept with a run's epochs, None without whole ones; or `LookupError`."""
    folder = run_folder(run_id)
    try:
        layers = spec(folder)
        arrays = read_arrays(folder / _PICTURES, MOST_BYTES)
        watched = Watched(arrays["images"], arrays["labels"])
    except (OSError, ValueError, KeyError):
        return None
    count, classes = watched.labels.size, layers.shapes()[-1].shape[0]
    is_sound = watched.labels.shape == (count,) and watched.images.shape == (
        count,
        *layers.input_shape,
    )
    is_sound &= {watched.images.dtype, watched.labels.dtype} == {np.dtype(np.uint8)} and count > 0
    return watched if is_sound and watched.labels.max() < classes else None


def view_epoch(run_id: str, epoch: int, image: NDArray[np.uint8]) -> EpochView:
    """Return what a run's network was after an epoch, and what it made of a picture.

    Args:
        run_id: "run-" and hexadecimal digits.
        epoch: One of `kept_epochs`.
        image: (C, H, W) uint8.

    Raises:
        LookupError: there is no such run, or the epoch was not kept.
        Explained: its file is damaged.
    """
    network, confusion = _read(run_id, epoch)
    first = next((each for each in network if isinstance(each, nn.Conv2d)), None)
    return EpochView(
        None if first is None else first.weight.detach().numpy().copy(),
        capture(network, image.astype(np.float32) / np.float32(255)),
        None if confusion is None else confusion.numpy().copy(),
    )


def _read(run_id: str, epoch: int) -> tuple[nn.Sequential, Tensor | None]:
    files, folder = _files(run_id), run_folder(run_id)
    if epoch not in files:
        raise LookupError(f"epoch {epoch} of {run_id} was not kept")
    path, digest = files[epoch]
    network = build_network(spec(folder))
    try:
        data = read_whole(path, MOST_BYTES)
        if fingerprint(data)[1] != digest:
            raise broken("epoch")
        state = safetensors.torch.load(data)
        confusion = state.pop(_CONFUSION, None)
        network.load_state_dict({k.removeprefix("network."): v for k, v in state.items()})
    except (OSError, SafetensorError, RuntimeError) as error:
        raise broken("epoch") from error
    return network.eval().requires_grad_(False), confusion


def _files(run_id: str) -> dict[int, tuple[Path, str]]:
    """Return file and SHA-256 of each epoch."""
    found = {}
    for path in run_folder(run_id).glob("epoch-*.safetensors"):
        if match := _NAME.fullmatch(path.name):
            found[int(match[1])] = path, match[2]
    return found
