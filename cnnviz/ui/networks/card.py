"""What is known about a network: the parts of pages that need Plotly."""

from __future__ import annotations

import numpy as np
import streamlit as st

from cnnviz.core.training.cards import NetworkCard
from cnnviz.figures.classes import confusion_matrix
from cnnviz.ui import layers, show, state
from cnnviz.ui.components.wall import Stage, wall
from cnnviz.ui.data_sets import dataset_name
from cnnviz.ui.networks.mistakes import show_mistakes
from cnnviz.ui.text import _, day, number, percent


def about(card: NetworkCard) -> None:
    """Show a network's card, folded away; it is made when it is opened."""
    label = _("About this network: data, accuracy, mistakes")
    fold = st.expander(label, key="network.card", on_change="rerun")
    if fold.open:
        with fold:
            _card(card)


def _card(card: NetworkCard) -> None:
    facts, chart = st.columns([2, 3], gap="large")
    with facts:
        _facts(card)
    with chart:
        confusion(card, key="charts.confusion")
    _recalls(card)
    show_mistakes(card)


def confusion(card: NetworkCard, *, key: str, height: int | None = None) -> None:
    """Show how often each true class got each answer.

    Args:
        card: Of the network.
        key: Of the chart.
        height: In CSS pixels; None: the chart's own.
    """
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
    tested = sum(map(sum, card.confusion_matrix))
    wrong = tested - sum(row[n] for n, row in enumerate(card.confusion_matrix))
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
            epochs=number(card.epochs),
            device=card.device,
            seconds=number(round(card.seconds)),
            date=day(card.date),
            parameters=number(card.parameters),
            wrong=number(wrong),
        )
    )
    st.caption(", ".join(f"{name} {version}" for name, version in card.versions))
    st.caption(_("SHA-256 of the weights, checked at load:") + f" `{card.sha256}`")
    if card.command:
        st.caption(_("Trained by:") + f" `{card.command}`")


def _recalls(card: NetworkCard) -> None:
    """How much of each class it finds."""
    names = layers.labels(card.spec)
    tested = [(name, share) for name, share in zip(names, card.recalls, strict=True) if share >= 0]
    shares = np.array([share for _name, share in tested], np.float32)
    title = _("Of each class’s test pictures, named right (recall)")
    wall(
        [
            Stage(
                "recall",
                title,
                "classes",
                shares,
                is_share=True,
                marks_best=False,
                labels=tuple(name for name, _share in tested),
            )
        ],
        key="network.recall",
        layout="wall",
    )
