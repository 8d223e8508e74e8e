"""One run that is done: how good it is, how it formed, where it is wrong."""

from __future__ import annotations

import streamlit as st

from cnnviz.core.training.records import LONGEST_NAME, RunRecord
from cnnviz.ui import show
from cnnviz.ui.networks import results
from cnnviz.ui.networks.card import confusion
from cnnviz.ui.networks.mistakes import wall_of_mistakes
from cnnviz.ui.networks.open_network import open_button
from cnnviz.ui.text import _, number, percent, say
from cnnviz.ui.training.board import DATASET
from cnnviz.ui.training.epochs import forming
from cnnviz.ui.training.runs import plain_name, rename, share
from cnnviz.ui.training.take_away import take_away

_MOST_WRONG = 12
"""Wrong answers that are shown as pictures."""


def show_run(run: RunRecord, *, is_alone: bool) -> None:
    """Show what is known of a run, what it takes for what, and what can be done with it.

    Args:
        run: That is done.
        is_alone: Whether it has the whole width.
    """
    st.subheader(plain_name(run), anchor=False)
    if run.reason:
        st.warning(say(run.reason), icon=":material/info:")
    if run.card:
        _answers(run, 480 if is_alone else 360)
    key = f"train.name.{run.id}"
    st.text_input(
        _("Name"),
        run.label.name,
        max_chars=LONGEST_NAME,
        key=key,
        on_change=rename,
        args=(run.id, key),
    )
    if run.card and run.plan.dataset == DATASET:
        shared = f"train.share.{run.id}"
        label, said = _("On everybody’s board"), _("Others see its name and its figures.")
        st.toggle(
            label, run.label.shared, key=shared, help=said, on_change=share, args=(run.id, shared)
        )
    open_button(run.id)
    take_away(run)
    if is_alone and run.last:
        st.subheader(_("How it formed"), anchor=False)
        show.fragment(lambda: forming(run, is_live=False))()
    if is_alone and run.card:
        st.subheader(_("Where it is most wrong"), anchor=False)
        show.fragment(lambda: _wrong(run))()


def _answers(run: RunRecord, height: int) -> None:
    if run.card is None:
        return
    count, right = sum(map(sum, run.card.confusion_matrix)), percent(run.card.accuracy)
    said = _("**{share}** of {count} test pictures right, which it never saw before.")
    st.markdown(said.format(share=right, count=number(count)))
    confusion(run.card, key=f"train.confusion.{run.id}", height=height)


def _wrong(run: RunRecord) -> None:
    """The test pictures that it names wrong and is surest of; read when they are asked for."""
    is_asked = st.toggle(_("Show the pictures"), key=f"train.wrong.{run.id}")
    if not is_asked:
        return
    with show.explained():
        mistakes, images = results.mistakes(run.id)
        shown, is_all = mistakes[:_MOST_WRONG], len(mistakes) <= _MOST_WRONG
        key = f"train.wrong.pictures.{run.id}"
        wall_of_mistakes(run.spec, shown, images[:_MOST_WRONG], is_all=is_all, key=key)
