"""The page as one writes it first: everything imported at the top, one chart for the map."""

import plotly.express as px
import streamlit as st
import torch
import torchvision  # noqa: F401

from cnnviz.core.samples import draw_sample

st.title("Convolution")
stride = st.segmented_control(
    "Stride", (1, 2, 3, 4), default=1, required=True, key="stride", bind="query-params"
)
picture = torch.from_numpy(draw_sample("digit-7"))[None]
sobel = torch.tensor([[1.0, 0.0, -1.0], [2.0, 0.0, -2.0], [1.0, 0.0, -1.0]])
feature_map = torch.nn.functional.conv2d(picture, sobel[None, None], stride=stride)
st.plotly_chart(px.imshow(feature_map[0, 0].numpy()), key="map")
