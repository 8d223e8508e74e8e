"""What a search has found: the best run, and what made the difference, as charts."""

from __future__ import annotations

import streamlit as st

from cnnviz.core.networks.layer_kinds import kind_title
from cnnviz.core.networks.layer_specs import ActivationLayer, ConvLayer
from cnnviz.core.training.records import RunRecord
from cnnviz.core.training.search import Search, explained_variance
from cnnviz.figures.search import Axis, history, importances, parallel
from cnnviz.ui import show, state
from cnnviz.ui.text import _, number, percent
from cnnviz.ui.training.watch import ENDED

_ENOUGH = 4
"""Runs below which nothing can be said about what mattered."""


def show_found(search: Search, done: tuple[RunRecord, ...]) -> None:
    """Show the results of a search so far; nothing before its first run is done."""
    finished = [run for run in done if run.state == "finished" and _accuracy(run) is not None]
    if not finished:
        return
    best = max(finished, key=lambda run: _accuracy(run) or 0.0)
    with st.container(horizontal=True, vertical_alignment="center"):
        said = _("Best: {share} of the held-out pictures right, with {count} parameters.")
        st.markdown(
            said.format(share=percent(_accuracy(best) or 0.0), count=number(best.spec.parameters()))
        )
        st.button(
            _("Open the best run"),
            key="train.search.best",
            icon=":material/open_in_new:",
            on_click=state.hold,
            args=(ENDED, best.id),
        )
    look = state.appearance()
    left, right = st.columns(2)
    with left:
        st.subheader(_("One run after the other"), anchor=False)
        figure = history(
            [_accuracy(run) if run.state == "finished" else None for run in done],
            appearance=look, run=_("Run"), accuracy=_("Accuracy, validation"),
        )  # fmt: skip
        show.plot(figure, alt=_("Accuracy of each run, and the best so far."), key="train.search.1")
    axes = [each for each in _axes(finished) if len(set(each.values)) > 1]
    scores = [_accuracy(run) or 0.0 for run in finished]
    if len(finished) < _ENOUGH or not axes:
        return
    with right:
        st.subheader(_("What made the difference"), anchor=False)
        shares = [explained_variance(axis.values, scores) for axis in axes]
        figure = importances([axis.name for axis in axes], shares, appearance=look)
        alt = _("How much of the differences in accuracy each setting explains.")
        show.plot(figure, alt=alt, key="train.search.2")
    st.caption(
        _(
            "The share of the differences in accuracy that goes away among runs alike in this one "
            "setting (adjusted); after few runs, a first hint."
        )
    )
    st.subheader(_("Every run a line"), anchor=False)
    figure = parallel(axes, Axis(_("Accuracy, validation"), tuple(scores)), appearance=look)
    alt = _("Each run as a line through its settings to its accuracy.")
    show.plot(figure, alt=alt, key="train.search.3")


def _accuracy(run: RunRecord) -> float | None:
    return run.last.accuracy if run.last else None


def _axes(runs: list[RunRecord]) -> list[Axis]:
    """Every setting that a search may choose."""
    first = [[each for each in run.spec.layers if isinstance(each, ConvLayer)] for run in runs]
    kinds = [
        next(x.kind for x in run.spec.layers if isinstance(x, ActivationLayer)) for run in runs
    ]
    return [
        Axis(_("Learning rate"), tuple(run.config.lr for run in runs), is_log=True),
        Axis(_("Batch size"), tuple(run.config.batch_size for run in runs)),
        Axis(_("Epochs"), tuple(run.config.epochs for run in runs)),
        Axis(_("Blocks of convolution"), tuple(len(each) for each in first)),
        Axis(_("Filters of the first block"), tuple(each[0].filters for each in first)),
        Axis(_("Kernel size"), tuple(each[0].kernel_size[0] for each in first)),
        Axis(_("Activation"), tuple(_(kind_title(kind)) for kind in kinds)),
    ]
