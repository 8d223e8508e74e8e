"""Labelled pictures to train and test with: found on the disk, or downloaded once.

Read from `CNNVIZ_DATA`, else from `CNNVIZ_HOME`/data; every byte is checked. torchvision and
what downloading needs are imported only when something must be downloaded.
"""

from __future__ import annotations

import hashlib
import importlib
import os
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cnnviz.core.messages import N_, Explained

PATIENCE_S = 900
"""Seconds to wait for another process that is downloading the same data set."""


@dataclass(frozen=True, slots=True, eq=False)
class ImageData:
    """A labelled data set; images (N, C, H, W) uint8, labels (N,) uint8."""

    train_images: NDArray[np.uint8]
    train_labels: NDArray[np.uint8]
    test_images: NDArray[np.uint8]
    test_labels: NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class IdxFile:
    """One file of a data set: its name, the shape of its array, the SHA-256 of its bytes."""

    name: str
    shape: tuple[int, ...]
    sha256: str


@dataclass(frozen=True, slots=True)
class IdxDataset:
    """A data set in MNIST's own format, one grey picture after the other.

    Attributes:
        id: As in `cnnviz train <id>`.
        name: For people; translated where it is shown.
        folder: Under `CNNVIZ_DATA`, with a folder `raw` in it; torchvision's class, too.
        files: Training pictures, training labels, test pictures, test labels.
        source: Who made it, where it is described, and its licence.
    """

    id: str
    name: str
    folder: str
    files: tuple[IdxFile, IdxFile, IdxFile, IdxFile]
    source: str


def _files(*digests: str) -> tuple[IdxFile, IdxFile, IdxFile, IdxFile]:
    return (
        IdxFile("train-images-idx3-ubyte", (60_000, 28, 28), digests[0]),
        IdxFile("train-labels-idx1-ubyte", (60_000,), digests[1]),
        IdxFile("t10k-images-idx3-ubyte", (10_000, 28, 28), digests[2]),
        IdxFile("t10k-labels-idx1-ubyte", (10_000,), digests[3]),
    )


# SHA-256 of the unpacked files; the archives they come in are checked by torchvision, with the
# MD5 sums that the data sets' authors publish.
_ALL = (
    IdxDataset(
        "mnist",
        N_("Handwritten digits (MNIST)"),
        "MNIST",
        _files(
            "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
            "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
            "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
            "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
        ),
        "LeCun, Cortes & Burges, yann.lecun.com/exdb/mnist, CC BY-SA 3.0",
    ),
    IdxDataset(
        "fashion",
        N_("Clothes (Fashion-MNIST)"),
        "FashionMNIST",
        _files(
            "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
            "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
            "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
            "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34",
        ),
        "Xiao, Rasul & Vollgraf, arXiv:1708.07747, MIT licence, © 2017 Zalando SE",
    ),
)
DATASETS: dict[str, IdxDataset] = {dataset.id: dataset for dataset in _ALL}


def load_dataset(dataset_id: str, *, download: bool = True) -> ImageData:
    """Return a data set, every byte of it checked; download it where it is missing.

    Raises:
        LookupError: no data set has this id; it names those there are.
        Explained: files are damaged, or missing and not to be had; it says where to put them.
    """
    if dataset_id not in DATASETS:
        raise LookupError(f"no data set {dataset_id!r}; there are {', '.join(DATASETS)}")
    dataset = DATASETS[dataset_id]
    folder = find_files(dataset)
    if folder is None:
        if not download:
            raise _missing(dataset)
        folder = download_files(dataset)
    return read_files(dataset, folder)


def find_files(dataset: IdxDataset) -> Path | None:
    """Return the first folder that has all four files, whatever is in them, or None."""
    places = [Path(os.environ["CNNVIZ_DATA"])] if os.environ.get("CNNVIZ_DATA") else []
    for place in (*places, home_folder() / "data"):
        folder = place / dataset.folder / "raw"
        if all((folder / file.name).is_file() for file in dataset.files):
            return folder
    return None


