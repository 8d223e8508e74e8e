"""Photographs that arrive with scikit-image: read as files, without importing the package."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

from cnnviz.core.messages import Explained
from cnnviz.core.pictures.images import load_image
from cnnviz.core.records import Floats


def read_photograph(file_name: str) -> Floats:
    """Read one of scikit-image's pictures.

    Args:
        file_name: In the folder `skimage/data`, such as `chelsea.png`.

    Returns:
        (C, H, W) float32 in [0, 1], as `load_image` gives it.

    Raises:
        Explained: scikit-image is not installed, or comes without this file.
    """
    package = find_spec("skimage")  # looks for the folder and runs nothing in it
    folder = Path(package.origin).parent / "data" if package and package.origin else None
    if folder is None or not (folder / file_name).is_file():
        raise Explained(
            "The photograph “{name}” comes with scikit-image, which is not installed here.",
            name=file_name,
        )
    return load_image((folder / file_name).read_bytes())
