"""The page as one writes it first, with six filters: six charts."""

import plotly.express as px
import streamlit as st
import torch
import torchvision  # noqa: F401

from cnnviz.core.kernels import KERNELS
from cnnviz.core.samples import draw_sample

st.title("Convolution")
stride = st.segmented_control(
    "Stride", (1, 2, 3, 4), default=1, required=True, key="stride", bind="query-params"
)
picture = torch.from_numpy(draw_sample("digit-7"))[None]
columns = st.columns(3)
for n, kernel in enumerate(("identity", "gaussian", "sharpen", "sobel-x", "sobel-y", "laplacian")):
    weights = torch.from_numpy(KERNELS[kernel].weights(3))
    feature_map = torch.nn.functional.conv2d(picture, weights[None, None], stride=stride)
    columns[n % 3].plotly_chart(px.imshow(feature_map[0, 0].numpy()), key=f"map{n}")
