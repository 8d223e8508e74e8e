"""Runs that are kept: a table of those looked for, one looked at or two compared."""

from __future__ import annotations

import streamlit as st

from cnnviz import nn
from cnnviz.core.messages import N_
from cnnviz.core.networks.layer_kinds import kind_title
from cnnviz.core.networks.layer_specs import ConvLayer, LinearLayer
from cnnviz.core.training.records import DONE, STATES, RunRecord
from cnnviz.figures.classes import confusion_difference
from cnnviz.ui import controls, layers, show, state
from cnnviz.ui.components.browser import person
from cnnviz.ui.data_sets import dataset_name
from cnnviz.ui.text import _, day, distinct, number, say
from cnnviz.ui.training.run import show_run
from cnnviz.ui.training.runs import delete, plain_name, plain_text, shown
from cnnviz.ui.training.settings import settings_of
from cnnviz.ui.training.watch import ENDED, show_curves

_CHOSEN = "train.chosen"
_SORTS = {
    "created": N_("Newest first"),
    "accuracy": N_("Most often right"),
    "parameters": N_("Fewest parameters"),
    "seconds": N_("Quickest"),
}
"""Those of `core.training.records.SORTS` that people ask for."""
_FEW = 3
"""Runs up to which nobody needs to search."""


def keep(runs: tuple[RunRecord, ...]) -> None:
    """Show this person's runs that are done."""
    st.header(_("Your runs"), anchor=False)
    _broken()
    done = {run.id: run for run in runs if run.state in DONE}
    if not done:
        st.caption(_("None is done yet. They stay when you close this tab."))
        return
    if found := _find(done):
        _table(found)
    else:
        st.caption(_("No run is like that."))
    chosen = [done[each] for each in _choose(done)]
    if not chosen:
        return
    with shown():
        show_curves(tuple(chosen), key="train.curves")
    if len(chosen) == 2:
        _differences(*chosen)
    for run, column in zip(chosen, st.columns(len(chosen), gap="large"), strict=True):
        with column, shown():
            show_run(run, is_alone=len(chosen) == 1)


def _broken() -> None:
    """Name the runs of which too little is left to list them, and offer to delete them."""
    for run in nn.broken_runs(person()):
        with st.container(horizontal=True, vertical_alignment="center"):
            said = _("“{name}” cannot be shown.").format(name=plain_text(run.name))
            st.warning(f"{said} {say(run.reason)}", icon=":material/info:")
            key = f"train.delete.{run.id}"
            st.button(_("Delete this run"), key=key, on_click=delete, args=(run.id,))


def _find(done: dict[str, RunRecord]) -> tuple[RunRecord, ...]:
    """Draw what to look for and in which order, where there are many; return what is found."""
    if len(done) <= _FEW:
        return tuple(done.values())
    datasets = {run.plan.dataset: dataset_name(run.plan.dataset) for run in done.values()}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        name = st.text_input(_("Find by name"), key="train.find", max_chars=80, width=220)
        held = state.held("train.find.dataset") or []
        state.hold("train.find.dataset", [each for each in held if each in datasets])
        wanted = st.multiselect(
            _("Data sets"), list(datasets), format_func=datasets.__getitem__,
            key="train.find.dataset", placeholder=_("All"), width=340,
        )  # fmt: skip
        by = controls.select(_("Order"), "train.find.order", _SORTS, width=220, persists=False)
    found = [
        run
        for run in done.values()
        if name.casefold() in run.name.casefold() and (not wanted or run.plan.dataset in wanted)
    ]
    return tuple(_sorted(found, by))


def _sorted(runs: list[RunRecord], by: str) -> list[RunRecord]:
    """Sort as `by` has it; what has no such value comes last."""
    if by in ("created", "accuracy"):
        return sorted(runs, key=lambda run: run.key(by), reverse=True)
    return sorted(runs, key=lambda run: (not run.key(by)[0], run.key(by)[1]))


