"""A person's pictures as plain values: the current one, its changes, and the tray. No Streamlit.

Pictures are kept as whole levels of 255 wherever they are such, a quarter of the memory.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from cnnviz.core.pictures.edits import Edit
from cnnviz.core.pictures.levels import Levels, as_image, whole_levels
from cnnviz.core.records import Floats

Source = Literal["sample", "draw", "upload", "camera", "paste"]

MAX_PICTURES = 12
MAX_BYTES = 12 * 2**20
"""What the tray of one person may hold; the oldest pictures make room."""


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """A picture as it was brought, and as it is after the changes made to it.

    Attributes:
        source: Where it came from.
        name: The sample's id, or the file's name; shown as plain text only.
        levels: (C, H, W), uint8 of 255, or float32 in [0, 1] where 8 bits cannot hold it.
        digest: Digest of its source and its changes; the caches' key.
        edits: What was done to it since it was brought.
    """

    source: Source
    name: str
    levels: Levels
    digest: str
    edits: tuple[Edit, ...] = ()

    @property
    def image(self) -> Floats:
        """The picture, (C, H, W) float32 in [0, 1]."""
        return as_image(self.levels)

    @property
    def is_changed(self) -> bool:
        """Whether it is no longer as it was brought."""
        return bool(self.edits)

    @property
    def is_empty_pad(self) -> bool:
        """Whether nothing has been drawn yet."""
        return self.source == "draw" and not self.levels.any()

    @property
    def key(self) -> str:
        """What its changes are kept under: all drawings are one, whatever is drawn."""
        return "draw" if self.source == "draw" else self.digest


def picture_of(source: Source, name: str, image: Floats, digest: str = "") -> Picture:
    """Return a picture of (C, H, W) float32 in [0, 1]; its digest is its own if none is given."""
    levels = whole_levels(image)
    if not digest:
        digest = hashlib.sha256(levels.tobytes() + str(levels.shape).encode()).hexdigest()
    return Picture(source, name, levels, digest)


@dataclass(frozen=True, slots=True)
class Tray:
    """The pictures that a person brought.

    Attributes:
        pictures: The newest last.
        chosen: Digest of the one that is chosen.
        let_go: Name by digest of those that had to make room, until something else is done.
    """

    pictures: tuple[Picture, ...] = ()
    chosen: str = ""
    let_go: Mapping[str, str] = field(default_factory=dict)

    def plus(self, *brought: Picture) -> Tray:
        """Return a tray with these in it; see `taking`."""
        return self.taking(brought)

    def taking(self, brought: Iterable[Picture]) -> Tray:
        """Return a tray with what is brought, the last chosen; the oldest leave until all fits.

        One picture after the other is asked for, so that never many are held at once.
        """
        kept = {each.digest: each for each in self.pictures}
        let_go: dict[str, str] = {}
        chosen = self.chosen
        for new in brought:
            chosen = new.digest
            kept.pop(new.digest, None)
            let_go.pop(new.digest, None)
            kept[new.digest] = new
            while len(kept) > MAX_PICTURES or _size(kept.values()) > MAX_BYTES:
                oldest = kept.pop(next(iter(kept)))
                let_go[oldest.digest] = oldest.name
        return Tray(tuple(kept.values()), chosen, let_go)

    def minus(self, digest: str) -> Tray:
        """Return a tray without that picture; where it was chosen, the newest is instead."""
        kept = tuple(each for each in self.pictures if each.digest != digest)
        newest = kept[-1].digest if kept else ""
        return Tray(kept, newest if self.chosen == digest else self.chosen)

    def choose(self, digest: str) -> Tray:
        """Return the tray with another picture chosen, if it has it."""
        has = any(each.digest == digest for each in self.pictures)
        return Tray(self.pictures, digest) if has else self

    @property
    def picture(self) -> Picture | None:
        """The chosen picture."""
        return next((each for each in self.pictures if each.digest == self.chosen), None)


def _size(pictures: Iterable[Picture]) -> int:
    return sum(each.levels.nbytes for each in pictures)