def home_folder() -> Path:
    """Return where downloads and runs are kept: `CNNVIZ_HOME`, or the user's data folder."""
    if os.environ.get("CNNVIZ_HOME"):
        return Path(os.environ["CNNVIZ_HOME"])
    try:
        from platformdirs import user_data_path
    except ModuleNotFoundError:
        return Path.home() / ".cnnviz"
    return user_data_path("cnnviz")


def read_files(dataset: IdxDataset, folder: Path) -> ImageData:
    """Return the data set whose four files are in `folder`.

    Raises:
        Explained: one of them is damaged; it says which and where.
    """
    train_images, train_labels, test_images, test_labels = (
        _read(folder / file.name, file) for file in dataset.files
    )
    return ImageData(train_images[:, None], train_labels, test_images[:, None], test_labels)


def _read(path: Path, file: IdxFile) -> NDArray[np.uint8]:
    """Read one file: two zero bytes, 8 (uint8), the number of axes, their sizes, the cells.

    Source: yann.lecun.com/exdb/mnist, "The IDX file format"; numbers are big-endian.
    """
    data = path.read_bytes()
    header = bytes([0, 0, 8, len(file.shape)]) + np.array(file.shape, ">u4").tobytes()
    expected = len(header) + int(np.prod(file.shape))
    if len(data) != expected:
        raise Explained(
            "“{path}” is damaged: it has {size} bytes, not {expected}. Delete it, or put a whole "
            "one there.",
            path=str(path),
            size=len(data),
            expected=expected,
        )
    if not data.startswith(header) or hashlib.sha256(data).hexdigest() != file.sha256:
        raise Explained(
            "“{path}” is damaged: its SHA-256 is another one than it should be. Delete it, or put "
            "a whole one there.",
            path=str(path),
        )
    cells: NDArray[np.uint8] = np.frombuffer(data, np.uint8, offset=len(header)).copy()
    return cells.reshape(file.shape)


def download_files(dataset: IdxDataset) -> Path:
    """Download a data set to `CNNVIZ_HOME`/data; two processes at once do it once.

    The files are fetched into a temporary folder, checked, and only then moved into place.

    Returns:
        The folder they are in.

    Raises:
        Explained: they cannot be had or written; it says where to put them instead.
    """
    folder = home_folder() / "data" / dataset.folder / "raw"
    try:
        torchvision = importlib.import_module("torchvision.datasets")
        from filelock import FileLock  # a dependency of torch's own

        folder.mkdir(parents=True, exist_ok=True)
        with FileLock(folder.parent / ".lock", timeout=PATIENCE_S):
            if find_files(dataset) is None:
                _download(dataset, folder, getattr(torchvision, dataset.folder))
    except (ImportError, OSError, RuntimeError) as error:
        raise _missing(dataset) from error
    return folder


def _download(dataset: IdxDataset, folder: Path, fetch: Callable[..., object]) -> None:
    for abandoned in folder.parent.glob(".download-*"):
        shutil.rmtree(abandoned, ignore_errors=True)  # under the lock, nobody is using it
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".download-") as temporary:
        fetch(temporary, download=True)
        fetched = Path(temporary) / dataset.folder / "raw"
        read_files(dataset, fetched)
        for file in dataset.files:
            (fetched / file.name).replace(folder / file.name)


def _missing(dataset: IdxDataset) -> Explained:
    return Explained(
        "The data set “{dataset}” is neither here nor could it be downloaded: put its four files "
        "({files}) into “{folder}”, or set CNNVIZ_DATA to where {name}/raw is.",
        dataset=dataset.id,
        files=", ".join(file.name for file in dataset.files),
        folder=str(home_folder() / "data" / dataset.folder / "raw"),
        name=dataset.folder,
    )
