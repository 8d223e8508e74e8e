"""How a network is to be trained: the settings of a run, their names, and the start button."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from cnnviz.core.messages import N_
from cnnviz.core.training.train_config import TrainConfig
from cnnviz.ui import state
from cnnviz.ui.text import _
from cnnviz.ui.training.design import PRESET, design
from cnnviz.ui.training.runs import submit

OPTIMIZERS = {"adamw": "AdamW", "sgd": "SGD"}
SCHEDULES = {"onecycle": N_("Up, then down"), "constant": N_("Constant")}
AUGMENTATIONS = {
    "none": N_("No"),
    "handwriting": N_("Handwriting"),
    "objects": N_("Objects"),
    "cutout": N_("Objects, partly covered"),
}
STARTS = {"random": N_("By chance"), "whitened": N_("Prepared")}
PRECISIONS = {"auto": N_("Automatic"), "fp32": "float32", "bf16": "bfloat16"}
NAMES = {
    "epochs": N_("Epochs"),
    "batch_size": N_("Batch size"),
    "lr": N_("Learning rate"),
    "optimizer": N_("Optimiser"),
    "seed": N_("Seed"),
    "schedule": N_("Learning rate over time"),
    "weight_decay": N_("Weight decay"),
    "validation_share": N_("Held out"),
    "augment": N_("Change the pictures a little"),
    "label_smoothing": N_("Label smoothing"),
    "start": N_("First weights"),
    "device": N_("Device"),
    "precision": N_("Precision"),
}
"""`TrainConfig`'s attributes, as people call them."""
_START = {
    "epochs": 4,
    "batch_size": 64,
    "lr": 0.003,
    "optimizer": "adamw",
    "seed": 0,
    "schedule": "onecycle",
    "weight_decay": 0.05,
    "validation_share": 0.1,
    "augment": "none",
    "label_smoothing": 0.0,
    "start": "random",
    "precision": "auto",
}


def choose_config() -> None:
    """Draw how the network is to be trained; `config` says what was chosen."""
    for name, value in _START.items():
        key = f"train.{name}"
        state.remember_default(key, value)
        if state.held(key) is None:
            state.hold(key, value)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        _number("epochs", 1, 200, 1, _("Times every training picture is seen."))
        _number("batch_size", 1, 8192, 16, _("Pictures a step."))
        _number("lr", 0.00001, 10.0, 0.001, _("How far each step goes."), "%.5f")
        _number("seed", 0, 2**31 - 1, 1, _("The same seed, the same network."))
        _words("optimizer", OPTIMIZERS)
    with (
        st.popover(_("More settings"), icon=":material/tune:"),
        st.container(horizontal=True, vertical_alignment="bottom"),
    ):
        _more_numbers()
        _more_words()


def _more_numbers() -> None:
    _number("weight_decay", 0.0, 1.0, 0.01, _("Pull of every weight towards 0."), "%.3f")
    _number(
        "validation_share",
        0.0,
        0.5,
        0.05,
        _("Share of the training pictures that accuracy is measured on after each epoch."),
        "%.2f",
    )
    _number(
        "label_smoothing",
        0.0,
        0.5,
        0.05,
        _("Share of the wished-for probability that is spread over all classes."),
        "%.2f",
    )


def _more_words() -> None:
    _words("schedule", SCHEDULES)
    _words(
        "start",
        STARTS,
        _(
            "Prepared: the first convolution is made to fit the training pictures, the "
            "others to hand on what they get. Photographs are then learnt in fewer epochs."
        ),
    )
    _words(
        "augment",
        AUGMENTATIONS,
        _(
            "Anew in every epoch. Handwriting is shifted, turned, scaled and drawn thicker "
            "or thinner; clothes and photographs are mirrored and shifted, and with the last "
            "choice partly covered by a grey square, so that no single part decides."
        ),
    )
    _words(
        "precision",
        PRECISIONS,
        _(
            "What products are computed in. bfloat16 keeps two to three digits in place of "
            "float32’s seven, which is faster on CUDA devices and some processors: there, "
            "“Automatic” takes it."
        ),
    )


def config() -> TrainConfig:
    """Return what the form holds, for callbacks, too."""
    value: dict[str, Any] = {}
    for name, start in _START.items():
        held = state.held(f"train.{name}")
        value[name] = start if held is None else held
    for name in ("epochs", "batch_size", "seed"):
        value[name] = int(value[name])
    return TrainConfig(**value)


def start_button(dataset: str, *, is_possible: bool) -> None:
    """Draw the button that asks for a run of what the forms hold."""
    st.button(
        _("Train this network"),
        key="train.begin",
        icon=":material/play_arrow:",
        disabled=not is_possible,
        on_click=_start,
        args=(dataset,),
    )


def _start(dataset: str) -> None:
    submit(design(), config(), dataset)


def shown(name: str, value: object) -> str:
    """Return the value of a setting as people read it."""
    words: dict[str, str] = {
        **OPTIMIZERS, **SCHEDULES, **AUGMENTATIONS, **STARTS, **PRECISIONS, **PRESET.names
    }  # fmt: skip
    return _(words.get(str(value), str(value)))


def _number(
    name: str, low: float, high: float, step: float, help: str, form: str | None = None
) -> None:
    st.number_input(
        _(NAMES[name]),
        low,
        high,
        step=step,
        format=form,
        key=f"train.{name}",
        persist_state="session",
        width=124,
        help=help,
    )


def _words(name: str, names: Mapping[str, str], help: str | None = None) -> None:
    st.segmented_control(
        _(NAMES[name]),
        list(names),
        required=True,
        format_func=lambda each: _(names[each]),
        key=f"train.{name}",
        persist_state="session",
        wrap=True,
        help=help,
    )
