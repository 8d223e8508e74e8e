"""The findings as a page of Markdown and as JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict

from benchmarks.machine import Machine
from benchmarks.measured import Comparison, Part, Table

_HEAD = ("what", "ours", "reference", "ratio", "target", "met")
_WORDS = {True: "met", False: "**not met**", None: "–"}


def markdown(parts: Sequence[Part], where: Machine) -> str:
    """Return the page: the comparisons of all parts first, then each part's own tables."""
    lines = ["# Measured", "", _where(where), ""]
    lines += [
        "Figures are for comparing within this page: the ratio is ours by a reference page in the "
        "same run. Written by `uv run --group bench python -m benchmarks`.",
        "",
    ]
    compared = [comparison for part in parts for comparison in part.comparisons]
    lines += [*_grid(_HEAD, [_compared(each) for each in compared]), ""]
    for part in parts:
        lines += [f"## {part.name.capitalize()}", ""]
        for error in part.errors:
            lines += [f"- **Went wrong:** {error}"]
        lines += [f"- {note}" for note in part.notes]
        for table in part.tables:
            lines += ["", f"### {table.title}", "", *_table(table)]
        lines.append("")
    return "\n".join(lines)


def as_json(parts: Sequence[Part], where: Machine) -> str:
    """Return everything, single values included."""
    told = {
        "machine": asdict(where),
        "parts": [
            asdict(part)
            | {
                "comparisons": [
                    asdict(each) | {"ratio": each.ratio, "is_met": each.is_met}
                    for each in part.comparisons
                ]
            }
            for part in parts
        ],
    }
    return json.dumps(told, indent=1, ensure_ascii=False)


def _where(where: Machine) -> str:
    versions = ", ".join(f"{name} {number}" for name, number in where.versions)
    return (
        f"{where.date} · {where.cpu}, {where.cores} cores, {where.memory_gib} GiB, {where.system} "
        f"(load {where.load}) · {versions}"
    )


def _compared(each: Comparison) -> tuple[str, ...]:
    is_ratio = each.reference is not None
    reference = f"{_figure(each.reference, each.unit)} ({each.against})" if is_ratio else "–"
    target = "–"
    if each.at_most is not None:
        target = f"≤ {each.at_most:g} ×" if is_ratio else f"≤ {_figure(each.at_most, each.unit)}"
    return (
        each.what,
        _figure(each.ours, each.unit),
        reference,
        f"{each.ratio:.2f}" if each.ratio is not None else "–",
        target,
        _WORDS[each.is_met],
    )


def _figure(value: float | None, unit: str) -> str:
    return f"{_number(value)} {unit}".rstrip()


def _number(value: str | float | None) -> str:
    if value is None:
        return "–"
    if isinstance(value, str | int):
        return str(value)
    if value == int(value) or abs(value) >= 100:
        return f"{value:.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"


def _table(table: Table) -> list[str]:
    return _grid(table.head, [tuple(map(_number, row)) for row in table.rows])


def _grid(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    align = ["---", *["---:"] * (len(head) - 1)]
    return [f"| {' | '.join(row)} |" for row in (head, align, *rows)]
