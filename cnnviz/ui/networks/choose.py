"""Which network is looked at: one that is shipped, or a person's own run; the address names it."""

from __future__ import annotations

from collections.abc import Iterable

import streamlit as st

from cnnviz.core.messages import Explained
from cnnviz.core.pictures.data_sets import DATA_SETS
from cnnviz.core.training.cards import SHIPPED, NetworkCard
from cnnviz.core.training.records import RunRecord, is_run_id
from cnnviz.ui import resources, show, state
from cnnviz.ui.components.person import agree_on_person, is_known, person
from cnnviz.ui.controls import Setting
from cnnviz.ui.data_sets import dataset_name
from cnnviz.ui.text import _, percent
from cnnviz.ui.training.runs import name_of

DEFAULT = "mnist"
_WANTED = "network.wanted"
"""The network that a link or another page asks for, until it is shown or another is chosen."""


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
    setting = Setting("network", names, DEFAULT)
    if wanted in names:
        state.hold(setting.key, wanted)
        state.hold(_WANTED, None)
    elif state.held(setting.key) not in (*names, None):  # it has been deleted meanwhile
        wanted = str(state.held(setting.key))
        want(wanted)
        state.hold(setting.key, DEFAULT)
    state.remember_default(_WANTED, None)
    chosen = setting.draw(_("Network"), is_long=True)
    if chosen != DEFAULT:
        state.hold(_WANTED, None)
    elif wanted and wanted not in names:
        _refuse(wanted)
    return _card(chosen)


def want(network: str) -> None:
    """Let the page show a network when it is next opened; a callback."""
    state.hold(_WANTED, network)


def finished(run_id: str) -> RunRecord | None:
    """Return a run that this person may see and that has been tested, or None."""
    try:
        run = _run(run_id, person())
    except (LookupError, Explained):
        return None
    return run if run.card else None


def _wanted() -> str | None:
    linked = state.linked("network")
    if linked and state.held(Setting("network", {}, DEFAULT).key) is None:
        want(linked)
    wanted: str | None = state.held(_WANTED)
    return wanted


def _names(wanted: str | None) -> dict[str, str]:
    """Ids of what can be chosen, and what people call it."""
    names = {each: DATA_SETS[each].name for each in SHIPPED}
    held = state.held(Setting("network", {}, DEFAULT).key)
    asked = [each for each in (wanted, held) if isinstance(each, str) and is_run_id(each)]
    if resources.is_warm() or asked:
        seen = {run.id: run for run in map(finished, asked) if run}
        seen |= {run.id: run for run in _finished(person())}
        names |= distinct((run.id, _title(run)) for run in seen.values())
    return names


def _title(run: RunRecord) -> str:
    """What a run is called, what it has learnt, and how well."""
    accuracy = percent(run.card.accuracy) if run.card else ""
    return f"{name_of(run)} · {dataset_name(run.plan.dataset)} · {accuracy}"


def distinct(titles: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return id → title with no two titles alike: Streamlit tells options apart by their words."""
    known: dict[str, str] = {}
    for each, title in titles:
        count, name = 1, title
        while name in known.values():
            count += 1
            name = f"{title} ({count})"
        known[each] = name
    return known


def _refuse(wanted: str) -> None:
    show.refusal(
        Explained("This run is not there, not finished, or somebody else’s: here is MNIST’s.")
        if is_run_id(wanted)
        else Explained("No network has this name; here is MNIST’s.")
    )


def _card(chosen: str) -> NetworkCard:
    """The card; of a run whose files were damaged since, the default one's, and why."""
    try:
        return resources.card(chosen)
    except (LookupError, Explained) as why:
        show.refusal(why if isinstance(why, Explained) else Explained("The run is broken."))
        return resources.card(DEFAULT)


@st.cache_resource(max_entries=64, ttl=20, show_spinner=False)
def _finished(owner: str) -> tuple[RunRecord, ...]:
    """A person's runs that have been tested, the newest first; looked for every 20 seconds."""
    from cnnviz.nn.runs import list_runs

    return tuple(run for run in list_runs(owner) if run.plan.owner == owner and run.card)


@st.cache_resource(max_entries=64, ttl=20, show_spinner=False)
def _run(run_id: str, viewer: str) -> RunRecord:
    from cnnviz.nn.runs import read_run

    return read_run(run_id, viewer)
