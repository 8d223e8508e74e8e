"""A page for the browser tests: filters, their maps, and the position that was chosen."""

import json

import numpy as np
import streamlit as st

from cnnviz.ui import state
from cnnviz.ui.components.maps import MapItem, maps

state.settle_language()
query = st.query_params
count, side = int(query.get("count", "6")), int(query.get("side", "12"))
planes, kernel = int(query.get("planes", "1")), int(query.get("kernel", "3"))
random = np.random.default_rng(0)


def item(position):
    height, width = (side, side) if position else (max(1, side - 1), side + 1)
    weights = random.integers(-2, 3, (planes, kernel, kernel)).astype(np.float32)
    shape = random.normal(size=(height, width)).astype(np.float32)
    return MapItem(f"Filter {position + 1}", weights, (position + 1) * shape)


st.title("Maps")
chosen = st.session_state.setdefault("chosen", None)
picked = maps([item(position) for position in range(count)], key="cards", chosen=chosen)
if picked is not None and picked != chosen:
    st.session_state["chosen"] = picked
    st.rerun()
st.text(json.dumps({"chosen": chosen}))
