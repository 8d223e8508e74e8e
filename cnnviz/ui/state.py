"""The one place that spells session keys and query parameters.

What a person brought in, drew or chose lives in the Streamlit session, in server memory, and
goes with it. Links carry what can be named: language, sample, kernel, settings, chosen cell.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import streamlit as st

from cnnviz.core.messages import Explained
from cnnviz.core.records import Floats
from cnnviz.core.samples import DEFAULT_SAMPLE, SAMPLES, draw_sample

LANGUAGES = {"en": "English", "pt_BR": "Português (Brasil)"}
LANGUAGE_KEY = "app.language"
SOURCE_KEY = "picture.source"
SAMPLE_KEY = "picture.sample"
UPLOAD_KEY = "picture.upload"
BRUSH_KEY = "picture.brush"
BROWSER_KEY = "app.browser"

_FRAMED = "_framed"
_PICTURE = "_picture"
_DRAWING = "_drawing"
_LINK = "_link"
_CHOSEN_MAP = "_chosen_map"
_PINNED = "_pinned"
_UPLOAD = "_upload"
_REFUSED = "_refused"
_SIDE = 28

Source = Literal["sample", "draw", "upload"]


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """The picture a person looks at.

    Attributes:
        source: Where it came from.
        name: The sample's id, or the uploaded file's name; shown as plain text only.
        image: (C, H, W) float32 in [0, 1].
        digest: SHA-256 of what it was made from; the caches' key.
    """

    source: Source
    name: str
    image: Floats
    digest: str = field(default="")

    def __post_init__(self) -> None:
        if not self.digest:
            digest = hashlib.sha256(self.image.tobytes() + str(self.image.shape).encode())
            object.__setattr__(self, "digest", digest.hexdigest())

    @property
    def is_default(self) -> bool:
        """Whether this is the sample that the shipped activations were computed from."""
        return self.source == "sample" and self.name == DEFAULT_SAMPLE

    @property
    def is_empty_pad(self) -> bool:
        """Whether nothing has been drawn yet."""
        return self.source == "draw" and not self.image.any()


def mark_framed() -> None:
    """Say that `app.py` drew the frame of this run."""
    st.session_state[_FRAMED] = True


def take_framed() -> bool:
    """Return whether the frame was drawn in this run, and clear the mark."""
    return bool(st.session_state.pop(_FRAMED, False))


def settle_language() -> None:
    """Decide the language once a session: the link's, else the browser's, else English."""
    if LANGUAGE_KEY in st.session_state:
        return
    asked = st.query_params.get("lang")
    if asked not in LANGUAGES:
        asked = "pt_BR" if (st.context.locale or "").lower().startswith("pt") else "en"
    st.session_state[LANGUAGE_KEY] = asked


def language() -> str:
    """Return the reader's language, a key of `LANGUAGES`."""
    return str(st.session_state.get(LANGUAGE_KEY, "en"))


def appearance() -> Literal["light", "dark"]:
    """Return the appearance in force: the browser's word, else what Streamlit knows."""
    told = (st.session_state.get(BROWSER_KEY) or {}).get("appearance")
    return "dark" if (told or st.context.theme.type) == "dark" else "light"


def linked(param: str) -> str | None:
    """Return what the address says for a parameter that no widget is bound to."""
    return st.query_params.get(param)


def link(param: str, value: str | None) -> None:
    """Carry a parameter in this page's link; None leaves it out."""
    st.session_state.setdefault(_LINK, {})[param] = value


def write_link() -> None:
    """Write the link of this run to the address bar, in one go: one step for Back to undo."""
    wanted: dict[str, str | None] = {**st.session_state.pop(_LINK, {}), "lang": language()}
    for name, value in wanted.items():
        if value is None and name in st.query_params:
            del st.query_params[name]
    changed = {name: value for name, value in wanted.items() if value is not None}
    if any(st.query_params.get(name) != value for name, value in changed.items()):
        st.query_params.update(changed)


