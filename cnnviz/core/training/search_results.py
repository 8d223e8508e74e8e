"""What a search has found out, counted from its runs alone. Knows no Optuna."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

MOST_RUNS, MOST_MINUTES = 60, 120
"""That a search may take."""
BINS = 3
"""Into which settings with many values are cut, each with as many runs."""


def explained(values: Sequence[float | str], scores: Sequence[float]) -> float:
    """Return which share of the scores' variance goes away within runs alike in one setting.

    The adjusted share (ε², Kelley 1935): 0 on average where the setting does not matter.

    Args:
        values: The setting, one a run.
        scores: One a run.

    Returns:
        In [0, 1]; 0 where there are too few runs, or no two that differ.
    """
    marks = np.asarray(scores, np.float64)
    groups = _groups(values)
    kinds = np.unique(groups)
    total = float(((marks - marks.mean()) ** 2).sum()) if len(marks) else 0.0
    free = len(marks) - len(kinds)
    if len(kinds) < 2 or free < 1 or total == 0:
        return 0.0
    within = sum(
        float(((part - part.mean()) ** 2).sum()) for k in kinds if len(part := marks[groups == k])
    )
    left = within / free * (len(marks) - 1)
    return float(np.clip(1 - left / total, 0, 1))


def _groups(values: Sequence[float | str]) -> np.ndarray:
    kinds, places = np.unique(np.asarray(values), return_inverse=True)
    if len(kinds) <= max(BINS, len(values) // 2) and len(kinds) < len(values):
        return places
    ranks = np.argsort(np.argsort(np.asarray(values), kind="stable"), kind="stable")
    return ranks * BINS // max(len(values), 1)
