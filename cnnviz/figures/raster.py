"""Pictures as files: arrays in, bytes out."""

from __future__ import annotations

import io

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from cnnviz.core.records import Floats


def png(levels: NDArray[np.uint8] | Floats) -> bytes:
    """Return a picture as a PNG file of the very same levels.

    Args:
        levels: (C, H, W), C = 1 or 3: uint8, or float32 in [0, 1], which is written with 16 bits
            where it is grey and with 8 where it is in colour.
    """
    if levels.dtype != np.uint8:
        deepest = 65535 if len(levels) == 1 else 255
        whole = np.round(levels * deepest).astype(np.uint16 if deepest > 255 else np.uint8)
    else:
        whole = levels
    plane = whole[0] if len(whole) == 1 else whole.transpose(1, 2, 0)
    file = io.BytesIO()
    Image.fromarray(np.ascontiguousarray(plane)).save(file, "PNG")
    return file.getvalue()
