"""One axis of an impossible convolution, and the smallest change that makes it possible.

Those that change the fewest settings come first, and of these the one with the smallest relative
step: |new − old| / max(|old|, 1), added up over the settings. Ties go to the setting that comes
first in `LADDERS`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import combinations, product
from typing import Any, Literal

from cnnviz.core.lab.sizes import forward_axis, transposed_axis
from cnnviz.core.lab.specs import Pair

Way = tuple[tuple[str, int], ...]
"""Settings, each with what it becomes."""


@dataclass(frozen=True, slots=True)
class Axis:
    """One axis of a convolution, perhaps impossible; fields as of `ConvSpec`, along that axis."""

    size: int
    kernel_size: int
    stride: int
    padding: int | Pair | Literal["same"]
    dilation: int
    output_padding: int
    padding_mode: str
    transposed: bool

    def sides(self) -> Pair:
        """Padding before and after the picture."""
        if self.padding == "same":
            room = self.dilation * (self.kernel_size - 1)
            return room // 2, room - room // 2
        return (self.padding, self.padding) if isinstance(self.padding, int) else self.padding

    def is_possible(self) -> bool:
        """Whether `ConvSpec` would take these values, and a picture of this size give a map."""
        if min(self.kernel_size, self.stride, self.dilation) < 1:
            return False
        if min(*self.sides(), self.output_padding) < 0:
            return False
        if self.padding == "same" and self.stride > 1:
            return False
        return self._has_what_its_kind_needs() and self._fits()

    def _has_what_its_kind_needs(self) -> bool:
        if not self.transposed:
            return self.output_padding == 0
        before, after = self.sides()
        is_even = before == after and self.padding_mode == "zeros"
        return is_even and self.output_padding < max(self.stride, self.dilation)

    def _fits(self) -> bool:
        pads = self.sides()
        most = {"reflect": self.size - 1, "circular": self.size}.get(self.padding_mode, max(pads))
        arithmetic = transposed_axis if self.transposed else forward_axis
        sized = arithmetic(
            self.size,
            kernel_size=self.kernel_size,
            stride=self.stride,
            pads=pads,
            dilation=self.dilation,
            output_padding=self.output_padding,
        )
        return max(pads) <= most and sized.output >= 1


def _paddings(axis: Axis) -> range:
    """From none to where even the longest window fits."""
    if axis.padding == "same":
        return range(0)
    needed = max(axis.kernel_size, 1) * max(axis.dilation, 1) // 2 + 1
    return range(max(*axis.sides(), needed) + 1)


LADDERS: Mapping[str, Callable[[Axis], range]] = {
    "padding": _paddings,
    "dilation": lambda axis: range(1, max(axis.dilation, 2)),
    "kernel_size": lambda axis: range(max(axis.kernel_size, 1), min(axis.kernel_size, 2), -2),
    "stride": lambda axis: range(1, max(axis.stride, 2)),
    "output_padding": lambda axis: range(max(axis.output_padding, 1)),
}
"""Setting → the values it may take, settings in order of preference.

Kernels shrink by two and stay above 2: a centre stays a centre, neighbours stay neighbours.
"""


@lru_cache(maxsize=256)
def repair(axis: Axis, keep: frozenset[str]) -> Way | None:
    """Return the smallest change, or None where there is no way.

    Args:
        axis: Is not changed.
        keep: Settings that stay as they are.
    """
    ladders = {
        name: [value for value in ladder(axis) if value != getattr(axis, name)]
        for name, ladder in LADDERS.items()
        if name not in keep
    }
    for count in range(len(ladders) + 1):
        ways = [way for way in _ways(ladders, count) if _changed(axis, way).is_possible()]
        if ways:
            return min(ways, key=lambda way: relative_step(axis, way))
    return None


def _changed(axis: Axis, way: Way) -> Axis:
    settings: dict[str, Any] = dict(way)
    return replace(axis, **settings)


def _ways(ladders: Mapping[str, list[int]], count: int) -> Iterator[Way]:
    """All changes of `count` settings."""
    for names in combinations(ladders, count):
        for values in product(*(ladders[name] for name in names)):
            yield tuple(zip(names, values, strict=True))


def relative_step(axis: Axis, way: Way) -> float:
    """Return how large a change is; of a padding's two sides the larger step counts."""
    total = 0.0
    for name, new in way:
        olds = axis.sides() if name == "padding" else (getattr(axis, name),)
        total += max(abs(new - old) / max(abs(old), 1) for old in olds)
    return total
