"""Many sessions at once: our page beside the naive one, and what a session weighs.

Puts `load` and `uploads` together; both say what they measure.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from benchmarks.load import Load, load
from benchmarks.measured import Comparison, Part, Table, percentile
from benchmarks.servers import APP, NAIVE
from benchmarks.uploads import KEPT, LARGEST, Weight, weigh

_NAIVE_FEW = 5


@dataclass(frozen=True, slots=True)
class Plan:
    """How much is measured.

    Attributes:
        sessions: Sessions of each load, with its target: p95 in ms.
        seconds: Seconds that each load lasts.
        uploads: Visitors who bring a picture.
        settle_s: Pause before a fresh server is weighed or timed.
    """

    sessions: tuple[tuple[int, float], ...] = ((30, 250.0), (60, 1000.0))
    seconds: float = 40.0
    uploads: int = 40
    settle_s: float = 12.0


def measure(plan: Plan, say: Callable[[str], None]) -> Part:
    """Put the loads on fresh servers, one after the other."""
    ours, naive = [], []
    for count, _ in plan.sessions:
        say(f"sessions: {count} on ours")
        ours.append(load(APP, count, plan.seconds, settle_s=plan.settle_s))
        say(f"sessions: {count} on the naive page")
        naive.append(load(NAIVE, count, plan.seconds, settle_s=plan.settle_s))
    if naive[0].has_collapsed:
        few = min(_NAIVE_FEW, naive[0].sessions)
        say(f"sessions: {few} on the naive page, which could not bear more")
        naive.insert(0, load(NAIVE, few, plan.seconds, settle_s=plan.settle_s))
    weights = []
    for side in (KEPT, LARGEST):
        say(f"sessions: {plan.uploads} with a picture of {side} × {side}")
        weights.append(weigh(side, plan.uploads, settle_s=plan.settle_s))
    return _part(plan, ours, naive, weights)


def _part(
    plan: Plan, ours: Sequence[Load], naive: Sequence[Load], weights: Sequence[Weight]
) -> Part:
    named = [*((f"ours, {each.sessions}", each) for each in ours)]
    named += [(f"naive, {each.sessions}", each) for each in naive]
    errors = [f"{name}: {error}" for name, each in named for error in sorted(set(each.errors))]
    errors += [f"upload of {each.side}: {error}" for each in weights for error in each.errors]
    return Part(
        "sessions",
        tuple(_comparisons(plan, ours, naive, weights)),
        (_loads(named), _weights(weights)),
        _notes(naive),
        tuple(errors),
        {f"{name}, answers in s": each.answers_s for name, each in named},
    )


def _comparisons(
    plan: Plan, ours: Sequence[Load], naive: Sequence[Load], weights: Sequence[Weight]
) -> list[Comparison]:
    lines = []
    for each, (_, at_most) in zip(ours, plan.sessions, strict=True):
        lines.append(
            Comparison(f"{each.sessions} sessions, p95", "ms", 1000 * _p95(each), at_most=at_most)
        )
        other = next(one for one in naive if one.sessions == each.sessions)
        if other.answers_s and each.answers_s:
            what = f"{each.sessions} sessions, p95"
            against = "naive, those answered" if other.has_collapsed else "naive"
            lines.append(Comparison(what, "ms", 1000 * _p95(each), 1000 * _p95(other), against))
    wrong = sum(len(each.errors) for each in ours)
    lines.append(Comparison("errors under load", "", float(wrong), at_most=0))
    lines.append(
        Comparison(
            "memory of an open session, no picture", "MiB", ours[-1].per_session_mib, at_most=1
        )
    )
    lines += [
        Comparison(
            f"memory of a session with {each.side} × {each.side} px, a file of "
            f"{each.file_mb:.1f} MB",
            "MB", each.per_session_mb, at_most=15,
        )
        for each in weights
    ]  # fmt: skip
    return lines


def _p95(done: Load) -> float:
    return percentile(done.answers_s, 0.95) if done.answers_s else float("inf")


def _loads(named: Sequence[tuple[str, Load]]) -> Table:
    head = (
        "page, sessions", "answers", "never sent", "p50 ms", "p95 ms", "most ms",
        "server's CPU (1 = one core)", "CPU ms an answer", "visitors' CPU", "RSS first MiB",
        "all open", "most", "after", "MiB a session, idle", "after work", "errors",
    )  # fmt: skip
    rows = tuple(
        (
            name,
            len(each.answers_s),
            each.unsent,
            1000 * percentile(each.answers_s, 0.5),
            1000 * percentile(each.answers_s, 0.95),
            1000 * percentile(each.answers_s, 1),
            each.cpu,
            1000 * each.cpu * each.took_s / len(each.answers_s),
            each.visitors_cpu,
            each.rss_first,
            each.rss_open,
            each.rss_most,
            each.rss_after,
            each.per_session_mib,
            each.per_session_after_mib,
            len(each.errors),
        )
        for name, each in named
        if each.answers_s
    )
    return Table("Sessions that change the stride once in two seconds", head, rows)


def _weights(weights: Sequence[Weight]) -> Table:
    head = ("picture", "file MB", "sessions", "MB a session", "of the later half", "errors")
    rows = tuple(
        (
            f"{each.side} × {each.side} RGB noise",
            each.file_mb,
            each.sessions,
            each.per_session_mb,
            each.later_mb,
            len(each.errors),
        )
        for each in weights
    )
    return Table("Growth of resident memory by a session that brings a picture", head, rows)


def _notes(naive: Sequence[Load]) -> tuple[str, ...]:
    notes = [
        "From the sending of a change (or from when it was due, if the answer before was late) "
        "to the word that its script has finished; no browser.",
        "Neighbours look at other padding and dilation; after four changes a visitor's answers "
        "may come from the server's cache.",
        "Memory is growth of resident memory by each session after the first few; with a picture, "
        "by each visitor who uploads, over having the page open.",
    ]
    for each in naive:
        if each.has_collapsed:
            notes.append(
                f"The naive page collapsed under {each.sessions} sessions: {each.unsent} of its "
                "changes were never sent within the time, and are in no figure."
            )
    return tuple(notes)
