"""Choosing a filter: out of the gallery at any size, or typed, pasted, edited and painted.

Whatever is changed by hand becomes the reader's own filter, whose numbers travel in the link.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass

import streamlit as st

from cnnviz.core.kernels import DEFAULT_KERNEL, FAMILIES, KERNELS, LARGEST, Kernel, find_kernels
from cnnviz.core.kernels.edits import KERNEL_EDITS, random_kernel
from cnnviz.core.kernels.text import MAX_TEXT, format_filter, parse_filter
from cnnviz.core.messages import N_, Explained
from cnnviz.core.records import Floats, Pair
from cnnviz.ui import controls, show, state
from cnnviz.ui.components.kernel import kernel_editor, reported
from cnnviz.ui.controls import Setting
from cnnviz.ui.text import _

CUSTOM = "custom"
_KERNEL_KEY = "word.kernel"
_TEXT_KEY = "word.k"
_EDITOR_KEY = "filter.editor"
_START = format_filter(KERNELS[DEFAULT_KERNEL].weights(3)[None])
"""What a typed filter starts from."""


@dataclass(frozen=True, slots=True, eq=False)
class Filter:
    """A filter as it was chosen: its id in the gallery, or `CUSTOM`, and its name for people.

    Its weights are (C, kH, kW) float32: one plane for every channel, or three.
    """

    id: str
    name: str
    weights: Floats

    @property
    def size(self) -> Pair:
        """(kH, kW)."""
        return self.weights.shape[1], self.weights.shape[2]


def choose(*, is_apart: bool) -> Filter | Explained:
    """Draw the controls, of rows and columns `is_apart` or together; return the filter.

    Where there is none, the reason is returned: what changes filters stays on the page.
    """
    chosen: Filter | Explained
    try:
        chosen = _choose(is_apart)
    except Explained as refusal:
        chosen = refusal
    _gallery()
    if isinstance(chosen, Filter):
        _edit(chosen)
    return chosen


def _choose(is_apart: bool) -> Filter:
    kernel = KERNELS.get(_id())
    if kernel is None:
        weights = parse_filter(_typed())
        state.link("k", format_filter(weights))
        return Filter(CUSTOM, _("Your own filter"), weights)
    state.link("k", None)
    sides = _sides(is_apart)
    values = {
        each.id: controls.stepper(
            _(each.name), each.id, (each.least, each.most), each.default, step=each.step
        )
        for each in kernel.parameters
    }
    return Filter(kernel.id, _(kernel.name), kernel.weights(sides, **values)[None])


def _id() -> str:
    names = {kernel.id: _labelled(kernel) for kernel in KERNELS.values()}
    default = CUSTOM if state.linked("k") else DEFAULT_KERNEL
    setting = Setting("kernel", names | {CUSTOM: N_("Type your own")}, default)
    chosen = setting.draw(_("Filter"), is_long=True)
    state.remember_default(_KERNEL_KEY, DEFAULT_KERNEL)
    return chosen


def _labelled(kernel: Kernel) -> str:
    """The name with its family, so that typing “edges” finds all that detect them."""
    return f"{_(kernel.name)} · {_(FAMILIES[kernel.family])}"


def _sides(is_apart: bool) -> Pair:
    help, bounds = _("Rows and columns of the filter, even or odd."), (1, LARGEST)
    rows = controls.stepper(_("Filter size"), "kernel_size", bounds, 3, help)
    if not is_apart:
        return rows, rows
    help = _("Columns of the filter.")
    return rows, controls.stepper(_("Filter width"), "kernel_width", bounds, 3, help)


def _typed() -> str:
    start = _as_rows(state.linked("k") or _START)
    state.remember_default(_TEXT_KEY, _as_rows(_START))
    return st.text_area(
        _("Weights, one row a line"),
        start,
        height=100,
        max_chars=MAX_TEXT,
        key=_TEXT_KEY,
        persist_state="session",
        help=_(
            "Rows of numbers, from CSV or as a Python list; fractions like 1/9 count. A line of "
            "--- separates the three planes of a filter for colour pictures."
        ),
    )


def _as_rows(text: str) -> str:
    return text.replace("|", "\n---\n").replace(";", "\n").replace(",", " ")


def _gallery() -> None:
    """Draw the fold that finds filters by what they do; a click takes one."""
    fold = st.popover(
        _("Find a filter"), key="gallery.fold", on_change="rerun", icon=":material/search:"
    )
    if not fold.open:
        return
    with fold:
        query = st.text_input(
            _("What should it do?"),
            key="gallery.query",
            max_chars=80,
            placeholder=_("blur, edges, lines, texture …"),
        )
        found = find_kernels(query, _)
        if not found:
            st.caption(_("No filter does that, in these words."))
        for kernel in found:
            st.button(
                _labelled(kernel),
                key=f"gallery.take.{kernel.id}",
                help=_(kernel.detects),
                type="tertiary",
                on_click=take,
                args=(kernel.id,),
            )


# ---------------------------------------------------------------- changing the numbers


def _edit(chosen: Filter) -> None:
    """Draw what changes a filter's numbers: a board to type and paint on, and operations."""
    fold = st.popover(_("Change the numbers"), key="filter.edit", on_change="rerun")
    if not fold.open:
        return
    text = format_filter(chosen.weights)
    with fold:
        with st.container(horizontal=True):
            for name, operation in KERNEL_EDITS.items():
                st.button(
                    _(operation.name),
                    key=f"filter.do.{name}",
                    help=_(operation.does),
                    on_click=_operate,
                    args=(name, text),
                )
            st.button(
                _("Random"),
                key="filter.do.random",
                help=_("Normally distributed numbers, as networks start from."),
                on_click=_randomise,
                args=(chosen.weights.shape,),
            )
        refusal = state.held("filter.refusal")
        if refusal is not None:
            show.refusal(refusal)
            state.hold("filter.refusal", None)
        if max(chosen.size) <= LARGEST:
            kernel_editor(chosen.weights, key=state.instance(_EDITOR_KEY), on_change=_take_edited)


def _operate(name: str, text: str) -> None:
    if state.held(_KERNEL_KEY) == CUSTOM:  # typed a moment ago, and not yet on the page
        text = str(state.held(_TEXT_KEY) or text)
    try:
        _take(KERNEL_EDITS[name].apply(parse_filter(text)))
    except Explained as refusal:
        state.hold("filter.refusal", refusal)


def _randomise(shape: tuple[int, ...]) -> None:
    _take(random_kernel(shape, secrets.randbits(32)))


def _take_edited() -> None:
    sent = reported(state.instance(_EDITOR_KEY))
    if sent is not None:
        _take_text(sent)


def _take(weights: Floats) -> None:
    _take_text(format_filter(weights))


def _take_text(text: str) -> None:
    state.hold(_KERNEL_KEY, CUSTOM)
    state.hold(_TEXT_KEY, _as_rows(text))


def take(filter: str) -> None:
    """Make a filter, an id of the gallery or the text of `format_filter`, the one chosen."""
    if filter in KERNELS:
        state.hold(_KERNEL_KEY, filter)
    else:
        _take(parse_filter(filter))


def describe(chosen: Filter) -> None:
    """Say what the filter detects, by which formula, and where that is from."""
    if chosen.id in KERNELS:
        kernel = KERNELS[chosen.id]
        st.caption(f"{_(kernel.detects)} ${kernel.formula}$ · *{_(kernel.source)}.*")
