"""The one way to bring a picture in, shared by every page; the picture follows the person."""

from __future__ import annotations

import streamlit as st

from cnnviz.core.messages import N_, Explained
from cnnviz.core.pictures.data_sets import DATA_SETS, is_digits, is_inked
from cnnviz.core.pictures.digits import SIDE
from cnnviz.core.samples import DEFAULT_SAMPLE, SAMPLES, Kind
from cnnviz.ui import controls, state
from cnnviz.ui.components.pictures import brush
from cnnviz.ui.pictures import album, intake, prepared
from cnnviz.ui.pictures.picture import Picture, Source
from cnnviz.ui.text import _, say

_SOURCES: dict[Source, str] = {
    "sample": N_("Examples"),
    "draw": N_("Draw"),
    "upload": N_("Upload"),
    "camera": N_("Camera"),
    "paste": N_("Paste"),
}


def choose_picture(
    *, pad_side: int = 224, kind: Kind | None = None, has_pad: bool = True
) -> Picture:
    """Draw the control and return the current picture, as it was brought; see `changing`.

    Args:
        kind: Kind of the examples to choose from; None: all. Each kind keeps its own choice.
        pad_side: Side of the drawing pad, 28 cells, in CSS pixels.
        has_pad: Whether it can be drawn.
    """
    if not has_pad and state.held(state.SOURCE_KEY) == "draw":
        album.choose_source("sample")
    names = {source: name for source, name in _SOURCES.items() if has_pad or source != "draw"}
    controls.start_from({state.SOURCE_KEY: "sample"})
    with st.container(horizontal=True):
        source = controls.words(_("Picture"), state.SOURCE_KEY, names)
        if source == "sample":
            given = _sample(kind)
        else:
            state.link(kind or "picture", None)
            with st.container(width=max(pad_side, 320)):
                given = _drawn(pad_side) if source == "draw" else _brought(source)
        if source != "paste":
            intake.clipboard(is_shown=False)
    intake.show_tray(current=given)
    album.set_picture(given)
    return given


def choose_input(dataset: str, *, pad_side: int = 224) -> Picture:
    """Draw the control for a network's data set; the pad is there where it is white on black."""
    known = DATA_SETS.get(dataset)
    # For digits, all kinds of examples: some show what a network cannot do.
    kind = known.kind if known and not is_digits(dataset) else None
    return choose_picture(pad_side=pad_side, kind=kind, has_pad=is_inked(dataset))


def _sample(kind: Kind | None) -> Picture:
    param, key = (kind, f"{state.SAMPLE_KEY}.{kind}") if kind else ("picture", state.SAMPLE_KEY)
    known = {sample.id: sample for sample in SAMPLES if kind in (None, sample.kind)}
    default = DEFAULT_SAMPLE if DEFAULT_SAMPLE in known else next(iter(known))
    asked = state.linked(param)
    state.remember_default(key, default)
    start = asked if asked in known else default
    names = {sample.id: sample.name for sample in known.values()}
    chosen = controls.select(_("Example"), key, names, start=start, width=230)
    state.link(param, chosen)
    if known[chosen].credit:
        st.caption(known[chosen].credit)
    try:
        return prepared.sample(chosen)
    except Explained as refusal:
        st.warning(say(refusal))
        return prepared.sample(DEFAULT_SAMPLE)


def _drawn(pad_side: int) -> Picture:
    pad = brush(album.drawing(), key=album.BRUSH_KEY, side=pad_side, size=(SIDE, SIDE))
    album.set_drawing(pad)
    picture = album.drawn_picture()
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            _("Keep in the tray"),
            key="picture.keep",
            disabled=picture.is_empty_pad,
            on_click=intake.keep_drawing,
            args=(picture,),
        )
        st.caption(_("A drawing is not part of the link."))
    return picture


def _brought(source: Source) -> Picture:
    """Show one of the ways in; returns the picture chosen in the tray, else the one before."""
    if source == "upload":
        intake.uploader()
    elif source == "camera":
        intake.camera()
    else:
        intake.clipboard(is_shown=True)
    intake.show_refusals()
    held = album.tray().picture
    if held is None:
        st.caption(_("Nothing here yet: this is still the picture from before."))
        return album.picture() or prepared.sample(DEFAULT_SAMPLE)
    st.text(held.name[:80])
    st.caption(_("A picture of your own is not part of the link."))
    return held
