"""Pooling of arrays by PyTorch, kept as a trace that explains every cell."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F

from cnnviz.core.lab.pool_spec import PoolSpec
from cnnviz.core.lab.traces import PoolTrace
from cnnviz.core.records import Floats
from cnnviz.nn.arrays import as_tensor


def pool(image: Floats, spec: PoolSpec) -> PoolTrace:
    """Shrink every channel by keeping one number per window.

    Args:
        image: (C, H, W) float32, any range; not modified.
        spec: Kind and movement of the window.

    Returns:
        Trace whose output is (C, oH, oW) float32.

    Raises:
        Explained: the window does not fit even once; it carries all the numbers.
    """
    spec.pooled_size(image.shape[-2:])
    with torch.inference_mode():
        output = _run(as_tensor(image)[None], spec)
    return PoolTrace(image=image, spec=spec, output=output[0].numpy())


def _run(image: Tensor, spec: PoolSpec) -> Tensor:
    window, stride, padding = spec.kernel_size, spec.stride, spec.padding
    if spec.kind == "max":
        return F.max_pool2d(image, window, stride, padding, spec.dilation, spec.ceil_mode)
    if spec.kind == "avg":
        return F.avg_pool2d(image, window, stride, padding, spec.ceil_mode, spec.count_include_pad)
    if spec.kind == "lp":
        return F.lp_pool2d(image, spec.norm, window, stride, spec.ceil_mode)
    adaptive = F.adaptive_max_pool2d if spec.kind == "adaptive_max" else F.adaptive_avg_pool2d
    return adaptive(image, spec.pooled_size((image.shape[-2], image.shape[-1])))
