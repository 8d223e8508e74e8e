"""Arrays as tensors, and how tensors lie in memory while a network is trained.

oneDNN and cuDNN compute faster where the channels of a place lie side by side; PyTorch calls that
channels last, and falls back in places.
"""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor, nn

from cnnviz.core.records import Floats


def as_tensor(array: Floats) -> Tensor:
    """Return a float32 copy: PyTorch shares NumPy's memory, and traces are kept and cached."""
    return torch.from_numpy(np.array(array, np.float32, order="C"))


def as_array(values: Tensor) -> Floats:
    """Return a float32 array, which may share the tensor's memory."""
    array: Floats = values.float().numpy(force=True)
    return array


def channels_last(network: nn.Sequential, device: torch.device) -> nn.Sequential:
    """Lay convolution weights out as the images are: faster on processors and CUDA alike."""
    for parameter in network.parameters():
        if parameter.ndim == 4:
            parameter.data = parameter.data.contiguous(memory_format=torch.channels_last)
            if device.type == "cpu":
                parameter.data = _told_apart(parameter.data)
    return network


def _told_apart(weights: Tensor) -> Tensor:
    """Lay (O, 1, kH, kW) weights out so that PyTorch takes them for channels last.

    With a single channel both layouts are one; PyTorch takes it for the other and puts out maps
    whose channels do not come last: pooling 64 maps then takes a CPU eight times as long.
    """
    _, channels, height, width = weights.shape
    if channels > 1:
        return weights
    return weights.as_strided(weights.shape, (height * width, 1, width, 1))


def contiguous(network: nn.Sequential) -> None:
    """Lay all weights out as a network that was never trained has them."""
    for parameter in network.parameters():
        parameter.data = parameter.data.clone(memory_format=torch.contiguous_format)


class LaidOutFlatten(nn.Flatten):
    """Flatten whose gradient comes back laid out in memory as the maps were.

    PyTorch gives it back contiguous, and every layer behind then copies or works across strides:
    a quarter of a training step of PyTorch's example network for MNIST, on a processor.
    """

    def forward(self, values: Tensor) -> Tensor:
        """Put the values of each picture in one row, in the order of `nn.Flatten`."""
        if values.requires_grad and values.ndim == 4:
            layout = torch.channels_last
            if values.is_contiguous(memory_format=layout):
                values.register_hook(  # type: ignore[no-untyped-call]
                    lambda gradient: gradient.contiguous(memory_format=layout)
                )
        return super().forward(values)
