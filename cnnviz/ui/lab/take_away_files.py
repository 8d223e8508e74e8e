"""Files of what is on screen: the picture, every matrix, the sliding window."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from contextvars import copy_context
from dataclasses import dataclass
from functools import partial
from typing import Literal

import numpy as np
import streamlit as st

from cnnviz.core.files import matrix_csv
from cnnviz.core.lab.traces import ConvTrace, PoolTrace
from cnnviz.core.records import Floats
from cnnviz.figures.cells import Kind, lay_out, side_by_side
from cnnviz.figures.raster import matrix_png, png
from cnnviz.figures.sliding import SlidingTitles, sliding_gif
from cnnviz.figures.sliding_scene import check_fits_animation
from cnnviz.figures.svg import matrix_svg
from cnnviz.ui import show, state
from cnnviz.ui.streamlit_internals import DeltaGenerator
from cnnviz.ui.text import _, number, separators

PICTURE_FILE = "cnnviz-picture.png"
"""Named in the code, which reads it where the picture is too large to stand in it."""

_TITLE_WIDTH = 120
_MIMES = {"png": "image/png", "svg": "image/svg+xml", "csv": "text/csv", "gif": "image/gif"}
_DIGITS = ((3, 1), (2, 10), (1, 1000))
"""Decimals of numbers below a size; larger ones have none."""
_Make = Callable[[], bytes | str]


@dataclass(frozen=True, slots=True, eq=False)
class _Panel:
    """One matrix that is on screen: how it is called and where its files go.

    Attributes:
        id: In keys and file names.
        title: In the reader's language.
        planes: (P, H, W).
        unit: What its numbers are multiplied with.
    """

    id: str
    title: str
    kind: Kind
    planes: Floats
    unit: int


def conv_files(trace: ConvTrace, weights_name: str, unit: int, channel: int) -> None:
    """Offer what a convolution is made of and comes to; see `take_away.take_away`."""
    slug = _slug(weights_name)
    shown = trace.output[channel : channel + 1]
    _picture(trace.image, unit)
    _panel(_Panel("kernel", _("Filter"), "weights", trace.kernels[channel], 1), slug)
    _panel(_Panel("map", _("Feature map"), "signed", shown, unit), slug)
    _animation(trace, channel, unit, slug)


def pool_files(trace: PoolTrace, unit: int, channel: int) -> None:
    """Offer what a pooling takes and comes to; see `take_away.take_away_pool`."""
    slug = _slug(trace.spec.kind)
    shown = trace.output[channel : channel + 1]
    _picture(trace.image, unit)
    _panel(_Panel("map", _("Pooled map"), "signed", shown, unit), slug)
    _animation(trace, channel, unit, slug)


def _picture(image: Floats, unit: int) -> None:
    """Offer the picture: its very levels as PNG, and its numbers where it has one plane."""
    with row(_("Picture")):
        if image.min() >= 0 and image.max() <= 1:
            levels = np.round(image * 255).astype(np.uint8)
            offer("PNG", partial(png, levels), PICTURE_FILE, key="take.picture.png")
        offer("CSV", _planes_csv(image, unit), "cnnviz-picture.csv", key="take.picture.csv")


def _panel(panel: _Panel, slug: str) -> None:
    """Offer a matrix as PNG, SVG and CSV."""
    lay = partial(
        lay_out,
        side_by_side(panel.planes),
        kind=panel.kind,
        appearance=state.appearance(),
        unit=panel.unit,
        format=_short,
    )
    made: dict[str, _Make] = {
        "png": lambda: matrix_png(lay()),
        "svg": lambda: matrix_svg(lay(), panel.title),
        "csv": _planes_csv(panel.planes, panel.unit),
    }
    with row(panel.title):
        for ending, make in made.items():
            name = f"cnnviz-{slug}-{panel.id}.{ending}"
            offer(ending.upper(), make, name, key=f"take.{panel.id}.{ending}")


def _animation(trace: ConvTrace | PoolTrace, channel: int, unit: int, slug: str) -> None:
    """Offer the sliding window as a GIF, or say why it would not be legible."""
    with show.explained():
        check_fits_animation(trace)
        titles = SlidingTitles(
            input=_("Input"),
            patch=_("Under the window"),
            kernel=_("Filter"),
            output=_("Feature map") if isinstance(trace, ConvTrace) else _("Pooled map"),
            planes=(_("Red"), _("Green"), _("Blue")),
        )
        make = partial(
            sliding_gif,
            trace,
            channel=channel,
            appearance=state.appearance(),
            unit=unit,
            format=_short,
            titles=titles,
        )
        with row(_("Animation")):
            offer("GIF", make, f"cnnviz-{slug}-window.gif", key="take.gif")


def _planes_csv(planes: Floats, unit: int) -> _Make:
    """What writes planes below each other, separated as a typed filter may be."""
    decimal: Literal[".", ","] = "," if separators()[0] == "," else "."
    return partial(_joined_csv, planes * np.float32(unit), decimal)


def _joined_csv(planes: Floats, decimal: Literal[".", ","]) -> str:
    return "---\n".join(matrix_csv(plane, decimal=decimal) for plane in planes)


def row(title: str) -> DeltaGenerator:
    """A line of buttons with what they are about before them."""
    row = st.container(horizontal=True, vertical_alignment="center", gap="small")
    row.markdown(title, width=_TITLE_WIDTH)
    return row


def offer(label: str, make: _Make, name: str, *, key: str) -> None:
    """Offer a file that is made when it is asked for: later, in a thread of its own.

    The language of this run goes with it.
    """
    state.language()
    run = copy_context().run
    mime = _MIMES[name.rpartition(".")[2]]
    st.download_button(label, partial(run, make), name, mime, key=key, help=name, on_click="ignore")


def _short(value: float) -> str:
    """A number with as many decimals as a cell has room for."""
    digits = next((digits for digits, most in _DIGITS if abs(value) < most), 0)
    return number(value, digits)


def _slug(name: str) -> str:
    """A name as part of a file's name: no accents, no spaces."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:40] or "filter"
