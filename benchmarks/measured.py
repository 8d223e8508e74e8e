"""What a benchmark hands to the report: comparisons with their targets, tables, notes.

Knows how to take percentiles and ratios; runs nothing.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value below which `share` of the values lie, between neighbours linearly.

    Raises:
        ValueError: there are no values, or `share` lies outside [0, 1].
    """
    if not values or not 0 <= share <= 1:
        raise ValueError(f"no percentile {share} of {len(values)} values")
    ordered = sorted(values)
    at = share * (len(ordered) - 1)
    low, high = math.floor(at), math.ceil(at)
    return ordered[low] + (ordered[high] - ordered[low]) * (at - low)


def median(values: Sequence[float]) -> float:
    """Return the middle value."""
    return percentile(values, 0.5)


@dataclass(frozen=True, slots=True)
class Comparison:
    """One line of the table.

    Attributes:
        what: What was measured.
        unit: Unit of `ours` and `reference`: ms, s, MiB.
        ours: The figure.
        reference: The same of the reference page in the same run; None for an absolute target.
        against: Which page that is.
        at_most: The target: of the ratio where there is a reference, else of the figure itself;
            None where none was set.
        is_reached: Whether what was to be done in that time was done at all.
    """

    what: str
    unit: str
    ours: float
    reference: float | None = None
    against: str = ""
    at_most: float | None = None
    is_reached: bool = True

    @property
    def ratio(self) -> float | None:
        """Ours by the reference; below 1 is better."""
        return self.ours / self.reference if self.reference else None

    @property
    def is_met(self) -> bool | None:
        """Whether the target is met; None without one."""
        if self.at_most is None:
            return None
        judged = self.ours if self.reference is None else self.ratio
        return self.is_reached and judged is not None and judged <= self.at_most


@dataclass(frozen=True, slots=True)
class Table:
    """Figures that stand behind the comparisons."""

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str | float, ...], ...]


@dataclass(frozen=True, slots=True)
class Part:
    """What one benchmark found.

    Attributes:
        name: As `--only` takes it.
        comparisons: Comparisons that have targets.
        tables: Tables with the other figures.
        notes: What a reader must know to read the figures.
        errors: What went wrong while measuring; empty when all figures are sound.
        raw: Every single value by name; milliseconds, seconds or MiB as the name says.
    """

    name: str
    comparisons: tuple[Comparison, ...]
    tables: tuple[Table, ...] = ()
    notes: tuple[str, ...] = ()
    errors: tuple[str, ...] = ()
    raw: dict[str, list[float]] = field(default_factory=dict)
