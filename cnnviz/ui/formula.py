"""The size formula with the current numbers in it, as LaTeX that may break across lines."""

from __future__ import annotations

import streamlit as st

from cnnviz.core.sizes import AxisSize
from cnnviz.ui.text import _, number

GENERAL = r"$o = \lfloor (i + 2p - d\,(k - 1) - 1) \,/\, s \rfloor + 1$"


def size_of_map(rows: AxisSize, cols: AxisSize, weights: int) -> None:
    """Show the formula, in general and with its numbers, and what the map costs.

    Args:
        rows: Sizes along the rows.
        cols: Sizes along the columns.
        weights: How many the filter has.
    """
    with st.container(border=True):
        st.subheader(_("Size of the map"), anchor=False)
        for line in (GENERAL, *with_numbers(rows, cols)):
            st.markdown(line)
        st.caption(
            _(
                "Picture i = {height} × {width}, padding p, dilation d, filter k, stride s. "
                "{weights} weights and 1 bias; {products} multiplications."
            ).format(
                height=rows.size,
                width=cols.size,
                weights=number(weights),
                products=number(weights * rows.output * cols.output),
            )
        )


def with_numbers(rows: AxisSize, cols: AxisSize) -> tuple[str, ...]:
    """Return the formula of rows and of columns; only one where they are the same."""
    if rows == cols:
        return (_axis("o", rows),)
    return _axis("o_H", rows), _axis("o_W", cols)


def _axis(name: str, axis: AxisSize) -> str:
    border = (
        rf"2 \cdot {axis.before}" if axis.before == axis.after else f"{axis.before} + {axis.after}"
    )
    room = rf"{axis.size} + {border} - {axis.dilation}\,({axis.kernel_size} - 1) - 1"
    return (
        rf"${name} = \lfloor ({room}) \,/\, {axis.stride} \rfloor + 1 = \mathbf{{{axis.output}}}$"
    )
