"""Networks for photographs: the table is torchvision's, wrong files go, downloads are whole."""

import ast
import hashlib
import io
import os
import shutil
import subprocess
import sys
import threading
import urllib.error
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from cnnviz.core.messages import Explained
from cnnviz.core.photos.class_names import class_names
from cnnviz.core.photos.input import photo_input
from cnnviz.core.photos.networks import PHOTO_NETWORKS
from cnnviz.core.samples import read_photograph
from cnnviz.nn.photos import pretrained, weight_files
from cnnviz.nn.photos.pretrained import load_photo_network, shared_photo_network
from cnnviz.nn.photos.weight_files import has_weights, weights_path
from tests.damage import DAMAGES, wreck
from tests.nn.photos.downloads import serve, stored

FROM_TORCHVISION = [card for card in PHOTO_NETWORKS.values() if not card.is_offline]


def torchvision_weights(card):
    import torchvision

    return torchvision.models.get_model_weights(card.builder)


@pytest.mark.parametrize("card", FROM_TORCHVISION, ids=lambda card: card.id)
def test_the_table_says_what_torchvision_says(card):
    (weights,) = [each for each in torchvision_weights(card) if each.url == card.url]
    metrics = weights.meta["_metrics"]["ImageNet-1K"]
    assert (card.parameters, card.size_mb) == (
        weights.meta["num_params"], weights.meta["_file_size"],
    )  # fmt: skip
    assert (card.accuracy, card.accuracy_top5) == (
        pytest.approx(metrics["acc@1"] / 100), pytest.approx(metrics["acc@5"] / 100),
    )  # fmt: skip
    steps = weights.transforms()
    assert (list(card.mean), list(card.std)) == (steps.mean, steps.std)
    assert ([card.resize], card.interpolation) == (steps.resize_size, steps.interpolation.value)
    assert tuple(weights.meta["categories"]) == class_names()
    assert len(bytes.fromhex(card.sha256)) == 4


@pytest.mark.parametrize("name", ["lite0", "squeezenet", "mobilenet"])
def test_networks_see_what_the_reference_shows_them(name):
    """torchvision's own steps, on Pillow's 8-bit picture: equal but for its rounding."""
    from torchvision.transforms import CenterCrop, Compose, InterpolationMode, Resize

    card = PHOTO_NETWORKS[name]
    image = read_photograph("chelsea.png")
    picture = Image.fromarray(np.uint8(image * 255 + 0.5).transpose(1, 2, 0))
    steps = Compose([Resize(card.resize, InterpolationMode(card.interpolation)), CenterCrop(224)])
    expected = np.asarray(steps(picture)).transpose(2, 0, 1) / 255
    np.testing.assert_allclose(photo_input(image, card).seen, expected, rtol=0, atol=1.6 / 255)


def test_the_offline_network_is_the_one_its_card_describes():
    model = shared_photo_network("lite0")
    assert shared_photo_network("lite0") is model
    assert [name for name, _ in model.network.named_children()] == ["normalize", "model"]
    assert sum(each.numel() for each in model.network.parameters()) == model.card.parameters
    assert not any(each.requires_grad for each in model.network.parameters())
    assert not any(module.training for module in model.network.modules())
    assert not any(each.is_meta for each in model.network.state_dict().values())
    assert weights_path(model.card).stat().st_size / 2**20 == pytest.approx(
        model.card.size_mb, abs=1e-3
    )


def test_loading_leaves_the_shared_generator_alone():
    before = torch.random.get_rng_state()
    load_photo_network("lite0")
    assert torch.equal(torch.random.get_rng_state(), before)


def test_unknown_names_and_paths_are_refused():
    for name in ("resnet152", "../lite0", "/etc/passwd", ""):
        with pytest.raises(LookupError):
            load_photo_network(name)


@pytest.fixture(scope="module")
def stand_in():
    """A SqueezeNet of zeros and its file: what torchvision's address would send."""
    card = PHOTO_NETWORKS["squeezenet"]
    model = pretrained._build(card).to_empty(device="cpu")
    state = {key: torch.zeros_like(value) for key, value in model.state_dict().items()}
    return card, stored(state)


def enter(monkeypatch, card, data):
    """Put the stand-in's digest into the table."""
    name = f"squeezenet1_1-{hashlib.sha256(data).hexdigest()[:8]}.pth"
    card = replace(card, file_name=name, size_mb=len(data) / 2**20)
    monkeypatch.setitem(PHOTO_NETWORKS, "squeezenet", card)
    return card


