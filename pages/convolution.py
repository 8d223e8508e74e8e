"""How does a filter turn a picture into a feature map?

The parts below a control are fragments: a change runs them alone, not the rest of the page.
"""

import streamlit as st

from cnnviz.core.messages import Explained
from cnnviz.ui import nav, show, state
from cnnviz.ui.components.browser import write_link
from cnnviz.ui.components.viewer import conv_viewer
from cnnviz.ui.lab import filters, moves, subject
from cnnviz.ui.lab.sections import Lab, go_on
from cnnviz.ui.pictures.changing import changed
from cnnviz.ui.pictures.choose import choose_picture
from cnnviz.ui.text import _

nav.guard()
show.heading(
    _("Convolution"),
    _("The filter slides over the picture; at each place a sum of products becomes one number."),
)
picture = changed(choose_picture())


def move_a_filter() -> None:
    """From the controls of the filter to its map, and on."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = filters.choose(is_apart=moves.APART.value() == "yes")
        moves.more()
    with st.container(horizontal=True, vertical_alignment="bottom"):
        of = subject.subject(picture)
        moved = moves.choose()
        bias, unit = subject.bias(), int(subject.UNIT.draw(_("Show pixels as")))
    if isinstance(chosen, Explained):
        show.refusal(chosen)
    else:
        filters.describe(chosen)
        try:
            with show.waiting(420):
                trace = subject.convolve(of, chosen.weights, moved, bias)
        except Explained as why:
            show.refusal(why)
            moves.offer_way_out(moved, chosen, of.size)
        else:
            look(Lab(picture, of, chosen, moved, bias, unit, trace))
    write_link(state.whole_link(), key="convolution.link")


def look(now: Lab) -> None:
    """Show the window, the size of what comes out, and what can be done with it."""
    key, plane = "convolution.viewer", now.of.plane
    cell = conv_viewer(now.trace, key=key, unit=now.unit, cell=state.pinned(), channel=plane)
    state.pin(cell)
    for note in now.of.notes:
        st.caption(_(note))
    subject.size_of_map(now.trace)
    go_on(now)


show.fragment(move_a_filter)()
