"""A network's activations as stages of a wall: which layers, under which headings."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from cnnviz.core.networks.certainty import softmax
from cnnviz.core.networks.layer_kinds import kind_title
from cnnviz.core.networks.network_spec import LayerShape, NetworkSpec
from cnnviz.core.records import Floats, LayerActivation
from cnnviz.ui import controls, state
from cnnviz.ui.components.wall import Stage, on_one_scale
from cnnviz.ui.text import _


def title(layer: LayerActivation | LayerShape) -> str:
    """Return a layer's heading: its kind, and its number where the name has one."""
    count = "".join(letter for letter in layer.name if letter.isdigit())
    return f"{_(kind_title(layer.kind))} {count}".rstrip()


def labels(spec: NetworkSpec) -> tuple[str, ...]:
    """Return a network's class names in the reader's language; numbers where it has none."""
    if spec.labels:
        return tuple(map(_, spec.labels))
    return tuple(str(idx) for idx in range(spec.shapes()[-1].shape[0]))


def find(activations: Sequence[LayerActivation], name: str) -> LayerActivation:
    """Return the layer of that name.

    Raises:
        LookupError: there is none.
    """
    for each in activations:
        if each.name == name:
            return each
    raise LookupError(f"no layer {name!r}")


def chain(activations: Sequence[LayerActivation]) -> list[Stage]:
    """Return the whole chain in seven boxes: the first block in full, then ever shorter."""
    pools = [each for each in activations if each.kind.endswith("pool")]
    picked = [
        (activations[0], _("Input"), 1, 1.2, (_("Look at its pixels"), "pixels")),
        (find(activations, "conv1"), None, 2, 1.15, (_("Move a filter"), "convolution")),
        (find(activations, "relu1"), None, 2, 1.15, (_("What it does"), "convolution")),
        (pools[0], None, 2, 1.15, (_("Change the window"), "convolution")),
        (pools[-1], _("Second block"), 4, 1.3, (_("See every layer"), "network")),
    ]
    stages = [
        Stage(
            each.name,
            heading or title(each).removesuffix(" 1"),
            "pixels" if each.kind == "input" else "signed",
            each.values,
            columns=columns,
            share=share,
            door=door,
        )
        for each, heading, columns, share, door in picked
    ]
    return [*stages, *answer(activations, doors=True)]


def answer(activations: Sequence[LayerActivation], *, doors: bool = False) -> list[Stage]:
    """Return the two last boxes: logits, and the probabilities made of them."""
    logits = activations[-1].values
    door = (_("How it is made"), "network") if doors else None
    return [
        Stage("logits", _("Logits"), "classes", logits, share=1.5, door=door),
        shares("probabilities", _("Probabilities"), activations, share=1.7, door=door),
    ]


def shares(
    stage_id: str,
    title: str,
    activations: Sequence[LayerActivation],
    *,
    share: float = 1.0,
    door: tuple[str, str] | None = None,
) -> Stage:
    """Return a box with the probabilities of the classes."""
    values = softmax(activations[-1].values).astype(np.float32)
    return Stage(stage_id, title, "classes", values, share=share, door=door, is_share=True)


def every_layer(activations: Sequence[LayerActivation], scale: str = "layer") -> list[Stage]:
    """Return one row a layer; flattening only rearranges and is left out.

    Args:
        activations: From input to logits.
        scale: What has one colour scale: each "map", each "layer", or the "network".
    """
    stages = [
        Stage(
            each.name,
            title(each),
            "pixels" if each.kind == "input" else "signed",
            each.values,
            choosable=True,
            side=_side(each.values),
            is_each=scale == "map" and each.kind != "input",
        )
        for each in activations
        if each.kind != "flatten"
    ]
    return on_one_scale(stages) if scale == "network" else stages


def _side(values: Floats) -> int:
    """Longest side of a map on the wall, in CSS pixels: vectors are strips, lone maps larger."""
    if values.ndim == 1:
        return 208
    return 84 if len(values) > 1 else 112


def example(stage_id: str, title: str, levels: NDArray[np.uint8]) -> Stage:
    """Return a small box with a picture of a data set, (C, H, W)."""
    image = levels.astype(np.float32) / np.float32(255)
    return Stage(stage_id, title, "pixels", image, columns=1, side=96)


def seen(image: Floats) -> list[Stage]:
    """Return the one box with the picture that the network sees."""
    return [Stage("seen", _("What the network sees"), "pixels", image, columns=1, side=196)]


def choose(activations: Sequence[LayerActivation], *, key: str) -> str:
    """Draw the choice of one of these layers, at first the first convolution; return its name."""
    names = {each.name: title(each) for each in activations}
    first = next((each.name for each in activations if each.kind == "conv"), next(iter(names)))
    state.remember_default(key, first)
    return controls.select(_("Layer"), key, names, start=first, width=230, persists=False)
