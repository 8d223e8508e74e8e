"""From a run to its network: one click opens it where every layer is shown, or draws for it."""

from __future__ import annotations

import streamlit as st

from cnnviz.core.pictures.data_sets import is_inked
from cnnviz.ui import nav, state
from cnnviz.ui.networks import choose
from cnnviz.ui.pictures import album
from cnnviz.ui.pictures.picture import Source
from cnnviz.ui.text import _

_OPENING = "network.opening"


def open_button(run_id: str) -> None:
    """Draw the buttons that open a run's network; nothing for a run that is not finished."""
    run = choose.finished(run_id)
    if run is None:
        return
    with st.container(horizontal=True):
        _button(run_id, _("Look inside"), ":material/account_tree:", None)
        if is_inked(run.plan.dataset):
            _button(run_id, _("Draw for it"), ":material/draw:", "draw")
    if state.held(_OPENING) == run_id:
        state.hold(_OPENING, None)
        nav.go("network", network=run_id)


def _button(run_id: str, label: str, icon: str, source: Source | None) -> None:
    st.button(
        label,
        key=f"network.open.{source or 'inside'}.{run_id}",
        icon=icon,
        on_click=_open,
        args=(run_id, source),
    )


def _open(run_id: str, source: Source | None) -> None:
    choose.want(run_id)
    state.hold(_OPENING, run_id)
    if source:
        album.choose_source(source)
