"""The size formula with the current numbers in it, as LaTeX."""

from __future__ import annotations

from cnnviz.core.sizes import AxisSize

GENERAL = r"o = \left\lfloor \dfrac{i + 2p - d\,(k - 1) - 1}{s} \right\rfloor + 1"


def with_numbers(rows: AxisSize, cols: AxisSize) -> str:
    """Return the formula of both axes; of one where they are the same."""
    if rows == cols:
        return _axis("o", rows)
    return rf"\begin{{aligned}}{_axis('o_H &', rows)}\\[1ex]{_axis('o_W &', cols)}\end{{aligned}}"


def _axis(name: str, axis: AxisSize) -> str:
    border = (
        rf"2 \cdot {axis.before}" if axis.before == axis.after else f"{axis.before} + {axis.after}"
    )
    above = rf"{axis.size} + {border} - {axis.dilation}\,({axis.kernel_size} - 1) - 1"
    return (
        rf"{name} = \left\lfloor \dfrac{{{above}}}{{{axis.stride}}} \right\rfloor + 1"
        rf" = \mathbf{{{axis.output}}}"
    )
