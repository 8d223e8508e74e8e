"""The pictures of a session: the current one, its changes, tray and pad; in memory only.

They live in the Streamlit session and go with it; nothing here is ever written to disk.
"""

from __future__ import annotations

from typing import Any, TypeVar

import numpy as np
import streamlit as st

from cnnviz.core.messages import Explained
from cnnviz.core.pictures.edits import Edit
from cnnviz.ui import state
from cnnviz.ui.history import Changes
from cnnviz.ui.pictures.picture import Picture, Source, Tray, picture_of

PASTE_KEY = "picture.paste"
BRUSH_KEY = "picture.brush"
CANVAS_KEY = "find.brush"

_PICTURE = "_picture"
_DRAWING = "_drawing"
_TRAY = "_tray"
_CHANGES = "_changes"
_COMPUTED = "_computed"
_CHANGE_REFUSAL = "_change_refusal"
_REFUSALS = "_refusals"
_READ = "_read"
_PAIRS = "_pairs"
_CANVAS = "_canvas"
_SIDE = 28

Value = TypeVar("Value")


def picture() -> Picture | None:
    """Return the picture that was current last, as it was brought."""
    return _held(_PICTURE, None)


def set_picture(new: Picture) -> None:
    """Make a picture the current one, on every page."""
    st.session_state[_PICTURE] = new


def changes(of: Picture) -> Changes[Edit]:
    """Return what was done to a picture."""
    held: dict[str, Changes[Edit]] = st.session_state.get(_CHANGES, {})
    return held.get(of.key, Changes())


def set_changes(of: Picture, new: Changes[Edit]) -> None:
    """Keep what was done to a picture, as long as the picture can be chosen."""
    st.session_state[_CHANGES] = {**st.session_state.get(_CHANGES, {}), of.key: new}


def change_picture(*edits: Edit) -> None:
    """Do something more to the current picture."""
    current = picture()
    if current is not None:
        set_changes(current, changes(current).plus(*edits))


def computed() -> dict[str, Any]:
    """Return what was computed from the pictures with their changes, by digest and changes."""
    return _held(_COMPUTED, {})


def keep_computed(key: str, result: Any) -> dict[str, Any]:
    """Keep one more, and of those before it the last; returns both."""
    held = dict([*computed().items()][-1:]) | {key: result}
    st.session_state[_COMPUTED] = held
    return held


def set_change_refusal(refusal: Explained) -> None:
    """Keep why something could not be done to the picture, for the run that follows."""
    st.session_state[_CHANGE_REFUSAL] = refusal


def take_change_refusal() -> Explained | None:
    """Return why the last change could not be done; once."""
    refusal: Explained | None = st.session_state.pop(_CHANGE_REFUSAL, None)
    return refusal


def tray() -> Tray:
    """Return the pictures brought in this session."""
    return _held(_TRAY, Tray())


def set_tray(new: Tray) -> None:
    """Keep the pictures brought in this session; what was done to one goes with it."""
    left = {each.digest for each in tray().pictures} - {each.digest for each in new.pictures}
    changed = st.session_state.get(_CHANGES, {}).items()
    st.session_state[_CHANGES] = {key: each for key, each in changed if key not in left}
    st.session_state[_TRAY] = new


def choose_in_tray(digest: str) -> None:
    """Make a picture of the tray the current one; called before the page runs."""
    set_tray(tray().choose(digest))
    chosen = tray().picture
    choose_source(chosen.source if chosen else "upload")


def choose_source(source: Source) -> None:
    """Show another way in; called before the page runs."""
    st.session_state[state.SOURCE_KEY] = source


def refusals() -> tuple[tuple[str, Explained], ...]:
    """Return (file name, why) of the files that were refused last."""
    return _held(_REFUSALS, ())


def set_refusals(new: tuple[tuple[str, Explained], ...]) -> None:
    """Keep why files were refused, until others are read."""
    st.session_state[_REFUSALS] = new


def pairs() -> dict[str, Any]:
    """Return the pairs of pictures of this session, by their ids; see `ui.photos.pairs`."""
    return _held(_PAIRS, {})


def set_pair(pair_id: str, pair: Any) -> None:
    """Keep a pair of pictures."""
    st.session_state[_PAIRS] = {**pairs(), pair_id: pair}


def intake_key(source: str) -> str:
    """Return the key of the uploader or camera: a new one, and so an empty one, after each read."""
    return f"picture.{source}.{st.session_state.get(_READ, 0)}"


def end_intake() -> None:
    """Empty uploader and camera: what they held has been read."""
    st.session_state[_READ] = st.session_state.get(_READ, 0) + 1


def drawing() -> bytes:
    """Return the 784 bytes on the pad, row by row, 0 black … 255 white; zeros when empty."""
    return _held(_DRAWING, bytes(_SIDE * _SIDE))


def set_drawing(pixels: bytes) -> None:
    """Keep what is on the pad."""
    st.session_state[_DRAWING] = pixels


def canvas_drawing(count: int) -> bytes:
    """Return what is on the canvas of many digits, a byte a cell; zeros when it is empty."""
    return _held(_CANVAS, bytes(count))


def set_canvas_drawing(pixels: bytes) -> None:
    """Keep what is on the canvas of many digits."""
    st.session_state[_CANVAS] = pixels


def drawn_picture() -> Picture:
    """Return what is on the pad as a picture."""
    levels = np.frombuffer(drawing(), np.uint8).reshape(1, _SIDE, _SIDE)
    return picture_of("draw", "", (levels / np.float32(255)).astype(np.float32))


def forget() -> None:
    """Let go of everything that a person brought or drew, and start from the example again."""
    for key in (
        _TRAY, _DRAWING, _CHANGES, _COMPUTED, _PICTURE, _REFUSALS, _PAIRS, _CANVAS,
        BRUSH_KEY, CANVAS_KEY, PASTE_KEY,
    ):  # fmt: skip
        st.session_state.pop(key, None)
    end_intake()
    choose_source("sample")


def undo_all() -> None:
    """Let every picture be as it was brought."""
    st.session_state[_CHANGES] = {}


def _held(key: str, default: Value) -> Value:
    held: Value = st.session_state.get(key, default)
    return held
