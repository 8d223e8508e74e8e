"""How does a filter turn a picture into a feature map?

The parts below a control are fragments: a change runs them alone, not the rest of the page.
"""

from dataclasses import replace

import streamlit as st

from cnnviz.core.activations import ACTIVATIONS
from cnnviz.core.kernels import KERNELS
from cnnviz.core.traces import ConvTrace
from cnnviz.ui import cached, controls, formula, nav, show, state
from cnnviz.ui.components.browser import write_link
from cnnviz.ui.components.viewer import conv_viewer, pool_viewer
from cnnviz.ui.picture import choose_picture
from cnnviz.ui.text import _

nav.guard()
show.heading(
    _("Convolution"),
    _("The filter slides over the picture; at each place a sum of products becomes one number."),
)
picture = choose_picture()


@st.fragment
def move_a_filter() -> None:
    """From the controls of the filter to its map, and on."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        kernel = controls.kernel_id()
        setting = controls.kernel_setting(kernel)
        moves = controls.conv_spec()
        bias = controls.bias()
        unit = controls.unit()
    if kernel in KERNELS:
        st.caption(f"{_(KERNELS[kernel].detects)} *{_(KERNELS[kernel].source)}.*")
    with show.explained():
        weights = controls.kernel_weights(kernel, setting)
        spec = replace(moves, kernel_size=weights.shape)
        given = cached.lab_picture(picture)
        rows, cols = spec.sizes(given.image.shape[-2:])
        with show.waiting(420):
            trace = cached.convolve(given.image, weights, spec, bias)
        state.pin(conv_viewer(trace, key="convolution.viewer", unit=unit, cell=state.pinned()))
        for note in given.notes:
            st.caption(_(note))
        formula.size_of_map(rows, cols, weights.size)
        bend_and_shrink(trace, unit)
    write_link(state.whole_link(), key="convolution.link")


@st.fragment
def bend_and_shrink(trace: ConvTrace, unit: int) -> None:
    """The map after an activation function, and after pooling."""
    st.header(_("And then: activation and pooling"), anchor=False)
    st.markdown(
        _(
            "A network bends every number of the map with an activation function, then shrinks "
            "the map by keeping one number per window."
        )
    )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        activation = controls.activation()
        pooling = controls.pool_spec()
    chosen = ACTIVATIONS[activation]
    st.caption(f"${chosen.formula}$ · {_(chosen.does)}")
    if unit == 255 and not chosen.keeps_unit:
        st.caption(_("It bends the numbers as computed, on pixels from 0 to 1; so they are here."))
    activated = cached.activate(trace.output, activation)
    pool_viewer(
        cached.pool(activated, pooling),
        before=trace.output,
        key="convolution.pooling",
        unit=unit if chosen.keeps_unit else 1,
        before_title=_("Feature map"),
        input_title=_("After {activation}").format(activation=_(chosen.name)),
    )
    write_link(state.whole_link(), key="convolution.pooling.link")


move_a_filter()
