"""Look-alikes: two photographs side by side, what a network says of both, and how sure it is.

The pairs that a person fills or adds live in the session and go with it; their pictures are kept
small.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import streamlit as st

from cnnviz import nn
from cnnviz.core.messages import Explained
from cnnviz.core.photos.answers import PhotoAnswer
from cnnviz.core.photos.class_names import LOOK_ALIKES
from cnnviz.core.photos.input import PhotoCrop
from cnnviz.core.pictures.images import load_image
from cnnviz.core.pictures.resampling import fit
from cnnviz.core.samples import SAMPLES
from cnnviz.ui import show, state
from cnnviz.ui.components.wall import Stage, wall
from cnnviz.ui.photos import imagenet_names, photo_answer
from cnnviz.ui.photos.choose import choose_class, first_answers
from cnnviz.ui.pictures import album, prepared
from cnnviz.ui.pictures.picture import Picture, picture_of
from cnnviz.ui.streamlit_internals import let_go, set_anew
from cnnviz.ui.text import _, number, percent, say

MOST_OWN = 6
"""Pairs that a person can add; each holds two pictures."""
SIDE = 512
"""Longest side of a picture in a pair, in pixels."""
_CHOSEN, _NAME, _REFUSAL = "pairs.chosen", "pairs.name", "pairs.refusal"


@dataclass(frozen=True, slots=True, eq=False)
class Pair:
    """Two pictures that look alike.

    Attributes:
        name: Given by whoever added it; empty for the puzzles, which have their own.
        sides: Left and right; None: nothing there yet.
        version: How often a side was filled: the uploaders' keys, so that they are empty again.
    """

    name: str = ""
    sides: tuple[Picture | None, Picture | None] = (None, None)
    version: int = 0

    def filled(self, side: int, picture: Picture) -> Pair:
        """Return the pair with another picture on a side."""
        left, right = self.sides
        sides = (picture, right) if side == 0 else (left, picture)
        return replace(self, sides=sides, version=self.version + 1)


def pairs(model: nn.PhotoModel) -> None:
    """Draw the choice of pairs, and both sides of the one that is chosen."""
    held = album.pairs()
    names = {each.id: _(each.name) for each in LOOK_ALIKES.values()}
    names |= {pair_id: pair.name for pair_id, pair in held.items() if pair.name}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        if state.held(_CHOSEN) not in names:  # forgotten with its pictures
            state.hold(_CHOSEN, next(iter(names)))
        state.remember_default(_CHOSEN, next(iter(names)))
        set_anew(_CHOSEN, names)
        chosen = st.selectbox(
            _("Look-alikes"), list(names), format_func=names.__getitem__, key=_CHOSEN, width=300
        )
        _adding(len(names))
    _advise(chosen)
    _refuse()
    pair = held.get(chosen) or _at_first(chosen)
    answers: list[PhotoAnswer | None] = [None, None]
    for side, column in enumerate(st.columns(2, gap="medium")):
        with column, show.explained():
            answers[side] = _side(model, chosen, pair, side)
    _compare(*answers)
    _one_class(chosen, *answers)
    st.caption(
        _(
            "Pairs stay in this session and in no link; their pictures are kept at up to {side} "
            "pixels a side."
        ).format(side=number(SIDE))
    )


def _advise(chosen: str) -> None:
    """Say what to look for, and which classes there are for it."""
    puzzle = LOOK_ALIKES.get(chosen)
    if puzzle is None:
        st.markdown(
            _(
                "Look at how sure it is of each, and whether the first class of one is among the "
                "five of the other."
            )
        )
        return
    classes = ", ".join(imagenet_names()[each] for each in puzzle.known)
    st.markdown(_(puzzle.advice))
    st.caption(_("Classes that it has for them: {classes}.").format(classes=classes))


def _adding(count: int) -> None:
    """Offer to add a pair under a name."""
    is_full = count >= len(LOOK_ALIKES) + MOST_OWN
    st.text_input(
        _("A pair of your own"),
        key=_NAME,
        max_chars=40,
        placeholder=_("Its name, like: cat or cushion"),
        width=300,
        disabled=is_full,
        help=_("At most {count} pairs of your own.").format(count=number(MOST_OWN)),
    )
    st.button(_("Add"), key="pairs.add", on_click=_add, disabled=is_full)


def _add() -> None:
    name = str(state.held(_NAME) or "").strip()
    if name:
        pair_id = f"own-{len(album.pairs())}"
        album.set_pair(pair_id, Pair(name))
        state.hold(_CHOSEN, pair_id)
        state.hold(_NAME, "")


def _at_first(chosen: str) -> Pair:
    """Return a pair that nobody has filled: with samples where a puzzle has them."""
    puzzle = LOOK_ALIKES.get(chosen)
    if puzzle is None or not puzzle.samples:
        return Pair()
    left, right = puzzle.samples
    return Pair(sides=(prepared.sample(left), prepared.sample(right)))


def _side(model: nn.PhotoModel, chosen: str, pair: Pair, side: int) -> PhotoAnswer | None:
    """Draw one side: ways to fill it, and what the network says of what is there."""
    with st.popover(_("Bring a photograph"), icon=":material/add_photo_alternate:"):
        _filling(chosen, pair, side)
    picture = pair.sides[side]
    if picture is None:
        st.info(_("Nothing here yet: bring a photograph."))
        return None
    answer = photo_answer(model, picture, PhotoCrop())
    seen = Stage("seen", _("What it sees"), "pixels", answer.input.seen, columns=1, side=260)
    stages = [seen, first_answers("top5", answer)]
    wall(stages, key=f"pairs.{side}", layout="wall")
    if answer.doubt:
        st.info(say(answer.doubt))
    return answer


def _filling(chosen: str, pair: Pair, side: int) -> None:
    upload = f"pairs.upload.{chosen}.{side}.{pair.version}"
    st.file_uploader(
        _("Picture files: PNG, JPEG, GIF, BMP or WebP, up to 10 MB each"),
        key=upload,
        on_change=_bring,
        args=(chosen, pair, side, upload),
    )
    names = {each.id: _(each.name) for each in SAMPLES if each.kind == "photograph"}
    example = f"pairs.example.{chosen}.{side}.{pair.version}"
    st.selectbox(
        _("Example"),
        list(names),
        index=None,
        format_func=names.__getitem__,
        key=example,
        placeholder=_("or one of the examples"),
        on_change=_take_example,
        args=(chosen, pair, side, example),
    )


def _bring(chosen: str, pair: Pair, side: int, key: str) -> None:
    """Read what was uploaded; called before the page runs."""
    file = state.held(key)
    if file is None:
        return
    try:
        picture = picture_of("upload", file.name, fit(load_image(file.getvalue()), SIDE))
    except Explained as refusal:
        state.hold(_REFUSAL, refusal)
        album.set_pair(chosen, replace(pair, version=pair.version + 1))
    else:
        album.set_pair(chosen, pair.filled(side, picture))
    let_go(file)


def _take_example(chosen: str, pair: Pair, side: int, key: str) -> None:
    sample = state.held(key)
    if sample:
        album.set_pair(chosen, pair.filled(side, prepared.sample(sample)))


def _refuse() -> None:
    """Say once why a file was refused."""
    refusal: Explained | None = state.held(_REFUSAL)
    if refusal is not None:
        st.error(say(refusal))
        state.hold(_REFUSAL, None)


def _compare(first: PhotoAnswer | None, second: PhotoAnswer | None) -> None:
    """Say in one sentence whether the network tells them apart."""
    if first is None or second is None:
        return
    names = imagenet_names()
    one, other = first.predictions[0], second.predictions[0]
    told = {
        "left": names[one.class_idx],
        "left_share": percent(one.probability, 0),
        "right": names[other.class_idx],
        "right_share": percent(other.probability, 0),
    }
    if one.class_idx == other.class_idx:
        sentence = _("It says the same to both: {left}, with {left_share} and {right_share}.")
    else:
        sentence = _("Left: {left}, {left_share}. Right: {right}, {right_share}.")
    st.markdown(f"**{sentence.format(**told)}**")


def _one_class(chosen: str, first: PhotoAnswer | None, second: PhotoAnswer | None) -> None:
    """Say what any one class gets on either side."""
    if first is None or second is None:
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        class_idx = choose_class(_("A class on both sides"), "pairs.class", first, chosen)
        shares = (float(each.probabilities[class_idx]) for each in (first, second))
        left, right = (percent(share, 2) for share in shares)
        st.markdown(
            _("{name}: {left} on the left, {right} on the right.").format(
                name=imagenet_names()[class_idx], left=left, right=right
            )
        )
