"""Many small pictures as one, which a browser paints at once."""

from __future__ import annotations

import numpy as np

from cnnviz.core.records import Floats


def sheet(pictures: Floats, columns: int, *, frame: float = 0.0) -> Floats:
    """Lay pictures out in rows, a pixel of frame around each.

    Args:
        pictures: (N, C, H, W) float32, N ≥ 1.
        columns: Side by side; the places of the last row that stay empty are frame.
        frame: Its value.

    Returns:
        (C, rows · (H + 2), columns · (W + 2)) float32.
    """
    framed = np.pad(pictures, ((0, 0), (0, 0), (1, 1), (1, 1)), constant_values=frame)
    missing = -len(framed) % columns
    whole = np.pad(framed, ((0, missing), (0, 0), (0, 0), (0, 0)), constant_values=frame)
    _count, channels, height, width = whole.shape
    grid = whole.reshape(-1, columns, channels, height, width)  # (rows, columns, C, H, W)
    laid: Floats = grid.transpose(2, 0, 3, 1, 4).reshape(channels, -1, columns * width)
    return np.ascontiguousarray(laid, np.float32)
