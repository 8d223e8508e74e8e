"""What all readers share: their record, where data sets lie, how one is fetched once."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from cnnviz.core.messages import Explained

PATIENCE_S = 900
"""Seconds to wait for another process that is downloading the same data set."""


@dataclass(frozen=True, slots=True, eq=False)
class ImageData:
    """A labelled data set; images (N, C, H, W) uint8, labels (N,) uint8.

    `origin` names the file or package it was read from: copies of one data set can differ.
    """

    train_images: NDArray[np.uint8]
    train_labels: NDArray[np.uint8]
    test_images: NDArray[np.uint8]
    test_labels: NDArray[np.uint8]
    origin: str = ""


class Reader(Protocol):
    """What finds, fetches and reads the files of one data set, however they look."""

    def find(self) -> Path | None:
        """Return where its files are, whatever is in them, or None."""

    def read(self, place: Path) -> ImageData:
        """Return it from there.

        Raises:
            Explained: a byte is wrong; it says in which file.
            OSError: a file cannot be read.
        """

    def download(self) -> Path:
        """Fetch it once, and return where it is; raises `missing()` where it cannot be had."""

    def missing(self) -> Explained:
        """Return the sentence that says where to put its files."""


def home_folder() -> Path:
    """Return where downloads and runs are kept: `CNNVIZ_HOME`, or the user's data folder."""
    if os.environ.get("CNNVIZ_HOME"):
        return _in_full(Path(os.environ["CNNVIZ_HOME"]))
    try:
        from platformdirs import user_data_path
    except ModuleNotFoundError:
        return _in_full(Path("~", ".cnnviz"))
    return _in_full(user_data_path("cnnviz"))


def places() -> tuple[Path, ...]:
    """Return the folders that data sets are looked for in: `CNNVIZ_DATA`, then our own."""
    given = os.environ.get("CNNVIZ_DATA")
    return (*((_in_full(Path(given)),) if given else ()), home_folder() / "data")


def _in_full(path: Path) -> Path:
    """Return an absolute path; `~` is the home, which shells leave alone between quotes.

    A user without a home gets a place that does not exist, by Debian's name for it.
    """
    try:
        return path.expanduser().absolute()
    except RuntimeError:
        return Path("/nonexistent", *path.parts[1:])


def plain(name: str) -> str:
    """Return a name without capitals and signs: files of one name are spelt in many ways."""
    return re.sub("[^a-z0-9]", "", name.lower())


def inside(folder: Path) -> dict[str, Path]:
    """Return what lies in a folder by its plain name; nothing where it cannot be read."""
    try:
        return {plain(path.name): path for path in sorted(folder.iterdir())}
    except OSError:
        return {}


def where_to_look(named: str) -> Iterator[Path]:
    """Name the folders that a data set may lie in, as torchvision or as a person puts it.

    In each of `places()`: in the folder called `named`, and in the place itself, which may be that
    folder; in either, first in a folder `raw`.
    """
    for place in places():
        around = inside(place)
        for folder in (*((around[plain(named)],) if plain(named) in around else ()), place):
            if "raw" in inside(folder):
                yield inside(folder)["raw"]
            yield folder


def told_place() -> tuple[str, Path | None]:
    """Say what `CNNVIZ_DATA` names ("unset", "nothing" where no folder is, "folder"); its path."""
    if not os.environ.get("CNNVIZ_DATA"):
        return "unset", None
    path = places()[0]
    return ("folder" if path.is_dir() else "nothing"), path


def damaged(path: Path) -> Explained:
    """Return the sentence for a file that is not, byte by byte, what it should be."""
    return Explained(
        "“{path}” is damaged: its SHA-256 is another one than it should be. Delete it, or put "
        "a whole one there.",
        path=str(path),
    )


def check_size(path: Path, size: int, expected: int) -> None:
    """Refuse a file that is cut short or too long."""
    if size != expected:
        raise Explained(
            "“{path}” is damaged: it has {size} bytes, not {expected}. Delete it, or put a whole "
            "one there.",
            path=str(path),
            size=size,
            expected=expected,
        )


def check_file(path: Path, size: int, sha256: str) -> None:
    """Refuse a file of another size or SHA-256; it is never in memory as a whole.

    Raises:
        Explained: it is damaged; the sentence names it.
        OSError: it cannot be read.
    """
    check_size(path, path.stat().st_size, size)
    with path.open("rb") as file:
        if hashlib.file_digest(file, "sha256").hexdigest() != sha256:
            raise damaged(path)


def download_once(reader: Reader, folder: Path, fetch: Callable[[Path], Path]) -> Path:
    """Download a data set into `folder`; two processes at once do it once.

    Args:
        reader: Looks again, under the lock, whether its files are there by now.
        folder: Made where it is missing.
        fetch: Downloads into a temporary folder, which does not stay; checks what came, moves it
            into place, and returns that place.

    Raises:
        Explained: `reader.missing()`, where the files cannot be had or written, or another
            process is at it for `PATIENCE_S`.
    """
    from filelock import FileLock

    try:
        folder.mkdir(parents=True, exist_ok=True)
        with FileLock(folder / ".lock", timeout=PATIENCE_S):
            for abandoned in folder.glob(".download-*"):
                shutil.rmtree(abandoned, ignore_errors=True)  # under the lock, nobody is using it
            with tempfile.TemporaryDirectory(dir=folder, prefix=".download-") as temporary:
                return reader.find() or fetch(Path(temporary))
    except (ImportError, OSError, RuntimeError) as error:
        raise reader.missing() from error
