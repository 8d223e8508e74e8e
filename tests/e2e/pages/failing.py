"""A page, a fragment and callbacks that fail when they are asked to."""

import streamlit as st

from cnnviz.ui import frame


def fail():
    raise OSError(5, "Input/output error", "/srv/secret")


@st.fragment
def part():
    st.button("Fail in a callback of a fragment", on_click=fail)
    if st.button("Fail in a fragment"):
        fail()


with frame.answered():
    frame._tell()
    st.title("The page")
    st.button("Fail in a callback", on_click=fail)
    if st.button("Fail in the page"):
        fail()
    part()
    st.markdown("the rest")
