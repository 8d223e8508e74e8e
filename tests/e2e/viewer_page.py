"""A page of the tests: `?case=<name of viewer_cases>` mounts that trace's viewer, nothing else."""

import streamlit as st

from cnnviz.core.lab.traces import ConvTrace
from cnnviz.ui import state
from cnnviz.ui.components.viewer import conv_viewer, pool_viewer
from tests.e2e.viewer_cases import CASES

st.set_page_config(layout="wide")
state.settle_language()
st.title("Viewer")
trace = CASES[st.query_params["case"]]()
channel = int(st.query_params.get("channel", 0))
if isinstance(trace, ConvTrace):
    cell = conv_viewer(trace, key="viewer", unit=255, cell=None, channel=channel)
else:
    cell = pool_viewer(trace, key="viewer", unit=255, input_title="Input", channel=channel)
st.text(f"pinned {cell}")
