"""The size formula, one axis at a time, with every number kept for the page to show.

Forward: o = ⌊(i + p₁ + p₂ − d·(k − 1) − 1) / s⌋ + 1.
Transposed: o = (i − 1)·s − p₁ − p₂ + d·(k − 1) + output_padding + 1.

Reference: Dumoulin & Visin, arXiv:1603.07285, relationships 6, 14 and 15.
"""

from __future__ import annotations

from dataclasses import dataclass

from cnnviz.core.messages import N_, Explained


@dataclass(frozen=True, slots=True)
class AxisSize:
    """One axis of a window operation: cells in, cells out, and what lies between.

    Attributes:
        size: Cells of the picture.
        before: Padding cells above or to the left.
        after: Padding cells below or to the right.
        dropped: Cells at the end that no window reaches (the floor of the formula).
    """

    size: int
    before: int
    after: int
    kernel_size: int
    dilation: int
    stride: int
    output: int
    dropped: int = 0
    transposed: bool = False
    output_padding: int = 0

    @property
    def extent(self) -> int:
        """Cells that the dilated kernel spans."""
        return self.dilation * (self.kernel_size - 1) + 1


def axis_size(
    size: int,
    *,
    kernel_size: int,
    stride: int,
    pads: tuple[int, int],
    dilation: int,
    transposed: bool = False,
    output_padding: int = 0,
) -> AxisSize:
    """Return the arithmetic of one axis; `output` below 1 means that no window fits.

    Only a transposed convolution has an output padding.
    """
    around = sum(pads) - dilation * (kernel_size - 1) - 1
    if transposed:
        output, dropped = (size - 1) * stride - around + output_padding, 0
    else:
        room = size + around
        output, dropped = room // stride + 1, room % stride if room >= 0 else 0
    window = kernel_size, dilation, stride
    return AxisSize(size, *pads, *window, output, dropped, transposed, output_padding)


def check_fits(rows: AxisSize, cols: AxisSize) -> None:
    """Raise `Explained` with all the numbers when an axis has no output at all."""
    for axis, message in (
        (
            rows,
            N_(
                "The window is {extent} rows tall ({dilation}·({kernel_size} − 1) + 1), but the "
                "picture with its padding has {available} ({size} + {before} + {after}): it does "
                "not fit even once."
            ),
        ),
        (
            cols,
            N_(
                "The window is {extent} columns wide ({dilation}·({kernel_size} − 1) + 1), but "
                "the picture with its padding has {available} ({size} + {before} + {after}): it "
                "does not fit even once."
            ),
        ),
    ):
        if axis.output >= 1:
            continue
        given = {"size": axis.size, "before": axis.before, "after": axis.after}
        if axis.transposed:
            raise Explained(
                "Nothing is left: a transposed convolution makes {grown} cells out of {size}, "
                "and the padding takes away {before} + {after}.",
                grown=(axis.size - 1) * axis.stride + axis.extent,
                **given,
            )
        raise Explained(
            message,
            extent=axis.extent,
            dilation=axis.dilation,
            kernel_size=axis.kernel_size,
            available=sum(given.values()),
            **given,
        )
