"""Many filters on one picture: each makes a map, as in a layer of a network."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import streamlit as st

from cnnviz import nn
from cnnviz.core.kernels import KERNELS
from cnnviz.core.kernels.text import format_filter, parse_filter
from cnnviz.core.lab.specs import ConvSettings
from cnnviz.core.lab.traces import ConvTrace
from cnnviz.core.messages import Explained
from cnnviz.core.records import Floats
from cnnviz.ui import show, state
from cnnviz.ui.components.maps import MOST, MapItem, maps
from cnnviz.ui.lab import filters, subject
from cnnviz.ui.lab.filters import CUSTOM, Filter
from cnnviz.ui.lab.subject import Subject
from cnnviz.ui.text import _, number, size

LECTURE = ("sobel-x", "sobel-y", "laplacian", "gaussian", "sharpen", "emboss")
"""Six filters, as in the lecture: six maps."""
_KEY = "bank.filters"
_CHOSEN = "bank.chosen"
_MARK = "~"


def bank(of: Subject, current: Filter, settings: ConvSettings, bias: float) -> None:
    """Show the maps of all filters, and what adds, removes and reorders them.

    They take the size of `current`, the filter of the lab, and move as it does.
    """
    entries = _entries()
    chosen = min(int(state.held(_CHOSEN) or 0), len(entries) - 1)
    _tools(entries, chosen, current)
    with show.explained():
        weights = [_weights(each, current) for each in entries]
        trace = _convolve(of, weights, settings, bias)
        items = [
            MapItem(_name(entry), each, values)
            for entry, each, values in zip(entries, weights, trace.output, strict=True)
        ]
        clicked = maps(items, key=state.instance("bank.maps"), chosen=chosen)
        _cost(trace)
        if clicked is not None and clicked != chosen:
            state.hold(_CHOSEN, clicked)
            st.rerun()


def _entries() -> tuple[str, ...]:
    held = state.held(_KEY)
    if held is None:
        asked = [each for each in (state.linked("filters") or "").split(_MARK) if each]
        held = tuple(asked[:MOST]) or LECTURE
    state.link("filters", _MARK.join(held) if held != LECTURE else None)
    return tuple(held)


def _weights(entry: str, current: Filter) -> Floats:
    """The (C, kH, kW) weights of an entry: a gallery's id, or a filter as text."""
    kernel = KERNELS.get(entry)
    weights = kernel.weights(current.size)[None] if kernel else parse_filter(entry)
    if weights.shape[1:] != current.size:
        raise Explained(
            "All filters of a layer have one size; these have {first} × {second} and "
            "{height} × {width}.",
            first=current.size[0],
            second=current.size[1],
            height=weights.shape[1],
            width=weights.shape[2],
        )
    return weights


def _name(entry: str) -> str:
    return _(KERNELS[entry].name) if entry in KERNELS else _("Your own filter")


def _convolve(of: Subject, weights: list[Floats], settings: ConvSettings, bias: float) -> ConvTrace:
    image = of.image[of.plane : of.plane + 1] if of.is_each else of.image
    flat = Subject(image, ())
    each = [subject.weight_of(flat, one, is_transposed=settings.transposed) for one in weights]
    stacked = np.concatenate(each, axis=1 if settings.transposed else 0)
    spec = replace(settings, kernel_size=(stacked.shape[2], stacked.shape[3])).checked()
    return nn.convolve(image, stacked, spec, np.full(len(weights), bias, np.float32))


def _cost(trace: ConvTrace) -> None:
    outputs, depth, tall, wide = trace.kernels.shape
    st.caption(
        _(
            "{count} filters of {filter} make {count} maps, {maps}. Parameters: "
            "{count} × ({weights} + 1) = {parameters}."
        ).format(
            count=number(outputs),
            filter=size((depth, tall, wide)),
            maps=size(trace.output.shape),
            weights=number(depth * tall * wide),
            parameters=number(outputs * (depth * tall * wide + 1)),
        )
    )


# ---------------------------------------------------------------- adding, removing, reordering


def _tools(entries: tuple[str, ...], chosen: int, current: Filter) -> None:
    text = current.id if current.id != CUSTOM else format_filter(current.weights)
    count, right = len(entries), chosen + 1
    others = entries[:chosen] + entries[right:]
    with st.container(horizontal=True):
        for name, label, new, at, is_possible in (
            ("add", _("Add the filter above"), (*entries, text), count, count < MOST),
            ("remove", _("Remove"), others, chosen, count > 1),
            ("left", _("Move to the left"), _swapped(entries, chosen - 1), chosen - 1, chosen > 0),
            ("right", _("Move to the right"), _swapped(entries, chosen), right, right < count),
        ):
            st.button(
                label, key=f"bank.{name}", disabled=not is_possible, on_click=_keep, args=(new, at)
            )
        st.button(
            _("Open it above"), key="bank.open", on_click=filters.take, args=(entries[chosen],)
        )


def _swapped(entries: tuple[str, ...], position: int) -> tuple[str, ...]:
    """Change places of an entry and the next."""
    if not 0 <= position < len(entries) - 1:
        return entries
    pair = entries[position : position + 2]
    return entries[:position] + pair[::-1] + entries[position + 2 :]


def _keep(entries: tuple[str, ...], chosen: int) -> None:
    state.hold(_KEY, entries)
    state.hold(_CHOSEN, max(0, chosen))
