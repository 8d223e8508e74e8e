"""The data sets on this server: whether one is here, how it is fetched, what it looks like.

Nothing is read to draw a form but the small digits that arrive with scikit-learn.
"""

from __future__ import annotations

import numpy as np
import streamlit as st

from cnnviz import nn
from cnnviz.core.messages import Explained
from cnnviz.core.pictures.data_sets import DATA_SETS
from cnnviz.core.records import Floats
from cnnviz.figures.cells import sheet
from cnnviz.ui import show, state
from cnnviz.ui.components.wall import Stage, wall
from cnnviz.ui.text import _, number

_WANTED = "train.wanted"
"""The data set whose download was asked for."""
_SHOWN = "train.shown"
"""The data sets whose pictures were asked for."""


def dataset_name(dataset: str) -> str:
    """Return what people call a data set, in the reader's language; its id if it is unknown."""
    return _(DATA_SETS[dataset].name) if dataset in DATA_SETS else dataset


def is_here(dataset: str, *, place: str = "train") -> bool:
    """Whether a data set's files are on this server; where not, offer to download them.

    The button's key begins with `place`, where on the page it stands, once each.
    """
    files, name = nn.dataset_reader(dataset), dataset_name(dataset)
    if nn.has_dataset(dataset):
        return True
    if state.held(_WANTED) == dataset:
        state.hold(_WANTED, None)
        try:
            show.patiently(files.download, _("Downloading {name}").format(name=name))
        except Explained as why:
            show.refusal(why)
        else:
            return True
    st.info(_("This data set is not on this server yet. The small digits always are."))
    st.button(
        _("Download {name}").format(name=name),
        key=f"{place}.download.{dataset}",
        icon=":material/download:",
        on_click=state.hold,
        args=(_WANTED, dataset),
    )
    st.caption(DATA_SETS[dataset].source)
    return False


def show_pictures(dataset: str) -> None:
    """Show a picture of each class; those of a large data set are read when asked for."""
    asked: tuple[str, ...] = state.held(_SHOWN) or ()
    if DATA_SETS[dataset].is_fetched and dataset not in asked:
        st.button(
            _("Show some of its pictures"),
            key="train.show",
            on_click=state.hold,
            args=(_SHOWN, (*asked, dataset)),
        )
        return
    count, pictures = _samples(dataset)
    shape = DATA_SETS[dataset].shape
    title = _("Some of its pictures")
    wall(
        [Stage("samples", title, "pixels", pictures, columns=1, side=280, shape=shape)],
        key="train.samples",
        layout="wall",
        says=_(
            "One of each class; there are {count} pictures of {height} × {width} pixels."
        ).format(count=number(count), height=shape[1], width=shape[2]),
    )


@st.cache_resource(max_entries=8, show_spinner=False)
def _samples(dataset: str) -> tuple[int, Floats]:
    """How many pictures there are, and the first of each class on a sheet of two rows."""
    data, classes = nn.load_dataset(dataset, download=False), len(DATA_SETS[dataset].labels)
    first = [int(np.argmax(data.train_labels == n)) for n in range(classes)]
    pictures = (data.train_images[first] / np.float32(255)).astype(np.float32)
    return len(data.train_labels) + len(data.test_labels), sheet(pictures, -(-classes // 2))
