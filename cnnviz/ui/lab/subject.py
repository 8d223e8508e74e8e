"""A picture, a filter and its settings put together, and the size of the map that they make."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import streamlit as st

from cnnviz import nn
from cnnviz.core.lab.receptive_field import conv_cost
from cnnviz.core.lab.sizes import AxisSize
from cnnviz.core.lab.specs import ConvSettings
from cnnviz.core.lab.traces import ConvTrace, PoolTrace
from cnnviz.core.messages import N_, Explained
from cnnviz.core.records import Floats, Pair
from cnnviz.ui import controls
from cnnviz.ui.controls import Setting
from cnnviz.ui.pictures import prepared
from cnnviz.ui.pictures.picture import Picture
from cnnviz.ui.text import _, number, size

COLOUR = Setting(
    "colour",
    {"grey": N_("Grey"), "all": N_("All planes at once"), "each": N_("Each plane by itself")},
    "grey",
)
UNIT = Setting("unit", {"255": N_("0 to 255"), "1": N_("0 to 1")}, "255")
"""How pixels are shown: 255 for 0…255, 1 for 0…1."""
PLANE = Setting("plane", {"0": N_("Red"), "1": N_("Green"), "2": N_("Blue")}, "0")


@dataclass(frozen=True, slots=True, eq=False)
class Subject:
    """The picture under the filter, and how its colours are taken.

    Attributes:
        image: (C, H, W) float32 in [0, 1], C = 1 or 3.
        notes: What was done to the picture.
        is_each: Whether each plane is filtered by itself (depthwise).
        plane: Whose map is looked at, where each plane has one.
    """

    image: Floats
    notes: tuple[str, ...]
    is_each: bool = False
    plane: int = 0

    @property
    def size(self) -> Pair:
        """(H, W)."""
        return self.image.shape[1], self.image.shape[2]

    @property
    def groups(self) -> int:
        """Parts that the channels are split into."""
        return len(self.image) if self.is_each else 1


def subject(picture: Picture) -> Subject:
    """Draw what a colour picture needs, and return the picture as the lab takes it."""
    is_colour = len(picture.levels) == 3
    way = COLOUR.draw(_("Colours")) if is_colour else COLOUR.value()
    given = prepared.lab_picture(picture, is_grey=way == "grey")
    is_each = way == "each" and len(given.image) == 3
    plane = int(PLANE.draw(_("Map of"))) if is_each else 0
    return Subject(given.image, given.notes, is_each, plane)


def bias() -> float:
    """Draw the bias and return it, in units of the picture (0 to 1)."""
    help = _("Added to every sum; 1 is as much as the brightest pixel.")
    return controls.stepper(_("Bias"), "bias", (-10.0, 10.0), 0.0, help, step=0.1)


def weight_of(of: Subject, weights: Floats, *, is_transposed: bool) -> Floats:
    """Return a filter as `nn.convolve` takes it.

    Args:
        of: Picture that the filter is to move over.
        weights: (1, kH, kW), the same for every plane, or (3, kH, kW).
        is_transposed: Whether inputs come before outputs.

    Returns:
        (O, C / groups, kH, kW) float32, or (C, O / groups, kH, kW) where transposed.

    Raises:
        Explained: three planes of weights, and one of pixels.
    """
    channels = len(of.image)
    if len(weights) not in (1, channels):
        raise Explained(
            "This filter has {planes} planes, so it needs a colour picture taken with all its "
            "planes; this one has {channels}.",
            planes=len(weights),
            channels=channels,
        )
    planes = np.repeat(weights, channels // len(weights), axis=0)
    return planes[:, None] if of.is_each or is_transposed else planes[None]


def convolve(of: Subject, weights: Floats, settings: ConvSettings, bias: float) -> ConvTrace:
    """Move a filter (C, kH, kW) over the picture; see `nn.convolve`.

    Raises:
        Explained: the combination is impossible; with all the numbers.
    """
    size = weights.shape[1], weights.shape[2]
    spec = replace(settings, kernel_size=size, groups=of.groups).checked()
    weight = weight_of(of, weights, is_transposed=settings.transposed)
    return nn.convolve(of.image, weight, spec, np.full(of.groups, bias, np.float32))


# ---------------------------------------------------------------- the size of the map


def size_of_map(trace: ConvTrace) -> None:
    """Show the formula, in general and with its numbers, and what the map costs."""
    spec, (channels, height, width) = trace.spec, trace.image.shape
    rows, cols = spec.sizes((height, width))
    cost = conv_cost(spec, channels, len(trace.output), (height, width))
    with st.container(border=True):
        _formula(rows, cols)
        terms = _("Picture i = {height} × {width}, padding p, dilation d, filter k, stride s.")
        if _is_uneven(rows, cols):
            terms += " " + _("p₁ lies above or to the left, p₂ below or to the right.")
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
        rows, cols = spec.sizes((height, width))
        _formula(rows, cols)
        if spec.ceil_mode:
            st.caption(_("Rounding up: a last window that hangs over the edge is kept."))
        if rows.left_out or cols.left_out:
            st.caption(
                _(
                    "Except one that would begin beyond the picture and the border before it: it "
                    "is left out, hence − 1."
                )
            )


def _formula(rows: AxisSize, cols: AxisSize) -> None:
    st.subheader(_("Size of the map"), anchor=False)
    numbers = (
        [in_numbers("o", rows)]
        if rows == cols
        else [in_numbers("o_H", rows), in_numbers("o_W", cols)]
    )
    for line in (in_letters(rows, cols), *numbers):
        st.markdown(line)


def in_letters(*axes: AxisSize) -> str:
    """The formula in letters, of the kind that `_axis` fills with numbers."""
    border = "p_1 + p_2" if _is_uneven(*axes) else "2p"
    if axes[0].transposed:  # which has the same border on both sides
        return rf"$o = (i - 1)\,s - {border} + d\,(k - 1) + a + 1$"
    room = rf"i + {border} - d\,(k - 1) - 1"
    return f"$o = {_windows(room, 's', is_up=axes[0].ceil_mode)}$"


def _is_uneven(*axes: AxisSize) -> bool:
    return any(axis.before != axis.after for axis in axes)


def in_numbers(name: str, axis: AxisSize) -> str:
    """Return the formula of one axis as Markdown, with its numbers."""
    border = (
        rf"2 \cdot {axis.before}" if axis.before == axis.after else f"{axis.before} + {axis.after}"
    )
    if axis.transposed:
        grown = rf"({axis.size} - 1) \cdot {axis.stride} - {border}"
        kernel = rf"{axis.dilation}\,({axis.kernel_size} - 1) + {axis.output_padding}"
        return rf"${name} = {grown} + {kernel} + 1 = \mathbf{{{axis.output}}}$"
    room = rf"{axis.size} + {border} - {axis.dilation}\,({axis.kernel_size} - 1) - 1"
    windows = _windows(room, str(axis.stride), is_up=axis.ceil_mode)
    less = " - 1" if axis.left_out else ""
    return rf"${name} = {windows}{less} = \mathbf{{{axis.output}}}$"


def _windows(room: str, stride: str, *, is_up: bool) -> str:
    """How often a window fits into the room that it has, rounded up or down, and once more."""
    side = "ceil" if is_up else "floor"
    return rf"\l{side} ({room}) \,/\, {stride} \r{side} + 1"
