"""What networks make of pictures, and what they have learnt; torch is imported here, not above."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from cnnviz.core.networks.explanations import Asked, Explanation
from cnnviz.core.networks.learned import Embedding, Excitement
from cnnviz.core.networks.surgery import Operation
from cnnviz.core.records import Floats, LayerActivation
from cnnviz.core.training.cards import SHIPPED, read_activations, weights_folder
from cnnviz.core.training.records import Mistake
from cnnviz.ui import resources

if TYPE_CHECKING:
    from torch import nn

TEST_SAMPLE = 1000
"""Pictures of a test set that views are made from: its first, always the same."""

Bytes = NDArray[np.uint8]
Operations = tuple[Operation, ...]
Field = tuple[int, int, int, int]
"""(top, left, height, width) in pixels; may reach outside the picture."""


def capture(
    network: str, image: Floats, operations: Operations = ()
) -> tuple[LayerActivation, ...]:
    """Return what every layer makes of an image of the network's own size; see `nn.capture`.

    One picture's were stored beside each shipped network: the first view waits for no torch.
    """
    if network in SHIPPED and not operations:
        stored = _stored(network)
        if np.array_equal(stored[0].values, image):
            return stored
    from cnnviz.nn import capture

    return capture(own_network(network, operations), image)


def own_network(network: str, operations: Operations) -> nn.Sequential:
    """Return the shared network, or a copy with its filters changed; see `nn.operate`."""
    shared = resources.network(network)
    if not operations:
        return shared
    from cnnviz.nn.networks.surgery import operate

    return operate(shared, operations)


def explain(
    network: str, activations: Sequence[LayerActivation], asked: Asked, operations: Operations = ()
) -> Explanation:
    """Return why a cell has its value; see `nn.networks.explain`."""
    from cnnviz.nn import explain

    return explain(own_network(network, operations), activations, *asked)


def influence(
    network: str, activations: Sequence[LayerActivation], asked: Asked, operations: Operations = ()
) -> tuple[Field, Floats]:
    """Return the pixels that a cell can see, and how strongly each moves it, (H, W) in [0, 1]."""
    return influence_in(own_network(network, operations), activations, asked)


def influence_in(
    network: nn.Sequential, activations: Sequence[LayerActivation], asked: Asked
) -> tuple[Field, Floats]:
    """Do as `influence` does, in a network at hand."""
    from cnnviz.nn.networks.explain import influence, seen_pixels

    field = seen_pixels(network, activations, asked.layer, asked.row, asked.col)
    strength = influence(network, activations, *asked)
    most = float(strength.max())
    return field, strength / np.float32(most) if most else strength


def filters(network: str, layer: str, operations: Operations = ()) -> Floats:
    """Return the filters of a convolution, (O, C / groups, kH, kW); see `nn.filters`."""
    from cnnviz.nn.networks.learned import filters

    return filters(own_network(network, operations), layer)


def test_pictures(network: str) -> tuple[Bytes, Bytes]:
    """Return `TEST_SAMPLE` pictures (N, C, H, W) of the data set's test part, and their classes.

    Raises:
        Explained: the data set is not here; nothing is downloaded unasked.
    """
    return _test_pictures(resources.card(network).dataset)


@st.cache_resource(max_entries=4, show_spinner=False)
def _test_pictures(dataset: str) -> tuple[Bytes, Bytes]:
    from cnnviz.nn.data import load_dataset

    data = load_dataset(dataset, download=False)
    return data.test_images[:TEST_SAMPLE].copy(), data.test_labels[:TEST_SAMPLE].copy()


@st.cache_data(max_entries=64, show_spinner=False)
def accuracy(network: str, operations: Operations) -> float:
    """Return the share of `test_pictures` that a network, or a changed copy, gets right."""
    from cnnviz.nn.networks.evaluation import evaluate

    return evaluate(own_network(network, operations), *test_pictures(network)).accuracy


@st.cache_resource(max_entries=16, show_spinner=False)
def excitement(network: str, layer: str) -> Excitement:
    """Return which of `test_pictures` excite each map of a layer most; see `nn.excite`."""
    from cnnviz.nn.networks.learned import excite

    return excite(resources.network(network), layer, test_pictures(network)[0])


@st.cache_resource(max_entries=4, show_spinner=False)
def embedding(network: str) -> tuple[Embedding, Bytes]:
    """Return `test_pictures` laid out in a plane, and their classes; see `nn.embed`."""
    from cnnviz.nn.networks.learned import embed

    images, labels = test_pictures(network)
    return embed(resources.network(network), images), labels


@st.cache_resource(max_entries=16, show_spinner=False)
def mistakes(network: str) -> tuple[tuple[Mistake, ...], Bytes]:
    """Return the test pictures that a network names wrong, the surest first, and the pictures.

    Raises:
        LookupError: the run is not finished.
        Explained: the data set is not here, or the run is damaged.
    """
    from cnnviz.nn.data import load_dataset
    from cnnviz.nn.library import load_mistakes

    data = load_dataset(resources.card(network).dataset, download=False)
    found = load_mistakes(network, data)
    return found, data.test_images[[each.index for each in found]].copy()


@st.cache_resource(max_entries=4, show_spinner=False)
def _stored(network: str) -> tuple[LayerActivation, ...]:
    """Shared by all sessions: nobody writes in them."""
    return read_activations(weights_folder() / f"{network}.npz")
