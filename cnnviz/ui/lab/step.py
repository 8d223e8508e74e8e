"""The controls of one step of a chain, and the step that they make."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

import streamlit as st

from cnnviz.core.kernels import KERNELS, LARGEST
from cnnviz.core.lab.activations import ACTIVATIONS
from cnnviz.core.lab.chain import (
    DILATIONS,
    PADDINGS,
    STRIDES,
    WINDOWS,
    ActivationStep,
    ChainStep,
    ConvStep,
    PoolStep,
)
from cnnviz.core.messages import N_
from cnnviz.core.records import Pair
from cnnviz.ui import controls, state
from cnnviz.ui.lab.filters import CUSTOM
from cnnviz.ui.text import _, size

OPEN = "open"
"""Name of what the controls of a step stand in, which can be closed."""
_TYPED = "1 0 -1; 2 0 -2; 1 0 -1"
"""What a typed filter starts from."""
_LONGEST = 2_000
"""Characters of a typed filter: 11 × 11 of the longest weights have fewer."""

KINDS = {
    "conv": N_("Convolution"),
    "activation": N_("Activation"),
    "max": N_("Max pooling"),
    "avg": N_("Average pooling"),
}
"""What a step can be: id → name, in the order in which they are offered."""

STARTS: dict[str, ChainStep] = {
    "conv": ConvStep("gaussian", 3, padding=1),
    "activation": ActivationStep("relu"),
    "max": PoolStep("max"),
    "avg": PoolStep("avg"),
}
"""What a new step of each kind is at first."""


@dataclass(frozen=True, slots=True)
class Row:
    """A step with the controls that change it.

    Attributes:
        id: Part of its keys (`chain.<id>.<name>`), never used twice: rows move with their values.
        step: As it was when it was last possible; what the controls start from. They are called
            as its fields are; a typed filter's `weights` apart.
    """

    id: int
    step: ChainStep

    def key(self, name: str) -> str:
        """Key of one of its controls."""
        return f"chain.{self.id}.{name}"


def title(step: ChainStep) -> str:
    """Return what a step is called, in the reader's language."""
    if isinstance(step, ActivationStep):
        return _(ACTIVATIONS[step.activation].name)
    if isinstance(step, PoolStep):
        name = _(KINDS[step.kind])
    else:
        name = _("Your own filter") if step.size is None else _(KERNELS[step.kernel].name)
    return f"{name} {size(step.spec.kernel_size)}"


def current(row: Row) -> ChainStep:
    """Return the step as its controls have it, drawn or not yet; as it was where they are closed.

    Raises:
        Explained: there is no such step.
    """
    if not state.held(row.key(OPEN)):
        return row.step
    start = _start(row)
    held = {each.name: state.held(row.key(each.name)) for each in fields(start)}
    values: dict[str, Any] = {name: value for name, value in held.items() if value is not None}
    if isinstance(start, ConvStep):
        values.setdefault("size", start.size or 3)
        kernel = values.setdefault("kernel", CUSTOM if start.size is None else start.kernel)
        if kernel == CUSTOM:
            text = state.held(row.key("weights"))
            values |= {"kernel": _typed(start) if text is None else text, "size": None}
    return replace(start, **values)


def _start(row: Row) -> ChainStep:
    """What the controls start from: the step, or where another operation is asked for, that."""
    kind = state.held(row.key("kind")) or _kind(row.step)
    return row.step if _kind(row.step) == kind else STARTS[kind]


def _kind(step: ChainStep) -> str:
    if isinstance(step, PoolStep):
        return step.kind
    return "conv" if isinstance(step, ConvStep) else "activation"


def _typed(start: ConvStep) -> str:
    return start.kernel if start.size is None else _TYPED


def draw(row: Row) -> None:
    """Draw the controls of a step; `current` reads them in the next run."""
    _select(row, "kind", _("Operation"), KINDS, _kind(row.step))
    start = _start(row)
    if isinstance(start, ConvStep):
        _convolution(row, start)
    elif isinstance(start, PoolStep):
        with st.container(horizontal=True):
            _number(row, "window", _("Pooling window"), WINDOWS, start.window)
            _number(row, "stride", _("Stride"), STRIDES, start.stride)
    else:
        names = {each.id: each.name for each in ACTIVATIONS.values()}
        _select(row, "activation", _("Function"), names, start.activation)


def _convolution(row: Row, start: ConvStep) -> None:
    names = {each.id: each.name for each in KERNELS.values()} | {CUSTOM: N_("Type your own")}
    chosen = CUSTOM if start.size is None else start.kernel
    is_typed = _select(row, "kernel", _("Filter"), names, chosen) == CUSTOM
    if is_typed:
        _weights(row, _typed(start))
    with st.container(horizontal=True):
        if not is_typed:
            _number(row, "size", _("Filter size"), (1, LARGEST), start.size or 3)
        _number(row, "stride", _("Stride"), STRIDES, start.stride)
        _number(row, "padding", _("Padding"), PADDINGS, start.padding)
        _number(row, "dilation", _("Dilation"), DILATIONS, start.dilation)


def _select(row: Row, name: str, label: str, names: Mapping[str, str], start: str) -> str:
    return controls.select(label, row.key(name), names, start=start, persists=False)


def _number(row: Row, name: str, label: str, bounds: Pair, start: int) -> None:
    key = row.key(name)
    if state.held(key) is None:
        state.hold(key, start)
    controls.number(label, key, bounds, width=130, persists=False)


def _weights(row: Row, start: str) -> None:
    key = row.key("weights")
    if state.held(key) is None:
        state.hold(key, start)
    help = _("Rows of numbers, separated by semicolons; fractions like 1/9 count.")
    st.text_input(_("Weights"), max_chars=_LONGEST, key=key, help=help)
