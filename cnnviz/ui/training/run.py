"""One run that is done: how good it is, how it formed, where it is wrong; and the best of all."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from cnnviz.core.messages import N_
from cnnviz.core.pictures.data_sets import is_inked
from cnnviz.core.training.cards import NetworkCard
from cnnviz.core.training.records import LONGEST_NAME, RunRecord
from cnnviz.ui import nav, show, state
from cnnviz.ui.card import confusion, mistakes_of, wall_of_mistakes
from cnnviz.ui.pictures import album
from cnnviz.ui.pictures.picture import Source
from cnnviz.ui.text import _, number, percent, say
from cnnviz.ui.training.epochs import forming
from cnnviz.ui.training.runs import plain_name, rename, share
from cnnviz.ui.training.take_away import take_away

DATASET = "fashion"
_CLASSES: dict[str, Callable[[RunRecord], bool]] = {
    N_("Under 100,000 parameters"): lambda run: run.spec.parameters() < 100_000,
    N_("Under one minute"): lambda run: run.card is not None and run.card.seconds < 60,
    N_("No limit"): lambda run: True,
}
_OPENING = "network.opening"
_MOST_WRONG = 12
"""Wrong answers that are shown as pictures."""


def show_run(run: RunRecord, *, is_alone: bool) -> None:
    """Show what is known of a run that is done; one that is alone has the whole width."""
    st.subheader(plain_name(run), anchor=False)
    if run.reason:
        st.warning(say(run.reason), icon=":material/info:")
    if run.card:
        _answers(run.id, run.card, 480 if is_alone else 360)
    key = f"train.name.{run.id}"
    st.text_input(
        _("Name"), run.label.name, LONGEST_NAME, key=key, on_change=rename, args=(run.id, key)
    )
    if run.card and run.plan.dataset == DATASET:
        shared = f"train.share.{run.id}"
        label, said = _("On everybody’s board"), _("Others see its name and its figures.")
        st.toggle(
            label, run.label.shared, key=shared, help=said, on_change=share, args=(run.id, shared)
        )
    if run.card:
        _open_buttons(run)
    take_away(run)
    if is_alone and run.last:
        st.subheader(_("How it formed"), anchor=False)
        show.fragment(lambda: forming(run, is_live=False))()
    if is_alone and run.card:
        st.subheader(_("Where it is most wrong"), anchor=False)
        show.fragment(lambda: _wrong(run))()


def _answers(run_id: str, card: NetworkCard, height: int) -> None:
    count, right = sum(map(sum, card.confusion_matrix)), percent(card.accuracy)
    said = _("**{share}** of {count} test pictures right, which it never saw before.")
    st.markdown(said.format(share=right, count=number(count)))
    confusion(card, key=f"train.confusion.{run_id}", height=height)


def _wrong(run: RunRecord) -> None:
    """The test pictures that it names wrong and is surest of; read when they are asked for."""
    if not st.toggle(_("Show the pictures"), key=f"train.wrong.{run.id}"):
        return
    with show.explained():
        mistakes, images = mistakes_of(run.id)
        shown, is_all = mistakes[:_MOST_WRONG], len(mistakes) <= _MOST_WRONG
        key = f"train.wrong.pictures.{run.id}"
        wall_of_mistakes(run.spec, shown, images[:_MOST_WRONG], is_all=is_all, key=key)


def _open_buttons(run: RunRecord) -> None:
    """Draw the buttons that open the network of a finished run, or draw a picture for it."""
    with st.container(horizontal=True):
        _open_button(run.id, _("Look inside"), ":material/account_tree:", None)
        if is_inked(run.plan.dataset):
            _open_button(run.id, _("Draw for it"), ":material/draw:", "draw")
    if state.held(_OPENING) == run.id:
        state.hold(_OPENING, None)
        nav.go("network", network=run.id)


def _open_button(run_id: str, label: str, icon: str, source: Source | None) -> None:
    key = f"network.open.{source or 'inside'}.{run_id}"
    st.button(label, key=key, icon=icon, on_click=_open, args=(run_id, source))


def _open(run_id: str, source: Source | None) -> None:
    state.hold(state.WANTED_KEY, run_id)
    state.hold(_OPENING, run_id)
    if source:
        album.choose_source(source)


def board(seen: tuple[RunRecord, ...]) -> None:
    """Show the best runs on Fashion-MNIST among this person's and those that others share."""
    runs = [run for run in seen if run.card and run.plan.dataset == DATASET]
    if not runs:
        return
    st.header(_("The challenge: clothes"), anchor=False)
    best = {name: leader(runs, rule) for name, rule in _CLASSES.items()}
    found = {name: (run, run.card) for name, run in best.items() if run and run.card}
    st.table(
        {
            _("Class"): [_(name) for name in found],
            _("Run"): [plain_name(run) for run, _card in found.values()],
            _("Accuracy, test"): [percent(card.accuracy, 2) for _run, card in found.values()],
            _("Parameters"): [number(run.spec.parameters()) for run, _card in found.values()],
            _("Seconds"): [number(card.seconds, 1) for _run, card in found.values()],
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
