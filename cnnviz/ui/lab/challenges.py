"""Small tasks for the filter of the lab: what is asked, what came out, what is missing."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import streamlit as st

from cnnviz import nn
from cnnviz.core.lab.challenges import CHALLENGES, Challenge
from cnnviz.core.lab.map_checks import Attempt, Verdict
from cnnviz.core.lab.specs import ConvSpec
from cnnviz.core.messages import N_
from cnnviz.core.records import Floats
from cnnviz.ui import show, state
from cnnviz.ui.components.wall import Stage, on_one_scale, wall
from cnnviz.ui.controls import Setting
from cnnviz.ui.text import _, number, say

_SOLVED_KEY = "challenges.solved"
_SIDE = 260
_HINTS = {"hint1": N_("First hint"), "hint2": N_("Second hint")}


def challenges(weights: Floats, spec: ConvSpec, bias: float) -> None:
    """Draw the choice of a task, and what the lab's filter (kH, kW) makes of its picture."""
    st.markdown(
        _("The filter, stride, padding, dilation and bias above work on the picture of the task.")
    )
    names = {each.id: each.title for each in CHALLENGES.values()}
    chosen = CHALLENGES[Setting("challenge", names, next(iter(names))).draw(_("Challenge"))]
    st.markdown(f"**{_(chosen.task)}**")
    with show.explained():
        image = chosen.draw()
        alone = replace(spec, groups=1)
        output = nn.convolve(
            image, weights[None, None], alone, np.array([bias], np.float32)
        ).output[0]
        _tell(chosen, chosen.judge(Attempt(image[0], alone, output)))
        wall(_stages(chosen, image, output), key="challenges.wall", layout="grid")
    _hint(chosen)


def _hint(challenge: Challenge) -> None:
    """Offer the hints, the second behind the first."""
    for name, hint in zip(_HINTS, challenge.hints, strict=True):
        key = f"challenges.{challenge.id}.{name}"
        fold = st.expander(_(_HINTS[name]), key=key, on_change="rerun")
        if not fold.open:
            return
        fold.markdown(_(hint))


def _tell(challenge: Challenge, verdict: Verdict) -> None:
    """Say how the attempt stands, and which tasks were solved in this session."""
    solved: frozenset[str] = state.held(_SOLVED_KEY) or frozenset()
    if verdict.is_solved:
        solved |= {challenge.id}
        state.hold(_SOLVED_KEY, solved)
        message = _("Solved: {why}").format(why=say(verdict.sentence))
        st.success(message, icon=":material/check:")
    else:
        st.info(say(verdict.sentence), icon=":material/target:")
    titles = ", ".join(_(each.title) for each in CHALLENGES.values() if each.id in solved)
    count = _("{count} of {total} tasks solved").format(
        count=number(len(solved)), total=number(len(CHALLENGES))
    )
    st.caption(f"{count} · {titles}" if titles else count)


def _stages(challenge: Challenge, image: Floats, output: Floats) -> list[Stage]:
    """The picture, the target where there is one, the map, and how they differ; one scale."""
    stages = [_stage("yours", _("Your map"), output)]
    if challenge.target:
        target = challenge.target()
        stages.insert(0, _stage("target", _("Target"), target))
        if target.shape == output.shape:
            stages.append(_stage("difference", _("Yours minus target"), output - target))
    picture = replace(_stage("picture", _("Picture of the task"), image[0]), kind="pixels")
    return on_one_scale([picture, *stages])


def _stage(name: str, title: str, values: Floats) -> Stage:
    return Stage(name, title, "signed", values[None], columns=1, side=_SIDE, shape=values.shape)
