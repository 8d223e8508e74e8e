"""Many possibilities tried: what to choose from, how long, and what has come of it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import streamlit as st

from cnnviz.core.networks.layer_kinds import activation_titles
from cnnviz.core.training.records import DONE
from cnnviz.core.training.search import MOST_MINUTES, MOST_RUNS, Ranges, Search
from cnnviz.ui import state
from cnnviz.ui.components.browser import person
from cnnviz.ui.text import _, number
from cnnviz.ui.training.found import show_found
from cnnviz.ui.training.runs import ensure_worker, queue, refusals
from cnnviz.ui.training.settings import config

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
_RATES = (0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3)
_EVERY_S = 2.0


def search(dataset: str, *, is_possible: bool) -> None:
    """Draw the form of a search, folded away, and the last search of this person."""
    from cnnviz.nn.runs.searches import list_searches

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
    searches = list_searches(person())
    if searches:
        last = searches[0]
        st.fragment(_look, run_every=None if last.is_over else _EVERY_S)(last, _open(last))


def _form() -> None:
    for name, value in _START.items():
        state.remember_default(_key(name), value)
        if state.held(_key(name)) is None:
            state.hold(_key(name), value)
    st.caption(
        _(
            "Every run chooses one of each; hopeless ones are given up early. What is not here is "
            "as the form above has it."
        )
    )
    left, right = st.columns(2)
    with left:
        _several(_("Filters of the first block"), "filters", (2, 4, 8, 16, 32, 64))
        _several(_("Kernel size"), "kernel_size", (3, 5, 7))
        kinds = {kind: _(name) for kind, name in activation_titles().items()}
        _several(_("Activation"), "activation", tuple(kinds), kinds)
        _several(_("Blocks of convolution"), "blocks", (1, 2, 3))
    with right:
        _several(_("Batch size"), "batch_size", (16, 32, 64, 128, 256, 512))
        _several(_("Epochs"), "epochs", (1, 2, 4, 8, 16))
        _rate(_("Lowest learning rate"), "lr_low")
        _rate(_("Highest learning rate"), "lr_high")
        with st.container(horizontal=True):
            st.number_input(
                _("Runs, at most"), 2, MOST_RUNS, step=1, key=_key("runs"), persist_state="session",
                width=140,
            )  # fmt: skip
            st.number_input(
                _("Minutes, at most"), 1, MOST_MINUTES, step=1, key=_key("minutes"),
                persist_state="session", width=140,
            )  # fmt: skip


def _key(name: str) -> str:
    return f"train.search.{name}"


def _several(
    label: str, name: str, options: tuple[Any, ...], names: dict[str, str] | None = None
) -> None:
    st.pills(
        label,
        options,
        selection_mode="multi",
        format_func=names.__getitem__ if names else str,
        key=_key(name),
        persist_state="session",
    )


def _rate(label: str, name: str) -> None:
    st.select_slider(
        label,
        _RATES,
        format_func=lambda each: number(each, 5),
        key=_key(name),
        persist_state="session",
    )


def _begin(dataset: str) -> None:
    """Ask for the search that the form holds; a callback."""
    from cnnviz.nn.runs.searches import begin_search

    held = {name: state.held(_key(name)) or start for name, start in _START.items()}
    with refusals():
        ranges = Ranges(
            lr=(held["lr_low"], held["lr_high"]),
            batch_size=tuple(sorted(held["batch_size"])),
            filters=tuple(sorted(held["filters"])),
            blocks=(min(held["blocks"]), max(held["blocks"])),
            kernel_size=tuple(sorted(held["kernel_size"])),
            activation=tuple(held["activation"]),
            epochs=tuple(sorted(held["epochs"])),
        )
        chosen = config()
        chosen = replace(chosen, validation_share=max(chosen.validation_share, 0.1))
        with queue() as opened:
            begin_search(
                opened, dataset, chosen, ranges, person(),
                most_runs=int(held["runs"]), most_minutes=float(held["minutes"]),
            )  # fmt: skip
        ensure_worker()


def _end(search_id: str) -> None:
    """End a search; a callback."""
    from cnnviz.nn.runs.searches import end_search

    with refusals():
        end_search(search_id, person())


def _open(search: Search) -> tuple[str, ...]:
    """The runs of a search that are not done."""
    from cnnviz.nn.runs.searches import runs_of

    return tuple(run.id for run in runs_of(search.id, search.owner) if run.state not in DONE)


def _look(last: Search, before: tuple[str, ...]) -> None:
    """Show how far the search is; start the page over when it goes on or ends."""
    from cnnviz.nn.runs.searches import list_searches, runs_of

    now = next((each for each in list_searches(person()) if each.id == last.id), last)
    if now.is_over != last.is_over or _open(now) != before:
        st.rerun()
    if not now.is_over:
        ensure_worker()
    runs = runs_of(now.id, now.owner)
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
    show_found(now, tuple(done))
