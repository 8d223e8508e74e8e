"""Pictures as they are kept: whole levels of 255 where they are such, a quarter of the memory."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from cnnviz.core.pictures.edits import Edit, apply_edit
from cnnviz.core.records import Floats, Step

Levels = NDArray[np.uint8] | Floats
"""(C, H, W): uint8 of 255, or float32 in [0, 1] where 8 bits cannot hold it."""


def as_image(levels: Levels) -> Floats:
    """Return levels as float32 in [0, 1]."""
    if levels.dtype != np.uint8:
        return np.asarray(levels, np.float32)
    return np.asarray(levels / np.float32(255), np.float32)


def whole_levels(image: Floats, *, is_rounded: bool = False) -> Levels:
    """Return an image as uint8 if each value is a whole level of 255 or is rounded to one."""
    levels = np.round(image * 255).astype(np.uint8)
    return levels if is_rounded or np.array_equal(as_image(levels), image) else image


def changed_levels(given: Levels, before: Levels, edit: Edit) -> tuple[Levels, Step]:
    """Do one thing to a picture, and keep it as the one that was `given` is kept.

    Raises:
        Explained: the edit does not fit the picture.
    """
    step = apply_edit(as_image(before), edit)
    levels = whole_levels(step.image, is_rounded=given.dtype == np.uint8)
    return levels, Step(step.name, step.sentence, as_image(levels))
