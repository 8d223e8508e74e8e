"""How does a computer see a picture?"""

import numpy as np
import streamlit as st

from cnnviz.core.pictures.edits import SetPixel
from cnnviz.ui import nav, show, state
from cnnviz.ui.components.pixels import pixel_viewer
from cnnviz.ui.pictures import album
from cnnviz.ui.pictures.changing import changed
from cnnviz.ui.pictures.choose import choose_picture
from cnnviz.ui.text import _, number, size

nav.guard()
show.heading(
    _("Pixels"),
    _("To a computer a picture is a table of numbers: one for each pixel, three for a colour."),
)
picture = changed(choose_picture())
image = picture.image
state.pin(
    pixel_viewer(
        image,
        key="pixels.viewer",
        cell=state.pinned(),
        on_change=lambda change: album.change_picture(SetPixel(*change)),
    )
)
if picture.levels.dtype != np.uint8:
    st.caption(
        _(
            "This picture has finer steps than the 256 levels of 8 bits (a 16-bit file has "
            "65,536), so its numbers have decimals here."
        )
    )

with st.container(border=True):
    st.subheader(_("How many numbers"), anchor=False)
    channels, height, width = image.shape
    st.markdown(
        _("Its shape as a tensor is (C, H, W) = **({channels}, {height}, {width})**.").format(
            channels=channels, height=number(height), width=number(width)
        )
    )
    values = {"size": size(image.shape), "count": number(image.size)}
    st.markdown(_("Numbers: C × H × W = {size} = **{count}**").format(**values))
    st.markdown(
        _("Bytes as uint8, one a number: {size} × 1 byte = **{total}**").format(
            **values, total=number(image.size)
        )
    )
    st.markdown(
        _("Bytes as float32, four a number: {size} × 4 bytes = **{total}**").format(
            **values, total=number(image.nbytes)
        )
    )
with st.expander(_("Why 0 to 255, why three planes, why 0 to 1")):
    st.markdown(
        _(
            "**0 to 255.** Eight switches, on or off, have 2 × 2 × 2 × 2 × 2 × 2 × 2 × 2 = 256 "
            "settings. So a byte of 8 bits counts from 0 (black) to 255 (full light)."
        )
    )
    st.markdown(
        _(
            "**Three planes.** The eye has three kinds of cells for colour, and a screen three "
            "small lamps a pixel: red, green, blue. Each plane says how bright its lamp is; "
            "together they make every colour. Red and green light make yellow, all three white."
        )
    )
    st.markdown(
        _(
            "**Grey from colour.** The eye sees green as brighter than red, and red as brighter "
            "than blue; so grey is a weighted sum: 0.299 of red, 0.587 of green, 0.114 of blue."
        )
    )
    st.markdown(
        _(
            "**0 to 1.** Networks learn best from small numbers, so a pixel is divided by 255 "
            "before it enters one: 255 becomes 1, and 128 about 0.5."
        )
    )
