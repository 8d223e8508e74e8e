"""The parts of pages that need Plotly: what is known about a network."""

from __future__ import annotations

import streamlit as st

from cnnviz.core.cards import NetworkCard
from cnnviz.figures.confusion import confusion_matrix
from cnnviz.ui import layers, show, state
from cnnviz.ui.text import _, day, number, percent


def about(card: NetworkCard) -> None:
    """Show a network's card, folded away."""
    with st.expander(_("About this network: data, accuracy, mistakes")):
        _card(card)


def _card(card: NetworkCard) -> None:
    tested = sum(map(sum, card.confusion_matrix))
    wrong = tested - sum(row[n] for n, row in enumerate(card.confusion_matrix))
    facts, chart = st.columns([2, 3], gap="large")
    with facts:
        st.metric(
            _("Right on {count} test pictures").format(count=number(tested)),
            percent(card.accuracy, 2),
            help=_("Pictures that it never saw while it was trained."),
        )
        st.markdown(
            _(
                "It was trained on {count} pictures of {dataset} for {epochs} epochs on {device}, "
                "in {seconds} seconds, on {date}. It has {parameters} parameters and is wrong on "
                "{wrong} test pictures."
            ).format(
                count=number(card.train_images),
                dataset=card.dataset.upper(),
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
    with chart:
        figure = confusion_matrix(
            card.confusion_matrix,
            layers.labels(card.spec),
            appearance=state.appearance(),
            true_label=_("True class"),
            predicted_label=_("Network’s answer"),
        )
        show.plot(
            figure,
            alt=_("Confusion matrix: how often each true class got each answer."),
            key="charts.confusion",
        )
