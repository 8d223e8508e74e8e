"""Data sets in MNIST's own format: four files of big-endian headers and grey cells.

torchvision and what downloading needs are imported only when something must be downloaded.
"""

from __future__ import annotations

import gzip
import hashlib
import importlib
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cnnviz.core.messages import N_, Explained
from cnnviz.core.pictures.data_sets import DATA_SETS, DataSet, IdxFiles
from cnnviz.nn.data.files import (
    ImageData,
    check_size,
    damaged,
    download_once,
    home_folder,
    inside,
    plain,
    told_place,
    where_to_look,
)

_NAMES = (
    "train-images-idx3-ubyte",
    "train-labels-idx1-ubyte",
    "t10k-images-idx3-ubyte",
    "t10k-labels-idx1-ubyte",
)
LARGEST = 16 + 60_000 * 28 * 28
"""Bytes of the largest file that is known; more are read of none that is not larger itself."""

_NOWHERE = N_(
    "The data set “{dataset}” is neither here nor could it be downloaded: put its four files "
    "({files}) into “{folder}”, or set CNNVIZ_DATA to where {name}/raw is."
)
_NO_FOLDER = N_(
    "The data set “{dataset}” is neither here nor could it be downloaded: CNNVIZ_DATA names "
    "“{data}”, where no folder is; put its four files ({files}) into “{folder}”, or let "
    "CNNVIZ_DATA name the folder that has {name}/raw."
)
_NOT_THERE = N_(
    "The data set “{dataset}” is neither here nor could it be downloaded: it is not in “{data}”, "
    "which CNNVIZ_DATA names; put its four files ({files}) into {name}/raw there, or into "
    "“{folder}”."
)
_PARTLY = N_(
    "The data set “{dataset}” is not all here, nor could it be downloaded: “{place}” lacks "
    "{lacking}; put what is missing there, or all four files into “{folder}”."
)
_OTHER = N_(
    "“{path}” is not what its name says: in it is {file} of the data set “{dataset}”. Give each "
    "file its own name, in a folder of its data set."
)


@dataclass(frozen=True, slots=True)
class IdxFile:
    """One file of a data set: its name, the shape of its array, the SHA-256 of its bytes."""

    name: str
    shape: tuple[int, ...]
    sha256: str


