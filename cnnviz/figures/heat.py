"""Which pixels mattered, as colours: a map alone, or laid over its picture."""

from __future__ import annotations

import numpy as np

from cnnviz.core.records import Floats
from cnnviz.figures.theme import PALETTES

ATTENTION = ("#000004", "#3b0f70", "#8c2981", "#de4968", "#fe9f6d", "#fcfdbf")
"""Of matplotlib's magma: even to the eye, and safe for the colour-blind."""
_LIGHT = PALETTES["light"]
BOTH_WAYS = (_LIGHT.map_low, _LIGHT.neutral, _LIGHT.map_high)
"""Of signed maps: zero in the middle. The same in both appearances: it lies on a picture."""


def heat(values: Floats, *, is_signed: bool) -> Floats:
    """Return a map in colours.

    Args:
        values: (H, W) float32; NaN is shown as nothing.
        is_signed: On a scale symmetric about zero, else from the smallest to the largest value.

    Returns:
        (3, H, W) float32 in [0, 1].
    """
    finite = np.nan_to_num(values, nan=0.0, posinf=0.0, neginf=0.0)
    low, high = span(values, is_signed=is_signed)
    shares = (finite - low) / (high - low or 1.0)
    anchors = np.array([rgb(each) for each in (BOTH_WAYS if is_signed else ATTENTION)])
    places = np.linspace(0, 1, len(anchors))
    colours = [np.interp(shares, places, anchors[:, channel]) for channel in range(3)]
    return np.stack(colours).astype(np.float32)


def span(values: Floats, *, is_signed: bool) -> tuple[float, float]:
    """Return the values at both ends of the scale."""
    finite = values[np.isfinite(values)]
    if not finite.size:
        return 0.0, 0.0
    if is_signed:
        peak = float(np.abs(finite).max())
        return -peak, peak
    return float(finite.min()), float(finite.max())


def overlay(image: Floats, colours: Floats, opacity: float) -> Floats:
    """Lay colours (3, H, W) over a picture of the same size; `opacity` from 0 to 1."""
    mixed: Floats = image * np.float32(1 - opacity) + colours * np.float32(opacity)
    return mixed


def filter_colours(weights: Floats, peak: float) -> Floats:
    """Return filters of red, green and blue planes as pictures, grey where a weight is 0.

    Args:
        weights: (..., 3, kH, kW) float32, none further from 0 than `peak`.
        peak: Above 0.

    Returns:
        The same shape, in [0, 1].
    """
    colours: Floats = (0.5 + weights / (2 * np.float32(peak))).clip(0, 1).astype(np.float32)
    return colours


def rgb(colour: str) -> tuple[float, ...]:
    """Return red, green and blue in [0, 1] of a colour like "#d6006c"."""
    return tuple(int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
