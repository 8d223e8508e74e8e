"""What a filter of the gallery is: a formula with a size, parameters and a source.

Knows no filter by name; they are listed in `gallery` and `edges`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cnnviz.core.messages import N_, Explained, Number
from cnnviz.core.records import Floats, Pair

Doubles = NDArray[np.float64]

LARGEST = 11
"""Rows and columns of a filter of the gallery, at most."""
SIZES = (1, 3, 5, 7, 9, 11)
"""Sizes with a centre, which every filter has from its `least` on."""

FAMILIES: dict[str, str] = {
    "copy": N_("Copy and shift"),
    "blur": N_("Blur"),
    "sharpen": N_("Sharpen"),
    "edges": N_("Edges"),
    "direction": N_("Edges by direction"),
    "lines": N_("Lines"),
    "texture": N_("Texture"),
}
"""What filters are for: id → name, in display order."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """A number in a filter's formula.

    Attributes:
        id: Stable, for links and calls; one id has the same bounds in every filter.
        name: For people; translated in `ui`.
        least: Smallest value; `most` the largest, `default` the one where none is given.
        step: Distance between neighbouring values.
        is_stepped: Whether the values between two steps mean nothing.
    """

    id: str
    name: str
    least: float
    most: float
    default: float
    step: float
    is_stepped: bool = False

    def check(self, value: float) -> None:
        """Raise `Explained` unless `value` is a number that this parameter can have."""
        numbers: dict[str, Number] = {"setting": self.id, "value": value}
        numbers |= {"least": self.least, "most": self.most}
        if isinstance(value, bool) or not self.least <= value <= self.most:
            raise Explained("“{setting}” must be from {least} to {most}, not {value}.", **numbers)
        steps = (value - self.least) / self.step
        if self.is_stepped and steps != round(steps):
            raise Explained(
                "“{setting}” goes from {least} to {most} in steps of {step}; {value} lies between.",
                step=self.step,
                **numbers,
            )


@dataclass(frozen=True, slots=True)
class Kernel:
    """A filter of the gallery.

    Attributes:
        id: Stable name in links.
        family: One of `FAMILIES`.
        name: For people; translated in `ui`.
        detects: One sentence on what it detects.
        source: Origin of the formula.
        formula: LaTeX; r and c are counted from the filter's centre, k × l is its size.
        build: (rows, columns, parameters by name) → (rows, columns) float64.
        least_size: The fewest (rows, columns) for which the formula means something.
        parameters: The numbers that its formula leaves open.
        has_centre: Whether the formula needs a cell in the middle, and so an odd size.
    """

    id: str
    family: str
    name: str
    detects: str
    source: str
    formula: str
    build: Callable[..., Doubles]
    least_size: Pair = (3, 3)
    parameters: tuple[Parameter, ...] = ()
    has_centre: bool = False

    @property
    def least(self) -> int:
        """The smallest square that it can be."""
        return max(self.least_size)

    def weights(self, size: int | Pair = 3, **parameters: float) -> Floats:
        """Return the filter as (kH, kW) float32.

        Args:
            size: (kH, kW), each from 1 to 11; an int means both.
            **parameters: Values of `parameters`; those left out have their defaults.

        Raises:
            Explained: the size is too small, too large, or even where a centre is needed; a
                parameter is unknown or out of its range.
        """
        height, width = (size, size) if isinstance(size, int) else size
        self._check_size(height, width)
        return self.build(height, width, **self._values(parameters)).astype(np.float32)

    def _check_size(self, height: int, width: int) -> None:
        size = {"height": height, "width": width}
        if not (1 <= height <= LARGEST and 1 <= width <= LARGEST):
            raise Explained(
                "A filter has from 1 to {most} rows and columns, not {height} × {width}.",
                most=LARGEST,
                **size,
            )
        if height < self.least_size[0] or width < self.least_size[1]:
            raise Explained(
                "This filter compares a pixel with its neighbours, so it needs at least {rows} × "
                "{cols} cells (rows × columns); {height} × {width} is too small.",
                rows=self.least_size[0],
                cols=self.least_size[1],
                **size,
            )
        if self.has_centre and not (height % 2 and width % 2):
            raise Explained(
                "A filter of {height} × {width} has no centre; take an odd size.", **size
            )

    def _values(self, given: Mapping[str, float]) -> dict[str, float]:
        allowed = {each.id: each for each in self.parameters}
        for name in given.keys() - allowed.keys():
            raise Explained(
                "This filter has no setting “{setting}”; it has: {allowed}.",
                setting=name,
                allowed=", ".join(allowed) or "–",
            )
        values = {name: given.get(name, each.default) for name, each in allowed.items()}
        for name, value in values.items():
            allowed[name].check(value)
        return values


SIGMA = Parameter("sigma", N_("Width σ"), 0.3, 5.0, 1.0, 0.1)
AMOUNT = Parameter("amount", N_("Strength"), 0.1, 5.0, 1.0, 0.1)
RATIO = Parameter("ratio", N_("Ratio of the two widths"), 1.1, 4.0, 1.6, 0.1)
ANGLE = Parameter("angle", N_("Angle in degrees"), 0.0, 360.0, 0.0, 15.0)
DIRECTION = Parameter("direction", N_("Direction in degrees"), 0.0, 315.0, 0.0, 45.0, True)
WAVELENGTH = Parameter("wavelength", N_("Wavelength λ"), 2.0, 20.0, 4.0, 0.5)
PHASE = Parameter("phase", N_("Phase in degrees"), 0.0, 360.0, 0.0, 15.0)
RIGHT = Parameter("right", N_("Pixels to the right"), -5.0, 5.0, 1.0, 1.0, True)
DOWN = Parameter("down", N_("Pixels downwards"), -5.0, 5.0, 0.0, 1.0, True)