class IdxReader:
    """Reader of a data set of grey pictures.

    Attributes:
        id: Id of the data set.
        folder: Under `CNNVIZ_DATA`, with a folder `raw` in it; torchvision's class, too.
        files: Training pictures, training labels, test pictures, test labels.
    """

    def __init__(self, data_set: DataSet) -> None:
        given, size = data_set.files, data_set.shape[1:]
        if not isinstance(given, IdxFiles):
            raise TypeError(f"{data_set.id} is not in MNIST's format")
        learnt, tested = given.counts
        shapes = ((learnt, *size), (learnt,), (tested, *size), (tested,))
        self.id, self.folder = data_set.id, given.folder
        self.files = tuple(map(IdxFile, _NAMES, shapes, given.sha256))

    def find(self) -> Path | None:
        """Return the first folder that has all four files, whatever is in them, or None."""
        return next((folder for folder, lacking in self._folders() if not lacking), None)

    def _folders(self) -> Iterator[tuple[Path, list[str]]]:
        """Name the folders that have some of the files, and which they lack.

        Left out are those whose files are another data set's: all have the same names.
        """
        for folder in where_to_look(self.folder):
            paths = _paths(folder)
            lacking = [file.name for file in self.files if plain(file.name) not in paths]
            is_own = plain(self.folder) in map(plain, folder.parts[-2:])
            if len(lacking) < len(self.files) and (is_own or not self._is_of_another(paths)):
                yield folder, lacking

    def _is_of_another(self, paths: Mapping[str, Path]) -> bool:
        """Whether the smallest file is one of another data set."""
        smallest = self.files[-1]
        path = paths.get(plain(smallest.name))
        if path is None:
            return False
        known = _known().get(hashlib.sha256(_content(path)).hexdigest())
        return known is not None and known[0] != self.id

    def read(self, place: Path) -> ImageData:
        """Return the data set whose four files are in `place`."""
        paths = _paths(place)
        train_images, train_labels, test_images, test_labels = (
            _read(paths.get(plain(file.name), place / file.name), file) for file in self.files
        )
        return ImageData(
            train_images[:, None], train_labels, test_images[:, None], test_labels, self.folder
        )

    def download(self) -> Path:
        """Download it to `CNNVIZ_HOME`/data, once."""
        return download_once(self, self._own_folder().parent, self._fetch)

    def _fetch(self, temporary: Path) -> Path:
        torchvision = importlib.import_module("torchvision.datasets")
        folder, fetched = self._own_folder(), temporary / self.folder / "raw"
        folder.mkdir(exist_ok=True)
        getattr(torchvision, self.folder)(str(temporary), download=True)
        self.read(fetched)
        for file in self.files:
            (fetched / file.name).replace(folder / file.name)
        return folder

    def missing(self) -> Explained:
        """Return the sentence that says where to put the four files, or those that are missing."""
        told, data = told_place()
        sentence = {"unset": _NOWHERE, "nothing": _NO_FOLDER, "folder": _NOT_THERE}[told]
        for place, lacking in self._folders():
            if lacking:
                return Explained(
                    _PARTLY, dataset=self.id, place=str(place), lacking=", ".join(lacking),
                    folder=str(self._own_folder()),
                )  # fmt: skip
        return Explained(
            sentence,
            dataset=self.id,
            data=str(data),
            files=", ".join(file.name for file in self.files),
            folder=str(self._own_folder()),
            name=self.folder,
        )

    def _own_folder(self) -> Path:
        return home_folder() / "data" / self.folder / "raw"


def _paths(folder: Path) -> dict[str, Path]:
    """Return the files of a folder by their plain names, packed ones by those of their content."""
    found = {name: path for name, path in inside(folder).items() if path.is_file()}
    packed = {name.removesuffix("gz"): path for name, path in found.items()}
    return packed | found


def _known() -> dict[str, tuple[str, str]]:
    """Return data set and name of every file that is known, by its SHA-256."""
    return {
        sha256: (data_set.id, name)
        for data_set in DATA_SETS.values()
        if isinstance(data_set.files, IdxFiles)
        for name, sha256 in zip(_NAMES, data_set.files.sha256, strict=True)
    }


def _content(path: Path, most: int = LARGEST) -> bytes:
    """Return what is in a file, unpacked where it is packed, and at most a byte more than `most`.

    Raises:
        Explained: it cannot be unpacked.
    """
    with path.open("rb") as file:
        if file.read(2) != b"\x1f\x8b":
            file.seek(0)
            return file.read(most + 1)
    try:
        with gzip.open(path) as unpacked:
            return unpacked.read(most + 1)
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise damaged(path) from error


def _read(path: Path, file: IdxFile) -> NDArray[np.uint8]:
    """Read one file: two zero bytes, 8 (uint8), the number of axes, their sizes, the cells.

    Source: yann.lecun.com/exdb/mnist, "The IDX file format"; numbers are big-endian.
    """
    header = bytes([0, 0, 8, len(file.shape)]) + np.array(file.shape, ">u4").tobytes()
    size = len(header) + int(np.prod(file.shape))
    data = _content(path, max(size, LARGEST))
    found = hashlib.sha256(data).hexdigest()
    if found != file.sha256:
        if found in _known():
            dataset, name = _known()[found]
            raise Explained(_OTHER, path=str(path), file=name, dataset=dataset)
        check_size(path, len(data), size)
    if not data.startswith(header) or found != file.sha256:
        raise damaged(path)
    cells: NDArray[np.uint8] = np.frombuffer(data, np.uint8, offset=len(header)).copy()
    return cells.reshape(file.shape)
