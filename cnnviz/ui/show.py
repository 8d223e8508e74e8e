"""What pages show besides components: headings, refusals, charts, waiting."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, TypeVar

import numpy as np
import streamlit as st

from cnnviz.core.messages import Explained
from cnnviz.figures.raster import png
from cnnviz.ui import resources
from cnnviz.ui.streamlit_internals import DeltaGenerator, sticky
from cnnviz.ui.text import say, separators

if TYPE_CHECKING:
    import plotly.graph_objects as go

Result = TypeVar("Result")

_SOON_S = 0.4
"""Seconds that a page may be silent; what takes longer shows a bar."""
_USUAL_S = 3.0
"""Seconds after which the bar is two thirds full: nobody knows how long it will take."""


def heading(title: str, lead: str) -> None:
    """Show a page's title and its one sentence of lead."""
    st.title(title, anchor=False)
    st.markdown(lead)


@contextmanager
def explained() -> Iterator[None]:
    """Show an `Explained` raised inside as one sentence, in place of what would have followed."""
    try:
        yield
    except Explained as why:
        refusal(why)


def refusal(why: Explained) -> None:
    """Show why something cannot be, in one sentence."""
    st.warning(say(why), icon=":material/info:")


@contextmanager
def waiting(height: int) -> Iterator[None]:
    """Hold the place of what comes while torch is still loading."""
    if resources.is_warm():
        yield
        return
    with st.skeleton(height=height):
        yield


def fragment(part: Callable[[], None]) -> Callable[[], None]:
    """Return a part of a page as a fragment, which changes in it run alone.

    While torch is still loading it stays a plain part, and a change starts the whole page over. A
    fragment would wait for the page's first run and answer right behind it, for which Streamlit
    1.67 is not made: its browser side hands a component that is still being fetched the older of
    two answers last, or finds no place for the newer one and shows an empty page.
    """
    return st.fragment(part) if resources.is_warm() else part


def patiently(work: Callable[[], Result], message: str) -> Result:
    """Return what `work` returns, with a bar on the page if that takes longer than a blink.

    The work runs in a thread of its own and calls nothing of Streamlit.
    """
    with ThreadPoolExecutor(1) as pool:
        future, started, place = pool.submit(work), time.monotonic(), st.empty()
        patience = _SOON_S
        while not wait([future], patience).done:
            place.progress(1 - math.exp((started - time.monotonic()) / _USUAL_S), message)
            patience = 0.15
        place.empty()
        return future.result()


def staying(key: str) -> DeltaGenerator:
    """Return a container that stays on screen while what stands beside it scrolls past."""
    st.html(sticky(key))
    return st.container(key=key)


def download(label: str, levels: np.ndarray, name: str, *, key: str) -> None:
    """Offer levels (C, H, W), uint8 of 255 or float32 in [0, 1], as a PNG file; see `offer`.

    The name is that of the file, without its ending.
    """
    offer(label, partial(png, levels), f"{name}.png", "image/png", key=key)


def offer(
    label: str,
    make: Callable[[], bytes | str],
    name: str,
    mime: str,
    *,
    key: str,
    help: str | None = None,
) -> None:
    """Offer a file, which is made when it is asked for, outside of the session."""
    st.download_button(label, make, name, mime, key=key, help=help, on_click="ignore")


def plot(figure: go.Figure, *, alt: str, key: str) -> None:
    """Show a chart with a sentence that says what it is."""
    figure.update_layout(separators=separators())
    st.plotly_chart(figure, key=key, alt=alt, config={"displaylogo": False})
