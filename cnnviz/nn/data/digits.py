"""1,797 handwritten digits of 8 × 8 pixels that arrive with scikit-learn: no download.

Read as a file of its wheel, without importing the package.
"""

from __future__ import annotations

import gzip
import hashlib
import zlib
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from cnnviz.core.messages import Explained
from cnnviz.core.pictures.data_sets import DataSet
from cnnviz.nn.data.files import ImageData, damaged

COUNT, SIDE, INK = 1797, 8, 16
"""Pictures, pixels a side, and the value of full ink."""
TESTED = 360
"""The last pictures, a fifth: written by people who wrote few or none of the others."""

_TEXT_BYTES = 264_712
_TEXT_SHA256 = "6ebb3d2fee246a4e99363262ddf8a00a3c41bee6014c373ed9d9216ba7f651b8"


@dataclass(frozen=True, slots=True)
class WheelReader:
    """Reader of those digits."""

    data_set: DataSet

    def find(self) -> Path | None:
        """Return the file in scikit-learn's folder, or None where there is none."""
        package = find_spec("sklearn")  # looks for the folder and runs nothing in it
        if package is None or not package.origin:
            return None
        path = Path(package.origin).parent / "datasets" / "data" / "digits.csv.gz"
        return path if path.is_file() else None

    def read(self, place: Path) -> ImageData:
        """Return the digits in the file `place`: 64 cells from 0 to 16 a line, then the label."""
        try:
            with gzip.open(place) as file:
                text = file.read(_TEXT_BYTES + 1)
        except (OSError, EOFError, zlib.error) as error:
            raise damaged(place) from error
        if hashlib.sha256(text).hexdigest() != _TEXT_SHA256:
            raise damaged(place)
        cells = np.array(text.replace(b"\n", b",").rstrip(b",").split(b","), np.float64)
        table = cells.reshape(COUNT, SIDE * SIDE + 1)
        images = np.round(table[:, :-1] * (255 / INK)).astype(np.uint8)
        images, labels = images.reshape(-1, 1, SIDE, SIDE), table[:, -1].astype(np.uint8)
        return ImageData(
            images[:-TESTED], labels[:-TESTED], images[-TESTED:], labels[-TESTED:], place.name
        )

    def download(self) -> Path:
        """Refuse: these digits are installed, never downloaded."""
        raise self.missing()

    def missing(self) -> Explained:
        """Return the sentence that names the package they come with."""
        return Explained(
            "The data set “{dataset}” comes with scikit-learn, which is not installed here.",
            dataset=self.data_set.id,
        )
