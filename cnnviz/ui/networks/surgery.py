"""Kernel surgery: a person's own copy of the network, its filters changed, undone, compared."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import astuple, dataclass
from functools import partial

import numpy as np
import streamlit as st

from cnnviz import nn
from cnnviz.core.kernels.text import parse_filter
from cnnviz.core.messages import Explained
from cnnviz.core.networks.surgery import AddNoise, Operation, SetWeight, Swap, SwitchOff, Zero
from cnnviz.core.records import Floats
from cnnviz.ui import controls, history, layers, show, state
from cnnviz.ui.components.kernel import kernel_editor, reported
from cnnviz.ui.components.wall import Stage, on_one_scale, wall
from cnnviz.ui.data_sets import is_here
from cnnviz.ui.history import Changes
from cnnviz.ui.networks import Seen, own_network, test_pictures
from cnnviz.ui.text import _, number, percent

_EDITOR = "network.editor"
_MOST = 200


def operations(network: str) -> tuple[Operation, ...]:
    """Return what this person changed in a network, in order."""
    return _changes(network).done


def operate(seen: Seen) -> None:
    """Draw the operations on a filter, and what they change."""
    st.markdown(
        _(
            "This is your own copy of the network: change a filter it has learnt, and see what "
            "becomes of its answer. Nobody else's network changes."
        )
    )
    convolutions = [each for each in seen.activations if each.kind == "conv"]
    if not convolutions:
        st.info(_("This network has no convolution, and so no filter."))
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        layer = layers.choose(convolutions, key=f"network.operate.layer.{seen.network}")
        weights = nn.filters(own_network(seen.network, seen.operations), layer)
        filter_no = controls.index(_("Filter"), len(weights), 0, key="network.filter")
        plane = 0
        if weights.shape[1] > 1:
            plane = controls.index(_("Plane"), weights.shape[1], 0, key="network.plane")
    left, right = st.columns([2, 3], gap="large")
    with left:
        _tools(_Place(seen.network, layer, filter_no, plane), weights)
        _history(seen.network)
    with right:
        _effect(seen, layer, filter_no)


@dataclass(frozen=True, slots=True)
class _Place:
    """Which filter of which network is open, and which of its planes."""

    network: str
    layer: str
    filter_no: int
    plane: int


def _tools(place: _Place, weights: Floats) -> None:
    """The filter's numbers, to be typed over, and what can be done with it at once."""
    network, layer, filter_no, plane = astuple(place)
    shown = np.round(weights[filter_no, plane : plane + 1], 3)
    kernel_editor(shown, key=_EDITOR, on_change=lambda: _typed(place, shown), is_learned=True)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        _button(network, "zero", _("Set to zero"), lambda: Zero(layer, filter_no))
        _button(network, "off", _("Switch its map off"), lambda: SwitchOff(layer, filter_no))
        seed = len(operations(network))
        _button(network, "noise", _("Add noise"), lambda: AddNoise(layer, filter_no, 0.5, seed))
        if len(weights) > 1:
            other = controls.index(_("with filter"), len(weights), 1, key="network.swap")
            _button(network, "swap", _("Swap"), lambda: Swap(layer, filter_no, other))


def _button(network: str, name: str, label: str, make: Callable[[], Operation]) -> None:
    st.button(label, key=f"network.do.{name}", on_click=lambda: _do(network, make()))


def _typed(place: _Place, shown: Floats) -> None:
    """Take the weights that were typed, those that differ from what was shown."""
    try:
        typed = parse_filter(reported(_EDITOR) or "")
    except Explained:
        return  # the editor itself says what cannot be read
    if typed.shape != shown.shape:
        return
    places = np.argwhere(~np.isclose(typed, shown, atol=5e-4)).tolist()
    new = [
        SetWeight(place.layer, place.filter_no, place.plane, row, col, float(typed[0, row, col]))
        for _plane, row, col in places
    ]
    _do(place.network, *new)


def _do(network: str, *new: Operation) -> None:
    if new:
        state.hold(_key(network), Changes(_changes(network).plus(*new).done[-_MOST:]))


def _key(network: str) -> str:
    return f"network.operations.{network}"


def _changes(network: str) -> Changes[Operation]:
    held: Changes[Operation] | None = state.held(_key(network))
    return held or Changes()


def _history(network: str) -> None:
    changes, key = _changes(network), _key(network)
    state.remember_default(key, Changes())
    with st.container(horizontal=True):
        history.buttons("network", changes, partial(state.hold, key), _("As it was trained"))
    st.caption(_("Changes made to this network: {count}.").format(count=number(len(changes.done))))


def _effect(seen: Seen, layer: str, filter_no: int) -> None:
    """The filter's map and the answer, as trained and as changed."""
    stages = []
    for name, title, map_title, chain in (
        ("trained", _("As trained"), _("Map, as trained"), seen.trained),
        ("changed", _("As changed"), _("Map, as changed"), seen.activations),
    ):
        values = layers.find(chain, layer).values[filter_no : filter_no + 1]
        stages.append(Stage(name, map_title, "signed", values, columns=1, side=170))
        stages.append(layers.shares(f"{name}.shares", title, chain))
    scaled = on_one_scale(stages)
    for name, pair in (("trained", scaled[:2]), ("changed", scaled[2:])):
        key = f"network.operate.{name}"
        wall(pair, key=key, layout="chain", labels=layers.labels(seen.spec))
    if not is_here(seen.dataset, place="network.operate"):
        return
    with show.explained():
        count = len(test_pictures(seen.network)[0])
        with st.spinner(_("Asking it for all of them")):
            first, now = (_accuracy(seen.network, each) for each in ((), seen.operations))
        st.markdown(
            _(
                "Right on a fixed sample of {sample} test pictures: **{now}**, as trained {first}."
            ).format(sample=number(count), now=percent(now), first=percent(first))
        )


@st.cache_data(max_entries=64, show_spinner=False)
def _accuracy(network: str, operations: tuple[Operation, ...]) -> float:
    """Return the share of `test_pictures` that a network, or a changed copy, gets right."""
    return nn.evaluate(own_network(network, operations), *test_pictures(network)).accuracy
