"""What pages show besides components: headings, refusals, charts, waiting."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from cnnviz.core.messages import Explained
from cnnviz.ui import resources
from cnnviz.ui.text import say, separators

if TYPE_CHECKING:
    import plotly.graph_objects as go


def heading(title: str, lead: str) -> None:
    """Show a page's title and its one sentence of lead."""
    st.title(title, anchor=False)
    st.markdown(lead)


@contextmanager
def explained() -> Iterator[None]:
    """Show an `Explained` raised inside as one sentence, in place of what would have followed."""
    try:
        yield
    except Explained as refusal:
        st.warning(say(refusal), icon=":material/info:")


@contextmanager
def waiting(height: int) -> Iterator[None]:
    """Hold the place of what comes while torch is still loading."""
    if resources.is_warm():
        yield
        return
    with st.skeleton(height=height):
        yield


def staying(key: str) -> DeltaGenerator:
    """Return a container that stays on screen while what stands beside it scrolls past."""
    st.html(
        "<style>@media (min-width: 700px) {"
        f'[data-testid="stLayoutWrapper"]:has(> .st-key-{key}) {{ position: sticky; top: 4rem; }}'
        "}</style>"
    )
    return st.container(key=key)


def plot(figure: go.Figure, *, alt: str, key: str) -> None:
    """Show a chart with a sentence that says what it is."""
    figure.update_layout(separators=separators())
    st.plotly_chart(figure, key=key, alt=alt, config={"displaylogo": False})
