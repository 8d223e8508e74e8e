"""Palettes: what every figure and component is coloured with."""

import re

from cnnviz.figures.theme import palettes


def test_every_palette_has_every_colour_and_the_components_can_read_them():
    for palette in palettes().values():
        solid = [palette[name] for name in palette if name not in ("grid",)]
        assert all(re.fullmatch("#[0-9a-f]{6}", colour) for colour in solid)
