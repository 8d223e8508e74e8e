"""Runs the benchmarks and writes `benchmarks/results.md` and `benchmarks/results.json`.

uv run --group bench python -m benchmarks [--only PART] [--repeats N] [--quick]
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from dataclasses import replace
from importlib import import_module
from pathlib import Path

from benchmarks.machine import machine
from benchmarks.measured import Part
from benchmarks.report import as_json, markdown

PARTS = ("browser", "viewer", "sessions", "cold", "photos", "digits", "training", "beside", "cuda")


def measure(name: str, *, repeats: int | None = None, is_quick: bool = False) -> Part:
    """Run one part.

    Args:
        name: A key of `PARTS`.
        repeats: Changes a case, starts an app, trains, blocks, uploads, places, photographs of a
            kind; None for 34, 7, 5, 3, 30, 300 and 40. Sessions have none.
        is_quick: Too few of everything to mean anything: only to see that it works.
    """
    part = import_module(f"benchmarks.{name}")  # each needs other packages
    if name == "browser":
        settle_ms = 1000 if is_quick else part.SETTLE_MS
        return part.measure(repeats or (2 if is_quick else 34), _say, settle_ms=settle_ms)
    if name == "viewer":
        return part.measure(repeats or (5 if is_quick else 300), _say)
    if name == "cold":
        return part.measure(repeats or (1 if is_quick else 7), _say)
    if name == "training":
        return part.measure(repeats or (1 if is_quick else 5), _say, is_quick=is_quick)
    if name == "beside":
        few = part.Plan(blocks=1, changes=2, pairs=1, watch_s=2)
        plan = few if is_quick else part.Plan()
        return part.measure(replace(plan, blocks=repeats or plan.blocks), _say)
    if name == "digits":
        few = {"clean": 20} if is_quick else {}
        return part.measure(repeats or (1 if is_quick else 40), _say, **few)
    if name == "cuda":
        return part.measure(repeats or (1 if is_quick else 5), _say)
    if name == "photos":
        few = part.Plan(uploads=2, maps=3, people=2, settle_s=6, forgotten_s=1)
        plan = few if is_quick else part.Plan()
        return part.measure(replace(plan, uploads=repeats or plan.uploads), _say)
    quick = part.Plan(sessions=((3, 250.0),), seconds=6, uploads=2, settle_s=6)
    return part.measure(quick if is_quick else part.Plan(), _say)


def _say(message: str) -> None:
    print(message, file=sys.stderr, flush=True)


def main(arguments: list[str] | None = None) -> int:
    """Run the requested parts; 1 when something went wrong while measuring."""
    parser = argparse.ArgumentParser("python -m benchmarks", description=__doc__)
    parser.add_argument("--only", choices=PARTS, action="append")
    parser.add_argument("--repeats", type=int)
    parser.add_argument("--quick", action="store_true", help="a smoke run; writes elsewhere")
    parser.add_argument("--into", type=Path, help="folder for the results")
    asked = parser.parse_args(arguments)
    here = Path(tempfile.mkdtemp("-benchmarks")) if asked.quick else Path(__file__).parent
    folder: Path = asked.into or here
    folder.mkdir(parents=True, exist_ok=True)
    where, parts = machine(), []
    for name in asked.only or PARTS:  # what is measured is kept, whatever the next part meets
        parts.append(measure(name, repeats=asked.repeats, is_quick=asked.quick))
        (folder / "results.md").write_text(markdown(parts, where), encoding="utf-8")
        (folder / "results.json").write_text(as_json(parts, where), encoding="utf-8")
    print((folder / "results.md").read_text(encoding="utf-8"))
    _say(f"written to {folder}")
    return 1 if any(part.errors for part in parts) else 0


if __name__ == "__main__":
    sys.exit(main())
