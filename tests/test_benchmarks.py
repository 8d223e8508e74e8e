"""What the benchmarks reckon with, and that each of them runs; never how long anything takes."""

import json

import pytest

from benchmarks.machine import Machine
from benchmarks.measured import Comparison, Part, Table, median, percentile
from benchmarks.report import as_json, markdown

WHERE = Machine("2026-01-02", "A chip", 2, 8.0, "Linux x86_64", (("Python", "3.11"),), 0.5)


def test_percentiles_lie_between_neighbours():
    assert percentile([4, 1, 3, 2], 0.5) == 2.5
    assert percentile([7.0], 0.95) == 7
    assert percentile(list(range(101)), 0.95) == 95
    assert (percentile([3, 1, 2], 0), percentile([3, 1, 2], 1)) == (1, 3)
    assert median([9, 1, 5]) == 5


@pytest.mark.parametrize(("values", "share"), [([], 0.5), ([1.0], 1.5), ([1.0], -0.1)])
def test_no_percentile_of_nothing(values, share):
    with pytest.raises(ValueError, match="no percentile"):
        percentile(values, share)


@pytest.mark.parametrize(
    ("comparison", "ratio", "is_met"),
    [
        (Comparison("a", "ms", 150, 100, "floor", 1.5), 1.5, True),
        (Comparison("a", "ms", 151, 100, "floor", 1.5), 1.51, False),
        (Comparison("a", "ms", 151, 100, "floor"), 1.51, None),
        (Comparison("a", "ms", 240, at_most=250), None, True),
        (Comparison("a", "ms", float("inf"), at_most=250), None, False),
        (Comparison("a", "", 0.0, at_most=0), None, True),
    ],
)
def test_a_target_is_of_the_ratio_where_there_is_a_reference(comparison, ratio, is_met):
    assert comparison.ratio == ratio
    assert comparison.is_met is is_met


def part(*errors):
    return Part(
        "browser",
        (
            Comparison("stride → map, p50", "ms", 180.4, 100.2, "floor, p50", 1.5),
            Comparison("memory", "MiB", 0.25, at_most=1),
        ),
        (Table("All", ("case", "p50 ms"), (("floor", 100.25), ("ours", "–"))),),
        ("A note.",),
        errors,
        {"ours": [180.4]},
    )


def test_the_page_says_what_was_met_and_what_was_not():
    page = markdown([part()], WHERE)
    assert "2026-01-02 · A chip, 2 cores, 8.0 GiB, Linux x86_64 (load 0.5) · Python 3.11" in page
    assert (
        "| stride → map, p50 | 180 ms | 100 ms (floor, p50) | 1.80 | ≤ 1.5 × | **not met** |"
        in page
    )
    assert "| memory | 0.25 MiB | – | – | ≤ 1 MiB | met |" in page
    assert "| floor | 100 |\n| ours | – |" in page
    assert "- A note." in page
    assert "Went wrong" not in page


def test_the_page_says_what_went_wrong():
    assert "- **Went wrong:** a traceback" in markdown([part("a traceback")], WHERE)


def test_the_json_holds_every_value():
    told = json.loads(as_json([part()], WHERE))
    assert told["machine"]["cores"] == 2
    assert told["parts"][0]["raw"] == {"ours": [180.4]}
    assert told["parts"][0]["comparisons"][0]["is_met"] is False


@pytest.mark.slow
@pytest.mark.parametrize(
    "name", ["browser", "viewer", "sessions", "cold", "photos", "training", "beside"]
)
def test_each_benchmark_runs_without_an_error(name, tmp_path):
    from benchmarks.__main__ import main

    assert main(["--quick", "--only", name, "--into", str(tmp_path)]) == 0
    [found] = json.loads((tmp_path / "results.json").read_text("utf-8"))["parts"]
    assert found["errors"] == []
    assert all(comparison["ours"] is not None for comparison in found["comparisons"])
    assert all(found["raw"].values())
    assert "| ours |" in (tmp_path / "results.md").read_text("utf-8")
