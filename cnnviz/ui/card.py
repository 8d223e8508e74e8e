"""What is known about a network: facts, confusion matrix, mistakes. Needs Plotly."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from cnnviz import nn
from cnnviz.core.networks.network_spec import NetworkSpec
from cnnviz.core.training.cards import NetworkCard
from cnnviz.core.training.records import MOST_MISTAKES, Mistake
from cnnviz.figures.classes import confusion_matrix
from cnnviz.ui import layers, resources, show, state
from cnnviz.ui.components.wall import Stage, wall
from cnnviz.ui.data_sets import dataset_name, is_here
from cnnviz.ui.text import _, day, number, percent


def about(card: NetworkCard) -> None:
    """Show a network's card, folded away; it is made when it is opened."""
    label = _("About this network: data, accuracy, mistakes")
    fold = st.expander(label, key="network.card", on_change="rerun")
    if not fold.open:
        return
    with fold:
        facts, chart = st.columns([2, 3], gap="large")
        with facts:
            _facts(card)
        with chart:
            confusion(card, key="charts.confusion")
        _recalls(card)
        _mistakes(card)


def confusion(card: NetworkCard, *, key: str, height: int | None = None) -> None:
    """Show how often each true class got each answer; `height` in CSS pixels."""
    figure = confusion_matrix(
        card.confusion_matrix,
        layers.labels(card.spec),
        appearance=state.appearance(),
        true_label=_("True class"),
        predicted_label=_("Network’s answer"),
    )
    if height:
        figure.update_layout(height=height)
    alt = _("Confusion matrix: how often each true class got each answer.")
    show.plot(figure, alt=alt, key=key)


def _facts(card: NetworkCard) -> None:
    counts = np.array(card.confusion_matrix)
    tested, right = int(counts.sum()), int(counts.trace())
    st.metric(
        _("Right on {count} test pictures").format(count=number(tested)),
        percent(card.accuracy, 2),
        help=_("Pictures that it never saw while it was trained."),
    )
    st.markdown(
        _(
            "It was trained on {count} pictures ({dataset}) for {epochs} epochs on {device}, "
            "in {seconds} seconds, on {date}. It has {parameters} parameters and is wrong on "
            "{wrong} test pictures."
        ).format(
            count=number(card.train_images),
            dataset=dataset_name(card.dataset),
            epochs=number(card.config.epochs),
            device=card.device,
            seconds=number(round(card.seconds)),
            date=day(card.date),
            parameters=number(card.parameters),
            wrong=number(tested - right),
        )
    )
    st.caption(", ".join(f"{name} {version}" for name, version in card.versions))
    st.caption(_("SHA-256 of the weights, checked at load:") + f" `{card.sha256}`")
    if card.command:
        st.caption(_("Trained by:") + f" `{card.command}`")


def _recalls(card: NetworkCard) -> None:
    """Show how much of each class it finds."""
    names = layers.labels(card.spec)
    tested = [(name, share) for name, share in zip(names, card.recalls, strict=True) if share >= 0]
    shares = np.array([share for _name, share in tested], np.float32)
    title = _("Of each class’s test pictures, named right (recall)")
    labels = tuple(name for name, _share in tested)
    stage = Stage(
        "recall", title, "classes", shares, is_share=True, marks_best=False, labels=labels
    )
    wall([stage], key="network.recall", layout="wall")


def _mistakes(card: NetworkCard) -> None:
    """Show them, where the data set is; else offer to download it."""
    st.subheader(_("Where it is wrong, and how sure of it"), anchor=False)
    if not is_here(card.dataset, place="network.mistakes"):
        return
    with show.explained():
        with st.spinner(_("Asking it for every test picture")):
            mistakes, images = mistakes_of(card.id)
        is_all = len(mistakes) < MOST_MISTAKES
        wall_of_mistakes(card.spec, mistakes, images, is_all=is_all, key="network.mistakes")


def wall_of_mistakes(
    spec: NetworkSpec,
    mistakes: Sequence[Mistake],
    images: NDArray[np.uint8],
    *,
    is_all: bool,
    key: str,
) -> None:
    """Show pictures that were named wrong, each with its class, the answer, and how sure that was.

    The surest come first, with their `images` (N, C, H, W); `is_all`: there are no others.
    """
    if not mistakes:
        st.caption(_("Not one: every test picture is named right."))
        return
    names = layers.labels(spec)
    wall(
        [
            layers.example(
                f"mistake{each.index}",
                _("“{truth}”, taken for “{answer}”: {share}").format(
                    truth=names[each.truth],
                    answer=names[each.answer],
                    share=percent(each.probability),
                ),
                image,
            )
            for each, image in zip(mistakes, images, strict=True)
        ],
        key=key,
        layout="grid",
        says=_("Every one of its wrong answers, the surest first.")
        if is_all
        else _("The wrong answers that it is surest of."),
    )


@st.cache_resource(max_entries=16, show_spinner=False)
def mistakes_of(network: str) -> tuple[tuple[Mistake, ...], NDArray[np.uint8]]:
    """Return what a network classifies wrongly, the surest first, and the pictures (N, C, H, W).

    Raises:
        LookupError: the run is not finished.
        Explained: the data set is not here, or the run is damaged.
    """
    data = nn.load_dataset(resources.card(network).dataset, download=False)
    found = nn.load_mistakes(network, data)
    return found, data.test_images[[each.index for each in found]].copy()
