"""What is on screen to take away: code, files, an animation, a link and its QR code."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from contextvars import copy_context
from functools import partial
from math import floor, log10
from typing import Literal
from urllib.parse import urlencode

import numpy as np
import streamlit as st

from cnnviz.core.files import matrix_csv
from cnnviz.core.lab.traces import ConvTrace, PoolTrace
from cnnviz.core.records import Floats
from cnnviz.figures.cells import Kind, lay_out, side_by_side
from cnnviz.figures.raster import matrix_png, png
from cnnviz.figures.sliding import SlidingTitles, sliding_gif
from cnnviz.figures.sliding_scene import check_fits_animation
from cnnviz.figures.svg import matrix_svg, qr_svg
from cnnviz.ui import show, state
from cnnviz.ui.reach import for_others
from cnnviz.ui.streamlit_internals import DeltaGenerator
from cnnviz.ui.text import _, number, say, separators

PICTURE_FILE = "cnnviz-picture.png"
"""Named in the code, which reads it where the picture is too large to stand in it."""

_CODE_HEIGHT = 460
_TITLE_WIDTH = 120
_MIMES = {"png": "image/png", "svg": "image/svg+xml", "csv": "text/csv", "gif": "image/gif"}
_DIGITS = ((3, 1), (2, 10), (1, 1000))
"""Decimals of numbers below a size; larger ones have none."""
_Make = Callable[[], bytes | str]


def take_away(
    trace: ConvTrace | PoolTrace,
    program: Callable[..., str],
    *,
    name: str,
    link: Mapping[str, str | None],
    unit: int,
    channel: int = 0,
) -> None:
    """Show the section.

    Args:
        trace: Trace of what is on screen.
        program: Returns the code that computes it, given the name of a `picture_file`.
        name: What file names have of it.
        link: Every parameter of the address; None leaves one out.
        unit: 255 to show pixels as 0…255, 1 to show them as computed.
        channel: Output channel that is shown.
    """
    code, files = st.columns([3, 2], gap="large")
    with code, show.explained():
        _code(program(picture_file=PICTURE_FILE), unit)
    with files:
        st.subheader(_("Files"), anchor=False)
        _files(trace, _slug(name), unit, channel)
        _address(link)


def _code(program: str, unit: int) -> None:
    st.subheader(_("The code"), anchor=False)
    st.code(program, language="python", height=_CODE_HEIGHT)
    if unit == 255:
        st.caption(
            _(
                "The code computes with pixels from 0 to 1. The files hold the numbers as shown "
                "here, with pixels from 0 to 255."
            )
        )
    if PICTURE_FILE in program:
        st.caption(
            _(
                "It reads {file}: download the picture under “Files” and put it beside the code."
            ).format(file=PICTURE_FILE)
        )


def _address(link: Mapping[str, str | None]) -> None:
    """Show the link of this view and its QR code."""
    st.subheader(_("Link to this view"), anchor=False)
    given = {name: value for name, value in link.items() if value is not None}
    page, note = for_others(st.context.url or "", st.context.ip_address)
    url = f"{page}?{urlencode(given, safe=',;:')}"
    st.code(url, language=None, wrap_lines=True)
    if note is not None:
        st.info(say(note), icon=":material/share_off:")
    with show.explained():
        drawing = qr_svg(url)
        with _row(_("QR code")):
            _offer("SVG", lambda: drawing, "cnnviz-qr.svg", key="take.qr.svg")
        what = _("The link as a QR code, for a class to scan")
        st.image(drawing, width=240, caption=what, alt=what)


# ---------------------------------------------------------------- files


def _files(trace: ConvTrace | PoolTrace, slug: str, unit: int, channel: int) -> None:
    """Offer what a map is made of and the map itself."""
    title = _("Feature map") if isinstance(trace, ConvTrace) else _("Pooled map")
    _picture(trace.image, unit)
    if isinstance(trace, ConvTrace):
        _matrix("kernel", _("Filter"), "weights", trace.kernels[channel], 1, slug)
    _matrix("map", title, "signed", trace.output[channel : channel + 1], unit, slug)
    _animation(trace, title, channel, unit, slug)


def _picture(image: Floats, unit: int) -> None:
    """Offer the picture: its very levels as PNG, and its numbers where it has one plane."""
    with _row(_("Picture")):
        if image.min() >= 0 and image.max() <= 1:
            levels = np.round(image * 255).astype(np.uint8)
            _offer("PNG", partial(png, levels), PICTURE_FILE, key="take.picture.png")
        _offer("CSV", _planes_csv(image, unit), "cnnviz-picture.csv", key="take.picture.csv")


def _matrix(id: str, title: str, kind: Kind, planes: Floats, unit: int, slug: str) -> None:
    """Offer (P, H, W) planes, times `unit`, as PNG, SVG and CSV."""
    lay = partial(
        lay_out,
        side_by_side(planes),
        kind=kind,
        appearance=state.appearance(),
        unit=unit,
        format=_shortened(planes, unit),
    )
    made: dict[str, _Make] = {
        "png": lambda: matrix_png(lay()),
        "svg": lambda: matrix_svg(lay(), title),
        "csv": _planes_csv(planes, unit),
    }
    with _row(title):
        for ending, make in made.items():
            name = f"cnnviz-{slug}-{id}.{ending}"
            _offer(ending.upper(), make, name, key=f"take.{id}.{ending}")


def _animation(
    trace: ConvTrace | PoolTrace, output: str, channel: int, unit: int, slug: str
) -> None:
    """Offer the sliding window as a GIF, or say why it would not be legible."""
    with show.explained():
        check_fits_animation(trace)
        titles = SlidingTitles(
            input=_("Input"),
            patch=_("Under the window"),
            kernel=_("Filter"),
            output=output,
            planes=(_("Red"), _("Green"), _("Blue")),
        )
        make = partial(
            sliding_gif,
            trace,
            channel=channel,
            appearance=state.appearance(),
            unit=unit,
            format=_shortened(trace.output, unit),
            titles=titles,
        )
        with _row(_("Animation")):
            _offer("GIF", make, f"cnnviz-{slug}-window.gif", key="take.gif")


def _planes_csv(planes: Floats, unit: int) -> _Make:
    """What writes planes below each other, separated as a typed filter may be."""
    shown = planes * np.float32(unit)
    decimal: Literal[".", ","] = "," if separators()[0] == "," else "."
    return lambda: "---\n".join(matrix_csv(plane, decimal=decimal) for plane in shown)


def _row(title: str) -> DeltaGenerator:
    """A line of buttons with what they are about before them."""
    row = st.container(horizontal=True, vertical_alignment="center", gap="small")
    row.markdown(title, width=_TITLE_WIDTH)
    return row


def _offer(label: str, make: _Make, name: str, *, key: str) -> None:
    """Offer a file that is made when it is asked for: later, in a thread of its own.

    The language of this run goes with it.
    """
    state.language()
    run = copy_context().run
    mime = _MIMES[name.rpartition(".")[2]]
    show.offer(label, partial(run, make), name, mime, key=key, help=name)


def _shortened(values: Floats, unit: int) -> Callable[[float], str]:
    """Return what writes the numbers of a map with as many decimals as a cell has room for.

    Where all of them are small, it writes two digits of the largest.
    """
    peak = float(np.abs(values).max(initial=0.0)) * unit
    least = 1 - floor(log10(peak)) if 0 < peak < 0.01 else 0

    def short(value: float) -> str:
        digits = next((digits for digits, most in _DIGITS if abs(value) < most), 0)
        return number(value, max(digits, least))

    return short


def _slug(name: str) -> str:
    """A name as part of a file's name: no accents, no spaces."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:40] or "filter"
