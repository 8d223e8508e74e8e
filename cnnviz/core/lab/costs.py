"""What a convolution costs: numbers to learn, multiplications, and how much a cell sees."""

from __future__ import annotations

from dataclasses import dataclass

from cnnviz.core.lab.receptive_field import receptive_field
from cnnviz.core.lab.specs import ConvSpec, Pair
from cnnviz.core.messages import Explained


@dataclass(frozen=True, slots=True)
class Cost:
    """The cost of one convolution on one picture.

    Attributes:
        parameters: Weights and biases.
        multiplications: As PyTorch does them, those with padding included.
        receptive_field: (height, width) in input pixels that one output cell sees; of a
            transposed convolution the largest, since its cells see different numbers.
    """

    parameters: int
    multiplications: int
    receptive_field: Pair


def conv_cost(
    spec: ConvSpec, in_channels: int, out_channels: int, size: Pair, has_bias: bool = True
) -> Cost:
    """Count what a convolution costs on a picture of `size` (H, W).

    A filter has C / groups × kH × kW weights and each is used once per cell of the map; if
    transposed, each of the C × O / groups × kH × kW weights is used once per pixel of its channel.

    Raises:
        Explained: the channels cannot be split into the groups, or the window does not fit.
    """
    if (
        min(in_channels, out_channels) < 1
        or in_channels % spec.groups
        or out_channels % spec.groups
    ):
        raise Explained(
            "{inputs} channels in and {outputs} out cannot be split into {groups} equal groups.",
            inputs=in_channels,
            outputs=out_channels,
            groups=spec.groups,
        )
    rows, cols = spec.output_size(size)
    if spec.transposed:
        rows, cols = size
    weights = in_channels // spec.groups * out_channels * spec.kernel_size[0] * spec.kernel_size[1]
    return Cost(
        parameters=weights + has_bias * out_channels,
        multiplications=weights * rows * cols,
        receptive_field=(_seen(spec, 0), _seen(spec, 1)),
    )


def _seen(spec: ConvSpec, axis: int) -> int:
    if not spec.transposed:
        return spec.extent[axis]
    return max(receptive_field((spec,), cell, cell)[2 + axis] for cell in range(spec.stride[axis]))
