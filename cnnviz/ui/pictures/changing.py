"""What a person does to the current picture: steps that can be seen, undone and done again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import streamlit as st

from cnnviz.core.messages import N_, Explained
from cnnviz.core.pictures.digits import propose_digit
from cnnviz.core.pictures.edit_text import format_edits, parse_edits
from cnnviz.core.pictures.edits import Contrast, Crop, Edit, EvenLight, Grey, Invert, Resize, Rotate
from cnnviz.core.pictures.finder import KeepInk
from cnnviz.ui import history, show, state
from cnnviz.ui.components.pictures import cropper
from cnnviz.ui.components.wall import wall
from cnnviz.ui.history import Changes
from cnnviz.ui.pictures import album, prepared
from cnnviz.ui.pictures.picture import Picture
from cnnviz.ui.pictures.prepared import Edited
from cnnviz.ui.text import _, number, say

Made = Callable[[], tuple[Edit, ...]]
"""Makes the steps of a click, from what the controls hold at that moment."""

_CROPPER = "picture.cropper"
_DEGREES = "picture.degrees"
_LONGER = "picture.longer"
_LEVELS = "picture.levels"

SIDES = (28, 32, 48, 64, 96, 128, 224, 512)
"""Lengths of the longer side to choose from, in pixels: MNIST's, CIFAR-10's, ImageNet's …"""

_AT_ONCE: dict[str, tuple[str, Edit]] = {
    "left": (N_("Turn left"), Rotate(-90)),
    "right": (N_("Turn right"), Rotate(90)),
    "invert": (N_("Invert"), Invert()),
    "grey": (N_("Grey"), Grey()),
    "light": (N_("Even light"), EvenLight()),
    "ink": (N_("Only the ink"), KeepInk()),
}
"""Steps without numbers of their own: id → (label, edit)."""


def changed(given: Picture) -> Picture:
    """Return a picture, given as it was brought, with its changes; offer more in a fold."""
    changes, edited = _fitting(given, _asked(given))
    text = format_edits(changes.done)
    state.link("edits", text if given.source == "sample" and text else None)
    picture = given
    if text:
        digest = f"{given.digest}+{text}"
        picture = replace(given, levels=edited.levels, digest=digest, edits=changes.done)
    fold = st.expander(_("Change this picture"), key="picture.changing", on_change="rerun")
    refusal = album.take_change_refusal()
    if refusal is not None:
        st.warning(say(refusal))
    if fold.open:
        with fold:
            _tools(given, picture)
            _history(given, picture, changes, edited)
    elif text:
        count = number(len(changes.done))
        st.caption(_("Steps taken on this picture: {count}.").format(count=count))
    return picture


def _asked(given: Picture) -> Changes[Edit]:
    """The changes made in this session; at first those of the link, which are for samples alone."""
    asked = state.take_linked_edits()
    if asked and given.source == "sample":
        try:
            album.set_changes(given, Changes(parse_edits(asked)))
        except Explained as refusal:
            st.warning(say(refusal))
    return album.changes(given)


def _fitting(given: Picture, changes: Changes[Edit]) -> tuple[Changes[Edit], Edited]:
    """Leave out the steps from the first on that does not fit the picture, and say why."""
    done, refusal = changes.done, None
    while True:
        try:
            edited = prepared.edited(given, done)
            break
        except Explained as error:
            done, refusal = done[:-1], error
    if refusal is not None:
        st.warning(say(refusal))
        changes = Changes(done)
        album.set_changes(given, changes)
    return changes, edited


def _tools(given: Picture, picture: Picture) -> None:
    """Show what can be done; one step a click."""
    left, right = st.columns([2, 3], gap="medium")
    with left:
        cropper(
            picture.image,
            key=_CROPPER,
            digest=picture.digest,
            on_cut=lambda frame: _do(given, lambda: (Crop(*frame),)),
        )
    with right:
        with st.container(horizontal=True):
            for name, (label, edit) in _AT_ONCE.items():
                _button(name, _(label), given, partial(_only, edit))
        with st.container(horizontal=True, vertical_alignment="bottom"):
            st.number_input(
                _("Degrees, clockwise"), -180.0, 180.0, 5.0, 1.0, key=_DEGREES, width=170
            )
            _button("turn", _("Turn"), given, lambda: (Rotate(state.held(_DEGREES) or 0.0),))
            st.selectbox(_("Longer side, in pixels"), SIDES, key=_LONGER, width=170)
            _button("resize", _("Resize"), given, partial(_resize, picture))
        with st.container(horizontal=True, vertical_alignment="bottom"):
            label = _("Levels that become black and white")
            st.slider(label, 0, 255, (0, 255), key=_LEVELS, width=300)
            stretch = _("Stretch contrast")
            _button("contrast", stretch, given, lambda: (Contrast(*state.held(_LEVELS)),))
        _button(
            "propose",
            _("Make it a digit that the network can read"),
            given,
            partial(_propose, picture),
            help=_("Proposes steps for a digit on paper; each can be undone."),
        )


def _button(name: str, label: str, given: Picture, make: Made, help: str | None = None) -> None:
    key = f"picture.do.{name}"
    st.button(label, key=key, help=help, on_click=_do, args=(given, make))


def _only(edit: Edit) -> tuple[Edit, ...]:
    return (edit,)


def _resize(picture: Picture) -> tuple[Edit, ...]:
    _channels, height, width = picture.levels.shape
    scale = state.held(_LONGER) / max(height, width)
    return (Resize(max(1, round(height * scale)), max(1, round(width * scale))),)


def _propose(picture: Picture) -> tuple[Edit, ...]:
    edits = propose_digit(picture.image)
    if not edits:
        raise Explained("This picture needs no steps: the network can read it as it is.")
    return edits


def _do(given: Picture, make: Made) -> None:
    """Put down what is to be done; called before the page runs, which does it."""
    try:
        album.set_changes(given, album.changes(given).plus(*make()))
    except Explained as refusal:
        album.set_change_refusal(refusal)


def _history(given: Picture, picture: Picture, changes: Changes[Edit], edited: Edited) -> None:
    """Show the steps taken, and take them back."""
    with st.container(horizontal=True):
        keep = partial(album.set_changes, given)
        history.buttons("picture", changes, keep, _("Start over"))
        name = f"cnnviz-{_file_stem(picture)}"
        show.download(_("Download this picture"), picture.levels, name, key="picture.download")
    if edited.steps:
        wall(prepared.stages(edited.steps, given), key="picture.steps", layout="chain")
        for position, step in enumerate(edited.steps, 1):
            st.caption(f"{position}. {say(step.sentence)}")


def _file_stem(picture: Picture) -> str:
    """A telling file name of our own making: names of uploads are not repeated."""
    stem = picture.name if picture.source == "sample" else picture.source
    return f"{stem}-changed" if picture.is_changed else stem
