"""Weights as their addresses would send them: what tests of photographs share."""

import hashlib
import io
import time
from dataclasses import replace

import pytest
import torch

from cnnviz.core.photos.networks import PHOTO_DETECTORS
from cnnviz.nn.photos import weight_files
from cnnviz.nn.photos.detectors import build_detector


def stored(state):
    file = io.BytesIO()
    torch.save(state, file)
    return file.getvalue()


class Answer(io.BytesIO):
    headers = {}  # noqa: RUF012 - none is sent


def serve(monkeypatch, data, *, calls=None):
    def urlopen(url, timeout):
        if calls is not None:
            calls.append(url)
            time.sleep(0.2)
        return Answer(data)

    monkeypatch.setattr(weight_files.urllib.request, "urlopen", urlopen)


@pytest.fixture
def weights_folder(tmp_path, monkeypatch):
    """Where downloads are kept, in a home of the test's own."""
    monkeypatch.setenv("CNNVIZ_HOME", str(tmp_path))
    return tmp_path / "pretrained"


@pytest.fixture(scope="module")
def detector_file():
    """An SSDlite with random weights, and its file: what torchvision's address would send."""
    card = PHOTO_DETECTORS["ssdlite"]
    torch.manual_seed(0)
    network = build_detector(card)
    for name, value in network.named_parameters():
        if "classification_head" in name and value.ndim == 1 and "1.bias" in name:
            value.data.normal_(0, 2)  # so that some classes stand out everywhere
        elif "backbone" in name and value.ndim == 4:
            value.data *= 6  # and not alike
    return card, stored(network.state_dict())


@pytest.fixture
def entered(weights_folder, monkeypatch, detector_file):
    """The table's SSDlite, whose file is the stand-in; its address sends that."""
    card, data = detector_file
    name = f"ssdlite-{hashlib.sha256(data).hexdigest()[:8]}.pth"
    card = replace(card, file_name=name, size_mb=len(data) / 2**20)
    monkeypatch.setitem(PHOTO_DETECTORS, "ssdlite", card)
    serve(monkeypatch, data)
    return card
