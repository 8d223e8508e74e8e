"""Two settings side by side on the same picture, and the difference of their maps."""

from __future__ import annotations

from dataclasses import dataclass, replace

import streamlit as st

from cnnviz.core.kernels import KERNELS
from cnnviz.core.lab.specs import ConvSettings
from cnnviz.core.messages import N_
from cnnviz.core.records import Floats
from cnnviz.ui import show
from cnnviz.ui.components.wall import Stage, on_one_scale, wall
from cnnviz.ui.controls import Setting
from cnnviz.ui.lab import moves, subject
from cnnviz.ui.lab.subject import Subject
from cnnviz.ui.text import _, bound, number

_SIDE = 380


@dataclass(frozen=True, slots=True, eq=False)
class Compared:
    """One of two: how it is called, its filter (C, kH, kW) and how that moves."""

    name: str
    weights: Floats
    settings: ConvSettings


WHAT = Setting(
    "compare",
    {
        "padding_mode": N_("Padding mode"),
        "padding": N_("Padding"),
        "stride": N_("Stride"),
        "dilation": N_("Dilation"),
        "kernel": N_("Filter"),
        "flip": N_("Correlation and convolution"),
    },
    "kernel",
)


def comparing(of: Subject, weights: Floats, current: ConvSettings, bias: float) -> None:
    """Draw the control of what differs from the current filter, both maps, and their difference.

    The weights are (C, kH, kW); both filters have the same bias.
    """
    with st.container(horizontal=True, vertical_alignment="bottom"):
        what = WHAT.draw(_("What differs"))
        one = Compared(_("The current setting"), weights, current)
        with show.explained():
            other = _other(what, one)
    if what == "padding_mode" and current.padding in ("valid", ((0, 0), (0, 0))):
        st.caption(_("Without a border its mode changes nothing: set a padding above."))
    if what == "flip":
        st.caption(
            _(
                "Networks slide the filter as it is (cross-correlation). Convolution in the "
                "mathematical sense turns it by 180° first; a symmetric filter gives the same."
            )
        )
    with show.explained():
        _two(of, one, other, bias)


def _other(what: str, one: Compared) -> Compared:
    if what == "flip":
        return Compared(
            _("The filter turned by 180°"), one.weights[:, ::-1, ::-1].copy(), one.settings
        )
    if what == "kernel":
        names = {kernel.id: kernel.name for kernel in KERNELS.values()}
        chosen = KERNELS[
            Setting("other_kernel", names, "laplacian").draw(_("Second filter"), is_long=True)
        ]
        return Compared(_(chosen.name), chosen.weights(one.weights.shape[1:])[None], one.settings)
    if what == "padding_mode":
        mode = Setting("other_mode", moves.MODE.names, "reflect").draw(_("Second border"))
        name = _(moves.MODE.names[mode])
        return Compared(name, one.weights, replace(one.settings, padding_mode=moves.as_mode(mode)))
    return _with_number(what, one)


def _with_number(what: str, one: Compared) -> Compared:
    options = moves.OPTIONS[what] if what == "padding" else moves.OPTIONS[what][1:]
    names = {str(n): str(n) for n in options}
    chosen = int(Setting(f"other_{what}", names, "2").draw(_(WHAT.names[what])))
    value = ((chosen, chosen),) * 2 if what == "padding" else (chosen, chosen)
    name = f"{_(WHAT.names[what])} {number(chosen)}"
    return Compared(name, one.weights, replace(one.settings, **{what: value}))  # type: ignore[arg-type]


def _two(of: Subject, one: Compared, other: Compared, bias: float) -> None:
    first, second = (
        subject.convolve(of, each.weights, each.settings, bias).output[of.plane : of.plane + 1]
        for each in (one, other)
    )
    stages = [_stage("one", one.name, first), _stage("other", other.name, second)]
    if first.shape == second.shape:
        stages.append(_stage("difference", _("First minus second"), first - second))
    wall(on_one_scale(stages), key="compare.wall", layout="grid")
    if first.shape != second.shape:
        st.caption(_("The maps differ in size, so they cannot be subtracted cell by cell."))
        return
    changed = (abs(first - second) > 1e-6).mean()
    st.caption(
        _("{count} of {total} cells differ; the largest difference is {most}.").format(
            count=number(round(changed * first.size)),
            total=number(first.size),
            most=bound(float(abs(first - second).max())),
        )
    )


def _stage(name: str, title: str, values: Floats) -> Stage:
    return Stage(name, title, "signed", values, columns=1, side=_SIDE)
