"""Frames as an animated GIF."""

from __future__ import annotations

import io
from collections import Counter

import numpy as np
from PIL import Image

_COLOURS, _GREYS = 120, 24
"""Of the palette; one more stands for what does not change. A smaller table, a smaller file."""


def gif(frames: list[Image.Image], durations_ms: list[int]) -> bytes:
    """Return an animation that plays for ever; what does not change is not written again.

    Args:
        frames: RGB, all of one size, each unlike the one before.
        durations_ms: Of each frame.
    """
    palette = _palette(frames)
    flat = [each.quantize(palette=palette, dither=Image.Dither.NONE) for each in frames]
    file = io.BytesIO()
    flat[0].save(
        file,
        "GIF",
        save_all=True,
        append_images=flat[1:],
        duration=durations_ms if len(flat) > 1 else durations_ms[0],
        loop=0,
        optimize=True,
    )
    return file.getvalue()


def _palette(frames: list[Image.Image]) -> Image.Image:
    """The colours that most pixels have, halfway and at the end, and greys for the rest."""
    counts = Counter[tuple[int, ...]]()
    for frame in (frames[len(frames) // 2], frames[-1]):
        for count, colour in frame.getcolors(frame.width * frame.height) or ():
            counts[colour] += count  # type: ignore[index]
    greys = [(level,) * 3 for level in np.linspace(0, 255, _GREYS).round().astype(int).tolist()]
    chosen = [colour for colour, _ in counts.most_common(_COLOURS - _GREYS)] + greys
    palette = Image.new("P", (1, 1))
    palette.putpalette([channel for colour in chosen for channel in colour])
    return palette
