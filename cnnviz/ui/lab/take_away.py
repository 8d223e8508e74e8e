"""What is on screen to take away: code, files, an animation, a link and its QR code."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

import streamlit as st

from cnnviz.core.lab.pool_spec import PoolSpec
from cnnviz.core.lab.torch_code import conv_code, pool_code
from cnnviz.core.lab.traces import ConvTrace, PoolTrace
from cnnviz.figures.svg import qr_svg
from cnnviz.ui import show
from cnnviz.ui.lab.take_away_files import PICTURE_FILE, conv_files, offer, pool_files, row
from cnnviz.ui.text import _

_CODE_HEIGHT = 460
_Link = Mapping[str, str | None]


def take_away(
    trace: ConvTrace,
    *,
    weights_name: str,
    link: _Link,
    unit: int,
    channel: int = 0,
    activation: str = "none",
    pooling: PoolSpec | None = None,
) -> None:
    """Show the section of a convolution.

    Args:
        trace: Trace of what is on screen.
        weights_name: Name of the filter, for file names.
        link: Every parameter of the address; None leaves one out.
        unit: 255 to show pixels as 0…255, 1 to show them as computed.
        channel: Output channel that is shown.
        activation: What follows the map in the code, one of `core.ACTIVATIONS`.
        pooling: What follows the activation.
    """
    code, files = st.columns([3, 2], gap="large")
    with code, show.explained():
        _code(
            conv_code(
                trace.image,
                trace.weight,
                trace.spec,
                trace.bias,
                activation=activation,
                pooling=pooling,
                picture_file=PICTURE_FILE,
            ),
            unit,
        )
    with files:
        st.subheader(_("Files"), anchor=False)
        conv_files(trace, weights_name, unit, channel)
        _address(link)


def take_away_pool(trace: PoolTrace, *, link: _Link, unit: int, channel: int = 0) -> None:
    """Show the section of a pooling; see `take_away`."""
    code, files = st.columns([3, 2], gap="large")
    with code, show.explained():
        _code(pool_code(trace.image, trace.spec, picture_file=PICTURE_FILE), unit)
    with files:
        st.subheader(_("Files"), anchor=False)
        pool_files(trace, unit, channel)
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


def _address(link: _Link) -> None:
    """Show the link of this view and its QR code."""
    st.subheader(_("Link to this view"), anchor=False)
    given = {name: value for name, value in link.items() if value is not None}
    url = f"{st.context.url or ''}?{urlencode(given, safe=',;:')}"
    st.code(url, language=None, wrap_lines=True)
    with show.explained():
        drawing = qr_svg(url)
        with row(_("QR code")):
            offer("SVG", lambda: drawing, "cnnviz-qr.svg", key="take.qr.svg")
        what = _("The link as a QR code, for a class to scan")
        st.image(drawing, width=240, caption=what, alt=what)
