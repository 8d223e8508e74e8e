"""The size formula with the current numbers in it, as LaTeX that may break across lines."""

from __future__ import annotations

from cnnviz.core.sizes import AxisSize

GENERAL = r"$o = \lfloor (i + 2p - d\,(k - 1) - 1) \,/\, s \rfloor + 1$"


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
