"""How the window moves: stride, padding and dilation, and what is folded away beside them.

A combination that is impossible can be set: it is explained, and a button makes the smallest
change that would make it possible.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import streamlit as st

from cnnviz.core.kernels import KERNELS, LARGEST
from cnnviz.core.lab.specs import PADDING_MODES, ConvSettings, Padding, PaddingMode
from cnnviz.core.lab.ways_out import Change, say_way_out, way_out
from cnnviz.core.messages import N_
from cnnviz.core.records import Pair
from cnnviz.ui import controls, state
from cnnviz.ui.controls import Setting
from cnnviz.ui.lab.filters import Filter
from cnnviz.ui.text import _, say

OPTIONS = {
    "stride": (0, 1, 2, 3, 4),
    "padding": (0, 1, 2, 3, 4, 5),
    "dilation": (0, 1, 2, 3, 4),
    "output_padding": (0, 1, 2, 3),
}
MOST_AT_A_SIDE = 11
_ROW_SIDES, _COLUMN_SIDES = ("top", "bottom"), ("left", "right")

YES_NO = {"no": N_("No"), "yes": N_("Yes")}
APART = Setting("apart", YES_NO, "no")
BORDER = Setting(
    "border",
    {
        "number": N_("As a number"),
        "sides": N_("Each side"),
        "same": N_("Same size"),
        "valid": N_("None"),
    },
    "number",
)
MODE = Setting(
    "padding_mode",
    {
        "zeros": N_("Zeros"),
        "reflect": N_("Reflected"),
        "replicate": N_("Replicated"),
        "circular": N_("Circular"),
    },
    "zeros",
)
TRANSPOSED = Setting("transposed", YES_NO, "no")


def choose() -> ConvSettings:
    """Draw the controls and return how the window moves, whatever the filter's size."""
    is_apart, border = APART.value() == "yes", BORDER.value()
    help = _("How many pixels the window moves at a time.")
    stride = _pair(_("Stride"), "stride", 1, help, is_apart)
    padding = _padding(border, is_apart)
    help = _("How far apart the filter’s cells are.")
    dilation = _pair(_("Dilation"), "dilation", 1, help, is_apart)
    is_transposed, extra = TRANSPOSED.value() == "yes", (0, 0)
    if is_transposed:
        help = _("Rows and columns that are added at the end.")
        extra = _pair(_("Output padding"), "output_padding", 0, help, is_apart)
    return ConvSettings(
        stride=stride,
        padding=padding,
        dilation=dilation,
        padding_mode=as_mode(MODE.value()),
        transposed=is_transposed,
        output_padding=extra,
    )


def as_mode(name: str) -> PaddingMode:
    """Return the padding mode of that name, one of `MODE`."""
    return next(each for each in PADDING_MODES if each == name)


def pair(draw: Callable[[str, str], int], label: str, param: str, *, is_apart: bool) -> Pair:
    """Return a setting down and across, of one control, or of two where they are set apart.

    A control is drawn given its label and its name in the address.
    """
    down = draw(label, param)
    if not is_apart:
        return down, down
    return down, draw(_("{setting}, across").format(setting=label), f"{param}_across")


def _pair(label: str, param: str, default: int, help: str, is_apart: bool) -> Pair:
    options = OPTIONS[param]
    draw = partial(controls.small_number, options=options, default=default, help=help)
    return pair(draw, label, param, is_apart=is_apart)


def _padding(border: str, is_apart: bool) -> Padding:
    if border == "same":
        return "same"
    if border == "valid":
        return "valid"
    help = _("Rows and columns that are added around the picture.")
    if border == "number":
        down, across = _pair(_("Padding"), "padding", 0, help, is_apart)
        return (down, down), (across, across)
    top, bottom, left, right = (
        controls.stepper(label, f"padding_{side}", (0, MOST_AT_A_SIDE), 0, help)
        for side, label in zip(
            (*_ROW_SIDES, *_COLUMN_SIDES),
            (_("Above"), _("Below"), _("Left"), _("Right")),
            strict=True,
        )
    )
    return (top, bottom), (left, right)


def more() -> None:
    """Draw the fold with the settings that few need at first."""
    fold = st.popover(_("More settings"), key="lab.more", on_change="rerun")
    if not fold.open:
        return
    with fold:
        APART.draw(_("Rows and columns apart"))
        BORDER.draw(_("Padding"))
        MODE.draw(_("The border is"))
        TRANSPOSED.draw(_("Transposed convolution"))


# ---------------------------------------------------------------- a way out


def offer_way_out(settings: ConvSettings, chosen: Filter, size: Pair) -> None:
    """Say the smallest change that makes refused settings possible on (H, W), and offer it."""
    changes = _way_out(replace(settings, kernel_size=chosen.size), chosen.id in KERNELS, size)
    if not changes:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(say(say_way_out(changes)))
        st.button(_("Change it"), key="lab.way_out", on_click=_apply, args=(changes,))


def _way_out(settings: ConvSettings, has_any_size: bool, size: Pair) -> tuple[Change, ...]:
    """The smallest change that the controls can make."""
    typed = () if has_any_size else ("kernel_size",)
    for keep in ((), ("padding",), ("padding", "kernel_size"), ("dilation",)):
        changes = way_out(size, settings, {*typed, *keep})
        if changes and all(_can_be_set(each) for each in changes):
            return changes
    return ()


def _can_be_set(change: Change) -> bool:
    if change.setting == "kernel_size":
        return 1 <= int(change.value) <= LARGEST
    if change.setting == "padding" and BORDER.value() == "sides":
        return int(change.value) <= MOST_AT_A_SIDE
    return change.setting == "padding_mode" or change.value in OPTIONS[change.setting]


def _apply(changes: tuple[Change, ...]) -> None:
    """Set the controls; called before the page runs."""
    for change in changes:
        if change.setting == "padding_mode":
            state.hold(MODE.key, change.value)
        elif change.setting == "padding" and BORDER.value() == "sides":
            for axis, sides in enumerate((_ROW_SIDES, _COLUMN_SIDES)):
                for side in sides if change.axis in (axis, None) else ():
                    state.hold(f"padding_{side}", change.value)
        else:
            _set(change)


def _set(change: Change) -> None:
    is_apart = APART.value() == "yes"
    if change.setting == "padding":
        state.hold(BORDER.key, "number")
    if change.axis != 1 or not is_apart:
        state.hold(change.setting, change.value)
    if change.axis != 0 and is_apart:
        across = {"kernel_size": "kernel_width"}.get(change.setting, f"{change.setting}_across")
        state.hold(across, change.value)