def test_weights_are_downloaded_once_with_progress(weights_folder, monkeypatch, stand_in):
    card, data = stand_in
    card = enter(monkeypatch, card, data)
    assert not has_weights(card)
    calls, told = [], []
    serve(monkeypatch, data, calls=calls)
    abandoned = weights_folder / f".{card.file_name}.killed"
    weights_folder.mkdir()
    abandoned.write_bytes(b"half")
    threads = [
        threading.Thread(
            target=load_photo_network,
            args=("squeezenet",),
            kwargs={"progress": lambda *numbers: told.append(numbers)},
        )
        for _ in range(3)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert calls == [card.url]
    assert told[-1] == (len(data), len(data))
    assert told == sorted(told)
    assert len(told) > 10
    assert has_weights(card)
    assert (weights_folder / card.file_name).read_bytes() == data
    assert {path.suffix for path in weights_folder.iterdir()} <= {".pth", ".lock"}
    logits = load_photo_network("squeezenet").network(torch.rand(2, 3, 224, 224))
    assert logits.shape == (2, 1000)


DAMAGE = {
    "cut off": lambda data: data[: len(data) // 2],
    "empty": lambda data: b"",
    "one bit": lambda data: data[:1000] + bytes([data[1000] ^ 1]) + data[1001:],
    "longer": lambda data: data + b"\0",
    "foreign": lambda data: b"GIF89a" + bytes(5000),
}


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE)
def test_a_wrong_file_is_refused_removed_and_fetched_anew(
    weights_folder, monkeypatch, stand_in, damage
):
    card, data = stand_in
    card = enter(monkeypatch, card, data)
    weights_folder.mkdir()
    (weights_folder / card.file_name).write_bytes(damage(data))
    with pytest.raises(Explained, match="damaged or those of something else"):
        load_photo_network("squeezenet")
    assert not has_weights(card)
    serve(monkeypatch, data)
    load_photo_network("squeezenet")


@pytest.mark.parametrize("damage", DAMAGES)
def test_whatever_lies_in_the_place_of_weights_is_set_aside(
    weights_folder, monkeypatch, stand_in, damage
):
    card, data = stand_in
    card = enter(monkeypatch, card, data)
    weights_folder.mkdir()
    (weights_folder / card.file_name).write_bytes(data)
    wreck(weights_folder / card.file_name, damage)
    serve(monkeypatch, data)
    with suppress(Explained):
        load_photo_network("squeezenet")
    load_photo_network("squeezenet")
    kept = [path.name for path in weights_folder.iterdir() if ".broken-" in path.name]
    assert len(kept) == (damage != "deleted")


def test_weights_that_may_not_be_read_are_one_sentence(weights_folder, monkeypatch, stand_in):
    card, data = stand_in
    card = enter(monkeypatch, card, data)
    weights_folder.mkdir()
    (weights_folder / card.file_name).write_bytes(data)

    def refuse(*args):
        raise PermissionError(13, "Permission denied", "/srv/secret")

    monkeypatch.setattr(os, "open", refuse)
    with pytest.raises(Explained, match="cannot be read on this server"):
        load_photo_network("squeezenet")
    assert (weights_folder / card.file_name).is_file()


class Canary:
    def __reduce__(self):
        return os.mkdir, ("canary-was-here",)


FOREIGN = {
    "code": lambda state: Canary(),
    "no weights": lambda state: [1, 2, 3],
    "one too few": lambda state: dict(list(state.items())[1:]),
    "another name": lambda state: {**state, "extra": torch.zeros(1)},
    "another shape": lambda state: {**state, "classifier.1.bias": torch.zeros(10)},
    "another type": lambda state: {**state, "classifier.1.bias": torch.zeros(1000).double()},
    "not finite": lambda state: {**state, "classifier.1.bias": torch.full((1000,), torch.nan)},
}


@pytest.mark.parametrize("change", FOREIGN.values(), ids=FOREIGN)
def test_a_file_of_the_right_digest_and_other_contents_is_refused(
    weights_folder, monkeypatch, tmp_path, stand_in, change
):
    """What nobody can make by accident: no code in it runs, and it is removed."""
    monkeypatch.chdir(tmp_path)
    card, data = stand_in
    state = torch.load(io.BytesIO(data), weights_only=True)
    other = stored(change(state))
    card = enter(monkeypatch, card, other)
    weights_folder.mkdir()
    (weights_folder / card.file_name).write_bytes(other)
    with pytest.raises(Explained, match="damaged or those of something else"):
        load_photo_network("squeezenet")
    assert not has_weights(card)
    assert not Path("canary-was-here").exists()


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE)
def test_a_wrong_download_is_never_kept(weights_folder, monkeypatch, stand_in, damage):
    card, data = stand_in
    enter(monkeypatch, card, data)
    serve(monkeypatch, damage(data))
    with pytest.raises(Explained, match="not the file it should be"):
        load_photo_network("squeezenet")
    assert [path for path in weights_folder.iterdir() if path.suffix != ".lock"] == []


