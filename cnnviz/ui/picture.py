"""The one way to bring a picture in, shared by every page; the picture follows the person."""

from __future__ import annotations

import hashlib
from typing import get_args

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from cnnviz.core.digits import PreparedDigit
from cnnviz.core.images import load_image
from cnnviz.core.messages import N_, Explained
from cnnviz.core.samples import SAMPLES
from cnnviz.ui import cached, state
from cnnviz.ui.components.brush import brush
from cnnviz.ui.state import Picture, Source
from cnnviz.ui.text import _, say

_SOURCES: dict[Source, str] = {
    "sample": N_("Examples"),
    "draw": N_("Draw"),
    "upload": N_("Upload"),
}


def choose_picture(*, pad_side: int = 224) -> Picture:
    """Draw the control and return the current picture.

    Args:
        pad_side: Of the drawing pad, in CSS pixels; 28 cells.
    """
    names = {source: _(name) for source, name in _SOURCES.items()}
    with st.container(horizontal=True):
        source = st.segmented_control(
            _("Picture"),
            get_args(Source),
            default="sample",
            required=True,
            format_func=names.__getitem__,
            key=state.SOURCE_KEY,
            persist_state="session",
        )
        if source == "sample":
            return _sample()
        state.link("picture", None)
        with st.container(width=max(pad_side, 300)):
            return _draw(pad_side) if source == "draw" else _upload()


def choose_digit(*, pad_side: int = 224) -> tuple[Picture, PreparedDigit] | None:
    """Draw the control and return the picture and the digit in it; None, and why, without one."""
    picture = choose_picture(pad_side=pad_side)
    if picture.is_empty_pad:
        st.info(_("The pad is empty: no digit, no class. Draw one."))
        return None
    try:
        return picture, cached.prepare(picture)
    except Explained as refusal:
        st.info(say(refusal))
        return None


def _sample() -> Picture:
    asked = state.known_sample(state.linked("picture"))
    ids = [sample.id for sample in SAMPLES]
    names = {sample.id: _(sample.name) for sample in SAMPLES}
    state.keep(state.SAMPLE_KEY)
    chosen = st.selectbox(
        _("Example"),
        ids,
        index=ids.index(asked),
        format_func=names.__getitem__,
        key=state.SAMPLE_KEY,
        width=230,
        persist_state="session",
    )
    state.link("picture", chosen)
    state.set_sample(chosen)
    return state.picture()


def _draw(pad_side: int) -> Picture:
    state.set_drawing(brush(pad_side))
    st.caption(_("A drawing is not part of the link."))
    return state.picture()


def _upload() -> Picture:
    file = st.file_uploader(
        _("A picture file: PNG, JPEG, GIF, BMP or WebP, up to 10 MB"), key=state.UPLOAD_KEY
    )
    if file is not None:
        _take(file)
    held = state.upload()
    if held is None:
        st.caption(_("No file yet: this is still the picture from before."))
        return state.picture()
    state.set_picture(held)
    st.text(held.name[:80])
    st.caption(_("An upload is not part of the link."))
    return held


def _take(file: UploadedFile) -> None:
    """Make a file the current picture, or say in one sentence why not; the old one stays."""
    data = file.getvalue()
    digest = hashlib.sha256(data).hexdigest()
    held = state.upload()
    if held and held.digest == digest:
        return
    refusal = state.refused(digest)
    if refusal is None:
        try:
            state.set_upload(Picture("upload", file.name, load_image(data), digest))
        except Explained as error:
            state.set_refused(digest, error)
            refusal = error
    if refusal is not None:
        st.error(say(refusal))
