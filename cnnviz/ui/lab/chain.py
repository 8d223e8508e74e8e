"""A chain of operations on the current picture: its steps in a row, and every map of it.

The steps are chosen, added, removed and moved here; `step` has the controls of one.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import streamlit as st

from cnnviz import nn
from cnnviz.core.lab.activations import ACTIVATIONS
from cnnviz.core.lab.chain import (
    EXAMPLE,
    MAX_STEPS,
    ActivationStep,
    Chain,
    ChainStep,
    StepRefused,
    at_step,
    fields_back,
)
from cnnviz.core.lab.chain_text import format_chain, parse_chain
from cnnviz.core.messages import Explained
from cnnviz.core.records import Floats
from cnnviz.ui import show, state
from cnnviz.ui.components.chain import chain_viewer
from cnnviz.ui.lab.step import KINDS, OPEN, STARTS, Row, current, draw, title
from cnnviz.ui.text import _, say, size

_KEY = "chain.steps"
_MADE_KEY = "chain.made"


def chaining(image: Floats, unit: int) -> None:
    """Draw the steps of the chain and what each makes of the picture, (1, H, W) in [0, 1]."""
    st.markdown(
        _(
            "A network is such a chain. Point at any cell of any map: what it sees grows, map "
            "after map, back to the picture."
        )
    )
    try:
        chain = _choose()
        state.link("chain", format_chain(chain) if chain != EXAMPLE else None)
        with show.waiting(420):
            maps = (image, *nn.run_chain(image, chain))
    except StepRefused as refusal:
        _refuse(refusal)
        return
    steps = [f"{position}. {title(step)}" for position, step in enumerate(chain.steps, 1)]
    chain_viewer(chain, maps, [_("Input"), *steps], key="chain.viewer", unit=unit)
    _conclude(chain, unit)


def _conclude(chain: Chain, unit: int) -> None:
    """Say how much a cell of the last map sees, and why numbers may look small."""
    _top, _left, height, width = fields_back(chain, len(chain.steps), 0, 0)[0]
    st.caption(
        _("Receptive field: a cell of the last map sees {size} pixels of the picture.").format(
            size=size((height, width))
        )
    )
    bent = [step for step in chain.steps if isinstance(step, ActivationStep)]
    if unit == 255 and not all(ACTIVATIONS[step.activation].keeps_unit for step in bent):
        st.caption(
            _(
                "From the first function that bends on, maps are shown as computed, on pixels from "
                "0 to 1."
            )
        )


# ---------------------------------------------------------------- the steps in a row


def _choose() -> Chain:
    """Draw the steps, a button each that opens its controls; returns their chain.

    Raises:
        StepRefused: the first step that cannot be as its controls have it.
    """
    rows, refusals = list(_rows()), []
    with st.container(horizontal=True, vertical_alignment="center"):
        for position, row in enumerate(rows, 1):
            try:
                row = replace(row, step=at_step(position, partial(current, row)))
            except StepRefused as refusal:
                refusals.append(refusal)
            rows[position - 1] = row
            _draw(row, position, len(rows))
    state.hold(_KEY, tuple(rows))
    with st.container(horizontal=True, vertical_alignment="center"):
        for kind, name in KINDS.items():
            st.button(
                _("Add: {operation}").format(operation=_(name)),
                key=f"chain.add.{kind}",
                disabled=len(rows) >= MAX_STEPS,
                on_click=_add,
                args=(kind,),
            )
    if refusals:
        raise refusals[0]
    return Chain(tuple(row.step for row in rows))


def _refuse(refusal: Explained) -> None:
    """Show why a chain cannot be; the reason in the reader's language, as its frame is."""
    if isinstance(refusal, StepRefused):
        refusal = Explained(refusal.message, step=refusal.step, reason=say(refusal.reason))
    show.refusal(refusal)


def _rows() -> tuple[Row, ...]:
    """The steps of this session, else the link's, else the example's."""
    state.remember_default(_KEY, None)
    held: tuple[Row, ...] | None = state.held(_KEY)
    if held is None:
        held = tuple(_row(step) for step in _linked().steps)
        state.hold(_KEY, held)
    return held


def _linked() -> Chain:
    asked = state.linked("chain")
    if asked is None:
        return EXAMPLE
    try:
        return parse_chain(asked)
    except Explained as refusal:
        _refuse(refusal)
        return EXAMPLE


def _row(step: ChainStep) -> Row:
    made = (state.held(_MADE_KEY) or 0) + 1
    state.hold(_MADE_KEY, made)
    return Row(made, step)


def _draw(row: Row, position: int, count: int) -> None:
    key = row.key("name")
    if not (state.held(row.key(OPEN)) and state.held(key)):
        state.hold(key, title(row.step))  # not while it is open: another label would close it
    fold = st.popover(f"{position}. {state.held(key)}", key=row.key(OPEN), on_change="rerun")
    if fold.open:
        with fold:
            draw(row)
            _buttons(row, position, count)


def _buttons(row: Row, position: int, count: int) -> None:
    with st.container(horizontal=True):
        for name, label, icon, is_off, change in (
            ("earlier", _("Earlier"), "arrow_back", position == 1, partial(_move, row, -1)),
            ("later", _("Later"), "arrow_forward", position == count, partial(_move, row, 1)),
            ("remove", _("Remove"), "close", count == 1, partial(_remove, row)),
        ):
            st.button(
                label,
                key=row.key(name),
                icon=f":material/{icon}:",
                disabled=is_off,
                on_click=change,
            )


# ------------------------------------------- changes, made by clicks before the page runs


def _add(kind: str) -> None:
    rows = _rows()
    if len(rows) < MAX_STEPS:
        state.hold(_KEY, (*rows, _row(STARTS[kind])))


def _remove(row: Row) -> None:
    left = tuple(each for each in _rows() if each.id != row.id)
    if left:
        state.hold(_KEY, left)


def _move(row: Row, by: int) -> None:
    rows = list(_rows())
    place = next((n for n, each in enumerate(rows) if each.id == row.id), None)
    if place is None or not 0 <= place + by < len(rows):
        return
    rows.insert(place + by, rows.pop(place))
    state.hold(_KEY, tuple(rows))
