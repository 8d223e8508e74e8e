"""The challenge's board: who names most clothes right, in three classes."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from cnnviz.core.messages import N_
from cnnviz.core.training.records import RunRecord
from cnnviz.ui.text import _, number, percent
from cnnviz.ui.training.runs import plain_name

DATASET = "fashion"
_LIGHT, _QUICK_S = 100_000, 60.0
_CLASSES: dict[str, Callable[[RunRecord], bool]] = {
    N_("Under 100,000 parameters"): lambda run: run.spec.parameters() < _LIGHT,
    N_("Under one minute"): lambda run: run.card is not None and run.card.seconds < _QUICK_S,
    N_("No limit"): lambda run: True,
}


def board(seen: tuple[RunRecord, ...]) -> None:
    """Show the best finished runs on Fashion-MNIST; nothing where there are none.

    Args:
        seen: This person's runs, and those that others share.
    """
    runs = [run for run in seen if run.card and run.plan.dataset == DATASET]
    if not runs:
        return
    st.header(_("The challenge: clothes"), anchor=False)
    best = [(name, leader(runs, rule)) for name, rule in _CLASSES.items()]
    found = [(name, run) for name, run in best if run is not None and run.card is not None]
    st.table(
        {
            _("Class"): [_(name) for name, _run in found],
            _("Run"): [plain_name(run) for _name, run in found],
            _("Accuracy, test"): [percent(run.card.accuracy, 2) for _n, run in found if run.card],
            _("Parameters"): [number(run.spec.parameters()) for _name, run in found],
            _("Seconds"): [number(run.card.seconds, 1) for _name, run in found if run.card],
        },
        hide_index=True,
    )
    st.caption(
        _(
            "The highest share of the 10,000 test pictures of Fashion-MNIST, of your own runs and "
            "of those that others share."
        )
    )


def leader(runs: list[RunRecord], rule: Callable[[RunRecord], bool]) -> RunRecord | None:
    """Return the best run that keeps a rule; of equal ones the older."""
    kept = sorted((run for run in runs if run.card and rule(run)), key=lambda r: r.plan.created)
    return max(kept, key=lambda run: run.card.accuracy if run.card else 0.0, default=None)