def linked_cell(param: str) -> tuple[int, int] | None:
    """Return the pair of whole numbers that the address carries as `param`, like `cell=8,17`."""
    parts = (linked(param) or "").split(",")
    if len(parts) != 2 or not all(part.isdecimal() and len(part) < 6 for part in parts):
        return None
    return int(parts[0]), int(parts[1])


def keep(key: str) -> None:
    """Set a widget's value anew, so that the browser shows it in the language in force.

    A select box keeps the words it was chosen in until its value is set.
    """
    if key in st.session_state:
        st.session_state[key] = st.session_state[key]


def pinned() -> tuple[int, int] | None:
    """Return the (row, col) pinned in this session, else the link's."""
    if _PINNED in st.session_state:
        held: tuple[int, int] | None = st.session_state[_PINNED]
        return held
    return linked_cell("cell")


def pin(cell: tuple[int, int] | None) -> None:
    """Keep which cell is pinned, here and in the link."""
    st.session_state[_PINNED] = cell
    link("cell", None if cell is None else f"{cell[0]},{cell[1]}")


def chosen_map() -> tuple[str, int] | None:
    """Return (layer, channel) of the map chosen in this session, else the link's."""
    if _CHOSEN_MAP in st.session_state:
        chosen: tuple[str, int] = st.session_state[_CHOSEN_MAP]
    else:
        layer, channel = linked("layer"), linked("channel") or "0"
        if not layer or not channel.isdecimal() or len(channel) > 5:
            return None
        chosen = layer, int(channel)
    link("layer", chosen[0])
    link("channel", str(chosen[1]))
    return chosen


def choose_map(layer: str, channel: int) -> None:
    """Make a map the one that is shown large."""
    st.session_state[_CHOSEN_MAP] = layer, channel


def picture() -> Picture:
    """Return the last picture that could be read; the default sample before any other."""
    if _PICTURE not in st.session_state:
        set_sample(DEFAULT_SAMPLE)
    held: Picture = st.session_state[_PICTURE]
    return held


def set_picture(new: Picture) -> None:
    """Make a picture the current one, on every page."""
    st.session_state[_PICTURE] = new


def set_sample(sample: str) -> None:
    """Make a sample of `SAMPLES` the current picture."""
    set_picture(Picture("sample", sample, draw_sample(sample)))


def upload() -> Picture | None:
    """Return the last file that could be read, in this session."""
    held: Picture | None = st.session_state.get(_UPLOAD)
    return held


def set_upload(new: Picture) -> None:
    """Keep an upload and make it the current picture."""
    st.session_state[_UPLOAD] = new
    set_picture(new)


def refused(digest: str) -> Explained | None:
    """Return why the file of that SHA-256 was refused just before, so as not to read it again."""
    held: tuple[str, Explained] | None = st.session_state.get(_REFUSED)
    return held[1] if held and held[0] == digest else None


def set_refused(digest: str, refusal: Explained) -> None:
    """Keep why a file was refused."""
    st.session_state[_REFUSED] = digest, refusal


def drawing() -> bytes:
    """Return the 784 bytes on the pad, row by row, 0 black … 255 white; zeros when empty."""
    held: bytes = st.session_state.get(_DRAWING, bytes(_SIDE * _SIDE))
    return held


def set_drawing(pixels: bytes) -> None:
    """Keep what is on the pad and make it the current picture."""
    st.session_state[_DRAWING] = pixels
    levels = np.frombuffer(pixels, np.uint8).reshape(1, _SIDE, _SIDE)
    set_picture(Picture("draw", "", (levels / np.float32(255)).astype(np.float32)))


def known_sample(sample: str | None) -> str:
    """Return `sample` if it is one, else the default."""
    return next((each.id for each in SAMPLES if each.id == sample), DEFAULT_SAMPLE)
