"""One run that is done: how good it is, how it formed, where it is wrong."""

from __future__ import annotations

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from cnnviz.core.run_records import LONGEST_NAME, Mistake, RunRecord
from cnnviz.figures.confusion import confusion_matrix
from cnnviz.ui import layers, show, state
from cnnviz.ui.components.wall import Stage, wall
from cnnviz.ui.open_network import open_button
from cnnviz.ui.text import _, number, percent, say
from cnnviz.ui.training_board import DATASET
from cnnviz.ui.training_epochs import forming
from cnnviz.ui.training_runs import plain_name, rename, share
from cnnviz.ui.training_take import take_away

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
    figure = confusion_matrix(
        run.card.confusion_matrix,
        [_(label) for label in layers.labels(run.card.spec)],
        appearance=state.appearance(),
        true_label=_("True class"),
        predicted_label=_("Network’s answer"),
    )
    figure.update_layout(height=height)
    alt = _("Confusion matrix: how often each true class got each answer.")
    show.plot(figure, alt=alt, key=f"train.confusion.{run.id}")


def _wrong(run: RunRecord) -> None:
    """The test pictures that it names wrong and is surest of; read when they are asked for."""
    is_asked = st.toggle(_("Show the pictures"), key=f"train.wrong.{run.id}")
    if not is_asked:
        return
    with show.explained():
        mistakes, images = _mistakes(run.id, run.plan.dataset)
        if not mistakes:
            st.caption(_("Not one: every test picture is named right."))
            return
        names = [_(label) for label in layers.labels(run.spec)]
        wall(
            [
                Stage(
                    f"wrong{n}",
                    _("“{truth}”, taken for “{answer}”").format(
                        truth=names[each.truth], answer=names[each.answer]
                    ),
                    "pixels",
                    image.astype(np.float32) / np.float32(255),
                    columns=1,
                    side=96,
                )
                for n, (each, image) in enumerate(zip(mistakes, images, strict=True))
            ],
            key=f"train.wrong.pictures.{run.id}",
            layout="grid",
            says=_("It is between {low} and {high} sure of these, the surest first.").format(
                low=percent(mistakes[-1].probability), high=percent(mistakes[0].probability)
            ),
        )


@st.cache_resource(max_entries=16, show_spinner=False)
def _mistakes(run_id: str, dataset: str) -> tuple[tuple[Mistake, ...], NDArray[np.uint8]]:
    """The mistakes of a finished run, and their pictures; nothing is downloaded unasked."""
    from cnnviz.nn.datasets import load_dataset
    from cnnviz.nn.runs_networks import load_mistakes

    mistakes = load_mistakes(run_id)[:_MOST_WRONG]
    images = load_dataset(dataset, download=False).test_images
    return mistakes, images[[each.index for each in mistakes]].copy()
