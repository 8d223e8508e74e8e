"""Things found on a photograph: boxes before and after suppression, with classes and scores."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from cnnviz.core.photos.class_names import coco_names
from cnnviz.core.photos.networks import PHOTO_DETECTORS, PhotoDetector
from cnnviz.core.records import Floats
from cnnviz.figures.overlays import boxes
from cnnviz.ui import controls, state
from cnnviz.ui.components.wall import Stage, wall
from cnnviz.ui.controls import Setting
from cnnviz.ui.photos import download, found
from cnnviz.ui.photos.boxes import dropped_pair, found_table, overlap, suppression
from cnnviz.ui.pictures import prepared
from cnnviz.ui.pictures.picture import Picture
from cnnviz.ui.text import _, number, percent

if TYPE_CHECKING:
    from cnnviz.core.photos.nms import Detections

DETECTOR = Setting("detector", {each.id: each.name for each in PHOTO_DETECTORS.values()}, "ssdlite")
SIDE = 640
"""Longest side of the photograph that things are looked for on, in pixels; detectors take 320."""
MOST_BOXES = 60
"""Drawn, those with the highest score."""


def things(picture: Picture) -> None:
    """Find things on a photograph, with a network that has to be downloaded first."""
    st.markdown(
        _(
            "A detector says of thousands of boxes at once what is in them, and how to move their "
            "sides. What it finds many times over is suppressed, here as on the canvas of digits; "
            "but only within a class, for a rider sits on a bicycle."
        )
    )
    card = _choose()
    model = download.loaded(
        card,
        found.detector,
        _("This detector is not on this server yet. Digits on a canvas are found without."),
    )
    if model is None:
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        score = controls.slider(_("Score, at least"), 0.05, 0.95, 0.5, 0.05, key="things.score")
        iou = controls.slider(_("IoU, at most"), 0.0, 0.95, 0.5, 0.05, key="things.iou")
    every = found.found_things(model, picture, SIDE)
    before = every.kept(score, 1.0, by_class=True)
    after = every.kept(score, iou, by_class=True)
    image = prepared.small(picture, SIDE)
    names = coco_names(state.language())
    _show(image, before, after, names)
    pair = dropped_pair(before, after, iou, by_class=True)
    if pair is not None:
        st.markdown(overlap(before, pair, iou, names))
    st.markdown(suppression(before, after))
    found_table(after, names)


def _choose() -> PhotoDetector:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        card = PHOTO_DETECTORS[DETECTOR.draw(_("Detector"))]
        st.caption(
            _(
                "{parameters} million parameters, {size} MB, mean average precision {precision} "
                "on COCO’s validation pictures; {year}."
            ).format(
                parameters=number(card.parameters / 1e6, 1),
                size=number(card.size_mb, 1),
                precision=percent(card.precision),
                year=card.year,
            )
        )
    return card


def _show(image: Floats, before: Detections, after: Detections, names: tuple[str, ...]) -> None:
    shown = min(MOST_BOXES, len(before))
    title = _("Boxes before suppression: {count}").format(count=number(len(before)))
    drawn = boxes(image, before.boxes[:shown], [""] * shown, scale=1)
    stages = [Stage("before", title, "pixels", drawn, columns=1, side=SIDE, shape=image.shape)]
    words = [
        f"{names[label]} {percent(float(score), 0)}"
        for label, score in zip(after.labels, after.scores, strict=True)
    ][:MOST_BOXES]
    title = _("Boxes after it: {count}").format(count=number(len(after)))
    drawn = boxes(image, after.boxes[:MOST_BOXES], words, scale=1)
    stages.append(Stage("after", title, "pixels", drawn, columns=1, side=SIDE, shape=image.shape))
    wall(stages, key="things.boxes", layout="chain")
