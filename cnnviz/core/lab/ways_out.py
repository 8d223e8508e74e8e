"""The smallest change that makes an impossible convolution possible; never of the picture.

Each axis is repaired by itself. Changes of the fewest settings come first, and of these the one
with the smallest relative step: |new − old| / max(|old|, 1), added up over the settings. Ties go to
the setting that comes first in `LADDERS`. Where that changes fewer settings, or nothing else helps,
the padding mode becomes zeros, or "same" padding a number.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from itertools import combinations, product
from typing import Any, Literal

from cnnviz.core.lab.specs import ConvSettings
from cnnviz.core.messages import N_, Explained, Sentence
from cnnviz.core.records import Pair

ROWS: Literal[0] = 0
COLS: Literal[1] = 1
Way = tuple[tuple[str, int], ...]
"""Settings, each with what it becomes along one axis."""


@dataclass(frozen=True, slots=True)
class Change:
    """One setting of a convolution, changed.

    Attributes:
        setting: A field of `ConvSettings`.
        axis: 0 for the rows, 1 for the columns, None for both.
        value: What it becomes along that axis, a padding on both sides; or "zeros", the mode.
    """

    setting: str
    axis: Literal[0, 1] | None
    value: int | str


def way_out(size: Pair, settings: ConvSettings, keep: Collection[str] = ()) -> tuple[Change, ...]:
    """Return the smallest change after which `settings.checked().output_size(size)` succeeds.

    Args:
        size: (H, W) of the picture, at least 1 × 1.
        settings: Perhaps impossible.
        keep: Settings that stay as they are, such as the kernel size of a filter somebody typed.

    Returns:
        The changes, one for both axes where they agree; none where nothing needs to change, or
        where what is kept leaves no way.
    """
    axes = _along(settings, ROWS), _along(settings, COLS)
    ways = [
        way
        for both in _of_both_axes(settings, keep)
        if (way := _repaired(size, axes, both, frozenset(keep))) is not None
    ]
    return min(ways, key=lambda way: way[:2])[2] if ways else ()


def _along(settings: ConvSettings, axis: Literal[0, 1]) -> ConvSettings:
    """The settings of one axis on both: possible on a square where they are along that axis."""
    pairs: dict[str, Any] = {
        name: (getattr(settings, name)[axis],) * 2 for name in LADDERS if name != "padding"
    }
    sides = settings.borders()[axis]
    padding = settings.padding if settings.padding == "same" else (sides, sides)
    return replace(settings, padding=padding, **pairs)


def _of_both_axes(settings: ConvSettings, keep: Collection[str]) -> Iterator[dict[str, int | str]]:
    """What may change for both axes at once, nothing first."""
    borders: list[dict[str, int | str]] = [{}]
    modes: list[dict[str, int | str]] = [{}]
    if settings.padding == "same" and "padding" not in keep:
        borders.append({"padding": 0})
    if settings.padding_mode != "zeros" and "padding_mode" not in keep:
        modes.append({"padding_mode": "zeros"})
    for border, of_zeros in product(borders, modes):
        yield border | of_zeros


def _repaired(
    size: Pair,
    axes: tuple[ConvSettings, ConvSettings],
    both: dict[str, int | str],
    keep: frozenset[str],
) -> tuple[int, float, tuple[Change, ...]] | None:
    """Return how many settings change, by how large a step, and the changes."""
    steps, changed = [float(len(both))], []
    for cells, axis in zip(size, axes, strict=True):
        start = replace(axis, **both)  # type: ignore[arg-type]
        way = repair(cells, start, keep)
        if way is None:
            return None
        steps.append(_relative_step(start, way))
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


# ---------------------------------------------------------------- one axis


def _paddings(axis: ConvSettings) -> range:
    """From none to where even the longest window fits."""
    if axis.padding == "same":
        return range(0)
    needed = max(axis.kernel_size[0], 1) * max(axis.dilation[0], 1) // 2 + 1
    return range(max(*axis.borders()[0], needed) + 1)


LADDERS: Mapping[str, Callable[[ConvSettings], range]] = {
    "padding": _paddings,
    "dilation": lambda axis: range(1, max(axis.dilation[0], 2)),
    "kernel_size": lambda axis: range(max(axis.kernel_size[0], 1), min(axis.kernel_size[0], 2), -2),
    "stride": lambda axis: range(1, max(axis.stride[0], 2)),
    "output_padding": lambda axis: range(max(axis.output_padding[0], 1)),
}
"""Setting → the values it may take, settings in order of preference.

Kernels shrink by two and stay above 2: a centre stays a centre, neighbours stay neighbours.
"""


@lru_cache(maxsize=256)
def repair(cells: int, axis: ConvSettings, keep: frozenset[str]) -> Way | None:
    """Return the smallest change for `cells` × `cells` pixels, or None where there is no way.

    Settings of `axis` are the same down and across, see `_along`; those of `keep` stay.
    """
    ladders = {
        name: [value for value in ladder(axis) if {value} != set(_sides(axis, name))]
        for name, ladder in LADDERS.items()
        if name not in keep
    }
    for count in range(len(ladders) + 1):
        ways = [way for way in _ways(ladders, count) if _is_possible(cells, axis, way)]
        if ways:
            return min(ways, key=partial(_relative_step, axis))
    return None


def _ways(ladders: Mapping[str, list[int]], count: int) -> Iterator[Way]:
    """All changes of `count` settings."""
    for names in combinations(ladders, count):
        for values in product(*(ladders[name] for name in names)):
            yield tuple(zip(names, values, strict=True))


def _is_possible(cells: int, axis: ConvSettings, way: Way) -> bool:
    changed: dict[str, Any] = {name: (value, value) for name, value in way}
    try:
        replace(axis, **changed).checked().output_size((cells, cells))
    except Explained:
        return False
    return True


def _relative_step(axis: ConvSettings, way: Way) -> float:
    """How large a change is; of a padding's two sides the larger step counts."""
    return sum(
        max(abs(new - old) / max(abs(old), 1) for old in _sides(axis, name)) for name, new in way
    )


def _sides(axis: ConvSettings, name: str) -> Pair:
    """A setting along one axis, twice; a padding before and after the picture."""
    pair: Pair = axis.borders()[0] if name == "padding" else getattr(axis, name)
    return pair


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
