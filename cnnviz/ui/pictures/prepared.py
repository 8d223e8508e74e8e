"""Pictures made ready: for the lab, for a network, after some steps, small.

What is computed from a person's picture is kept in that person's session alone, and only where
computing it again would take longer than a blink.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from operator import attrgetter
from typing import Any, NamedTuple

import numpy as np
import streamlit as st

from cnnviz.core.messages import N_, Explained, Sentence
from cnnviz.core.pictures.data_sets import is_digits
from cnnviz.core.pictures.edit_text import format_edits
from cnnviz.core.pictures.edits import Edit
from cnnviz.core.pictures.images import to_grey
from cnnviz.core.pictures.levels import Levels, as_image, changed_levels
from cnnviz.core.pictures.network_inputs import prepare_picture
from cnnviz.core.pictures.resampling import fit
from cnnviz.core.records import Floats, Step
from cnnviz.core.samples import draw_sample
from cnnviz.ui import show
from cnnviz.ui.components.wall import Stage
from cnnviz.ui.pictures import album
from cnnviz.ui.pictures.picture import Picture, picture_of
from cnnviz.ui.text import _, say

STEP_SIDE = 260
"""Longest side of a picture among the steps, in pixels."""
LAB_SIDE = 224
_BY_DIGEST: dict[str | type[Any], Callable[[Any], Any]] = {Picture: attrgetter("digest")}
"""What the caches know a picture by."""


class LabPicture(NamedTuple):
    """A picture as the convolution lab takes it: (C, H, W), and what was done to it."""

    image: Floats
    notes: tuple[str, ...]


class ShownStep(NamedTuple):
    """A step as pages show it: `Step` with its picture at most `STEP_SIDE` large."""

    name: str
    sentence: Sentence
    image: Floats
    shape: tuple[int, ...]


class Edited(NamedTuple):
    """A picture after some steps: its levels as in `Picture`, and the steps."""

    levels: Levels
    steps: tuple[ShownStep, ...]


class Prepared(NamedTuple):
    """A picture as a network takes it; see `core.pictures.digits.Prepared`."""

    image: Floats
    steps: tuple[ShownStep, ...]
    doubt: Sentence | None


def forget() -> None:
    """Let go of what was computed from this session's pictures."""
    for kept in (lab_picture, prepare, small):
        kept.clear()


@st.cache_resource(max_entries=32, show_spinner=False)
def sample(sample_id: str) -> Picture:
    """Return a sample as a picture, drawn once for all sessions; treat it as read-only.

    Raises:
        Explained: a photograph that is not installed.
    """
    picture = picture_of("sample", sample_id, draw_sample(sample_id))
    picture.levels.setflags(write=False)
    return picture


@st.cache_data(max_entries=2, show_spinner=False, scope="session", hash_funcs=_BY_DIGEST)
def lab_picture(picture: Picture, *, is_grey: bool) -> LabPicture:
    """Make a picture at most `LAB_SIDE` pixels a side, grey where that is asked, and say so.

    Its pixels are whole levels of 255, as in a file of 8 bits, so that sums can be checked by hand.
    """
    image, notes = picture.image, []
    if max(image.shape) > LAB_SIDE:
        image = fit(image, LAB_SIDE)
        notes.append(N_("The lab works at 224 pixels at most, so the picture was shrunk."))
    elif picture.levels.dtype != np.uint8:
        notes.append(N_("The picture has more than 256 levels of grey; the lab rounds to 256."))
    if len(image) == 3 and is_grey:
        image = to_grey(image)
        notes.append(N_("One flat filter needs one plane, so the colours were turned to grey."))
    levels = np.round(image * 255) / np.float32(255)
    return LabPicture(levels.astype(np.float32), tuple(notes))


def shown(step: Step) -> ShownStep:
    """Return a step with a picture small enough to be shown beside others."""
    small = fit(step.image, STEP_SIDE)
    return ShownStep(step.name, step.sentence, small, step.image.shape)


@st.cache_data(max_entries=2, show_spinner=False, scope="session", hash_funcs=_BY_DIGEST)
def prepare(picture: Picture, dataset: str, shape: tuple[int, int, int]) -> Prepared:
    """Turn a picture into what a network of a data set takes; see `core.pictures`."""
    prepared = prepare_picture(picture.image, dataset, shape)
    return Prepared(prepared.image, tuple(map(shown, prepared.steps)), prepared.doubt)


def ready(
    picture: Picture, dataset: str = "mnist", shape: tuple[int, int, int] = (1, 28, 28)
) -> Prepared | None:
    """Return what a network of a data set takes of a picture; say why where that is nothing."""
    if picture.is_empty_pad:
        st.info(
            _("The pad is empty: no digit, no class. Draw one.")
            if is_digits(dataset)
            else _("The pad is empty: nothing to name. Draw something.")
        )
        return None
    try:
        return prepare(picture, dataset, shape)
    except Explained as refusal:
        st.info(say(refusal))
        return None


def stages(taken: Sequence[ShownStep], given: Picture) -> list[Stage]:
    """Return what was done to a picture, box by box, from what was given on."""
    boxes = [(_("As given"), small(given, STEP_SIDE), given.levels.shape)]
    boxes += [(_(step.name), step.image, step.shape) for step in taken]
    return [
        Stage(f"step{n}", title, "pixels", image, columns=1, side=130, shape=shape)
        for n, (title, image, shape) in enumerate(boxes)
    ]


def edited(given: Picture, edits: tuple[Edit, ...]) -> Edited:
    """Return a picture after some steps, and each step; see `core.pictures.edits.apply_edit`.

    The last two are kept, so that one more step, or one less, is one computation at most; a bar
    shows where that takes long, which `st.cache_data` would show again and again.

    Raises:
        Explained: a step does not fit the picture that it is given.
    """
    if not edits:
        return Edited(given.levels, ())
    key = f"{given.digest}+{format_edits(edits)}"
    held = album.computed()
    if key not in held:
        before = edited(given, edits[:-1])
        work = partial(changed_levels, given.levels, before.levels, edits[-1])
        levels, step = show.patiently(work, _("Changing the picture"))
        held = album.keep_computed(key, Edited(levels, (*before.steps, shown(step))))
    result: Edited = held[key]
    return result


@st.cache_data(max_entries=20, show_spinner=False, scope="session", hash_funcs=_BY_DIGEST)
def small(picture: Picture, side: int) -> Floats:
    """Return a picture shrunk to at most `side` pixels a side, (C, h, w) float32 in [0, 1]."""
    skip = max(1, max(picture.levels.shape) // (4 * side))
    return fit(as_image(picture.levels[:, ::skip, ::skip]), side)
