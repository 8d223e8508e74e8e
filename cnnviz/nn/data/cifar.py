"""CIFAR-10 from any of three archives, or the folder that one was unpacked to.

They are the official binary one, the official "python version", and a copy as JPEG files. Archives
are read as they are and never unpacked on the disk.
"""

from __future__ import annotations

import gzip
import importlib
import tarfile
import zlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from cnnviz.core.messages import N_, Explained
from cnnviz.core.pictures.data_sets import DataSet
from cnnviz.nn.data.cifar_files import (
    FOLDERS,
    WAYS,
    Cells,
    Chunk,
    chunks,
    in_archive,
    in_folder,
    is_unpacked,
)
from cnnviz.nn.data.files import (
    ImageData,
    check_file,
    damaged,
    download_once,
    home_folder,
    inside,
    plain,
    told_place,
    where_to_look,
)

_DAMAGE = (
    ValueError, EOFError, SyntaxError, zlib.error, tarfile.TarError, gzip.BadGzipFile,
)  # fmt: skip


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
        archives: The binary one, which is preferred, the JPEG one, and the python version.
        counts: Pictures to train and to test with, of all classes.
        url: Where the binary archive is downloaded from.
        md5: Digest of that archive, as its author publishes it.
    """

    data_set: DataSet
    archives: tuple[Archive, Archive, Archive] = (
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
        Archive(
            "cifar-10-python.tar.gz",
            170_498_071,
            "6d958be074577803d12ecdefd02955f39262c83c16fe9348329d7fe0b5c001ce",
        ),
    )
    counts: tuple[int, int] = (50_000, 10_000)
    url: str = "https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz"
    md5: str = "c32a1d4ab5d03f1284b67883e8d87530"

    def find(self) -> Path | None:
        """Return the first archive or unpacked folder that is there, whatever is in it, or None."""
        for way in WAYS:
            for place in where_to_look(self.data_set.id):
                around = inside(place)
                archive, folder = (around.get(plain(name)) for name in (way.archive, way.folder))
                if archive is not None and archive.is_file():
                    return archive
                for each in (folder, place):
                    if each is not None and is_unpacked(each, way):
                        return each
        return None

    def read(self, place: Path) -> ImageData:
        """Return the data set in the archive or folder `place`.

        A folder has no checksum: how many pictures its files hold, and of which class, is checked.
        """
        try:
            found = self._unpacked(place) if place.is_dir() else self._archived(place)
            learnt, tested = (
                self._part(found, bool(is_test), count) for is_test, count in enumerate(self.counts)
            )
        except Explained:
            raise
        except _DAMAGE as error:
            raise _not_whole(place) if place.is_dir() else damaged(place) from error
        return ImageData(*learnt, *tested, place.name)

    def _unpacked(self, place: Path) -> list[Chunk]:
        way = next(each for each in WAYS if is_unpacked(place, each))
        return chunks(way, in_folder(place, way))

    def _archived(self, place: Path) -> list[Chunk]:
        way = next(each for each in WAYS if plain(each.archive) == plain(place.name))
        archive = next(each for each in self.archives if each.name == way.archive)
        check_file(place, archive.size, archive.sha256)
        with tarfile.open(place, "r:gz") as file:
            return chunks(way, in_archive(file, way))

    def _part(self, found: list[Chunk], is_test: bool, count: int) -> tuple[Cells, Cells]:
        """Put the chunks of a part together, in their order; an archive need not keep any."""
        part = [(images, labels) for which, _, images, labels in found if which == is_test]
        if sum(len(labels) for _, labels in part) != count:
            raise ValueError(f"not {count} pictures")
        images, labels = (np.concatenate(each) for each in zip(*part, strict=True))
        if labels.max() >= len(FOLDERS):
            raise ValueError("a label beyond the classes")
        if len(set(np.bincount(labels).tolist())) > 1 and count >= 1000:
            raise ValueError("not as many pictures of each class")
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
        told, data = told_place()
        sentence = {"unset": _NOWHERE, "nothing": _NO_FOLDER, "folder": _NOT_THERE}[told]
        return Explained(
            sentence,
            dataset=self.data_set.id,
            data=str(data),
            binary=self.archives[0].name,
            jpeg=self.archives[1].name,
            python=self.archives[2].name,
            folder=str(home_folder() / "data"),
        )


_NOWHERE = N_(
    "The data set “{dataset}” is neither here nor could it be downloaded: put {binary} or {jpeg} "
    "or {python} into “{folder}”, or set CNNVIZ_DATA to where one of them is."
)
_NO_FOLDER = N_(
    "The data set “{dataset}” is neither here nor could it be downloaded: CNNVIZ_DATA names "
    "“{data}”, where no folder is; put {binary} or {jpeg} or {python} into “{folder}”, or let "
    "CNNVIZ_DATA name the folder that has one of them."
)
_NOT_THERE = N_(
    "The data set “{dataset}” is neither here nor could it be downloaded: it is not in “{data}”, "
    "which CNNVIZ_DATA names; put {binary} or {jpeg} or {python} there or into “{folder}”."
)


def _not_whole(folder: Path) -> Explained:
    return Explained(
        "“{path}” is not all of CIFAR-10, or not that: files are missing or hold something else. "
        "Unpack the archive again, or put it there as it is.",
        path=str(folder),
    )
