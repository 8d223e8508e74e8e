"""What a pooling is to compute, as a small frozen value.

Kinds are PyTorch's: "max", "avg", "lp", "adaptive_max", "adaptive_avg". A setting that a kind
does not honour is refused rather than ignored.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Literal

from cnnviz.core.lab.sizes import AxisSize, check_fits
from cnnviz.core.lab.specs import as_pair
from cnnviz.core.messages import N_, Explained
from cnnviz.core.records import Pair
from cnnviz.core.strict import flag, make_plain, short

PoolKind = Literal["max", "avg", "lp", "adaptive_max", "adaptive_avg"]

HONOURED: dict[PoolKind, tuple[str, ...]] = {
    "max": ("kernel_size", "stride", "padding", "dilation", "ceil_mode"),
    "avg": ("kernel_size", "stride", "padding", "ceil_mode", "count_include_pad"),
    "lp": ("kernel_size", "stride", "ceil_mode", "norm"),
    "adaptive_max": ("output_size",),
    "adaptive_avg": ("output_size",),
}
_PAIRS = {
    "kernel_size": (1, N_("A window needs at least one row and one column, not {value}.")),
    "stride": (1, N_("The stride must be a whole number of at least 1, not {value}.")),
    "padding": (0, N_("Padding cannot be negative: {value}.")),
    "dilation": (1, N_("The dilation must be a whole number of at least 1, not {value}.")),
}
"""Setting → (the least it can be, what is said of less)."""
_NO_KIND = N_("There is no pooling “{value}”; there are {allowed}.")
_UNUSED = N_("Pooling of kind “{kind}” does not use the setting “{setting}”.")
_TOO_MUCH_PADDING = N_(
    "The padding of a pooling ({pad}) may be at most half its window ({window})."
)
_NO_OUTPUT = N_("The output needs at least one row and one column, not {value}.")


@dataclass(frozen=True, slots=True)
class PoolSpec:
    """How a pooling window moves and what it keeps.

    Attributes:
        kind: One of `HONOURED`, which names the settings that each kind honours.
        kernel_size: (height, width) of the window, ≥ 1; an int means both.
        stride: Cells between neighbouring windows, ≥ 1.
        padding: (height, width), at most half the window.
        dilation: Cells between neighbouring window cells; "max" only.
        ceil_mode: Keep a last window that hangs over the edge.
        count_include_pad: Whether padding counts in the mean; "avg" only.
        norm: The p of "lp", (Σ xᵖ)^(1/p), finite and above 0.
        output_size: (oH, oW) of the adaptive kinds.

    Raises:
        Explained: a value that no picture could make possible, or one the kind ignores.
    """

    kind: PoolKind = "max"
    kernel_size: Pair = (2, 2)
    stride: Pair = (2, 2)
    padding: Pair = (0, 0)
    dilation: Pair = (1, 1)
    ceil_mode: bool = False
    count_include_pad: bool = True
    norm: float = 2.0
    output_size: Pair | None = None

    def __post_init__(self) -> None:
        make_plain(self)
        if self.kind not in tuple(HONOURED):
            kinds = ", ".join(HONOURED)
            raise Explained(_NO_KIND, value=short(self.kind), allowed=kinds)
        for name, (least, message) in _PAIRS.items():
            object.__setattr__(self, name, as_pair(getattr(self, name), least, message))
        self._check_honoured()
        self._check_values()

    def _check_honoured(self) -> None:
        for each in fields(self):
            is_honoured = each.name == "kind" or each.name in HONOURED[self.kind]
            if not is_honoured and getattr(self, each.name) != each.default:
                raise Explained(_UNUSED, kind=self.kind, setting=each.name)

    def _check_values(self) -> None:
        for pad, window in zip(self.padding, self.kernel_size, strict=True):
            if 2 * pad > window:
                raise Explained(_TOO_MUCH_PADDING, pad=pad, window=window)
        if not isinstance(self.norm, int | float) or not 0 < self.norm < float("inf"):
            message = N_("The norm must be above 0 and finite, not {value}.")
            raise Explained(message, value=short(self.norm))
        flag("ceil_mode", self.ceil_mode)
        flag("count_include_pad", self.count_include_pad)
        if self.is_adaptive:
            if self.output_size is None:
                raise Explained("An adaptive pooling needs the size of its output.")
            object.__setattr__(self, "output_size", as_pair(self.output_size, 1, _NO_OUTPUT))

    @property
    def is_adaptive(self) -> bool:
        """Whether the windows follow from the output size instead of the other way round."""
        return self.kind.startswith("adaptive")

    def sizes(self, size: Pair) -> tuple[AxisSize, AxisSize]:
        """Return the size arithmetic of rows and columns; not for adaptive kinds.

        Raises:
            Explained: the window does not fit even once; it carries all the numbers.
        """
        pads = self.padding
        windows = tuple(zip(self.kernel_size, self.dilation, self.stride, strict=True))
        rows, cols = (
            AxisSize(size[n], pads[n], pads[n], *windows[n], ceil_mode=self.ceil_mode)
            for n in (0, 1)
        )
        check_fits(rows, cols)
        return rows, cols

    def pooled_size(self, size: Pair) -> Pair:
        """Return (oH, oW) for a picture of `size` (H, W).

        Raises:
            Explained: the window does not fit even once; it carries all the numbers.
        """
        if self.output_size is not None:
            return self.output_size
        rows, cols = self.sizes(size)
        return rows.output, cols.output
