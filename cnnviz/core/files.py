"""Files: written whole or not at all, read with suspicion; numbers as text that reads back exactly.

Anything may have befallen a file since it was written: it may be gone, cut short, unreadable, or
a folder, a pipe or a circle of links in its place. Whoever reads one goes through `read_whole` or
`opened`, for which all of that is an `OSError`; whoever saves, through `saving`, which makes a
sentence of it.
"""

from __future__ import annotations

import errno
import os
import stat
import tempfile
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import BufferedRandom, BufferedReader, BytesIO
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from cnnviz.core.messages import N_, Explained
from cnnviz.core.records import Floats

_AT_ONCE = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
"""Opening waits for nobody: a pipe that no one writes into would hold its reader for ever."""


def read_whole(path: Path, most: int) -> bytes:
    """Return all bytes of a file, of which there may be `most`.

    Raises:
        OSError: as `opened`; or it is longer.
    """
    with opened(path) as file:
        data = file.read(most + 1)
    if len(data) > most:
        raise OSError(errno.EFBIG, os.strerror(errno.EFBIG))
    return data


def read_arrays(path: Path, most: int) -> dict[str, NDArray[Any]]:
    """Return the arrays in an .npz, of which unpacked there may be `most` bytes; none is code.

    Raises:
        OSError: as `read_whole`.
        ValueError: it is no such file, or a damaged one.
    """
    data = read_whole(path, most)
    try:
        with zipfile.ZipFile(BytesIO(data)) as members:
            if sum(each.file_size for each in members.infolist()) > most:
                raise ValueError("too large")
        with np.load(BytesIO(data), allow_pickle=False) as arrays:
            return {name: arrays[name] for name in arrays.files}
    except Exception as error:  # zip, deflate and .npy each raise errors of many families
        raise ValueError("no whole file of arrays") from error


@contextmanager
def opened(path: Path) -> Iterator[BufferedReader]:
    """Open a file to be read, at once, whatever lies there.

    Raises:
        OSError: it is missing, unreadable, or no plain file.
    """
    try:
        handle = os.open(path, os.O_RDONLY | _AT_ONCE)
    except ValueError as error:  # a name that no file can have
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT)) from error
    try:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise FileNotFoundError(errno.ENOENT, "no plain file")
        with os.fdopen(handle, "rb", closefd=False) as file:
            yield file
    finally:
        os.close(handle)


def is_there(path: Path) -> bool:
    """Whether anything has this name that can be asked about, be it a folder or a broken link."""
    try:
        os.lstat(path)
    except (OSError, ValueError):
        return False
    return True


def is_folder(path: Path) -> bool:
    """Whether this is a folder; what cannot be asked about is none."""
    try:
        return path.is_dir()
    except OSError:
        return False


def is_file(path: Path) -> bool:
    """Whether this is a plain file; what cannot be asked about is none."""
    try:
        return path.is_file()
    except OSError:
        return False


def set_aside(path: Path) -> None:
    """Give what is broken another name, so that it is in nobody's way and nothing of it is lost.

    On a disk that cannot be written it stays where it is.
    """
    stamp = time.strftime("%Y%m%d-%H%M%S") + f"-{time.time_ns() % 10**9:09}"
    with suppress(OSError):
        path.rename(path.with_name(f"{path.name}.broken-{stamp}"))


@contextmanager
def saving() -> Iterator[None]:
    """Turn whatever keeps a file from being written into a sentence.

    Raises:
        Unsaved: the disk is full, or the folder is gone, is none, or cannot be written.
        TimeoutError: passes, for it says that another process holds a lock.
    """
    try:
        yield
    except TimeoutError:
        raise
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise disk_full() from error
        raise unwritable() from error


class Unsaved(Explained):
    """Something could not be saved, through no fault of its own: it can be tried again later."""


def disk_full() -> Unsaved:
    """Return the sentence for a disk without room."""
    return Unsaved(
        N_("The disk is full: nothing more could be saved. What was saved before is whole.")
    )


def unwritable() -> Unsaved:
    """Return the sentence for a folder that nothing can be saved in."""
    return Unsaved(
        N_(
            "Nothing can be saved here: the folder that this program keeps its files in is missing "
            "or cannot be written. Whoever runs it can name another one with CNNVIZ_HOME."
        )
    )


def write_whole(path: Path, data: bytes) -> None:
    """Write a file so that no reader, and no power cut, ever sees half of it.

    Raises:
        OSError: a full disk, or a folder that cannot be written; the old file stays whole.
    """
    with writing_whole(path) as file:
        file.write(data)


@contextmanager
def writing_whole(path: Path) -> Iterator[BufferedRandom]:
    """Give an empty file to write and read that takes its name in the end, unless an error comes.

    The bytes go to a temporary name in the same folder, are flushed to the disk, and take the
    place of what was there in one step.
    """
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "w+b") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(0o644)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Flush the names in a folder to the disk; nothing where the system has no such call."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def exact(value: float | np.float32) -> str:
    """Return the shortest decimal that becomes the very same float32: 0.11111111, 1.0, 1e-07."""
    single = np.float32(value)
    text = str(single)
    return text if np.float32(float(text)) == single else repr(float(single))


def matrix_csv(values: Floats, *, decimal: Literal[".", ","] = ".") -> str:
    """Write a matrix with one line a row.

    Args:
        values: (H, W) float32.
        decimal: "." separates cells by commas; "," separates them by semicolons, as spreadsheets
            expect in countries with a decimal comma.
    """
    separator = "," if decimal == "." else ";"
    rows = ([_cell(value).replace(".", decimal) for value in row] for row in values)
    return "".join(separator.join(row) + "\n" for row in rows)


def _cell(value: np.float32) -> str:
    return exact(value).removesuffix(".0")
