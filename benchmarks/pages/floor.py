"""The floor: what Streamlit itself costs. The same control, and one number."""

import streamlit as st

st.title("Floor")
stride = st.segmented_control(
    "Stride", (1, 2, 3, 4), default=1, required=True, key="stride", bind="query-params"
)
st.text(f"stride is {stride}")
