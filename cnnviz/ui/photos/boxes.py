"""Boxes found on a photograph, and what is said of any boxes: overlap, suppression, a table."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from cnnviz import nn
from cnnviz.core.photos.class_names import coco_names
from cnnviz.core.photos.networks import PHOTO_DETECTORS, PhotoDetector
from cnnviz.core.photos.nms import Detections, Pair, dropped_pair
from cnnviz.core.records import Floats
from cnnviz.figures.overlays import boxes
from cnnviz.ui import controls, resources, state
from cnnviz.ui.components.wall import Stage, wall
from cnnviz.ui.controls import Setting
from cnnviz.ui.photos import loaded
from cnnviz.ui.pictures import prepared
from cnnviz.ui.pictures.picture import Picture
from cnnviz.ui.text import _, number, percent

DETECTOR = Setting("detector", {each.id: each.name for each in PHOTO_DETECTORS.values()}, "ssdlite")
SIDE = 640
"""Longest side of the photograph that things are looked for on, in pixels; detectors take 320."""
MOST_BOXES = 60
"""Drawn, those with the highest score."""
MOST_ROWS = 20
"""Boxes in the table."""


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
    model = loaded(
        card,
        detector,
        _("This detector is not on this server yet. Digits on a canvas are found without."),
    )
    if model is None:
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        score = controls.slider(_("Score, at least"), 0.05, 0.95, 0.5, 0.05, key="things.score")
        iou = controls.slider(_("IoU, at most"), 0.0, 0.95, 0.5, 0.05, key="things.iou")
    every = _found_things(model.card.id, picture.digest, model, picture)
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


@st.cache_resource(max_entries=2, show_spinner=False)
def detector(detector_id: str) -> nn.DetectorModel:
    """Return a detector for photographs, shared by all sessions; see `nn.load_detector`.

    Raises:
        Explained: its file is not here and cannot be downloaded, or is damaged.
    """
    model = nn.load_detector(detector_id)
    resources.settle_garbage()
    return model


@st.cache_data(max_entries=2, show_spinner=False, scope="session")
def _found_things(
    detector_id: str, digest: str, _model: nn.DetectorModel, _picture: Picture
) -> Detections:
    return nn.detect_things(_model, prepared.small(_picture, SIDE))


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


def overlap(before: Detections, pair: Pair, iou: float, names: Sequence[str]) -> str:
    """Say what IoU is, with the numbers of two boxes; a name a label."""
    scores = (before.scores[each] for each in (pair.first, pair.second))
    first, second = (number(float(score), 2) for score in scores)
    return _(
        "**IoU**, intersection over union, is how much two boxes have in common. The box of a "
        "{kept} with the score {first} and that of a {dropped} with {second} share {shared} pixels "
        "and cover {covered} together: {shared} / {covered} = {iou}. That is more than {limit}, so "
        "only the better one stays."
    ).format(
        kept=names[before.labels[pair.first]], first=first,
        dropped=names[before.labels[pair.second]],
        second=second, shared=number(round(pair.shared)), covered=number(round(pair.covered)),
        iou=number(pair.iou, 2), limit=number(iou, 2),
    )  # fmt: skip


def suppression(before: Detections, after: Detections) -> str:
    """Say what non-maximum suppression does, with what it did here."""
    return _(
        "**Non-maximum suppression** keeps the box with the highest score and drops all that "
        "overlap it by more than the threshold; then the next best of the rest, and so on: "
        "{dropped} of {count} boxes are dropped here."
    ).format(dropped=number(len(before) - len(after)), count=number(len(before)))


def found_table(after: Detections, names: Sequence[str]) -> None:
    """Show the boxes that stayed as a table; a name a label."""
    if not len(after):
        st.info(_("No box has this score: lower the threshold."))
        return
    places = [[number(round(float(side))) for side in box] for box in after.boxes[:MOST_ROWS]]
    top, left, bottom, right = (list(column) for column in zip(*places, strict=True))
    st.table(
        {
            _("Class"): [names[label] for label in after.labels[:MOST_ROWS]],
            _("Score"): [
                number(float(score), 3, is_fixed=True) for score in after.scores[:MOST_ROWS]
            ],
            _("Top"): top,
            _("Left"): left,
            _("Bottom"): bottom,
            _("Right"): right,
        }
    )
    if len(after) > MOST_ROWS:
        st.caption(_("The {count} with the highest score are shown.").format(count=MOST_ROWS))
