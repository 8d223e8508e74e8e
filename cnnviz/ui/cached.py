"""Results that sessions share: computed once for the same input, and bounded in number.

torch is imported inside, so that a page paints before it is there.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import streamlit as st

from cnnviz.core.cards import read_activations, weights_folder
from cnnviz.core.digits import PreparedDigit, prepare_digit
from cnnviz.core.images import fit, to_grey
from cnnviz.core.messages import N_
from cnnviz.core.pool_spec import PoolSpec
from cnnviz.core.records import Floats, LayerActivation
from cnnviz.core.specs import ConvSpec
from cnnviz.core.traces import ConvTrace, PoolTrace
from cnnviz.ui import resources
from cnnviz.ui.state import Picture

LAB_SIDE = 224


class LabPicture(NamedTuple):
    """A picture as the convolution lab takes it: (1, H, W), and what was done to it."""

    image: Floats
    notes: tuple[str, ...]


def lab_picture(picture: Picture) -> LabPicture:
    """Make a picture grey and at most `LAB_SIDE` pixels a side, and say so.

    Its pixels are whole levels of 255, as in a grey file, so that sums can be checked by hand.
    """
    image, notes = picture.image, []
    if max(image.shape) > LAB_SIDE:
        image = fit(image, LAB_SIDE)
        notes.append(N_("The lab works at 224 pixels at most, so the picture was shrunk."))
    if len(image) == 3:
        image = to_grey(image)
        notes.append(N_("One flat filter needs one plane, so the colours were turned to grey."))
    levels = np.round(image * 255) / np.float32(255)
    return LabPicture(levels.astype(np.float32), tuple(notes))


@st.cache_data(max_entries=128, show_spinner=False)
def convolve(image: Floats, weights: Floats, spec: ConvSpec, bias: float) -> ConvTrace:
    """Convolve a (1, H, W) picture with one filter (kH, kW); see `nn.convolve`."""
    from cnnviz.nn import convolve

    return convolve(image, weights[None, None], spec, np.array([bias], np.float32))


@st.cache_data(max_entries=128, show_spinner=False)
def activate(values: Floats, activation: str) -> Floats:
    """Apply an activation function; see `nn.activate`."""
    from cnnviz.nn import activate

    return activate(values, activation)


@st.cache_data(max_entries=128, show_spinner=False)
def pool(image: Floats, spec: PoolSpec) -> PoolTrace:
    """Pool every channel; see `nn.pool`."""
    from cnnviz.nn import pool

    return pool(image, spec)


def prepare(picture: Picture) -> PreparedDigit:
    """Turn a picture into what a digit network reads; see `core.prepare_digit`."""
    return _prepare(picture.digest, picture.image)


@st.cache_data(max_entries=128, show_spinner=False)
def _prepare(digest: str, _image: Floats) -> PreparedDigit:
    return prepare_digit(_image)


def activations(network: str, picture: Picture, image: Floats) -> tuple[LayerActivation, ...]:
    """Return what every layer makes of a prepared image; see `nn.capture`.

    The default picture's were stored beside the network: the first view waits for no torch.
    """
    return _stored(network) if picture.is_default else _captured(network, image)


@st.cache_data(max_entries=4, show_spinner=False)
def _stored(network: str) -> tuple[LayerActivation, ...]:
    return read_activations(weights_folder() / f"{network}.npz")


@st.cache_data(max_entries=64, show_spinner=False)
def _captured(network: str, image: Floats) -> tuple[LayerActivation, ...]:
    from cnnviz.nn import capture

    return capture(resources.network(network), image)
