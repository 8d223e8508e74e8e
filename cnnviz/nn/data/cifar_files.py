"""How the files of CIFAR-10 are read, from an archive or from the folder it was unpacked to.

Pickles can carry code: their bytes are looked through, and nothing in them is run.
"""

from __future__ import annotations

import pickletools
import re
import tarfile
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from cnnviz.core.pictures.data_sets import DATA_SETS

SIDE = 32
_CELLS = 3 * SIDE * SIDE
LARGEST_JPEG = 20_000
"""Bytes of one JPEG file of 32 × 32 pixels; the largest of the known copy has 2,000."""

FOLDERS = DATA_SETS["cifar10"].labels
"""The classes, which the files spell in the same way, in the official order."""
_BATCH = re.compile(r"cifar-10-batches-bin/(data_batch_[1-5]|test_batch)\.bin")
_PICKLE = re.compile(r"cifar-10-batches-py/(data_batch_[1-5]|test_batch)")
_JPEG = re.compile(rf"cifar10/(train|test)/({'|'.join(FOLDERS)})/(\d{{4}})\.jpg")
_PICKLED = 32_000_000
"""Bytes of one batch of the python version at most; the official ones have 31,035,999."""

Cells = NDArray[np.uint8]
Chunk = tuple[bool, str, Cells, Cells]
"""Whether it is of the test part, where it comes in that part, images (N, 3, 32, 32), labels."""


Members = Iterator[tuple[re.Match[str], bytes]]
"""Name and content of files."""


class Way(NamedTuple):
    """How the files in an archive, or in the folder it was unpacked to, are read.

    Attributes:
        archive: Name of the archive.
        folder: Name of the folder.
        name: Pattern of its files' names.
        most: Bytes of a file at most.
        read: Makes a chunk of a file.
    """

    archive: str
    folder: str
    name: re.Pattern[str]
    most: int
    read: Callable[[re.Match[str], bytes], Chunk]


def chunks(way: Way, members: Members) -> list[Chunk]:
    """Read files, and sort what is in them: an archive need not keep any order."""
    return sorted((way.read(*each) for each in members), key=lambda chunk: chunk[:2])


def is_unpacked(folder: Path, way: Way) -> bool:
    """Whether a folder has a file, or for pictures the folders, that such an archive has."""
    if way.read is _picture:
        return all((folder / part / FOLDERS[0]).is_dir() for part in ("train", "test"))
    ending = ".bin" if way.read is _batch else ""
    return any((folder / f"{name}{ending}").is_file() for name in ("test_batch", "data_batch_1"))


def _batch(match: re.Match[str], data: bytes) -> Chunk:
    """Read a binary batch: a label and 3,072 cells, red, green, blue, for each picture.

    Source: www.cs.toronto.edu/~kriz/cifar.html, "Binary version".
    """
    table = np.frombuffer(data, np.uint8).reshape(-1, 1 + _CELLS)
    cells = table[:, 1:].reshape(-1, 3, SIDE, SIDE)
    return match[1] == "test_batch", match[1], cells, table[:, 0]


def _pickle(match: re.Match[str], data: bytes) -> Chunk:
    """Read a batch of the python version: an object as Python keeps it, of which nothing is run.

    The cells are the one long string in it, the labels the numbers behind the key "labels".
    """
    cells, labels, key = b"", list[int](), ""
    for operation, value, _position in pickletools.genops(data):
        if isinstance(value, str | bytes):
            text = value.encode("latin-1") if isinstance(value, str) else value
            if len(text) >= _CELLS:
                cells = text
            key = text[:20].decode("latin-1")
        elif key == "labels" and operation.name == "BININT1" and isinstance(value, int):
            labels.append(value)
    images = np.frombuffer(cells, np.uint8).reshape(-1, 3, SIDE, SIDE)
    if len(images) != len(labels):
        raise ValueError(f"{len(images)} pictures and {len(labels)} labels")
    return match[1] == "test_batch", match[1], images, np.array(labels, np.uint8)


def _picture(match: re.Match[str], data: bytes) -> Chunk:
    """Decode a JPEG file of 32 × 32 pixels in the folder of its class."""
    part, folder, number = match.groups()
    label = np.array([FOLDERS.index(folder)], np.uint8)
    return part == "test", f"{number}/{folder}", _decoded(data)[None], label


WAYS = (
    Way("cifar-10-binary.tar.gz", "cifar-10-batches-bin", _BATCH, 10_000 * (1 + _CELLS), _batch),
    Way("cifar-10-python.tar.gz", "cifar-10-batches-py", _PICKLE, _PICKLED, _pickle),
    Way("cifar10-jpeg.tar.gz", "cifar10", _JPEG, LARGEST_JPEG, _picture),
)
"""The exact ones first, then the lossy one."""


def _decoded(data: bytes) -> Cells:
    """Decode one JPEG to (3, 32, 32)."""
    try:
        with Image.open(BytesIO(data), formats=("JPEG",)) as picture:
            if (picture.size, picture.mode) != ((SIDE, SIDE), "RGB"):
                raise ValueError(f"a picture is {picture.size} {picture.mode}")
            return np.asarray(picture).transpose(2, 0, 1)
    except OSError as error:  # Pillow's for bytes that are no JPEG, or half of one
        raise ValueError(str(error)) from error


def in_folder(folder: Path, way: Way) -> Members:
    """Read the files of that name in an unpacked folder, whatever that is called itself."""
    for path in sorted(folder.rglob("*")):
        match = way.name.fullmatch(f"{way.folder}/{path.relative_to(folder).as_posix()}")
        if match is None or not path.is_file():
            continue
        with path.open("rb") as file:
            data = file.read(way.most + 1)
        if len(data) > way.most:
            raise ValueError(f"{path.name} has more than {way.most} bytes")
        yield match, data


def in_archive(file: tarfile.TarFile, way: Way) -> Members:
    """Read the plain files of that name, each once; nothing else in an archive is looked at."""
    seen = set()
    for member in file:
        match = way.name.fullmatch(member.name)
        if match is None or not member.isreg():
            continue
        if member.name in seen:
            raise ValueError(f"{member.name} is there twice")
        seen.add(member.name)
        yield match, _content(file, member, way.most)


def _content(file: tarfile.TarFile, member: tarfile.TarInfo, most: int) -> bytes:
    if member.size > most:
        raise ValueError(f"{member.name} has {member.size} bytes")
    content = file.extractfile(member)
    if content is None:
        raise ValueError(f"{member.name} cannot be read")
    return content.read(most)
