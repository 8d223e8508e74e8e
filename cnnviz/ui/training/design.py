"""The form in which a network is designed: preset, blocks, and what each layer makes of it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import streamlit as st

from cnnviz.core.messages import N_
from cnnviz.core.networks.layer_kinds import activation_titles
from cnnviz.core.networks.network_spec import NetworkSpec
from cnnviz.core.pictures.data_sets import DATA_SETS
from cnnviz.ui import state
from cnnviz.ui.controls import Setting
from cnnviz.ui.layers import title
from cnnviz.ui.streamlit_internals import set_anew
from cnnviz.ui.text import _, number, size
from cnnviz.ui.training.presets import MOST_BLOCKS, PRESETS, Block, Design

_SPARE = Block(32, 3)
"""What a block starts from that a preset does not have."""

PRESET = Setting(
    "preset",
    {
        "lecture": N_("The lecture’s network"),
        "lenet5": "LeNet-5",
        "tiny": N_("Tiny"),
        "fast": N_("Fast"),
        "strong": N_("Strong"),
    },
    "lecture",
)
_POOLINGS = {"maxpool": N_("Maximum"), "avgpool": N_("Average"), "none": N_("No pooling")}
_WIDTH = 124
_APPLIED = "train.applied"
"""The preset that the form was last filled from."""


def choose_dataset() -> str:
    """Draw the choice of a data set; return its id."""
    names = {each.id: each.name for each in DATA_SETS.values()}
    return Setting("dataset", names, "digits").draw(_("Data set"), is_long=True)


def choose_design() -> Design:
    """Draw preset and layers; return what is designed."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        _fill_from(PRESET.draw(_("Start from")))
        blocks = st.segmented_control(
            _("Blocks of convolution"),
            list(range(1, MOST_BLOCKS + 1)),
            required=True,
            key="train.blocks",
            persist_state="session",
        )
    for n in range(1, (blocks or 1) + 1):
        _block(n)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        _whole(_("Dense layer"), "train.dense1", 0, 1024, _("Its width; 0 leaves it out."))
        _whole(_("And another"), "train.dense2", 0, 1024, _("Its width; 0 leaves it out."))
        _words(_("Activation"), "train.activation", activation_titles())
    with st.container(horizontal=True, vertical_alignment="center"):
        st.number_input(
            _("Dropout"),
            0.0,
            0.9,
            step=0.1,
            key="train.dropout",
            persist_state="session",
            width=_WIDTH,
            help=_("Share of the values set to 0 before the last layer, while it is trained."),
        )
        st.toggle(_("Batch norm"), key="train.batch_norm", persist_state="session")
        label = _("Keep the size of maps (padding)")
        st.toggle(label, key="train.is_padded", persist_state="session")
    return design()


def design() -> Design:
    """Return what the form holds, for callbacks, too, which run before it is drawn."""
    held = {key: state.held(key) for key in _values(PRESETS[PRESET.default])}
    start = _values(PRESETS[PRESET.default])
    value = {key: start[key] if each is None else each for key, each in held.items()}
    blocks = tuple(
        Block(
            int(value[f"train.filters{n}"]),
            int(value[f"train.kernel{n}"]),
            value[f"train.pooling{n}"],
            int(value[f"train.stride{n}"]),
        )
        for n in range(1, value["train.blocks"] + 1)
    )
    return Design(
        blocks,
        value["train.activation"],
        value["train.is_padded"],
        value["train.batch_norm"],
        value["train.dropout"],
        (int(value["train.dense1"]), int(value["train.dense2"])),
    )


def _values(given: Design) -> dict[str, Any]:
    """Every widget's value that makes the form hold a design."""
    padded = (*given.blocks, *(_SPARE,) * MOST_BLOCKS)[:MOST_BLOCKS]
    values: dict[str, Any] = {
        "train.blocks": len(given.blocks),
        "train.activation": given.activation,
        "train.is_padded": given.is_padded,
        "train.batch_norm": given.batch_norm,
        "train.dropout": given.dropout,
        "train.dense1": given.dense[0],
        "train.dense2": given.dense[1],
    }
    for n, block in enumerate(padded, 1):
        values |= {
            f"train.filters{n}": block.filters,
            f"train.kernel{n}": block.kernel_size,
            f"train.pooling{n}": block.pooling,
            f"train.stride{n}": block.stride,
        }
    return values


def _fill_from(preset: str) -> None:
    """Fill the form when another preset is chosen; it stays as it was edited until then."""
    for key, value in _values(PRESETS[PRESET.default]).items():
        state.remember_default(key, value)
    if state.held(_APPLIED) == preset:
        return
    for key, value in _values(PRESETS[preset]).items():
        state.hold(key, value)
    state.hold(_APPLIED, preset)


def _block(n: int) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        _whole(_("Filters {number}").format(number=n), f"train.filters{n}", 1, 256, None)
        _whole(_("Kernel size {number}").format(number=n), f"train.kernel{n}", 1, 11, None)
        _whole(_("Stride {number}").format(number=n), f"train.stride{n}", 1, 4, None)
        _pooling(n)


def _pooling(n: int) -> None:
    key, names = f"train.pooling{n}", {each: _(name) for each, name in _POOLINGS.items()}
    set_anew(key, names)
    st.selectbox(
        _("Pooling {number}").format(number=n),
        list(names),
        format_func=names.__getitem__,
        key=key,
        persist_state="session",
        width=150,
    )


def _whole(label: str, key: str, low: int, high: int, help: str | None) -> None:
    st.number_input(
        label, low, high, step=1, key=key, persist_state="session", width=_WIDTH, help=help
    )


def _words(label: str, key: str, names: dict[str, str]) -> None:
    shown: Callable[[str], str] = partial(_named, names)
    st.segmented_control(
        label, list(names), required=True, format_func=shown, key=key, persist_state="session"
    )


def _named(names: dict[str, str], each: str) -> str:
    return _(names[each])


def show_layers(spec: NetworkSpec) -> None:
    """Show each layer's shape and how many numbers it learns."""
    steps = spec.shapes()
    st.table(
        {
            _("Layer"): [title(each) for each in steps],
            _("What comes out"): [size(each.shape) for each in steps],
            _("Parameters"): [number(each.parameters) for each in steps],
        },
        hide_index=True,
    )
    st.caption(
        _("{count} parameters in all: the numbers that training changes.").format(
            count=number(spec.parameters())
        )
    )
