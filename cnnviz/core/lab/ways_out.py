"""The smallest change that makes an impossible convolution possible; never of the picture.

Each axis is repaired by itself, by the rule of `axis_repair`. Where that changes fewer settings, or
nothing else helps, the padding mode becomes zeros, or "same" padding a number.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from itertools import product
from typing import Literal

from cnnviz.core.lab.axis_repair import Axis, relative_step, repair
from cnnviz.core.lab.specs import Pads, Pair
from cnnviz.core.messages import N_, Sentence

ROWS: Literal[0] = 0
COLS: Literal[1] = 1


@dataclass(frozen=True, slots=True)
class Change:
    """One setting of a convolution, changed.

    Attributes:
        setting: A field of `ConvSpec`.
        axis: 0 for the rows, 1 for the columns, None for both.
        value: What it becomes along that axis, a padding on both sides; or "zeros", the mode.
    """

    setting: str
    axis: Literal[0, 1] | None
    value: int | str


def way_out(
    size: Pair,
    *,
    kernel_size: Pair,
    stride: Pair,
    padding: int | Pair | Pads | Literal["same", "valid"],
    dilation: Pair,
    padding_mode: str = "zeros",
    transposed: bool = False,
    output_padding: Pair = (0, 0),
    keep: Collection[str] = (),
) -> tuple[Change, ...]:
    """Return the smallest change after which `ConvSpec(...).output_size(size)` succeeds.

    Args:
        size: (H, W) of the picture, at least 1 × 1.
        kernel_size: As of `ConvSpec`, like all that follow, but perhaps impossible.
        stride: Likewise.
        padding: Likewise.
        dilation: Likewise.
        padding_mode: Likewise.
        transposed: Likewise.
        output_padding: Likewise.
        keep: Settings that stay as they are, such as the kernel size of a filter somebody typed.

    Returns:
        The changes, one for both axes where they agree; none where nothing needs to change, or
        where what is kept leaves no way.
    """
    rows, cols = (
        Axis(
            size[n],
            kernel_size[n],
            stride[n],
            _along(padding, n),
            dilation[n],
            output_padding[n],
            padding_mode,
            transposed,
        )
        for n in (0, 1)
    )
    kept = frozenset(keep)
    ways = [
        way
        for both in _both_axes(padding, padding_mode, kept)
        if (way := _repaired(rows, cols, both, kept)) is not None
    ]
    return min(ways, key=lambda way: way[:2])[2] if ways else ()


def _along(
    padding: int | Pair | Pads | Literal["same", "valid"], axis: int
) -> int | Pair | Literal["same"]:
    if padding == "valid":
        return 0
    return padding if padding == "same" or isinstance(padding, int) else padding[axis]


def _both_axes(padding: object, mode: str, keep: frozenset[str]) -> Iterator[dict[str, int | str]]:
    """What may change for both axes at once, nothing first."""
    borders: list[dict[str, int | str]] = [{}]
    modes: list[dict[str, int | str]] = [{}]
    if padding == "same" and "padding" not in keep:
        borders.append({"padding": 0})
    if mode != "zeros" and "padding_mode" not in keep:
        modes.append({"padding_mode": "zeros"})
    for border, of_zeros in product(borders, modes):
        yield border | of_zeros


def _repaired(
    rows: Axis, cols: Axis, both: dict[str, int | str], keep: frozenset[str]
) -> tuple[int, float, tuple[Change, ...]] | None:
    """Return how many settings change, by how large a step, and the changes."""
    axes = [replace(axis, **both) for axis in (rows, cols)]  # type: ignore[arg-type]
    ways = [repair(axis, keep) for axis in axes]
    steps, changed = [float(len(both))], []
    for axis, way in zip(axes, ways, strict=True):
        if way is None:
            return None
        steps.append(relative_step(axis, way))
        changed.append(both | dict(way))
    down, across = changed
    alike = [Change(name, None, value) for name, value in down.items() if across.get(name) == value]
    apart = [
        Change(name, axis, value)
        for axis, mine, other in ((ROWS, down, across), (COLS, across, down))
        for name, value in mine.items()
        if other.get(name) != value
    ]
    return len(down | across), max(steps), (*alike, *apart)


# ---------------------------------------------------------------- in words

_ZEROS = N_("A border of zeros would make it possible.")
_ONE = {
    ("kernel_size", None): N_("A filter of {value} × {value} would make it possible."),
    ("kernel_size", 0): N_("A filter of {value} rows would make it possible."),
    ("kernel_size", 1): N_("A filter of {value} columns would make it possible."),
    ("stride", None): N_("A stride of {value} would make it possible."),
    ("stride", 0): N_("A stride of {value} down the rows would make it possible."),
    ("stride", 1): N_("A stride of {value} along the columns would make it possible."),
    ("padding", None): N_("A padding of {value} on all sides would make it possible."),
    ("padding", 0): N_("A padding of {value} above and below would make it possible."),
    ("padding", 1): N_("A padding of {value} at the left and right would make it possible."),
    ("dilation", None): N_("A dilation of {value} would make it possible."),
    ("dilation", 0): N_("A dilation of {value} down the rows would make it possible."),
    ("dilation", 1): N_("A dilation of {value} along the columns would make it possible."),
    ("output_padding", None): N_("An output padding of {value} would make it possible."),
    ("output_padding", 0): N_("An output padding of {value} at the bottom would make it possible."),
    ("output_padding", 1): N_("An output padding of {value} at the right would make it possible."),
}
_SEVERAL = N_(
    "Changed together, these would make it possible (k filter, s stride, p padding, d dilation, a "
    "output padding; H rows, W columns): {changes}."
)
_SEVERAL_AND_ZEROS = N_(
    "Changed together, these and a border of zeros would make it possible (k filter, s stride, p "
    "padding, d dilation, a output padding; H rows, W columns): {changes}."
)
_LETTERS = {
    "kernel_size": "k",
    "stride": "s",
    "padding": "p",
    "dilation": "d",
    "output_padding": "a",
}


def say_way_out(changes: tuple[Change, ...]) -> Sentence:
    """Return one sentence that names the changes, at least one."""
    numbers = [change for change in changes if change.setting != "padding_mode"]
    if not numbers:
        return Sentence(_ZEROS)
    if len(changes) == 1:
        change = changes[0]
        return Sentence(_ONE[change.setting, change.axis], {"value": change.value})
    listed = ", ".join(f"{_letter(change)} = {change.value}" for change in numbers)
    return Sentence(
        _SEVERAL if len(numbers) == len(changes) else _SEVERAL_AND_ZEROS, {"changes": listed}
    )


def _letter(change: Change) -> str:
    return _LETTERS[change.setting] + {None: "", ROWS: "H", COLS: "W"}[change.axis]
