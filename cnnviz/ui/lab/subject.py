"""A picture, a filter and its moves put together, as `nn.convolve` takes them."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from cnnviz import nn
from cnnviz.core.lab.specs import ConvSettings
from cnnviz.core.lab.traces import ConvTrace
from cnnviz.core.messages import N_, Explained
from cnnviz.core.records import Floats, Pair
from cnnviz.ui.controls import Setting
from cnnviz.ui.pictures import prepared
from cnnviz.ui.pictures.picture import Picture
from cnnviz.ui.text import _

COLOUR = Setting(
    "colour",
    {"grey": N_("Grey"), "all": N_("All planes at once"), "each": N_("Each plane by itself")},
    "grey",
)
PLANE = Setting("plane", {"0": N_("Red"), "1": N_("Green"), "2": N_("Blue")}, "0")


@dataclass(frozen=True, slots=True, eq=False)
class Subject:
    """The picture under the filter, and how its colours are taken.

    Attributes:
        image: (C, H, W) float32 in [0, 1], C = 1 or 3.
        notes: What was done to the picture.
        is_each: Whether each plane is filtered by itself (depthwise).
        plane: Whose map is looked at, where each plane has one.
    """

    image: Floats
    notes: tuple[str, ...]
    is_each: bool = False
    plane: int = 0

    @property
    def size(self) -> Pair:
        """(H, W)."""
        return self.image.shape[1], self.image.shape[2]

    @property
    def groups(self) -> int:
        """Parts that the channels are split into."""
        return len(self.image) if self.is_each else 1


def subject(picture: Picture) -> Subject:
    """Draw what a colour picture needs, and return the picture as the lab takes it."""
    is_colour = len(picture.levels) == 3
    way = COLOUR.draw(_("Colours")) if is_colour else COLOUR.value()
    given = prepared.lab_picture(picture, is_grey=way == "grey")
    is_each = way == "each" and len(given.image) == 3
    plane = int(PLANE.draw(_("Map of"))) if is_each else 0
    return Subject(given.image, given.notes, is_each, plane)


def weight_of(of: Subject, weights: Floats, *, is_transposed: bool) -> Floats:
    """Return a filter as `nn.convolve` takes it.

    Args:
        of: The picture.
        weights: (1, kH, kW), the same for every plane, or (3, kH, kW).
        is_transposed: Whether inputs come before outputs.

    Returns:
        (O, C / groups, kH, kW) float32, or (C, O / groups, kH, kW) where transposed.

    Raises:
        Explained: three planes of weights, and one of pixels.
    """
    channels = len(of.image)
    if len(weights) not in (1, channels):
        raise Explained(
            "This filter has {planes} planes, so it needs a colour picture taken with all its "
            "planes; this one has {channels}.",
            planes=len(weights),
            channels=channels,
        )
    planes = np.repeat(weights, channels // len(weights), axis=0)
    return planes[:, None] if of.is_each or is_transposed else planes[None]


def convolve(of: Subject, weights: Floats, settings: ConvSettings, bias: float) -> ConvTrace:
    """Move a filter (C, kH, kW) over the picture; see `nn.convolve`.

    Raises:
        Explained: the combination is impossible; with all the numbers.
    """
    size = weights.shape[1], weights.shape[2]
    spec = replace(settings, kernel_size=size, groups=of.groups).checked()
    weight = weight_of(of, weights, is_transposed=settings.transposed)
    outputs = of.groups
    return nn.convolve(of.image, weight, spec, np.full(outputs, bias, np.float32))
