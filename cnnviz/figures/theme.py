"""The colours of every kind of quantity, light and dark, for figures and components alike.

Pixels are grey or their own colours. Signed maps and sums run blue – neutral – orange, weights
purple – neutral – green, both symmetric about zero; the pairs stay apart for the colour-blind.
One accent marks what is selected. Knows no widget and no chart.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass

from cnnviz.core.messages import N_

WEIGHTS_SAY = N_("Purple weights are negative, green positive; all filters have one scale.")
MAPS_SAY = N_("Each map has its own scale; blue is negative, orange positive.")
BOXES_SAY = N_(
    "Blue is negative, orange positive; each box has its own scale. Every number was computed "
    "by PyTorch."
)
"""What pages say of the colours below, here so that colour and name change together."""


@dataclass(frozen=True, slots=True)
class Palette:
    """CSS colours of one appearance.

    Attributes:
        accent: What is selected, everywhere the same cell is shown.
        neutral: Zero, in signed scales.
        map_low: Most negative value of a map or sum; `map_high` the most positive.
        weight_low: Most negative weight; `weight_high` the most positive.
        grid: Lines between cells.
        hatch: Padding, which is no pixel of the picture.
        plane_red: Lines and bars about the red plane; also `plane_green`, `plane_blue`. Each is
            labelled wherever it stands, for these three are not safe for the colour-blind.
    """

    accent: str
    neutral: str
    map_low: str
    map_high: str
    weight_low: str
    weight_high: str
    grid: str
    hatch: str
    plane_red: str
    plane_green: str
    plane_blue: str


_LIGHT_AND_DARK = {
    "accent": ("#d6006c", "#ff4fa3"),
    "neutral": ("#f7f6f2", "#262a33"),
    "map_low": ("#1d5bb8", "#3d86f0"),
    "map_high": ("#d9650a", "#f08a2e"),
    "weight_low": ("#6f37a3", "#a56be0"),
    "weight_high": ("#1c8150", "#35ad74"),
    "grid": ("#8886", "#8886"),
    "hatch": ("#b9b29c", "#5d6577"),
    "plane_red": ("#c62b1f", "#ff7261"),
    "plane_green": ("#0b7d4b", "#39c98a"),
    "plane_blue": ("#1d5bd8", "#6aa6ff"),
}
PALETTES: dict[str, Palette] = {
    appearance: Palette(**{name: pair[n] for name, pair in _LIGHT_AND_DARK.items()})
    for n, appearance in enumerate(("light", "dark"))
}
"""The two appearances by name, as every figure takes it: "light" and "dark"."""


def palettes() -> dict[str, dict[str, str]]:
    """Return every palette as plain values, as the components receive them."""
    return {name: asdict(palette) for name, palette in PALETTES.items()}
