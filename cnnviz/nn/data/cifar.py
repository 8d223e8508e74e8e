"""CIFAR-10 from either of two archives: the official binary one, or a copy as JPEG files.

The archives are read as they are and never unpacked on the disk; nothing in them is code (the
better known "python version" can carry code, and is not read here).
"""

from __future__ import annotations

import gzip
import importlib
import re
import tarfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from cnnviz.core.messages import Explained
from cnnviz.core.pictures.data_sets import DATA_SETS, DataSet
from cnnviz.nn.data.files import ImageData, check_file, damaged, download_once, home_folder, places

SIDE = 32
_CELLS = 3 * SIDE * SIDE
_DAMAGE = (
    ValueError, EOFError, SyntaxError, zlib.error, tarfile.TarError, gzip.BadGzipFile,
)  # fmt: skip
LARGEST_JPEG = 20_000
"""Bytes of one JPEG file of 32 × 32 pixels; the largest of the known copy has 2,000."""

FOLDERS = DATA_SETS["cifar10"].labels
"""The classes, which the files spell in the same way, in the official order."""
_BATCH = re.compile(r"cifar-10-batches-bin/(data_batch_[1-5]|test_batch)\.bin")
_JPEG = re.compile(rf"cifar10/(train|test)/({'|'.join(FOLDERS)})/(\d{{4}})\.jpg")

Cells = NDArray[np.uint8]
Chunk = tuple[bool, str, Cells, Cells]
"""Whether it is of the test part, where it comes in that part, images (N, 3, 32, 32), labels."""


@dataclass(frozen=True, slots=True)
class Archive:
    """A file with the data set in it, to the byte."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class CifarReader:
    """Reader of CIFAR-10.

    Attributes:
        data_set: Its entry in the table.
        archives: The binary one, which is preferred, and the JPEG one.
        counts: Pictures to train and to test with, of all classes.
        url: Where the binary archive is downloaded from.
        md5: Digest of that archive, as its author publishes it.
    """

    data_set: DataSet
    archives: tuple[Archive, Archive] = (
        Archive(
            "cifar-10-binary.tar.gz",
            170_052_171,
            "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd",
        ),
        Archive(
            "cifar10-jpeg.tar.gz",
            19_429_772,
            "5955f9d5326ce8eead7592d9a802df41998436a594c4d643e9ae55b3b091e4c4",
        ),
    )
    counts: tuple[int, int] = (50_000, 10_000)
    url: str = "https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz"
    md5: str = "c32a1d4ab5d03f1284b67883e8d87530"

    def find(self) -> Path | None:
        """Return the first archive that is there, whatever is in it, or None."""
        paths = (place / archive.name for archive in self.archives for place in places())
        return next((path for path in paths if path.is_file()), None)

    def read(self, place: Path) -> ImageData:
        """Return the data set in the archive `place`."""
        binary, jpeg = self.archives
        archive = binary if place.name == binary.name else jpeg
        check_file(place, archive.size, archive.sha256)
        read = _batches if archive is binary else _pictures
        try:
            with tarfile.open(place, "r:gz") as file:
                chunks = sorted(read(file), key=lambda chunk: chunk[:2])
            learnt, tested = (
                self._part(chunks, bool(is_test), count)
                for is_test, count in enumerate(self.counts)
            )
        except _DAMAGE as error:
            raise damaged(place) from error
        return ImageData(*learnt, *tested, place.name)

    def _part(self, chunks: list[Chunk], is_test: bool, count: int) -> tuple[Cells, Cells]:
        """Put the chunks of a part together, in their order; an archive need not keep any."""
        part = [(images, labels) for which, _, images, labels in chunks if which == is_test]
        if sum(len(labels) for _, labels in part) != count:
            raise ValueError(f"not {count} pictures")
        images, labels = (np.concatenate(each) for each in zip(*part, strict=True))
        if labels.max() >= len(FOLDERS):
            raise ValueError("a label beyond the classes")
        return images, labels

    def download(self) -> Path:
        """Download the binary archive to `CNNVIZ_HOME`/data, once."""
        return download_once(self, home_folder() / "data", self._fetch)

    def _fetch(self, temporary: Path) -> Path:
        fetch = importlib.import_module("torchvision.datasets.utils").download_url
        archive = self.archives[0]
        fetch(self.url, str(temporary), archive.name, self.md5)
        check_file(temporary / archive.name, archive.size, archive.sha256)
        return (temporary / archive.name).replace(home_folder() / "data" / archive.name)

    def missing(self) -> Explained:
        """Return the sentence that says which files to put where."""
        return Explained(
            "The data set “{dataset}” is neither here nor could it be downloaded: put {binary} or "
            "{jpeg} into “{folder}”, or set CNNVIZ_DATA to where one of them is.",
            dataset=self.data_set.id,
            binary=self.archives[0].name,
            jpeg=self.archives[1].name,
            folder=str(home_folder() / "data"),
        )


def _batches(file: tarfile.TarFile) -> Iterator[Chunk]:
    """Read the binary batches: a label and 3,072 cells, red, green, blue, for each picture.

    Source: www.cs.toronto.edu/~kriz/cifar.html, "Binary version".
    """
    for member, match in _members(file, _BATCH):
        data = _content(file, member, 10_000 * (1 + _CELLS))
        table = np.frombuffer(data, np.uint8).reshape(-1, 1 + _CELLS)
        yield (
            match[1] == "test_batch",
            match[1],
            table[:, 1:].reshape(-1, 3, SIDE, SIDE),
            table[:, 0],
        )


def _pictures(file: tarfile.TarFile) -> Iterator[Chunk]:
    """Decode the JPEG files, each of 32 × 32 pixels in the folder of its class."""
    for member, match in _members(file, _JPEG):
        part, folder, number = match.groups()
        cells = _decoded(_content(file, member, LARGEST_JPEG))
        label = np.array([FOLDERS.index(folder)], np.uint8)
        yield part == "test", f"{number}/{folder}", cells[None], label


def _decoded(data: bytes) -> Cells:
    """Decode one JPEG to (3, 32, 32)."""
    try:
        with Image.open(BytesIO(data), formats=("JPEG",)) as picture:
            if (picture.size, picture.mode) != ((SIDE, SIDE), "RGB"):
                raise ValueError(f"a picture is {picture.size} {picture.mode}")
            return np.asarray(picture).transpose(2, 0, 1)
    except OSError as error:  # Pillow's for bytes that are no JPEG, or half of one
        raise ValueError(str(error)) from error


def _members(
    file: tarfile.TarFile, name: re.Pattern[str]
) -> Iterator[tuple[tarfile.TarInfo, re.Match[str]]]:
    """Find the plain files of that name, each once; nothing else in an archive is looked at."""
    seen = set()
    for member in file:
        match = name.fullmatch(member.name)
        if match is None or not member.isreg():
            continue
        if member.name in seen:
            raise ValueError(f"{member.name} is there twice")
        seen.add(member.name)
        yield member, match


def _content(file: tarfile.TarFile, member: tarfile.TarInfo, most: int) -> bytes:
    if member.size > most:
        raise ValueError(f"{member.name} has {member.size} bytes")
    content = file.extractfile(member)
    if content is None:
        raise ValueError(f"{member.name} cannot be read")
    return content.read(most)
