"""From NumPy to PyTorch."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from cnnviz.core.records import Floats


def as_tensor(array: Floats) -> Tensor:
    """Return a float32 copy: PyTorch shares NumPy's memory, and traces are kept and cached."""
    return torch.from_numpy(np.array(array, np.float32, order="C"))
