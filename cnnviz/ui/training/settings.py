"""How a network is to be trained: the settings of a run, as people read them, and the button."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

import streamlit as st

from cnnviz.core.training.train_config import IN_SIGHT, Asked, TrainConfig
from cnnviz.ui import controls, state
from cnnviz.ui.text import _
from cnnviz.ui.training.design import design
from cnnviz.ui.training.runs import submit


def choose_config() -> None:
    """Draw how the network is to be trained; `config` says what was chosen."""
    controls.start_from({f"train.{name}": value for name, value in _start().items()})
    asked = _asked()
    _draw(asked[:IN_SIGHT])
    with st.popover(_("More settings"), icon=":material/tune:"):
        _draw(asked[IN_SIGHT:])


def _asked() -> list[tuple[str, Asked]]:
    """Return what the page asks for, in its order."""
    asked = [(name, each) for name, each in TrainConfig.asked().items() if each.place]
    return sorted(asked, key=lambda named: named[1].place or 0)


def _start() -> dict[str, Any]:
    """Return what the form starts from: pictures are left as they are, whatever they show."""
    start = TrainConfig(augment="none")
    return {name: getattr(start, name) for name, _asked_for in _asked()}


def _draw(asked: Iterable[tuple[str, Asked]]) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        for name, each in asked:
            label, key, help = _(each.label), f"train.{name}", _(each.help) if each.help else None
            if each.words:
                controls.words(label, key, each.words, help=help)
                continue
            bounds = each.offered or each.bounds
            controls.number(
                label, key, (bounds[0], bounds[1]), step=each.step, help=help, form=each.form
            )


def config() -> TrainConfig:
    """Return what the form holds, for callbacks, too."""
    asked, value = TrainConfig.asked(), _start()
    for name in value:
        held = state.held(f"train.{name}")
        if held is not None:
            value[name] = int(held) if asked[name].is_whole else held
    return TrainConfig(**value)


def start_button(dataset: str, *, is_possible: bool) -> None:
    """Draw the button that asks for a run of what the forms hold."""
    st.button(
        _("Train this network"),
        key="train.begin",
        icon=":material/play_arrow:",
        disabled=not is_possible,
        on_click=lambda: submit(design(), config(), dataset),
    )


def settings_of(given: TrainConfig) -> dict[str, str]:
    """Return every setting by its name, both as people read them."""
    asked = TrainConfig.asked()
    return {
        _(asked[name].label): _(asked[name].words.get(str(value), str(value)))
        for name, value in asdict(given).items()
    }
