"""How does a map become smaller, and why does that help?"""

import streamlit as st

from cnnviz import nn
from cnnviz.ui import nav, show, state
from cnnviz.ui.components.browser import write_link
from cnnviz.ui.components.viewer import pool_viewer
from cnnviz.ui.lab import pooling, subject
from cnnviz.ui.lab.moves import APART
from cnnviz.ui.pictures import prepared
from cnnviz.ui.pictures.changing import changed
from cnnviz.ui.pictures.choose import choose_picture
from cnnviz.ui.text import _

nav.guard()
show.heading(
    _("Pooling"),
    _("A window slides over the picture and keeps one number of what it sees: less, but enough."),
)
picture = changed(choose_picture())


def pool_it() -> None:
    """From the controls of the window to the smaller map, and what a shift does to it."""
    given = prepared.lab_picture(picture, is_grey=True)
    with show.explained():
        with st.container(horizontal=True, vertical_alignment="bottom"):
            is_apart = APART.draw(_("Rows and columns apart")) == "yes"
            spec = pooling.choose(is_apart=is_apart)
            unit = int(subject.UNIT.draw(_("Show pixels as")))
        pooling.describe(spec)
        with show.waiting(420):
            trace = nn.pool(given.image, spec)
        cell = pool_viewer(
            trace, key="pooling.viewer", unit=unit, input_title=_("Input"), cell=state.pinned()
        )
        state.pin(cell)
        for note in given.notes:
            st.caption(_(note))
        subject.size_of_pooled(trace)
        pooling.go_on(trace, unit)
    write_link(state.whole_link(), key="pooling.link")


show.fragment(pool_it)()
