"""Data sets in MNIST's own format: four files of big-endian headers and grey cells.

torchvision and what downloading needs are imported only when something must be downloaded.
"""

from __future__ import annotations

import hashlib
import importlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cnnviz.core.messages import Explained
from cnnviz.core.pictures.data_sets import DataSet, IdxFiles
from cnnviz.nn.data.files import ImageData, check_size, damaged, download_once, home_folder, places

_NAMES = (
    "train-images-idx3-ubyte",
    "train-labels-idx1-ubyte",
    "t10k-images-idx3-ubyte",
    "t10k-labels-idx1-ubyte",
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
        for place in places():
            folder = place / self.folder / "raw"
            if all((folder / file.name).is_file() for file in self.files):
                return folder
        return None

    def read(self, place: Path) -> ImageData:
        """Return the data set whose four files are in `place`."""
        train_images, train_labels, test_images, test_labels = (
            _read(place / file.name, file) for file in self.files
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
        """Return the sentence that says where to put the four files."""
        return Explained(
            "The data set “{dataset}” is neither here nor could it be downloaded: put its four "
            "files ({files}) into “{folder}”, or set CNNVIZ_DATA to where {name}/raw is.",
            dataset=self.id,
            files=", ".join(file.name for file in self.files),
            folder=str(self._own_folder()),
            name=self.folder,
        )

    def _own_folder(self) -> Path:
        return home_folder() / "data" / self.folder / "raw"


def _read(path: Path, file: IdxFile) -> NDArray[np.uint8]:
    """Read one file: two zero bytes, 8 (uint8), the number of axes, their sizes, the cells.

    Source: yann.lecun.com/exdb/mnist, "The IDX file format"; numbers are big-endian.
    """
    data = path.read_bytes()
    header = bytes([0, 0, 8, len(file.shape)]) + np.array(file.shape, ">u4").tobytes()
    check_size(path, len(data), len(header) + int(np.prod(file.shape)))
    if not data.startswith(header) or hashlib.sha256(data).hexdigest() != file.sha256:
        raise damaged(path)
    cells: NDArray[np.uint8] = np.frombuffer(data, np.uint8, offset=len(header)).copy()
    return cells.reshape(file.shape)
