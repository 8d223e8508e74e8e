"""Many possibilities tried: what to choose from, how long, and what has come of it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import streamlit as st

from cnnviz import nn
from cnnviz.core.messages import Explained
from cnnviz.core.networks.layer_kinds import kind_title
from cnnviz.core.networks.layer_specs import ActivationLayer, ConvLayer, activation_kinds
from cnnviz.core.training.records import DONE, RunRecord
from cnnviz.core.training.search import MOST_MINUTES, MOST_RUNS, Ranges, Search, explained_variance
from cnnviz.figures.search import Axis, history, importances, parallel
from cnnviz.ui import controls, show, state
from cnnviz.ui.components.browser import person
from cnnviz.ui.text import _, number, percent, say
from cnnviz.ui.training.runs import ensure_worker, queue, refusals, refuse, shown
from cnnviz.ui.training.settings import config
from cnnviz.ui.training.watch import ENDED

_START: dict[str, Any] = {
    "filters": [4, 8, 16],
    "kernel_size": [3, 5],
    "batch_size": [32, 64, 128],
    "activation": ["relu", "tanh"],
    "epochs": [2, 4],
    "blocks": [1, 2],
    "lr_low": 0.0003,
    "lr_high": 0.03,
    "runs": 12,
    "minutes": 10,
}
_SORTED = ("batch_size", "filters", "kernel_size", "epochs")
_RATES = (0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3)
_EVERY_S = 2.0
_ENOUGH = 4
"""Runs below which nothing can be said about what mattered."""


def search(dataset: str, *, is_possible: bool) -> None:
    """Draw the form of a search, folded away, and the last search of this person."""
    st.header(_("Try many possibilities"), anchor=False)
    with st.expander(_("Choose the ranges")):
        _form()
        st.button(
            _("Search"),
            key="train.search.begin",
            icon=":material/travel_explore:",
            disabled=not is_possible,
            on_click=_begin,
            args=(dataset,),
        )
    searches = nn.list_searches(person())
    if searches:
        last = searches[0]
        st.fragment(_look, run_every=None if last.is_over else _EVERY_S)(last, _open(last))


def _form() -> None:
    controls.start_from({_key(name): value for name, value in _START.items()})
    st.caption(
        _(
            "Every run chooses one of each; hopeless ones are given up early. What is not here is "
            "as the form above has it."
        )
    )
    left, right = st.columns(2)
    with left:
        controls.several(_("Filters of the first block"), _key("filters"), (2, 4, 8, 16, 32, 64))
        controls.several(_("Kernel size"), _key("kernel_size"), (3, 5, 7))
        kinds = activation_kinds()
        controls.several(_("Activation"), _key("activation"), tuple(kinds), kinds)
        controls.several(_("Blocks of convolution"), _key("blocks"), (1, 2, 3))
    with right:
        controls.several(_("Batch size"), _key("batch_size"), (16, 32, 64, 128, 256, 512))
        controls.several(_("Epochs"), _key("epochs"), (1, 2, 4, 8, 16))
        controls.among(_("Lowest learning rate"), _key("lr_low"), _RATES)
        controls.among(_("Highest learning rate"), _key("lr_high"), _RATES)
        with st.container(horizontal=True):
            controls.number(_("Runs, at most"), _key("runs"), (2, MOST_RUNS), width=140)
            controls.number(_("Minutes, at most"), _key("minutes"), (1, MOST_MINUTES), width=140)


def _key(name: str) -> str:
    return f"train.search.{name}"


def _begin(dataset: str) -> None:
    """Ask for the search that the form holds; a callback."""
    held = {name: state.held(_key(name)) or start for name, start in _START.items()}
    with refusals():
        ranges = Ranges(
            lr=(held["lr_low"], held["lr_high"]),
            blocks=(min(held["blocks"]), max(held["blocks"])),
            activation=tuple(held["activation"]),
            **{name: tuple(sorted(held[name])) for name in _SORTED},
        )
        chosen = config()
        chosen = replace(chosen, validation_share=max(chosen.validation_share, 0.1))
        nn.check_room()
        with queue() as opened:
            nn.begin_search(
                opened, dataset, chosen, ranges, person(),
                most_runs=int(held["runs"]), most_minutes=float(held["minutes"]),
            )  # fmt: skip
        ensure_worker()


def _end(search_id: str) -> None:
    """End a search; a callback."""
    with refusals():
        nn.end_search(search_id, person())


def _open(search: Search) -> tuple[str, ...]:
    """The runs of a search that are not done."""
    return tuple(run.id for run in nn.runs_of(search.id, search.owner) if run.state not in DONE)


def _look(last: Search, before: tuple[str, ...]) -> None:
    """Show how far the search is; start the page over when it goes on or ends."""
    now = next((each for each in nn.list_searches(person()) if each.id == last.id), None)
    if now is None:
        refuse(Explained("The search is no longer there, or its file is damaged; its runs are."))
        st.rerun()
    if now.is_over != last.is_over or _open(now) != before:
        st.rerun()
    with shown():
        if not now.is_over:
            ensure_worker()
    runs = nn.runs_of(now.id, now.owner)
    done = [run for run in runs if run.state in DONE]
    said = _("{done} of at most {most} runs are done.")
    st.progress(
        1.0 if now.is_over else len(done) / now.most_runs,
        said.format(done=number(len(done)), most=number(now.most_runs)),
    )
    if not now.is_over:
        st.button(
            _("End the search"),
            key="train.search.end",
            icon=":material/stop:",
            on_click=_end,
            args=(now.id,),
            help=_("No other run is begun; the one at hand goes on."),
        )
    with shown():
        _show_found(tuple(done))


def _show_found(done: tuple[RunRecord, ...]) -> None:
    """Show the results of a search so far; where no run came to its end, why the last did not."""
    finished = [run for run in done if _accuracy(run) is not None]
    if not finished:
        if done and done[-1].reason:
            st.warning(say(done[-1].reason), icon=":material/info:")
        return
    scores = [_accuracy(run) or 0.0 for run in finished]
    top = max(scores)
    _show_best(finished[scores.index(top)], top)
    look = state.appearance()
    left, right = st.columns(2)
    with left:
        st.subheader(_("One run after the other"), anchor=False)
        figure = history(
            list(map(_accuracy, done)),
            appearance=look, run=_("Run"), accuracy=_("Accuracy, validation"),
        )  # fmt: skip
        show.plot(figure, alt=_("Accuracy of each run, and the best so far."), key="train.search.1")
    axes = [each for each in _axes(finished) if len(set(each.values)) > 1]
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


def _show_best(best: RunRecord, accuracy: float) -> None:
    """Say how good the best run is, and offer to open it."""
    with st.container(horizontal=True, vertical_alignment="center"):
        said = _("Best: {share} of the held-out pictures right, with {count} parameters.")
        st.markdown(said.format(share=percent(accuracy), count=number(best.spec.parameters())))
        st.button(
            _("Open the best run"),
            key="train.search.best",
            icon=":material/open_in_new:",
            on_click=state.hold,
            args=(ENDED, best.id),
        )


def _accuracy(run: RunRecord) -> float | None:
    """Held-out accuracy of a run that finished."""
    return run.last.accuracy if run.state == "finished" and run.last else None


def _axes(runs: list[RunRecord]) -> list[Axis]:
    """Every setting that a search may choose."""
    specs = [run.spec.layers for run in runs]
    first = [[each for each in layers if isinstance(each, ConvLayer)] for layers in specs]
    kinds = [next(x.kind for x in layers if isinstance(x, ActivationLayer)) for layers in specs]
    return [
        Axis(_("Learning rate"), tuple(run.config.lr for run in runs), is_log=True),
        Axis(_("Batch size"), tuple(run.config.batch_size for run in runs)),
        Axis(_("Epochs"), tuple(run.config.epochs for run in runs)),
        Axis(_("Blocks of convolution"), tuple(len(each) for each in first)),
        Axis(_("Filters of the first block"), tuple(each[0].filters for each in first)),
        Axis(_("Kernel size"), tuple(each[0].kernel_size[0] for each in first)),
        Axis(_("Activation"), tuple(_(kind_title(kind)) for kind in kinds)),
    ]
