"""What a convolution is to compute, as a small frozen value.

Pairs are (height, width). A spec refuses values that are impossible by themselves; what is
impossible on a picture of a given size is refused by `output_size`.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Literal

from cnnviz.core.lab.sizes import AxisSize, check_fits
from cnnviz.core.messages import N_, Explained
from cnnviz.core.records import Pair
from cnnviz.core.strict import flag, make_plain, short

Pads = tuple[Pair, Pair]
Padding = int | Pair | Pads | Literal["same", "valid"]
PaddingMode = Literal["zeros", "reflect", "replicate", "circular"]

PADDING_MODES: tuple[PaddingMode, ...] = ("zeros", "reflect", "replicate", "circular")


def as_pair(value: int | Pair, least: int, message: str, of_zero: str = "") -> Pair:
    """Return (height, width), or raise `message` with the value when one is below `least`.

    `of_zero` is what to say instead where one is 0, which people may well try.
    """
    pair = value if isinstance(value, tuple) else (value, value)
    is_pair = len(pair) == 2 and all(type(number) is int for number in pair)
    if is_pair and min(pair) == 0 and of_zero:
        raise Explained(of_zero)
    if not is_pair or min(pair) < least:
        raise Explained(message, value=short(value))
    return pair[0], pair[1]


def _is_padding(value: object, depth: int = 2) -> bool:
    """Whether it is an int, (height, width) or ((top, bottom), (left, right))."""
    if type(value) is int:
        return True
    is_pair = depth > 0 and isinstance(value, tuple) and len(value) == 2
    return is_pair and all(_is_padding(each, depth - 1) for each in value)  # type: ignore[attr-defined]


_PAIRS: dict[str, tuple[int, str, str]] = {
    "kernel_size": (1, N_("A kernel needs at least one row and one column, not {value}."), ""),
    "stride": (
        1,
        N_("The stride must be a whole number of at least 1, not {value}."),
        N_(
            "With a stride of 0 the window would never move; the stride must be a whole number of "
            "at least 1."
        ),
    ),
    "dilation": (
        1,
        N_("The dilation must be a whole number of at least 1, not {value}."),
        N_(
            "With a dilation of 0 all cells of the filter would lie on the same pixel; the "
            "dilation must be a whole number of at least 1."
        ),
    ),
    "output_padding": (0, N_("The output padding cannot be {value}: 0 or more."), ""),
}
"""Setting → (the least it can be, what is said of less, what is said of 0)."""
_NO_PADDING = N_("There is no padding “{value}”.")
_NO_MODE = N_("There is no padding mode “{value}”; there are {allowed}.")
_SAME_STRIDES = N_("“Same” padding keeps the size, so it needs stride 1, not {height} × {width}.")
_TOO_MUCH_EXTRA = N_(
    "An output padding of {extra} must be below the stride ({stride}) or the dilation ({dilation})."
)
_TOO_SMALL = N_(
    "A {mode} border of {pad} needs a picture of at least {needed} rows and columns; this one has "
    "{height} × {width}."
)


@dataclass(frozen=True, slots=True)
class ConvSettings:
    """How a kernel is to move over a picture, as somebody set it: perhaps impossible.

    Attributes:
        kernel_size: (height, width).
        stride: Cells between neighbouring windows.
        padding: An int, (height, width), ((top, bottom), (left, right)), "same" or "valid";
            kept as given, resolved by `borders`. "same" needs stride 1 and puts an odd
            remainder at the bottom and right, as PyTorch does.
        dilation: Cells between neighbouring kernel taps.
        groups: Parts into which the channels are split.
        padding_mode: "zeros", "reflect", "replicate" or "circular".
        transposed: The backward pass of a convolution; symmetric zero padding only.
        output_padding: Extra rows and columns of a transposed output, below stride or dilation.
    """

    kernel_size: Pair = (3, 3)
    stride: Pair = (1, 1)
    padding: Padding = (0, 0)
    dilation: Pair = (1, 1)
    groups: int = 1
    padding_mode: PaddingMode = "zeros"
    transposed: bool = False
    output_padding: Pair = (0, 0)

    def checked(self) -> ConvSpec:
        """Return the spec with these values.

        Raises:
            Explained: a value that no picture could make possible.
        """
        return ConvSpec(**{each.name: getattr(self, each.name) for each in fields(self)})

    @property
    def extent(self) -> Pair:
        """Rows and columns that the dilated kernel spans: dilation · (kernel_size − 1) + 1."""
        (height, width), (down, across) = self.kernel_size, self.dilation
        return down * (height - 1) + 1, across * (width - 1) + 1

    def borders(self) -> Pads:
        """Return ((top, bottom), (left, right)), whatever way the padding was given."""
        if self.padding == "valid":
            return (0, 0), (0, 0)
        if self.padding == "same":
            down, across = (span - 1 for span in self.extent)
            return (down // 2, down - down // 2), (across // 2, across - across // 2)
        if isinstance(self.padding, str):
            raise Explained(_NO_PADDING, value=self.padding)
        rows, cols = (self.padding, self.padding) if isinstance(self.padding, int) else self.padding
        return (
            (rows, rows) if isinstance(rows, int) else (rows[0], rows[1]),
            (cols, cols) if isinstance(cols, int) else (cols[0], cols[1]),
        )


@dataclass(frozen=True, slots=True)
class ConvSpec(ConvSettings):
    """How a kernel moves over a picture: PyTorch's `conv2d` and `conv_transpose2d`.

    See `ConvSettings`. Kernel size, stride and dilation are at least 1, and one int means both
    height and width.

    Raises:
        Explained: a value that no picture could make possible.
    """

    def __post_init__(self) -> None:
        make_plain(self)
        for name, (least, message, of_zero) in _PAIRS.items():
            object.__setattr__(self, name, as_pair(getattr(self, name), least, message, of_zero))
        if type(self.groups) is not int or self.groups < 1:
            raise Explained(
                "Channels cannot be split into {value} groups.", value=short(self.groups)
            )
        flag("transposed", self.transposed)
        if self.padding_mode not in PADDING_MODES:
            modes = ", ".join(PADDING_MODES)
            raise Explained(_NO_MODE, value=short(self.padding_mode), allowed=modes)
        self._check_padding()
        self._check_transposed()

    def _check_padding(self) -> None:
        if self.padding not in ("same", "valid") and not _is_padding(self.padding):
            raise Explained(_NO_PADDING, value=short(self.padding))
        if self.padding == "same" and self.stride != (1, 1):
            raise Explained(_SAME_STRIDES, height=self.stride[0], width=self.stride[1])
        if min(min(axis) for axis in self.borders()) < 0:
            raise Explained("Padding cannot be negative: {value}.", value=str(self.padding))

    def _check_transposed(self) -> None:
        if not self.transposed:
            if self.output_padding != (0, 0):
                raise Explained("Only a transposed convolution has output padding.")
            return
        if self.padding_mode != "zeros":
            raise Explained("A transposed convolution can only be padded with zeros.")
        if any(before != after for before, after in self.borders()):
            raise Explained("A transposed convolution needs the same padding on both sides.")
        steps = zip(self.output_padding, self.stride, self.dilation, strict=True)
        for extra, stride, dilation in steps:
            if extra >= max(stride, dilation):
                raise Explained(_TOO_MUCH_EXTRA, extra=extra, stride=stride, dilation=dilation)

    def pads(self, size: Pair) -> Pads:
        """Return ((top, bottom), (left, right)) for a picture of `size` (H, W).

        Raises:
            Explained: the mode cannot make that much border out of so small a picture.
        """
        pads, (height, width) = self.borders(), size
        more = {"reflect": 1, "circular": 0}.get(self.padding_mode)
        for available, axis in zip(size, pads, strict=True):
            pad = max(axis)
            if more is not None and available < pad + more:
                numbers = {"pad": pad, "needed": pad + more, "height": height, "width": width}
                raise Explained(_TOO_SMALL, mode=self.padding_mode, **numbers)
        return pads

    def sizes(self, size: Pair) -> tuple[AxisSize, AxisSize]:
        """Return the size arithmetic of rows and of columns for a picture of `size` (H, W).

        Raises:
            Explained: the window does not fit even once; it carries all the numbers.
        """
        pads = self.pads(size)
        windows = tuple(zip(self.kernel_size, self.dilation, self.stride, strict=True))
        rows, cols = (
            AxisSize(size[n], *pads[n], *windows[n], self.transposed, self.output_padding[n])
            for n in (0, 1)
        )
        check_fits(rows, cols)
        return rows, cols

    def output_size(self, size: Pair) -> Pair:
        """Return (oH, oW) for a picture of `size` (H, W).

        Raises:
            Explained: the window does not fit even once; it carries all the numbers.

        Reference: Dumoulin & Visin, arXiv:1603.07285, relationships 6, 14 and 15.
        """
        rows, cols = self.sizes(size)
        return rows.output, cols.output