def test_an_endless_download_is_cut_off(weights_folder, monkeypatch, stand_in):
    card, data = stand_in
    card = enter(monkeypatch, card, data)
    told = []
    serve(monkeypatch, data * 3)
    with pytest.raises(Explained, match="not the file it should be"):
        load_photo_network("squeezenet", progress=lambda *numbers: told.append(numbers))
    assert told[-1][0] < 1.2 * len(data)


@pytest.mark.parametrize(
    "error", [urllib.error.URLError("no name"), TimeoutError(), OSError(28, "no space left")]
)
def test_no_network_and_no_room_are_one_sentence(weights_folder, monkeypatch, error):
    def urlopen(url, timeout):
        raise error

    monkeypatch.setattr(weight_files.urllib.request, "urlopen", urlopen)
    with pytest.raises(Explained, match=r"ResNet-18 \(44.7 MB\) could not be downloaded"):
        load_photo_network("resnet18")
    assert [path for path in weights_folder.iterdir() if path.suffix != ".lock"] == []


def test_a_stopped_download_leaves_nothing(weights_folder, monkeypatch, stand_in):
    card, data = stand_in
    enter(monkeypatch, card, data)
    serve(monkeypatch, data)

    def stop(done, total):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        load_photo_network("squeezenet", progress=stop)
    assert [path for path in weights_folder.iterdir() if path.suffix != ".lock"] == []


def test_a_damaged_installation_is_named_and_left_alone(monkeypatch, tmp_path):
    whole = weights_path(PHOTO_NETWORKS["lite0"])
    for name, data in (("cut", whole.read_bytes()[:1_000_000]), ("gone", None)):
        path = tmp_path / name
        if data:
            path.write_bytes(data)
        monkeypatch.setattr(pretrained, "weights_path", lambda card, path=path: path)
        with pytest.raises(Explained, match="install the package “efficientnet-lite0-pytorch-mo"):
            load_photo_network("lite0")
        assert path.exists() == bool(data)


def test_few_networks_are_kept(monkeypatch):
    monkeypatch.setattr(pretrained, "_shared", type(pretrained._shared)())
    monkeypatch.setattr(pretrained, "load_photo_network", lambda name, progress: object())
    first = shared_photo_network("alexnet")
    for name in ("vgg11", "alexnet", "resnet18"):
        shared_photo_network(name)
    assert list(pretrained._shared) == ["alexnet", "resnet18"]
    assert shared_photo_network("alexnet") is first


def test_a_long_download_holds_up_no_other_network(monkeypatch):
    started, finish = threading.Event(), threading.Event()
    loads = []

    def load(name, progress):
        loads.append(name)
        if name == "vgg11":
            started.set()
            assert finish.wait(20)
        return object()

    monkeypatch.setattr(pretrained, "_shared", type(pretrained._shared)())
    monkeypatch.setattr(pretrained, "load_photo_network", load)
    with ThreadPoolExecutor(3) as pool:
        slow = [pool.submit(shared_photo_network, "vgg11") for _ in range(2)]
        assert started.wait(20)
        pool.submit(shared_photo_network, "lite0").result(20)
        assert not any(each.done() for each in slow)
        finish.set()
        assert slow[0].result(20) is slow[1].result(20)
    assert sorted(loads) == ["lite0", "vgg11"]


def test_importing_brings_neither_torchvision_nor_timm_along():
    code = (
        "import sys, cnnviz.nn, cnnviz.nn.photos.classification;"
        "print({'torchvision', 'timm', 'captum'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_torch_load_stands_in_one_module_and_runs_no_code():
    calls = [
        (path.name, ast.unparse(node))
        for path in Path(pretrained.__file__).parents[2].rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "torch.load"
    ]
    assert calls == [("pretrained.py", "torch.load(file, map_location='cpu', weights_only=True)")]


@pytest.mark.network
@pytest.mark.parametrize("card", FROM_TORCHVISION, ids=lambda card: card.id)
def test_torchvisions_weights_can_be_downloaded(weights_folder, card):
    model = load_photo_network(card.id)
    assert sum(each.numel() for each in model.network.parameters()) == card.parameters
    shutil.rmtree(weights_folder)
