"""Naming a photograph: which network, which part of the picture, and its answer."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np
import streamlit as st

from cnnviz import nn
from cnnviz.core.photos.answers import PhotoAnswer, csv_table, torch_code
from cnnviz.core.photos.input import PhotoCrop
from cnnviz.core.photos.networks import PHOTO_NETWORKS, PhotoNetwork
from cnnviz.figures.overlays import framed
from cnnviz.ui import controls, show, state
from cnnviz.ui.components.wall import Stage, wall
from cnnviz.ui.controls import Setting
from cnnviz.ui.photos import imagenet_names, loaded, photo_model
from cnnviz.ui.pictures import album, prepared
from cnnviz.ui.pictures.picture import Picture
from cnnviz.ui.text import _, number, percent, say

NETWORK = Setting("net", {each.id: each.name for each in PHOTO_NETWORKS.values()}, "lite0")
TOP = 5


def choose_network() -> PhotoNetwork:
    """Draw the choice of networks; returns the card of the one chosen, and shows what it is."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        card = PHOTO_NETWORKS[NETWORK.draw(_("Network"), is_long=True)]
        st.caption(
            _(
                "{parameters} million parameters, {size} MB, right on {accuracy} of ImageNet’s "
                "validation pictures; {year}."
            ).format(
                parameters=number(card.parameters / 1e6, 1),
                size=number(card.size_mb, 1),
                accuracy=percent(card.accuracy),
                year=card.year,
            )
        )
    return card


def choose_crop() -> PhotoCrop:
    """Draw which part of the photograph is looked at, folded away."""
    with st.popover(_("Which part it sees"), icon=":material/crop:"):
        label = _("Side of the square, of the shorter side")
        share = controls.slider(label, 0.25, 1.0, 0.875, 0.025, key="photo.share")
        row = controls.slider(_("From top (0) to bottom (1)"), 0.0, 1.0, 0.5, 0.05, key="photo.row")
        col = controls.slider(_("From left (0) to right (1)"), 0.0, 1.0, 0.5, 0.05, key="photo.col")
    return PhotoCrop(share, row, col)


def model(card: PhotoNetwork) -> nn.PhotoModel | None:
    """Return the network, offered for download as in `loaded` where it is not here yet."""
    meanwhile = _("This network is not on this server yet. The first one in the list always is.")
    return loaded(card, photo_model, meanwhile)


def show_answer(picture: Picture, answer: PhotoAnswer) -> None:
    """Show what the network saw beside what it says of it."""
    wall(
        [
            Stage(
                "given",
                _("The photograph"),
                "pixels",
                framed(prepared.small(picture, 420), answer.input, picture.levels.shape),
                columns=1,
                side=330,
                share=1.3,
                shape=picture.levels.shape,
            ),
            Stage("seen", _("What it sees"), "pixels", answer.input.seen, columns=1, side=260),
            first_answers("top5", answer, share=1.5),
        ],
        key="photo.answer",
        layout="chain",
        says=_("The frame is what the network sees: a square of 224 × 224 pixels."),
    )
    if answer.doubt:
        st.info(say(answer.doubt))
    with st.container(horizontal=True):
        make, label = partial(csv_table, answer, imagenet_names()), _("Table of all classes (CSV)")
        show.offer(label, make, "cnnviz-classes.csv", "text/csv", key="photo.csv")
        seen = np.round(answer.input.seen * 255).astype(np.uint8)
        show.download(_("What it sees (PNG)"), seen, "cnnviz-seen", key="photo.png")
        given = album.picture() or picture
        show.download(
            _("The photograph (PNG)"), given.levels, "cnnviz-photograph", key="photo.given"
        )
        make, label = partial(torch_code, answer, picture.edits), _("PyTorch code")
        told = _(
            "A program that gives this answer: of the file that you brought, or of the photograph "
            "as PNG. What you changed is done again."
        )
        show.offer(label, make, "cnnviz_classify.py", "text/x-python", key="photo.code", help=told)


def first_answers(stage_id: str, answer: PhotoAnswer, *, share: float = 1.0) -> Stage:
    """Return the five likeliest classes with their probabilities, in the reader's language."""
    names = imagenet_names()
    best = answer.predictions[:TOP]
    return Stage(
        stage_id,
        _("What it says"),
        "classes",
        np.array([each.probability for each in best], np.float32),
        share=share,
        is_share=True,
        labels=tuple(names[each.class_idx] for each in best),
    )


def choose_class(label: str, key: str, answer: PhotoAnswer, subject: str) -> int:
    """Draw the choice of any class, the likeliest first; returns its number.

    What is chosen stays as long as the subject, such as a photograph, is the same. At first it is
    the first answer.
    """
    ids = [each.class_idx for each in answer.predictions]
    chosen = _asked(label, key, ids, subject)
    return ids[0] if chosen is None else chosen


def choose_other_class(label: str, key: str, answer: PhotoAnswer, subject: str) -> int | None:
    """Draw the choice of any class or none, which it is at first; see `choose_class`."""
    return _asked(label, key, [None, *(each.class_idx for each in answer.predictions)], subject)


def _asked(label: str, key: str, options: Sequence[int | None], subject: str) -> int | None:
    """Draw a list that can be searched by typing; its value is set anew in each language."""
    names, of = imagenet_names(), f"{key}.of"
    state.remember_default(of, None)
    about, chosen = state.held(of) or ("", None)
    state.hold(key, chosen if about == subject else options[0])
    return st.selectbox(
        label,
        options,
        format_func=lambda idx: _("no other") if idx is None else names[idx],
        key=key,
        width=230,
        on_change=lambda: state.hold(of, (subject, state.held(key))),
    )
