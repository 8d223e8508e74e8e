"""The size formula with the current numbers in it, as LaTeX that may break across lines."""

from __future__ import annotations

import streamlit as st

from cnnviz.core.lab.receptive_field import conv_cost
from cnnviz.core.lab.sizes import AxisSize
from cnnviz.core.lab.traces import ConvTrace, PoolTrace
from cnnviz.ui.text import _, number, size

GENERAL = r"$o = \lfloor (i + 2p - d\,(k - 1) - 1) \,/\, s \rfloor + 1$"
TRANSPOSED = r"$o = (i - 1)\,s - 2p + d\,(k - 1) + a + 1$"


def size_of_map(trace: ConvTrace) -> None:
    """Show the formula, in general and with its numbers, and what the map costs."""
    spec, (channels, height, width) = trace.spec, trace.image.shape
    rows, cols = spec.sizes((height, width))
    cost = conv_cost(spec, channels, len(trace.output), (height, width))
    with st.container(border=True):
        _formula(rows, cols, TRANSPOSED if spec.transposed else GENERAL)
        terms = _("Picture i = {height} × {width}, padding p, dilation d, filter k, stride s.")
        if spec.transposed:
            terms += " " + _("Output padding a.")
        sees = _(
            "{parameters} parameters (weights and bias); {products} multiplications; one number "
            "of the map sees {field} pixels."
        )
        st.caption(
            f"{terms} {sees}".format(
                height=rows.size,
                width=cols.size,
                parameters=number(cost.parameters),
                products=number(cost.multiplications),
                field=size(cost.receptive_field),
            )
        )


def size_of_pooled(trace: PoolTrace) -> None:
    """Show the formula of a pooling with its numbers; adaptive kinds have none."""
    spec, (height, width) = trace.spec, trace.image.shape[-2:]
    with st.container(border=True):
        if spec.is_adaptive:
            st.subheader(_("Size of the map"), anchor=False)
            st.markdown(
                _(
                    "An adaptive pooling is told its size, {outputs}; each of its windows covers "
                    "the pixels from ⌊row · {height} / {rows}⌋ up to ⌈(row + 1) · {height} / "
                    "{rows}⌉, and likewise across."
                ).format(
                    outputs=size(trace.output.shape[-2:]),
                    height=number(height),
                    rows=number(trace.output.shape[-2]),
                )
            )
            return
        _formula(*spec.sizes((height, width)), GENERAL)
        if spec.ceil_mode:
            st.caption(_("Rounding up: a last window that hangs over the edge is kept."))


def _formula(rows: AxisSize, cols: AxisSize, general: str) -> None:
    st.subheader(_("Size of the map"), anchor=False)
    for line in (general, *with_numbers(rows, cols)):
        st.markdown(line)


def with_numbers(rows: AxisSize, cols: AxisSize) -> tuple[str, ...]:
    """Return the formula of rows and of columns; only one where they are the same."""
    if rows == cols:
        return (_axis("o", rows),)
    return _axis("o_H", rows), _axis("o_W", cols)


def _axis(name: str, axis: AxisSize) -> str:
    border = (
        rf"2 \cdot {axis.before}" if axis.before == axis.after else f"{axis.before} + {axis.after}"
    )
    if axis.transposed:
        less = border if axis.before == axis.after else f"({border})"
        grown = rf"({axis.size} - 1) \cdot {axis.stride} - {less}"
        kernel = rf"{axis.dilation}\,({axis.kernel_size} - 1) + {axis.output_padding}"
        return rf"${name} = {grown} + {kernel} + 1 = \mathbf{{{axis.output}}}$"
    room = rf"{axis.size} + {border} - {axis.dilation}\,({axis.kernel_size} - 1) - 1"
    return (
        rf"${name} = \lfloor ({room}) \,/\, {axis.stride} \rfloor + 1 = \mathbf{{{axis.output}}}$"
    )
