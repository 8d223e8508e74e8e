"""The size formula, one axis at a time, with every number kept for the page to show.

Forward: o = ⌊(i + p₁ + p₂ − d·(k − 1) − 1) / s⌋ + 1.
Transposed: o = (i − 1)·s − p₁ − p₂ + d·(k − 1) + output_padding + 1.

Reference: Dumoulin & Visin, arXiv:1603.07285, relationships 6, 14 and 15.
"""

from __future__ import annotations

from dataclasses import dataclass

from cnnviz.core.messages import N_, Explained

_TOO_TALL = N_(
    "The window is {extent} rows tall ({dilation}·({kernel_size} − 1) + 1), but the picture "
    "with its padding has {available} ({size} + {before} + {after}): it does not fit even once."
)
_TOO_WIDE = N_(
    "The window is {extent} columns wide ({dilation}·({kernel_size} − 1) + 1), but the picture "
    "with its padding has {available} ({size} + {before} + {after}): it does not fit even once."
)


@dataclass(frozen=True, slots=True)
class AxisSize:
    """One axis of a window operation: cells in, cells out, and what lies between.

    Attributes:
        size: Cells of the picture.
        before: Padding cells above or to the left; `after` those below or to the right.
        output_padding: Extra cells of the map; transposed convolutions only.
        ceil_mode: Whether a last window that hangs over the edge counts; poolings only.
    """

    size: int
    before: int
    after: int
    kernel_size: int
    dilation: int
    stride: int
    transposed: bool = False
    output_padding: int = 0
    ceil_mode: bool = False

    @property
    def extent(self) -> int:
        """Cells that the dilated kernel spans."""
        return self.dilation * (self.kernel_size - 1) + 1

    @property
    def output(self) -> int:
        """Cells of the map; below 1 where no window fits."""
        if self.transposed:
            grown = (self.size - 1) * self.stride + self.extent + self.output_padding
            return grown - self.before - self.after
        return self._room // self.stride + 1 + self._hangs_over

    @property
    def dropped(self) -> int:
        """Cells at the end that no window reaches (the floor of the formula)."""
        if self.transposed or self._room < 0 or self._hangs_over:
            return 0
        return self._room % self.stride

    @property
    def _room(self) -> int:
        """Cells by which the window can move."""
        return self.size + self.before + self.after - self.extent

    @property
    def _hangs_over(self) -> bool:
        """Whether one more window, which ends outside, begins on the picture or before it.

        A window larger than the picture with its border can be that one more: PyTorch's
        `pooling_output_shape` rounds up from below 0, too.
        """
        steps, rest = divmod(self._room, self.stride)
        begins_inside = (steps + 1) * self.stride < self.size + self.before
        return self.ceil_mode and steps >= -1 and rest > 0 and begins_inside

    @property
    def left_out(self) -> bool:
        """Whether rounding up counts a window that begins beyond the picture, which is left out."""
        rest = self._room % self.stride
        return self.ceil_mode and rest > 0 and not self._hangs_over


def check_fits(rows: AxisSize, cols: AxisSize) -> None:
    """Raise `Explained` with all the numbers when an axis has no output at all."""
    for axis, message in ((rows, _TOO_TALL), (cols, _TOO_WIDE)):
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
        window = {name: getattr(axis, name) for name in ("extent", "dilation", "kernel_size")}
        raise Explained(message, available=sum(given.values()), **window, **given)
