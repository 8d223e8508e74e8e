"""Boxes found on a photograph, and what is said of any boxes: overlap, suppression, a table."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from cnnviz import nn
from cnnviz.core.photos.class_names import coco_names
from cnnviz.core.photos.networks import PHOTO_DETECTORS, PhotoDetector
from cnnviz.core.photos.nms import SOMETHING, Detections, Pair, dropped_pair
from cnnviz.core.records import Floats
from cnnviz.figures.overlays import boxes
from cnnviz.ui import controls, resources, state
from cnnviz.ui.components.wall import Stage, wall
from cnnviz.ui.controls import Setting
from cnnviz.ui.photos import KEYS, loaded
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
        score = controls.slider(
            _("Score, at least"), SOMETHING, 0.95, 0.5, 0.05, key="things.score"
        )
        iou = controls.slider(_("IoU, at most"), 0.0, 0.95, 0.5, 0.05, key="things.iou")
    every = _found_things(model, picture)
    before = every.kept(score, 1.0, by_class=True)
    after = every.kept(score, iou, by_class=True)
    image = prepared.small(picture, SIDE)
    names = coco_names(state.language())
    show_boxes(image, before, after, names, key="things.boxes", scale=1, side=SIDE, most=MOST_BOXES)
    nothing = _("Nothing was found on this photograph, at any threshold.")
    explain_suppression(every, before, after, iou, names, nothing=nothing, by_class=True)


@st.cache_resource(max_entries=2, show_spinner=False)
def detector(detector_id: str) -> nn.DetectorModel:
    """Return a detector for photographs, shared by all sessions; see `nn.load_detector`."""
    model = nn.load_detector(detector_id)
    resources.settle_garbage()
    return model


@st.cache_data(max_entries=2, show_spinner=False, scope="session", hash_funcs=KEYS)
def _found_things(model: nn.DetectorModel, picture: Picture) -> Detections:
    return nn.detect_things(model, prepared.small(picture, SIDE))


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


def show_boxes(
    image: Floats,
    before: Detections,
    after: Detections,
    names: Sequence[str],
    *,
    key: str,
    scale: int,
    side: int,
    most: int | None = None,
    says: str = "",
) -> None:
    """Show boxes on a picture (C, H, W), before suppression and after it; `scale` as in `boxes`.

    At most `most` are drawn, without names before suppression; None: all, with their names.
    """
    labels = [names[label] if most is None else "" for label in before.labels]
    scored = zip(after.labels, after.scores, strict=True)
    answers = [f"{names[label]} {percent(float(score), 0)}" for label, score in scored]
    stages = []
    for stage_id, title, shown, words in (
        ("before", _("Boxes before suppression: {count}"), before, labels),
        ("after", _("Boxes after it: {count}"), after, answers),
    ):
        drawn = boxes(image, shown.boxes[:most], words[:most], scale=scale)
        title = title.format(count=number(len(shown)))
        stage = Stage(stage_id, title, "pixels", drawn, columns=1, side=side, shape=image.shape)
        stages.append(stage)
    wall(stages, key=key, layout="chain", says=says)


def explain_suppression(
    every: Detections,
    before: Detections,
    after: Detections,
    iou: float,
    names: Sequence[str],
    *,
    nothing: str,
    by_class: bool = False,
) -> None:
    """Say what was suppressed, by the numbers of two boxes; show the boxes that stayed.

    `nothing` is said where no threshold shows a box: `every` has all, `before` those with the score
    that was asked for.
    """
    pair = dropped_pair(before, after, iou, by_class=by_class)
    if pair is not None:
        st.markdown(_overlap(before, pair, iou, names))
    st.markdown(
        _(
            "**Non-maximum suppression** keeps the box with the highest score and drops all that "
            "overlap it by more than the threshold; then the next best of the rest, and so on: "
            "{dropped} of {count} boxes are dropped here."
        ).format(dropped=number(len(before) - len(after)), count=number(len(before)))
    )
    if len(after):
        _table(after, names)
    elif len(every) and every.scores.max() >= SOMETHING:
        best = number(float(every.scores.max()), 2)
        st.info(
            _("No box has this score; the best has {best}: lower the threshold.").format(best=best)
        )
    else:
        st.info(nothing)


def _overlap(before: Detections, pair: Pair, iou: float, names: Sequence[str]) -> str:
    """Say what IoU is, with the numbers of two boxes."""
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


def _table(after: Detections, names: Sequence[str]) -> None:
    sides = after.boxes[:MOST_ROWS].round().astype(int).T.tolist()
    headings = _("Top"), _("Left"), _("Bottom"), _("Right")
    st.table(
        {
            _("Class"): [names[label] for label in after.labels[:MOST_ROWS]],
            _("Score"): [
                number(float(score), 3, is_fixed=True) for score in after.scores[:MOST_ROWS]
            ],
            **{name: list(map(number, side)) for name, side in zip(headings, sides, strict=True)},
        }
    )
    if len(after) > MOST_ROWS:
        st.caption(_("The {count} with the highest score are shown.").format(count=MOST_ROWS))
