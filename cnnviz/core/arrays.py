"""Arrays as a notebook has them: taken as pictures, or refused with what to pass instead."""

from __future__ import annotations

import os

import numpy as np
from numpy.typing import NDArray

from cnnviz.core.messages import N_, Explained
from cnnviz.core.records import Floats

_A_FILE = N_(
    "{value} is a file, not yet a picture: pass what load_image(Path(…).read_bytes()) returns."
)
_NO_NUMBERS = N_("An array of numbers is needed here, not {value}.")
_OTHER_SHAPE = N_(
    "A picture is one array (channels, height, width), or (height, width) where it is grey; this "
    "one is {shape}."
)
_CHANNELS_LAST = N_(
    "The channels of a picture come first: this array is {shape}, so pass "
    "np.moveaxis(picture, -1, 0)."
)
_NOT_FINITE = N_(
    "{count} values are no finite numbers (NaN, or infinite); np.nan_to_num(…) replaces them."
)
_OTHER_RANGE = N_(
    "A picture has pixels from 0 to 1; this one has values from {low} to {high}. Divide levels of "
    "0 to 255 by 255."
)
_NOT_MANY = N_("Many pictures are bytes (pictures, channels, height, width), not an array {shape}.")
_NO_LABELS = N_(
    "{count} pictures need as many classes, whole numbers from 0 on, not an array {shape}."
)
LEAST_SIDE = 8
"""Rows and columns from which (height, width, 1, 3 or 4) is told from maps, which are squarer."""


def as_numbers(values: object) -> Floats:
    """Return any array of numbers, nested lists or a tensor as float32; a float32 array as it is.

    Raises:
        Explained: no numbers, rows of different lengths, or values that are not finite.
    """
    try:
        array = np.asarray(values)
        if array.dtype.kind not in "biuf":
            raise TypeError
        with np.errstate(over="ignore"):
            numbers: Floats = array.astype(np.float32, copy=False)
    except (TypeError, ValueError, RuntimeError) as error:  # the last from tensors with gradients
        raise Explained(_NO_NUMBERS, value=_short(values)) from error
    wrong = numbers.size - int(np.count_nonzero(np.isfinite(numbers)))
    if wrong:
        raise Explained(_NOT_FINITE, count=wrong)
    return numbers


def as_planes(values: object) -> Floats:
    """Return a picture or maps of any range as (C, H, W) float32.

    Args:
        values: (C, H, W), or (H, W) where there is one channel; see `as_numbers`.

    Raises:
        Explained: a file or its path, what `as_numbers` refuses, another shape, or channels that
            come last.
    """
    if isinstance(values, str | bytes | bytearray | os.PathLike):
        raise Explained(_A_FILE, value=_short(values))
    planes = as_numbers(values)
    if planes.ndim == 2:
        planes = planes[None]
    if planes.ndim != 3 or not planes.size:
        raise Explained(_OTHER_SHAPE, shape=str(planes.shape))
    if planes.shape[2] in (1, 3, 4) and min(planes.shape[:2]) >= LEAST_SIDE:
        raise Explained(_CHANNELS_LAST, shape=str(planes.shape))
    return planes


def as_pictures(values: object) -> NDArray[np.uint8]:
    """Return many pictures as they are stored: (N, C, H, W) uint8, from an array or a tensor.

    Raises:
        Explained: no pictures, another shape, or anything but bytes: fractions would be taken for
            levels of 0 to 255, and every answer would be wrong without a word.
    """
    try:
        pictures = np.asarray(values)
    except (TypeError, ValueError, RuntimeError) as error:
        raise Explained(_NO_NUMBERS, value=_short(values)) from error
    if pictures.dtype != np.uint8 or pictures.ndim != 4 or not pictures.size:
        raise Explained(_NOT_MANY, shape=f"{pictures.dtype} {pictures.shape}")
    return pictures


def as_labels(values: object, count: int) -> NDArray[np.int64]:
    """Return the true classes of `count` pictures, (N,) int64, from whole numbers of any kind.

    Raises:
        Explained: another number of them, or anything but whole numbers of at least 0.
    """
    try:
        labels = np.asarray(values)
    except (TypeError, ValueError, RuntimeError) as error:
        raise Explained(_NO_NUMBERS, value=_short(values)) from error
    if labels.dtype.kind not in "iu" or labels.shape != (count,) or labels.min() < 0:
        raise Explained(_NO_LABELS, count=count, shape=f"{labels.dtype} {labels.shape}")
    return labels.astype(np.int64)


def as_picture(values: object) -> Floats:
    """Return a grey or colour picture as (C, H, W) float32 in [0, 1], C = 1 or 3.

    Args:
        values: As in `as_planes`.

    Raises:
        Explained: what `as_planes` refuses, another number of channels, or values outside [0, 1].
    """
    picture = as_planes(values)
    if len(picture) not in (1, 3):
        raise Explained(
            "A picture has 1 channel or 3; this array, {shape}, has {channels}.",
            shape=str(picture.shape),
            channels=len(picture),
        )
    check_range(picture)
    return picture


def check_range(picture: Floats) -> None:
    """Refuse values outside [0, 1]; the refusal says which there are."""
    low, high = float(picture.min()), float(picture.max())
    if low < 0 or high > 1:
        raise Explained(_OTHER_RANGE, low=low, high=high)


def _short(value: object) -> str:
    text = value if isinstance(value, str) else f"“{type(value).__name__}”"
    return text if len(text) <= 60 else f"{text[:59]}…"
