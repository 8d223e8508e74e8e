"""What can be asked about a photograph's answer: sections, of which one is open at a time."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import numpy as np
import streamlit as st

from cnnviz import nn
from cnnviz.core.messages import N_
from cnnviz.core.photos.answers import PhotoAnswer
from cnnviz.core.photos.attributions import METHODS, Attribution, difference
from cnnviz.core.photos.class_names import class_names, find_classes
from cnnviz.core.pictures.disturbances import Disturbance, disturb
from cnnviz.core.records import Floats
from cnnviz.figures.overlays import ATTENTION, BOTH_WAYS, heat, overlay, span
from cnnviz.ui import controls, show, state
from cnnviz.ui.components.wall import Stage, wall
from cnnviz.ui.controls import Setting
from cnnviz.ui.photos import attribution, imagenet_names, report
from cnnviz.ui.photos.canvas import finding
from cnnviz.ui.photos.choose import choose_class, choose_other_class, first_answers
from cnnviz.ui.photos.inside import inside
from cnnviz.ui.photos.numbers import numbers
from cnnviz.ui.photos.pairs import pairs
from cnnviz.ui.pictures import album
from cnnviz.ui.pictures.picture import Picture
from cnnviz.ui.text import _, bound, number, say

METHOD = Setting("method", {each.id: each.name for each in METHODS.values()}, "gradcam")
_MOST_FOUND = 60


def why(model: nn.PhotoModel, picture: Picture, answer: PhotoAnswer) -> None:
    """Show which pixels mattered for a class, and for another."""
    names, photograph = imagenet_names(), album.picture() or picture
    subject = photograph.key  # without its changes: what is asked of it outlasts them
    with st.container(horizontal=True, vertical_alignment="bottom"):
        method = METHODS[METHOD.draw(_("Method"))]
        first = choose_class(_("Class"), "photo.class", answer, subject)
        second = choose_other_class(_("against"), "photo.other", answer, subject)
        layer = None
        if method.needs_layer:
            layers = nn.conv_layers(model)
            layer = st.selectbox(
                _("Layer"), layers[::-1], key=f"photo.layer.{model.card.id}", width=230
            )
        opacity = controls.slider(_("Opacity"), 0.0, 1.0, 0.55, 0.05, key="photo.opacity")
    st.caption(f"{_(method.explanation)} ({method.source})")
    ask = partial(attribution, model, answer, method=method.id, layer=layer)
    found, seen = ask(first), answer.input.seen
    stages = _stages(seen, found, names[first], opacity, "first")
    maps = [found]
    if second is not None and second != first:
        other = ask(second)
        maps.append(other)
        stages += _stages(seen, other, names[second], opacity, "second")
        apart = difference(found, other)
        stages.append(_heat_stage("apart", _("Difference"), apart, is_signed=True))
    wall(stages, key="photo.why", layout="grid")
    if found.note:
        st.info(say(found.note))
    with st.container(horizontal=True):
        levels = np.round(stages[0].values * 255).astype(np.uint8)
        show.download(_("Overlay (PNG)"), levels, f"cnnviz-{method.id}", key="photo.overlay")
        report.offer(picture, answer, maps, opacity)


def _stages(
    seen: Floats, found: Attribution, name: str, opacity: float, stage_id: str
) -> list[Stage]:
    """Return a map over what the network saw, in [0, 1], and the map alone."""
    colours = heat(found.values, is_signed=found.is_signed)
    mixed = overlay(seen, colours, opacity).clip(0, 1)
    return [
        Stage(f"{stage_id}.on", name, "pixels", mixed, columns=1, side=300),
        _heat_stage(f"{stage_id}.map", _("Map"), found.values, is_signed=found.is_signed),
    ]


def _heat_stage(stage_id: str, title: str, values: Floats, *, is_signed: bool) -> Stage:
    low, high = (bound(each, 2) for each in span(values, is_signed=is_signed))
    colours = BOTH_WAYS if is_signed else ATTENTION
    drawn = heat(values, is_signed=is_signed)
    return Stage(stage_id, title, "pixels", drawn, columns=1, side=300, scale=(low, high, colours))


def fool(model: nn.PhotoModel, answer: PhotoAnswer) -> None:
    """Disturb what the network sees, or change it on purpose, and ask again."""
    st.markdown(
        _(
            "Disturb the picture and see when the answer changes. The last slider does it on "
            "purpose: every pixel moves by that many levels of 255, in the direction in which the "
            "first answer loses most (one step of FGSM)."
        )
    )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        turn = controls.slider(_("Rotation, in degrees"), -180, 180, 0, 5, key="fool.turn")
        blur = controls.slider(_("Blur, σ in pixels"), 0.0, 12.0, 0.0, 0.5, key="fool.blur")
        light = controls.slider(_("Brightness"), -1.0, 1.0, 0.0, 0.05, key="fool.light")
        noise = controls.slider(_("Noise, σ"), 0.0, 1.0, 0.0, 0.05, key="fool.noise")
        patch = controls.slider(_("Grey square, side"), 0.0, 1.0, 0.0, 0.05, key="fool.patch")
        row = controls.slider(_("its row"), 0.0, 1.0, 0.5, 0.05, key="fool.row")
        col = controls.slider(_("its column"), 0.0, 1.0, 0.5, 0.05, key="fool.col")
        step = controls.slider(_("On purpose, levels"), 0, 16, 2, 1, key="fool.step")
    given = answer.input.seen
    seen = disturb(
        given,
        Disturbance(
            rotation=turn, blur=blur, brightness=light, noise=noise, patch=patch, row=row, col=col
        ),
    )
    if step:
        seen = nn.adversarial(model, seen, answer.predictions[0].class_idx, size=step / 255).image
    asked = nn.answer_for(model, replace(answer.input, seen=seen))
    stages = [
        Stage("before", _("What it saw"), "pixels", given, columns=1, side=240),
        first_answers("before.top", answer),
        _heat_stage("changed", _("What was changed"), (seen - given).mean(axis=0), is_signed=True),
        Stage("after", _("What it sees now"), "pixels", seen, columns=1, side=240),
        first_answers("after.top", asked),
    ]
    wall(stages, key="photo.fool", layout="grid")
    if asked.doubt:
        st.info(say(asked.doubt))


def classes() -> None:
    """Browse and search the classes: it can name nothing else."""
    st.markdown(
        _(
            "These are the 1,000 things it can name. Whatever else is on a picture (a face, a "
            "house, a giraffe), it has to choose one of them."
        )
    )
    query = st.text_input(_("Search"), key="photo.search", max_chars=60, width=320)
    found = find_classes(query, state.language())
    names, english = imagenet_names(), class_names()
    st.caption(_("{count} of 1,000 classes.").format(count=number(len(found))))
    shown = found[:_MOST_FOUND]
    st.table(
        {
            _("Number"): [number(idx) for idx in shown],
            _("Class"): [names[idx] for idx in shown],
            _("In English"): [english[idx] for idx in shown],
        }
    )
    if len(found) > len(shown):
        st.caption(_("The first {count} are shown; search for the rest.").format(count=len(shown)))


SECTIONS = {
    "why": (N_("Why?"), why),
    "inside": (N_("Inside"), lambda model, _picture, answer: inside(model, answer)),
    "number": (N_("Why this number?"), lambda model, _picture, answer: numbers(model, answer)),
    "fool": (N_("Try to fool it"), lambda model, _picture, answer: fool(model, answer)),
    "pairs": (N_("Look-alikes"), lambda model, _picture, _answer: pairs(model)),
    "classes": (N_("What it knows"), lambda *_: classes()),
    "find": (N_("Find things"), lambda _model, picture, _answer: finding(picture)),
}


def go_on(model: nn.PhotoModel, picture: Picture, answer: PhotoAnswer) -> None:
    """Draw the choice of sections and the one that is chosen."""
    controls.choose_section("ask", SECTIONS)(model, picture, answer)
