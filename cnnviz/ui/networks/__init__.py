"""What a network makes of a picture: shared by the sections of its page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from cnnviz import nn
from cnnviz.core.messages import Explained
from cnnviz.core.networks.doubt import doubt
from cnnviz.core.networks.network_spec import NetworkSpec
from cnnviz.core.networks.surgery import Operation
from cnnviz.core.records import Floats, LayerActivation
from cnnviz.core.training.cards import SHIPPED, read_activations, weights_folder
from cnnviz.ui import resources
from cnnviz.ui.pictures.prepared import Prepared
from cnnviz.ui.text import say

if TYPE_CHECKING:
    from torch.nn import Sequential

TEST_SAMPLE = 1000
"""Pictures of a test set that views are made from: its first, always the same."""

Activations = tuple[LayerActivation, ...]
Bytes = NDArray[np.uint8]
Operations = tuple[Operation, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """What a network made of a picture.

    Attributes:
        network: Its id, as `resources.network` takes it.
        spec: Its layers and classes.
        activations: One record a layer, from the input to the logits.
        image: (C, H, W) in [0, 1], as the network took it.
        operations: What the person changed in the network.
        trained: The activations of the network as it was trained.
    """

    network: str
    spec: NetworkSpec
    activations: Activations
    image: Floats
    operations: Operations
    trained: Activations

    @property
    def dataset(self) -> str:
        """Data set of the network."""
        return resources.card(self.network).dataset


def look(network: str, spec: NetworkSpec, image: Floats, operations: Operations) -> Seen:
    """Return what a network makes of an image of its own size, as trained and as changed."""
    trained = capture(network, image)
    activations = capture(network, image, operations) if operations else trained
    return Seen(network, spec, activations, image, operations, trained)


def tell_doubt(prepared: Prepared, dataset: str, activations: Activations) -> bool:
    """Say in a sentence why the answer to a picture means little, if so; the same on every page."""
    logits, steps = activations[-1].values.ravel(), len(prepared.steps)
    sentence = doubt(prepared.image, dataset, logits, noticed=prepared.doubt, steps=steps)
    if sentence is not None:
        st.info(say(sentence))
    return sentence is not None


def capture(network: str, image: Floats, operations: Operations = ()) -> Activations:
    """Return what every layer makes of an image of the network's own size; see `nn.capture`.

    One picture's were stored beside each shipped network: the first view waits for no torch.
    """
    if network in SHIPPED and not operations:
        stored = _stored(network)
        if stored and np.array_equal(stored[0].values, image):
            return stored
    return nn.capture(own_network(network, operations), image)


@st.cache_resource(max_entries=4, show_spinner=False)
def _stored(network: str) -> Activations:
    """Shared by all sessions: treat as read-only. Without a whole file, they are computed."""
    try:
        return read_activations(weights_folder() / f"{network}.npz")
    except Explained:
        return ()


def own_network(network: str, operations: Operations) -> Sequential:
    """Return the shared network, or a copy with its filters changed; see `nn.operate`."""
    shared = resources.network(network)
    return nn.operate(shared, operations) if operations else shared


def test_pictures(network: str) -> tuple[Bytes, Bytes]:
    """Return `TEST_SAMPLE` pictures (N, C, H, W) of the data set's test part, and their classes.

    Raises:
        Explained: the data set is not here; nothing is downloaded unasked.
    """
    return _test_pictures(resources.card(network).dataset)


@st.cache_resource(max_entries=4, show_spinner=False)
def _test_pictures(dataset: str) -> tuple[Bytes, Bytes]:
    data = nn.load_dataset(dataset, download=False)
    return data.test_images[:TEST_SAMPLE].copy(), data.test_labels[:TEST_SAMPLE].copy()
