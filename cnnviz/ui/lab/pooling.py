"""The controls of a pooling window, and what a shift of the picture does to the pooled map."""

from __future__ import annotations

from functools import partial

import numpy as np
import streamlit as st

from cnnviz import nn
from cnnviz.core.lab.pool_spec import HONOURED, PoolKind, PoolSpec
from cnnviz.core.lab.torch_code import pool_code
from cnnviz.core.lab.traces import PoolTrace
from cnnviz.core.messages import N_
from cnnviz.core.records import Floats, Pair
from cnnviz.ui import controls, state
from cnnviz.ui.components.wall import Kind, Stage, on_one_scale, wall
from cnnviz.ui.controls import Setting
from cnnviz.ui.lab.moves import YES_NO, pair
from cnnviz.ui.lab.take_away import take_away
from cnnviz.ui.text import _, percent

KIND = Setting(
    "pool",
    {
        "max": N_("Maximum"),
        "avg": N_("Average"),
        "lp": N_("Lp norm"),
        "adaptive_max": N_("Adaptive maximum"),
        "adaptive_avg": N_("Adaptive average"),
        "global_max": N_("Global maximum"),
        "global_avg": N_("Global average"),
    },
    "max",
)
CEIL = Setting("ceil_mode", YES_NO, "no")
COUNTS = Setting("count_include_pad", YES_NO, "yes")
_DOES = {
    "max": N_(
        "Keeps the largest number of each window: what was found stays, where exactly is lost."
    ),
    "avg": N_("Keeps the mean of each window: everything counts a little."),
    "lp": N_("Between the two: (Σ xᵖ)^(1/p); p = 1 is the sum, a large p nearly the maximum."),
    "adaptive_max": N_("The output has the size you ask for; the windows follow from it."),
    "adaptive_avg": N_("The output has the size you ask for; the windows follow from it."),
    "global_max": N_("One window over everything: one number a map, whatever the picture’s size."),
    "global_avg": N_("One window over everything: one number a map, whatever the picture’s size."),
}


def choose(*, is_apart: bool = False) -> PoolSpec:
    """Draw the controls that the kind honours, and return the pooling.

    Raises:
        Explained: an impossible combination.
    """
    kind = KIND.draw(_("Pooling"), is_long=True)
    if kind.startswith("global"):
        return PoolSpec(_plain(kind.replace("global", "adaptive")), output_size=(1, 1))
    base = _plain(kind)
    if base.startswith("adaptive"):
        return PoolSpec(base, output_size=_pair(_("Output size"), "output_size", 7, is_apart, 64))
    honoured = HONOURED[base]
    window = _pair(_("Pooling window"), "pool_size", 2, is_apart, 11)
    stride = _pair(_("Pooling stride"), "pool_stride", 2, is_apart, 11)
    padding = (
        _pair(_("Padding"), "pool_padding", 0, is_apart, 5, least=0)
        if "padding" in honoured
        else (0, 0)
    )
    dilation = (
        _pair(_("Dilation"), "pool_dilation", 1, is_apart, 4) if "dilation" in honoured else (1, 1)
    )
    ceil_mode = CEIL.draw(_("Round up")) == "yes"
    counts = COUNTS.draw(_("Padding counts")) == "yes" if "count_include_pad" in honoured else True
    norm = controls.stepper("p", "norm", (1.0, 16.0), 2.0, step=1.0) if "norm" in honoured else 2.0
    return PoolSpec(base, window, stride, padding, dilation, ceil_mode, counts, norm)


def _plain(kind: str) -> PoolKind:
    return next(each for each in HONOURED if each == kind)


def _pair(label: str, param: str, default: int, is_apart: bool, most: int, least: int = 1) -> Pair:
    draw = partial(controls.stepper, bounds=(least, most), default=default, help=_("In cells."))
    return pair(draw, label, param, is_apart=is_apart)


def describe(spec: PoolSpec) -> None:
    """Say what the kind does."""
    is_global = spec.output_size == (1, 1)
    st.caption(_(_DOES[spec.kind.replace("adaptive", "global") if is_global else spec.kind]))


def _shift(trace: PoolTrace, _unit: int) -> None:
    st.markdown(
        _(
            "The picture moves by a few pixels, and many of its numbers change. Compare how much "
            "of the pooled map does: the less, the less a network notices where exactly something "
            "stands."
        )
    )
    help = _("How many pixels the picture moves to the right.")
    by = controls.small_number(_("Shift by"), "shift", (0, 1, 2, 3, 4), 1, help)
    moved = np.roll(trace.image, by, axis=2)
    pooled = nn.pool(moved, trace.spec).output
    stages = [
        _stage("moved", _("Picture, shifted"), moved, is_pixels=True),
        _stage("before", _("Pooled, before"), trace.output),
        _stage("after", _("Pooled, after"), pooled),
        _stage("difference", _("After minus before"), pooled - trace.output),
    ]
    wall(on_one_scale(stages), key="pooling.shift.wall", layout="grid")
    st.caption(
        _(
            "Of the picture’s brightness {pixels} moved to another pixel; of the pooled map’s, "
            "{cells} to another cell."
        ).format(
            pixels=percent(_moved(trace.image, moved)), cells=percent(_moved(trace.output, pooled))
        )
    )


def _moved(before: Floats, after: Floats) -> float:
    """Half of what changed against all that there was: 0 for the same, 1 for nothing in common."""
    whole = float(np.abs(before).sum() + np.abs(after).sum())
    return float(np.abs(after - before).sum()) / whole if whole else 0.0


def _both(trace: PoolTrace, _unit: int) -> None:
    """Maximum and average with the same windows, and their difference."""
    spec, kinds = trace.spec, ("max", "avg")
    if spec.is_adaptive:
        two = [PoolSpec(_plain(f"adaptive_{kind}"), output_size=spec.output_size) for kind in kinds]
    else:
        shared = (spec.kernel_size, spec.stride, spec.padding)
        two = [PoolSpec(_plain(kind), *shared, ceil_mode=spec.ceil_mode) for kind in kinds]
    most, mean = (nn.pool(trace.image, each).output for each in two)
    stages = [
        _stage("max", _("Maximum"), most),
        _stage("avg", _("Average"), mean),
        _stage("difference", _("Maximum minus average"), most - mean),
    ]
    wall(
        on_one_scale(stages),
        key="pooling.both.wall",
        layout="grid",
        says=_("The difference is large where a window holds both much and little: at edges."),
    )


def _stage(name: str, title: str, values: Floats, *, is_pixels: bool = False) -> Stage:
    kind: Kind = "pixels" if is_pixels else "signed"
    return Stage(name, title, kind, values, columns=1, side=300)


def _take(trace: PoolTrace, unit: int) -> None:
    program = partial(pool_code, trace.image, trace.spec)
    take_away(trace, program, name=trace.spec.kind, link=state.shared_link(), unit=unit)


SECTIONS = {
    "shift": (N_("Shift the picture"), _shift),
    "both": (N_("Maximum and average"), _both),
    "take": (N_("Take it away"), _take),
}


def go_on(trace: PoolTrace, unit: int) -> None:
    """Draw the choice of sections and the one that is chosen."""
    controls.choose_section("pool_section", SECTIONS)(trace, unit)