def _table(runs: tuple[RunRecord, ...]) -> None:
    accuracy = st.column_config.NumberColumn(format="percent")
    plain = st.column_config.NumberColumn(format="localized")
    validation, test = _("Accuracy, validation"), _("Accuracy, test")
    parameters, seconds = _("Parameters"), _("Seconds")
    st.dataframe(
        {
            _("Name"): [run.name for run in runs],
            _("State"): [_(STATES[run.state]) for run in runs],
            _("Data set"): [dataset_name(run.plan.dataset) for run in runs],
            parameters: [run.spec.parameters() for run in runs],
            _("Epochs"): [run.config.epochs for run in runs],
            validation: [run.last.accuracy if run.last else None for run in runs],
            test: [run.card.accuracy if run.card else None for run in runs],
            seconds: [round(run.last.elapsed_s, 1) if run.last else None for run in runs],
            _("Date"): [day(run.plan.created[:10]) for run in runs],
        },
        hide_index=True,
        placeholder="–",
        column_config={parameters: plain, validation: accuracy, test: accuracy, seconds: plain},
        key="train.table",
    )


def _choose(done: dict[str, RunRecord]) -> list[str]:
    """Draw the choice of one run or two; the one that has just ended is taken at once."""
    ended = state.held(ENDED)
    state.hold(ENDED, None)
    held = state.held(_CHOSEN)
    asked = [ended] if ended in done else held
    kept = [each for each in asked or [] if each in done]
    state.hold(_CHOSEN, kept or ([] if held == [] else [next(iter(done))]))
    labels = distinct((each, run.name) for each, run in done.items())
    return st.multiselect(
        _("Look at one, or compare two"),
        list(done),
        format_func=labels.__getitem__,
        key=_CHOSEN,
        max_selections=2,
        placeholder=_("Choose a run"),
        persist_state="session",
    )


def _differences(first: RunRecord, second: RunRecord) -> None:
    """Show what two runs do not have in common, and where they answer otherwise."""
    one, other = (_settings(run) for run in (first, second))
    rows = [name for name in one if one[name] != other[name]]
    st.subheader(_("What differs"), anchor=False)
    if not rows:
        st.caption(_("Nothing: the same network, trained alike on the same pictures."))
    else:
        st.table(
            {
                _("Setting"): rows,
                f"1 · {plain_name(first)}": [one[name] for name in rows],
                f"2 · {plain_name(second)}": [other[name] for name in rows],
            },
            hide_index=True,
        )
    _answers(first, second)


def _answers(first: RunRecord, second: RunRecord) -> None:
    """Show how much more often the second run gave each answer to the same test pictures."""
    if not first.card or not second.card or first.plan.dataset != second.plan.dataset:
        return
    st.subheader(_("Which answers differ"), anchor=False)
    figure = confusion_difference(
        first.card.confusion_matrix,
        second.card.confusion_matrix,
        layers.labels(second.card.spec),
        appearance=state.appearance(),
        true_label=_("True class"),
        predicted_label=_("Network’s answer"),
    )
    alt = _("Confusion matrix of the second run less that of the first.")
    show.plot(figure, alt=alt, key="train.difference")
    st.caption(
        _(
            "Orange: the second run answers so more often, of the same test pictures; blue: less "
            "often. On the diagonal the answer is right."
        )
    )


def _settings(run: RunRecord) -> dict[str, str]:
    return {
        _("Data set"): dataset_name(run.plan.dataset),
        _("Layers"): _layers(run),
        _("Parameters"): number(run.spec.parameters()),
        **settings_of(run.config),
    }


def _layers(run: RunRecord) -> str:
    """A network in one line."""
    words = []
    for layer in run.spec.layers:
        if isinstance(layer, ConvLayer):
            height, width = layer.kernel_size
            said = _("{count} filters of {height} × {width}")
            words.append(said.format(count=number(layer.filters), height=height, width=width))
        elif isinstance(layer, LinearLayer):
            words.append(_("dense {count}").format(count=number(layer.features)))
        elif layer.kind != "flatten":
            words.append(_(kind_title(layer.kind)))
    return ", ".join(words)
