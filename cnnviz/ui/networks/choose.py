"""Which network is looked at: one that is shipped, or a person's own run; the address names it."""

from __future__ import annotations

import streamlit as st

from cnnviz import nn
from cnnviz.core.messages import Explained
from cnnviz.core.pictures.data_sets import DATA_SETS
from cnnviz.core.training.cards import SHIPPED, NetworkCard
from cnnviz.core.training.records import RunRecord, is_run_id
from cnnviz.ui import resources, show, state
from cnnviz.ui.components.browser import agree_on_person, is_known, person
from cnnviz.ui.controls import Setting
from cnnviz.ui.data_sets import dataset_name
from cnnviz.ui.text import _, distinct, percent

DEFAULT = "mnist"
_KEY = Setting("network", {}, DEFAULT).key


def choose() -> NetworkCard:
    """Draw the choice and return the card of the network chosen.

    A person's runs are listed once torch is there, for reading them needs it, or when one is
    asked for. What is not theirs or not there is said so, and the default network shown.
    """
    wanted = _wanted()
    if wanted and is_run_id(wanted) and not is_known():
        agree_on_person(must_answer=True)
        with st.skeleton(height=640):
            st.stop()
    names = _names(wanted)
    if wanted in names:
        state.hold(_KEY, wanted)
        state.hold(state.WANTED_KEY, None)
    elif state.held(_KEY) not in (*names, None):  # it has been deleted meanwhile
        wanted = str(state.held(_KEY))
        state.hold(state.WANTED_KEY, wanted)
        state.hold(_KEY, DEFAULT)
    state.remember_default(state.WANTED_KEY, None)
    chosen = Setting("network", names, DEFAULT).draw(_("Network"), is_long=True)
    if chosen != DEFAULT:
        state.hold(state.WANTED_KEY, None)
    elif wanted and wanted not in names:
        show.refusal(
            Explained("This run is not there, not finished, or somebody else’s: here is MNIST’s.")
            if is_run_id(wanted)
            else Explained("No network has this name; here is MNIST’s.")
        )
    return _card(chosen)


def _finished(run_id: str) -> RunRecord | None:
    """Return a run that this person may see and that has been tested, or None."""
    try:
        run = _run(run_id, person())
    except (LookupError, Explained):
        return None
    return run if run.card else None


def _wanted() -> str | None:
    linked = state.linked("network")
    if linked and state.held(_KEY) is None:
        state.hold(state.WANTED_KEY, linked)
    wanted: str | None = state.held(state.WANTED_KEY)
    return wanted


def _names(wanted: str | None) -> dict[str, str]:
    """Ids of what can be chosen, and what people call it."""
    names = {each: DATA_SETS[each].name for each in SHIPPED}
    held = state.held(_KEY)
    asked = [each for each in (wanted, held) if isinstance(each, str) and is_run_id(each)]
    if resources.is_warm() or asked:
        seen = {run.id: run for run in map(_finished, asked) if run}
        seen |= {run.id: run for run in _own(person())}
        names |= distinct((run.id, _title(run)) for run in seen.values())
    return names


def _title(run: RunRecord) -> str:
    """What a run is called, its data set, and its accuracy."""
    accuracy = percent(run.card.accuracy) if run.card else ""
    return f"{run.name} · {dataset_name(run.plan.dataset)} · {accuracy}"


def _card(chosen: str) -> NetworkCard:
    """The card; of a run whose files were damaged since, the default one's, and why."""
    try:
        if is_run_id(chosen):
            resources.network(chosen)
        return resources.card(chosen)
    except (LookupError, Explained) as why:
        show.refusal(why if isinstance(why, Explained) else Explained("The run is broken."))
        return resources.card(DEFAULT)


@st.cache_resource(max_entries=64, ttl=20, show_spinner=False)
def _own(owner: str) -> tuple[RunRecord, ...]:
    """A person's runs that have been tested, the newest first; looked for every 20 seconds."""
    return tuple(run for run in nn.list_runs(owner) if run.plan.owner == owner and run.card)


@st.cache_resource(max_entries=64, ttl=20, show_spinner=False)
def _run(run_id: str, viewer: str) -> RunRecord:
    return nn.read_run(run_id, viewer)
