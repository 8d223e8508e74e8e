"""The form in which a network is designed: preset, blocks, and what each layer makes of it."""

from __future__ import annotations

from dataclasses import astuple
from typing import Any

import streamlit as st

from cnnviz.core.messages import N_
from cnnviz.core.networks.layer_specs import activation_kinds
from cnnviz.core.networks.network_spec import NetworkSpec
from cnnviz.core.pictures.data_sets import DATA_SETS
from cnnviz.ui import controls, state
from cnnviz.ui.controls import Setting
from cnnviz.ui.layers import title
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
_APPLIED = "train.applied"
"""The preset that the form was last filled from."""
_FIELDS = ("activation", "is_padded", "batch_norm", "dropout")
"""Those of a design that one widget holds, under the same name."""
_BLOCK = ("filters", "kernel", "pooling", "stride")
"""What the keys of a block's widgets say before its number, in the order of its fields."""


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
        said = _("Its width; 0 leaves it out.")
        controls.number(_("Dense layer"), "train.dense1", (0, 1024), help=said)
        controls.number(_("And another"), "train.dense2", (0, 1024), help=said)
        controls.words(_("Activation"), "train.activation", activation_kinds())
    with st.container(horizontal=True, vertical_alignment="center"):
        said = _("Share of the values set to 0 before the last layer, while it is trained.")
        controls.number(_("Dropout"), "train.dropout", (0.0, 0.9), step=0.1, help=said)
        st.toggle(_("Batch norm"), key="train.batch_norm", persist_state="session")
        label = _("Keep the size of maps (padding)")
        st.toggle(label, key="train.is_padded", persist_state="session")
    return design()


def design() -> Design:
    """Return what the form holds, for callbacks, too, which run before it is drawn."""
    value = _values(PRESETS[PRESET.default])
    held = {key: state.held(key) for key in value}
    value |= {key: each for key, each in held.items() if each is not None}
    blocks = tuple(
        Block(*(value[f"train.{key}{n}"] for key in _BLOCK))
        for n in range(1, value["train.blocks"] + 1)
    )
    dense = value["train.dense1"], value["train.dense2"]
    return Design(blocks, dense=dense, **{name: value[f"train.{name}"] for name in _FIELDS})


def _values(given: Design) -> dict[str, Any]:
    """Every widget's value that makes the form hold a design."""
    values = {f"train.{name}": getattr(given, name) for name in _FIELDS}
    values |= {f"train.dense{n}": width for n, width in enumerate(given.dense, 1)}
    padded = (*given.blocks, *(_SPARE,) * MOST_BLOCKS)[:MOST_BLOCKS]
    for n, block in enumerate(padded, 1):
        values |= {f"train.{key}{n}": x for key, x in zip(_BLOCK, astuple(block), strict=True)}
    return {"train.blocks": len(given.blocks), **values}


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
        controls.number(_("Filters {number}").format(number=n), f"train.filters{n}", (1, 256))
        controls.number(_("Kernel size {number}").format(number=n), f"train.kernel{n}", (1, 11))
        controls.number(_("Stride {number}").format(number=n), f"train.stride{n}", (1, 4))
        label = _("Pooling {number}").format(number=n)
        controls.select(label, f"train.pooling{n}", _POOLINGS, width=150)


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
    said = _("{count} parameters in all: the numbers that training changes.")
    st.caption(said.format(count=number(spec.parameters())))
