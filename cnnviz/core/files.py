"""Files: written whole or not at all, and numbers in them as text that reads back exactly."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedRandom
from pathlib import Path
from typing import Literal

import numpy as np

from cnnviz.core.records import Floats


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
