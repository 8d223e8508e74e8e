"""A page for the browser tests: the kernel editor, and what the server made of its reports."""

import json
import time

import streamlit as st

from cnnviz.core.kernels.text import format_filter, parse_filter
from cnnviz.ui import state
from cnnviz.ui.components.kernel import kernel_editor, reported

KEY = "board"
state.settle_language()
held = st.session_state
held.setdefault("text", st.query_params.get("k", "1,0,-1;2,0,-2;1,0,-1"))
held.setdefault("reports", [])


def take():
    held.reports = [*held.reports, held[KEY]["changed"]]
    if "deaf" not in st.query_params:
        held.text = reported(KEY)


def negate():
    held.reports = [*held.reports, "negate"]
    held.text = format_filter(-parse_filter(held.text))


st.title("Board")
time.sleep(float(st.query_params.get("delay", "0")))
returned = kernel_editor(parse_filter(held.text), key=KEY, on_change=take)
st.button("Negate", on_click=negate)
st.text_input("Elsewhere", key="elsewhere")
told = {"text": held.text, "reports": held.reports, "returned": returned}
st.text(json.dumps(told))
