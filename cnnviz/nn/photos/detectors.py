"""Things found on photographs by torchvision's detectors, before anything is suppressed."""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import nn

from cnnviz.core.arrays import as_picture
from cnnviz.core.photos.networks import PhotoDetector, photo_detector
from cnnviz.core.photos.nms import Detections
from cnnviz.core.records import Floats
from cnnviz.nn.photos.pretrained import fill
from cnnviz.nn.photos.weight_files import Progress, download_weights

LEAST_SCORE = 0.05
"""Boxes with a lower score are not kept: there is one almost everywhere."""
MOST_BOXES = 300
_OPTIONS: dict[str, dict[str, float]] = {
    "ssdlite": {"score_thresh": LEAST_SCORE, "nms_thresh": 1.0, "detections_per_img": MOST_BOXES},
    "fasterrcnn": {
        "box_score_thresh": LEAST_SCORE,
        "box_nms_thresh": 1.0,
        "box_detections_per_img": MOST_BOXES,
    },
}
"""What each is built with, so that it suppresses nothing: that is shown, and done here."""


@dataclass(frozen=True, slots=True, eq=False)
class DetectorModel:
    """A detector, to be shared by everybody.

    Attributes:
        card: What it is.
        network: Takes a list of (3, H, W) float32 in [0, 1], of any size. In evaluation mode,
            without gradients. Never hook it.
    """

    card: PhotoDetector
    network: nn.Module


def load_detector(detector_id: str, *, progress: Progress | None = None) -> DetectorModel:
    """Return a detector, downloading its weights where they are missing.

    Args:
        detector_id: A key of `core.photos.networks.PHOTO_DETECTORS`; never a path.
        progress: As in `nn.photos.pretrained.load_photo_network`.

    Raises:
        LookupError: none has this id.
        Explained: the weights cannot be had; or they are damaged, cut off or foreign, and were
            set aside.
    """
    card = photo_detector(detector_id)
    path = download_weights(card, progress=progress)
    network = build_detector(card)
    fill(network, card, path)
    return DetectorModel(card, network.eval().requires_grad_(False))


def build_detector(card: PhotoDetector) -> nn.Module:
    """Build a detector whose numbers are yet to come.

    Not on "meta": its anchors are numbers that stand in no file. The generator that all threads
    share is put back to where it was.
    """
    package: Any = importlib.import_module("torchvision.models.detection")
    with torch.random.fork_rng(devices=[]):
        network: nn.Module = getattr(package, card.builder)(
            weights=None, weights_backbone=None, **_OPTIONS[card.id]
        )
    if card.id == "fasterrcnn":
        _freeze(network.get_submodule("backbone"))
    return network


def _freeze(module: nn.Module) -> None:
    """Make batch norms what they are where torchvision itself loads weights: plain numbers."""
    misc: Any = importlib.import_module("torchvision.ops.misc")
    for name, child in module.named_children():
        if isinstance(child, nn.BatchNorm2d):
            setattr(module, name, misc.FrozenBatchNorm2d(child.num_features))
        else:
            _freeze(child)


def detect_things(model: DetectorModel, image: Floats) -> Detections:
    """Find things on a photograph: every box with a score, nothing suppressed.

    Args:
        model: Left as it is.
        image: (C, H, W) float32 in [0, 1], C = 1 or 3, any size; not modified.

    Returns:
        Detections with COCO's numbers as labels, best first; `kept(..., by_class=True)` leaves the
        good ones.

    Raises:
        Explained: no such picture.
    """
    image = as_picture(image)
    colours = np.repeat(image, 3, axis=0) if len(image) == 1 else image
    with torch.inference_mode():
        (found,) = model.network([torch.from_numpy(np.array(colours, np.float32))])
    scores = found["scores"].numpy()
    order = np.argsort(-scores, kind="stable")
    boxes = found["boxes"].numpy()[order][:, [1, 0, 3, 2]]  # top, left, bottom, right
    labels = found["labels"].numpy()[order].astype(np.int64)
    return Detections(np.ascontiguousarray(boxes, np.float32), labels, scores[order])
