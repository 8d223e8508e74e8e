"""How the windows of a network's layers move: PyTorch's modules read as specs."""

from __future__ import annotations

from typing import Any

from torch import nn

from cnnviz.core.lab.pool_spec import PoolSpec
from cnnviz.core.lab.specs import ConvSpec, Pair
from cnnviz.core.messages import Explained

POINTWISE = (
    nn.ReLU,
    nn.Sigmoid,
    nn.Tanh,
    nn.LeakyReLU,
    nn.ELU,
    nn.GELU,
    nn.SiLU,
    nn.Softplus,
    nn.ReLU6,
    nn.Hardswish,
)
"""Layers that make each value from the one in its place; they have no weights."""
UNCHANGED = (nn.Dropout, nn.Dropout2d, nn.Identity)
"""Layers that leave every value as it is, in evaluation."""
POOLINGS = (nn.MaxPool2d, nn.AvgPool2d, nn.AdaptiveMaxPool2d, nn.AdaptiveAvgPool2d)


def unknown(layer: str) -> Explained:
    """Return the refusal of a layer that is not made cell by cell in a way known here."""
    return Explained(
        "The numbers of the layer “{layer}” cannot be explained one by one.", layer=layer
    )


def conv_spec(module: nn.Conv2d) -> ConvSpec:
    """Return how a convolution's windows move."""
    settings: Any = module
    return ConvSpec(
        kernel_size=settings.kernel_size,
        stride=settings.stride,
        padding=settings.padding,
        dilation=settings.dilation,
        groups=settings.groups,
        padding_mode=settings.padding_mode,
    )


def pool_spec(module: nn.Module, layer: str, size: Pair) -> PoolSpec:
    """Return how the windows of one of `POOLINGS` move over maps of `size` (H, W).

    Raises:
        Explained: a divisor of somebody's own; it names the layer.
    """
    settings: Any = module
    if isinstance(module, nn.AdaptiveMaxPool2d | nn.AdaptiveAvgPool2d):
        kind = "adaptive_max" if isinstance(module, nn.AdaptiveMaxPool2d) else "adaptive_avg"
        wanted = _pair(settings.output_size)
        rows, cols = (given or own for given, own in zip(wanted, size, strict=True))
        return PoolSpec(kind, output_size=(rows, cols))  # type: ignore[arg-type]
    window = _pair(settings.kernel_size), _pair(settings.stride), _pair(settings.padding)
    if isinstance(module, nn.MaxPool2d):
        return PoolSpec("max", *window, _pair(settings.dilation), settings.ceil_mode)
    if settings.divisor_override is not None:
        raise unknown(layer)
    return PoolSpec(
        "avg",
        *window,
        ceil_mode=settings.ceil_mode,
        count_include_pad=settings.count_include_pad,
    )


def _pair(value: Any) -> Any:
    return tuple(value) if isinstance(value, tuple | list) else (value, value)
