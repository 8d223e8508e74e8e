"""A page for the browser tests: a chain on a sample, or a challenge with a small filter."""

import streamlit as st

from cnnviz.core.kernels.text import parse_kernel
from cnnviz.core.lab.specs import ConvSpec
from cnnviz.core.samples import draw_sample
from cnnviz.ui import state
from cnnviz.ui.lab.chain import chaining
from cnnviz.ui.lab.challenges import challenges

st.set_page_config(layout="wide")
state.settle_language()
query = st.query_params
st.title("Chain")
if "challenge" in query:
    weights = parse_kernel(query.get("kernel", "1 0 -1; 2 0 -2; 1 0 -1"))
    challenges(weights, ConvSpec(weights.shape, padding=int(query.get("padding", "0"))), 0.0)
else:
    chaining(draw_sample(query.get("picture", "digit-7")), int(query.get("unit", "255")))
