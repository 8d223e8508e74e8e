"""What a network has learned: filters as pictures, what excites them, pictures as points."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import streamlit as st

from cnnviz import nn
from cnnviz.core.messages import N_
from cnnviz.core.networks.learned import Embedding, Excitement, similar_groups
from cnnviz.core.records import Floats
from cnnviz.figures import theme
from cnnviz.figures.cells import filter_colours
from cnnviz.figures.classes import points
from cnnviz.ui import controls, layers, resources, show, state
from cnnviz.ui.components.wall import Stage, wall
from cnnviz.ui.controls import Setting
from cnnviz.ui.data_sets import is_here
from cnnviz.ui.networks import Bytes, Seen, own_network, test_pictures
from cnnviz.ui.text import _, number, percent

ORDER = Setting("order", {"own": N_("As they are"), "alike": N_("Similar ones together")}, "own")
_SIDE = 64
_MANY = 12
"""Planes side by side in a filter that has more of them."""


def filters(seen: Seen) -> None:
    """Show the filters of a convolution, and the test pictures that excite one of its maps."""
    convolutions = [each for each in seen.activations if each.kind == "conv"]
    if not convolutions:
        st.info(_("This network has no convolution, and so no filter."))
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        layer = layers.choose(convolutions, key=f"network.filters.layer.{seen.network}")
        order = ORDER.draw(_("Order"))
    weights = nn.filters(own_network(seen.network, seen.operations), layer)
    is_colour = layer == convolutions[0].name and len(seen.image) == 3
    peak = float(np.abs(weights).max()) or 1.0
    wall(
        [
            replace(_filter(weights[n], n, peak, is_colour=is_colour), heading=heading)
            for n, heading in _placed(weights, is_grouped=order == "alike")
        ],
        key="network.filters",
        layout="grid",
        says=_("Each filter in the colours it looks for; grey is 0, and all have one scale.")
        if is_colour
        else _(theme.WEIGHTS_SAY),
    )
    st.subheader(_("What excites a map"), anchor=False)
    if is_here(seen.dataset, place="network.excites"):
        with show.explained():
            _exciting(seen, layer, len(weights))


def _placed(weights: Floats, *, is_grouped: bool) -> list[tuple[int, str]]:
    """Filters in the order in which they are shown; the first of each group with its heading."""
    if not is_grouped:
        return [(n, "") for n in range(len(weights))]
    groups = similar_groups(weights)
    placed = []
    for group in groups:
        if len(group) > 1:
            heading = _("Alike: {count} filters").format(count=number(len(group)))
            placed += [(n, "" if rank else heading) for rank, n in enumerate(group)]
    alone = [group[0] for group in groups if len(group) == 1]
    heading = _("Like no other: {count} filters").format(count=number(len(alone)))
    return placed + [(n, "" if rank else heading) for rank, n in enumerate(alone)]


def _filter(weights: Floats, n: int, peak: float, *, is_colour: bool) -> Stage:
    """A filter as a picture: in colour where its planes are red, green and blue."""
    title = _("Filter {number}").format(number=n)
    if is_colour:
        seen = filter_colours(weights, peak)
        return Stage(f"filter{n}", title, "pixels", seen, columns=1, side=_SIDE)
    columns = _MANY if len(weights) > _MANY else None
    return Stage(f"filter{n}", title, "weights", weights, columns=columns, side=_SIDE, peak=peak)


def _exciting(seen: Seen, layer: str, count: int) -> None:
    """The nine test pictures that excite a map most, where the data set is there."""
    images, _classes = test_pictures(seen.network)
    channel = controls.index(_("Map"), count, 0, key="network.excite.map")
    found = _excitement(seen.network, layer)
    wall(
        [
            layers.example(f"excites{rank}", number(float(value), 2, is_fixed=True), images[index])
            for rank, (index, value) in enumerate(
                zip(found.indices[channel], found.values[channel], strict=True)
            )
        ],
        key="network.excites",
        layout="grid",
        says=_(
            "The nine of {count} test pictures whose largest number in this map is highest."
        ).format(count=number(len(images))),
    )


def embedding(seen: Seen) -> None:
    """Show the test pictures as points of two dimensions, the current one among them."""
    st.markdown(
        _(
            "Each point is a test picture: what the last hidden layer makes of it, laid flat along "
            "the two directions in which the pictures differ most (PCA). Pictures that the network "
            "finds alike lie together."
        )
    )
    if not is_here(seen.dataset, place="network.embedding"):
        return
    with show.explained():
        laid, labels = _laid_out(seen.network)
        figure = points(
            laid.points,
            labels,
            layers.labels(seen.spec),
            here=laid.place(seen.activations),
            here_name=_("This picture"),
            appearance=state.appearance(),
        )
        alt = _("Test pictures as points, coloured by their class, and the current picture.")
        show.plot(figure, alt=alt, key="network.embedding")
        across, up = (percent(share) for share in laid.shares)
        told = _("The two directions hold {across} and {up} of all differences.")
        st.caption(told.format(across=across, up=up))


@st.cache_resource(max_entries=16, show_spinner=False)
def _excitement(network: str, layer: str) -> Excitement:
    """Return which of `test_pictures` excite each map of a layer most; see `nn.excite`."""
    return nn.excite(resources.network(network), layer, test_pictures(network)[0])


@st.cache_resource(max_entries=4, show_spinner=False)
def _laid_out(network: str) -> tuple[Embedding, Bytes]:
    """Return `test_pictures` laid out in a plane, and their classes; see `nn.embed`."""
    images, labels = test_pictures(network)
    return nn.embed(resources.network(network), images), labels
