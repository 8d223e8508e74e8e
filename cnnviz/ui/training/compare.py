"""Two runs side by side: what of their settings differs, and which answers."""

from __future__ import annotations

from dataclasses import asdict

import streamlit as st

from cnnviz.core.networks.layer_kinds import kind_title
from cnnviz.core.networks.layer_specs import ConvLayer, LinearLayer
from cnnviz.core.training.records import RunRecord
from cnnviz.figures.classes import confusion_difference
from cnnviz.ui import layers, show, state
from cnnviz.ui.data_sets import dataset_name
from cnnviz.ui.text import _, number
from cnnviz.ui.training.runs import plain_name
from cnnviz.ui.training.settings import NAMES, shown


def differences(first: RunRecord, second: RunRecord) -> None:
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
    settings = {
        _("Data set"): dataset_name(run.plan.dataset),
        _("Layers"): _layers(run),
        _("Parameters"): number(run.spec.parameters()),
    }
    for name, value in asdict(run.config).items():
        settings[_(NAMES[name])] = shown(name, value)
    return settings


def _layers(run: RunRecord) -> str:
    """A network in one line."""
    words = []
    for layer in run.spec.layers:
        if isinstance(layer, ConvLayer):
            words.append(
                _("{count} filters of {height} × {width}").format(
                    count=number(layer.filters),
                    height=layer.kernel_size[0],
                    width=layer.kernel_size[1],
                )
            )
        elif isinstance(layer, LinearLayer):
            words.append(_("dense {count}").format(count=number(layer.features)))
        elif layer.kind != "flatten":
            words.append(_(kind_title(layer.kind)))
    return ", ".join(words)
