"""Controls that give specs: the same names, bounds and defaults on every page.

Small whole numbers are bound to the address under their own names. Words are not: Streamlit
binds what is displayed, and that changes with the language, so their ids are linked here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from cnnviz.core.activations import ACTIVATIONS
from cnnviz.core.kernel_text import MAX_TEXT, format_kernel, parse_kernel
from cnnviz.core.kernels import DEFAULT_KERNEL, KERNELS, SIZES
from cnnviz.core.messages import N_
from cnnviz.core.pool_spec import PoolSpec
from cnnviz.core.records import Floats, LayerActivation
from cnnviz.core.specs import ConvSpec
from cnnviz.ui import state
from cnnviz.ui.text import _

CUSTOM = "custom"
_START = format_kernel(KERNELS[DEFAULT_KERNEL].weights(3))
"""What a typed filter starts from."""
_POOLS = {"max": N_("Maximum"), "avg": N_("Average")}
_UNITS = {"255": N_("0 to 255"), "1": N_("0 to 1")}


def small_number(label: str, param: str, options: Sequence[int], default: int, help: str) -> int:
    """Return a small whole number that the address carries as `param`."""
    state.remember_default(param, default)
    chosen = st.segmented_control(
        label,
        options,
        default=default,
        required=True,
        key=param,
        bind="query-params",
        help=help,
        wrap=True,
    )
    return default if chosen is None else chosen  # an address may say `stride=`


def word(
    label: str, param: str, names: Mapping[str, str], default: str, *, is_long: bool = False
) -> str:
    """Return an id out of `names`, shown translated, carried by the address as `param`."""
    ids, asked = list(names), state.linked(param)
    start = asked if asked and asked in ids else default
    shown = {each: _(name) for each, name in names.items()}.__getitem__
    key = f"word.{param}"
    state.remember_default(key, default)
    if is_long:
        index = ids.index(start)
        chosen = st.selectbox(label, ids, index, shown, key=key, persist_state="session", width=230)
    else:
        chosen = st.segmented_control(
            label,
            ids,
            default=start,
            required=True,
            format_func=shown,
            key=key,
            persist_state="session",
            wrap=True,
        )
    state.link(param, chosen if chosen != default else None)
    return chosen


def kernel_id() -> str:
    """Return which filter of the gallery is chosen, or `CUSTOM` for a typed one."""
    names = {kernel.id: kernel.name for kernel in KERNELS.values()}
    default = CUSTOM if state.linked("k") else DEFAULT_KERNEL
    chosen = word(
        _("Filter"), "kernel", names | {CUSTOM: N_("Type your own")}, default, is_long=True
    )
    state.remember_default("word.kernel", DEFAULT_KERNEL)
    return chosen


def kernel_setting(kernel: str) -> int | str:
    """Return the size of a filter of the gallery, or the text of a typed one."""
    if kernel != CUSTOM:
        state.link("k", None)
        return small_number(
            _("Filter size"), "kernel_size", SIZES, 3, _("Rows and columns of the filter.")
        )
    start = _as_rows(state.linked("k") or _START)
    state.remember_default("word.k", _as_rows(_START))
    return st.text_area(
        _("Weights, one row a line"),
        start,
        height=100,
        max_chars=MAX_TEXT,
        key="word.k",
        persist_state="session",
        help=_("Numbers separated by spaces, with a decimal point; fractions like 1/9 count."),
    )


def _as_rows(text: str) -> str:
    return text.replace(";", "\n").replace(",", " ")


def kernel_weights(kernel: str, setting: int | str) -> Floats:
    """Return the weights (kH, kW) of the chosen filter at the chosen size, or the typed ones.

    Raises:
        Explained: the filter has no such size, or the text is no kernel.
    """
    if isinstance(setting, int):
        return KERNELS[kernel].weights(setting)
    weights = parse_kernel(setting)
    state.link("k", format_kernel(weights))
    return weights


def conv_spec() -> ConvSpec:
    """Return how a filter moves, from the stride, padding and dilation controls.

    The kernel size is still the default: it belongs to the weights, which may be refused.
    """
    stride = small_number(
        _("Stride"), "stride", (1, 2, 3, 4), 1, _("How many pixels the window moves at a time.")
    )
    padding = small_number(
        _("Padding"), "padding", (0, 1, 2, 3, 4, 5), 0, _("Zeros added around the picture.")
    )
    dilation = small_number(
        _("Dilation"), "dilation", (1, 2, 3, 4), 1, _("How far apart the filter’s cells are.")
    )
    return ConvSpec(stride=(stride, stride), padding=padding, dilation=(dilation, dilation))


def bias() -> float:
    """Return the number that is added to every sum, in units of the picture (0 to 1)."""
    state.remember_default("bias", 0.0)
    chosen = st.number_input(
        _("Bias"),
        min_value=-10.0,
        max_value=10.0,
        value=0.0,
        step=0.1,
        key="bias",
        bind="query-params",
        width=130,
        help=_("Added to every sum; 1 is as much as the brightest pixel."),
    )
    return chosen or 0.0  # an address may say `bias=`


def unit() -> int:
    """Return how pixels are shown: 255 for 0…255, 1 for 0…1."""
    return int(word(_("Show pixels as"), "unit", _UNITS, "255"))


def activation() -> str:
    """Return the id of an activation function."""
    names = {each.id: each.name for each in ACTIVATIONS.values()}
    return word(_("Activation"), "activation", names, "relu")


def pool_spec() -> PoolSpec:
    """Return how the pooling works, from its three controls."""
    kind = word(_("Pooling"), "pool", _POOLS, "max")
    side = small_number(
        _("Pooling window"), "pool_size", (2, 3, 4), 2, _("Rows and columns of the window.")
    )
    stride = small_number(
        _("Pooling stride"),
        "pool_stride",
        (1, 2, 3, 4),
        2,
        _("How far the window moves at a time."),
    )
    return PoolSpec("avg" if kind == "avg" else "max", (side, side), (stride, stride))


def chosen_map(activations: Sequence[LayerActivation]) -> tuple[str, int]:
    """Return (layer, channel) of the map to show large: the link's, or the first filter's."""
    asked = state.chosen_map()
    for each in activations:
        if asked and each.name == asked[0] and each.values.ndim == 3:
            return each.name, min(asked[1], len(each.values) - 1)
    first = next(each for each in activations if each.kind == "conv")
    return first.name, 0
