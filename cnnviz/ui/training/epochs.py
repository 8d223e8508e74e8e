"""A network watched forming: its epochs to go through, and what each made of one picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import streamlit as st

from cnnviz import nn
from cnnviz.core.networks.certainty import softmax
from cnnviz.core.networks.layer_specs import ConvLayer
from cnnviz.core.records import Floats, LayerActivation
from cnnviz.core.training.records import RunRecord
from cnnviz.figures.cells import filter_colours, sheet
from cnnviz.figures.theme import PALETTES
from cnnviz.ui import layers, show, state
from cnnviz.ui.components.wall import Stage, wall
from cnnviz.ui.streamlit_internals import set_anew
from cnnviz.ui.text import _, number

_MOST_MAPS = 16
"""Filters and maps of a layer that are shown: its first."""


@dataclass(frozen=True, slots=True, eq=False)
class _Formed:
    """What is shown of a network after an epoch.

    Attributes:
        picture: (C, H, W) float32 in [0, 1].
        truth: Its class.
        filters: (N, C, kH, kW) of the first convolution; None where there is none.
        maps: Maps of the first convolution and of the last layer that makes maps.
        shares: (classes,) probabilities.
        confusion: (classes, classes) held-out pictures by true class and answer, or None.
    """

    picture: Floats
    truth: int
    filters: Floats | None
    maps: tuple[LayerActivation, ...]
    shares: Floats
    confusion: np.ndarray | None


def forming(run: RunRecord, *, is_live: bool) -> None:
    """Show how a run's network formed; one that is being trained is followed as it goes."""
    kept, watched = nn.kept_epochs(run.id), nn.read_watched(run.id)
    if not kept or watched is None:
        said = _("Its epochs were not kept: the network is too large, or it is an old run.")
        if not is_live:
            st.caption(said)
        return
    names = layers.labels(run.spec)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        key = f"train.picture.{run.id}"
        pictures = {place: names[label] for place, label in enumerate(watched.labels)}
        set_anew(key, pictures)
        place = st.selectbox(
            _("Picture"), list(pictures), format_func=pictures.__getitem__, key=key, width=150
        )
        epoch = _choose_epoch(run, kept, is_live=is_live)
    with show.explained():
        _show(run, epoch, _formed(run.id, epoch, int(place)), names)


def _choose_epoch(run: RunRecord, kept: tuple[int, ...], *, is_live: bool) -> int:
    """Draw the scrubber; its bounds stay the same while more epochs come in."""
    key, follow = f"train.epoch.{run.id}", f"train.follow.{run.id}"
    if state.held(follow) is None:
        state.hold(follow, True)
    if (is_live and state.held(follow)) or state.held(key) is None:
        state.hold(key, kept[-1])
    label, most = _("After so many epochs"), run.config.epochs
    chosen = st.slider(
        label, 0, most, key=key, on_change=state.hold, args=(follow, False), width=320
    )
    if is_live:
        st.toggle(_("Follow the training"), key=follow)
    return max((each for each in kept if each <= chosen), default=kept[0])


@st.cache_resource(max_entries=64, show_spinner=False)
def _formed(run_id: str, epoch: int, place: int) -> _Formed:
    watched = nn.read_watched(run_id)
    if watched is None:
        raise LookupError(f"no pictures with {run_id!r}")
    seen = nn.view_epoch(run_id, epoch, watched.images[place])
    spatial = [each for each in seen.activations[2:] if each.values.ndim == 3]
    first = [each for each in spatial if each.kind == "conv"][:1]
    maps = [*first, *(each for each in spatial[-1:] if each not in first)]
    return _Formed(
        seen.activations[0].values,
        int(watched.labels[place]),
        None if seen.filters is None else seen.filters[:_MOST_MAPS],
        tuple(LayerActivation(m.name, m.kind, m.values[:_MOST_MAPS].copy()) for m in maps),
        softmax(seen.activations[-1].values).astype(np.float32),
        seen.confusion,
    )


def _show(run: RunRecord, epoch: int, formed: _Formed, names: Sequence[str]) -> None:
    stages = [Stage("input", _("Input"), "pixels", formed.picture, columns=1, side=112)]
    if formed.filters is not None:
        stages.append(_filters(formed.filters, run))
    for each in formed.maps:
        title, columns = layers.title(each), _columns(each.values)
        stages.append(Stage(each.name, title, "signed", each.values, columns=columns, share=1.3))
    title, labels = _("Probabilities"), tuple(names) if max(map(len, names)) > 1 else None
    answer = Stage(
        "probabilities", title, "classes", formed.shares, share=1.7, is_share=True, labels=labels
    )
    stages.append(answer)
    if formed.confusion is not None:
        stages.append(_confusion(formed.confusion))
    wall(
        stages,
        key=f"train.forming.{run.id}",
        layout="chain",
        labels=names,
        says=_says(run, epoch, names[formed.truth], names[int(formed.shares.argmax())]),
    )


def _says(run: RunRecord, epoch: int, truth: str, answer: str) -> str:
    if epoch == 0:
        return _("Before the training: every weight was drawn by chance.")
    said = _("After {epoch} of {epochs} epochs, this “{truth}” is taken for “{answer}”.")
    total = run.config.epochs
    return said.format(epoch=number(epoch), epochs=number(total), truth=truth, answer=answer)


def _filters(weights: Floats, run: RunRecord) -> Stage:
    """The first filters: in colour where their planes are red, green and blue."""
    first = next(each for each in run.spec.layers if isinstance(each, ConvLayer))
    shape = (first.filters, *weights.shape[1:])
    title, peak = _("First filters"), float(np.abs(weights).max()) or 1.0
    columns = _columns(weights)
    if weights.shape[1] == 3:
        laid = sheet(filter_colours(weights, peak), columns, frame=0.5)
        return Stage("filters", title, "pixels", laid, columns=1, share=1.15, shape=shape)
    planes = weights[:, 0]
    return Stage("filters", title, "weights", planes, columns=columns, share=1.15, shape=shape)


def _columns(values: Floats) -> int:
    return 2 if len(values) <= 8 else 4


def _confusion(counts: np.ndarray) -> Stage:
    """Held-out pictures by true class and answer, on a logarithmic scale."""
    most = int(counts.max())
    palette = PALETTES[state.appearance()]
    return Stage(
        "confusion",
        _("Held-out pictures: class ↓, answer →"),
        "signed",
        np.log1p(counts).astype(np.float32)[None],
        columns=1,
        share=1.2,
        shape=counts.shape,
        scale=("0", number(most), (palette.neutral, palette.map_high)),
    )
