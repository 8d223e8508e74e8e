"""The program of an answer, run: the same probabilities of any file that the page accepts."""

import ast
import collections
import io
import struct
import sys
from contextlib import redirect_stdout
from importlib.metadata import requires

import numpy as np
import pytest
import torchvision
from PIL import Image

from cnnviz.core.photos.answers import photo_answer, torch_code
from cnnviz.core.photos.input import PhotoCrop, PhotoInput
from cnnviz.core.photos.networks import PHOTO_NETWORKS
from cnnviz.core.pictures.edits import (
    KINDS,
    Contrast,
    Crop,
    EvenLight,
    Grey,
    Invert,
    Resize,
    Rotate,
    SetPixel,
)  # fmt: skip
from cnnviz.core.pictures.finder import KeepInk
from cnnviz.core.pictures.images import load_image
from cnnviz.core.pictures.levels import as_image, changed_levels, whole_levels
from cnnviz.core.samples import draw_sample, read_photograph
from cnnviz.nn.photos.classification import classify_photo
from cnnviz.nn.photos.pretrained import shared_photo_network
from tests.pictures.apng import control, frame_data
from tests.pictures.cases import exif, saved, turned
from tests.pictures.png import chunk, png

CAT = np.round(read_photograph("chelsea.png") * 255).astype(np.uint8).transpose(1, 2, 0)
ALPHA = np.broadcast_to(np.linspace(0, 255, CAT.shape[1]).astype(np.uint8), CAT.shape[:2])
DEEP = CAT[..., 1].astype(np.uint16) * 257 + 11
LARGE = np.kron(CAT, np.ones((4, 4, 1), np.uint8))
PALETTE = Image.fromarray(CAT).quantize(64)
JPEG = saved("JPEG", CAT, quality=90)
NINE = 255 - np.kron(
    np.round(draw_sample("digit-9")[0] * 255).astype(np.uint8), np.ones((6, 6), np.uint8)
)
ANIMATED = png(
    255 - CAT, 2, before=chunk(b"acTL", struct.pack(">II", 1, 0)),
    after=control(0, 200, 300, (50, 70)) + frame_data(1, CAT[50:250, 70:370]),
)  # fmt: skip


def tilted(way, kind="JPEG", **options):
    block = exif(way) if kind == "WEBP" else b"Exif\0\0" + exif(way)
    return saved(kind, np.ascontiguousarray(turned(CAT, way)), exif=block, **options)


FILES = {
    "turned by 3.jpg": tilted(3),
    "turned by 6.jpg": tilted(6),
    "turned.webp": tilted(8, "WEBP"),
    "alpha.png": png(np.dstack((CAT, ALPHA)), 6),
    "grey and alpha.png": png(np.dstack((CAT[..., 0], ALPHA)), 4),
    "palette with alphas.png": saved("PNG", PALETTE, transparency=bytes(range(0, 256, 4))),
    "16 bits.png": png(DEEP, 0, 16),
    "16 bits dark.png": png(DEEP // 40, 0, 16),
    "16 bits colour.png": png(CAT.astype(np.uint16) * 257 + 5, 2, 16),
    "cmyk.jpg": saved("JPEG", Image.fromarray(CAT).convert("CMYK"), quality=90),
    "two pictures.jpg": saved("MPO", CAT, save_all=True, append_images=[Image.fromarray(LARGE)]),
    "animated.gif": saved("GIF", PALETTE, save_all=True, append_images=[PALETTE.rotate(90)]),
    "animated, hidden picture.png": ANIMATED,
    "cut off.jpg": JPEG[:-2],
    "large.jpg": saved("JPEG", LARGE, quality=80),
    "large, turned.jpg": saved("JPEG", LARGE, quality=80, exif=b"Exif\0\0" + exif(6)),
    "large.png": saved("PNG", LARGE[:1100, :1500]),
    "one pixel.png": png(CAT[:1, :1], 2),
    "wide.png": png(CAT[:20, :320], 2),
    'my "cat" of the café’s.jpg': JPEG,
}
CROPS = {
    "corner": (JPEG, PhotoCrop(0.25, 0, 1), ()),
    "all": (JPEG, PhotoCrop(1.0, 0.3, 0.7), ()),
    "of a turned one": (tilted(6), PhotoCrop(0.575, 1, 0.05), ()),
    "turned": (JPEG, PhotoCrop(), (Rotate(-90), Rotate(17.5))),
    "many": (
        JPEG, PhotoCrop(0.7, 0.1, 0.9),
        (EvenLight(), Contrast(20, 220), Crop(10, 20, 250, 400), Resize(224, 358),
         SetPixel(3, 4, (1, 2, 250))),
    ),
    "only ink": (saved("PNG", NINE), PhotoCrop(), (KeepInk(), Invert())),
    "grey": (JPEG, PhotoCrop(), (Grey(), Invert(), SetPixel(0, 0, (9,)))),
    "of 16 bits": (png(DEEP, 0, 16), PhotoCrop(), (Contrast(10, 200), Rotate(5))),
}  # fmt: skip


def answered(data, crop=None, edits=()):
    """What the page says, by the steps of the page."""
    given = levels = whole_levels(load_image(data))
    for edit in edits:
        levels, _step = changed_levels(given, levels, edit)
    return classify_photo(shared_photo_network("lite0"), as_image(levels), crop)


def told(code, file, monkeypatch):
    """What the program prints: (class, probability) of five."""
    monkeypatch.setattr(sys, "argv", ["program.py", str(file)])
    out = io.StringIO()
    with redirect_stdout(out):
        exec(compile(code, "program.py", "exec"), {"__name__": "__main__"})
    rows = (line.split() for line in out.getvalue().splitlines())
    return [(int(class_idx), float(probability)) for class_idx, probability in rows]


def assert_same(printed, answer):
    assert len(printed) == 5
    for (class_idx, probability), said in zip(printed, answer.predictions, strict=False):
        assert probability == pytest.approx(answer.probabilities[class_idx], abs=1e-4)
        assert probability == pytest.approx(said.probability, abs=1e-4)


@pytest.mark.parametrize("name", FILES)
def test_it_repeats_the_answer_of_any_file(name, monkeypatch, tmp_path):
    file = tmp_path / name
    file.write_bytes(FILES[name])
    answer = answered(FILES[name])
    assert_same(told(torch_code(answer), file, monkeypatch), answer)


@pytest.mark.parametrize("name", CROPS)
def test_it_repeats_crops_and_changes(name, monkeypatch, tmp_path):
    data, crop, edits = CROPS[name]
    file = tmp_path / "photograph"
    file.write_bytes(data)
    answer = answered(data, crop, edits)
    assert_same(told(torch_code(answer, edits), file, monkeypatch), answer)


@pytest.mark.parametrize(
    ("data", "words"), [(b"no picture", "This is no picture"), (None, "No such file")]
)
def test_it_refuses_in_one_sentence(data, words, monkeypatch, tmp_path):
    file = tmp_path / "file"
    if data:
        file.write_bytes(data)
    with pytest.raises(SystemExit, match=words):
        told(torch_code(answered(JPEG)), file, monkeypatch)


def test_every_kind_of_change_has_a_program():
    edits = (
        Grey(), Invert(), Contrast(1, 200), EvenLight(), KeepInk(), Rotate(5), Crop(0, 0, 9, 9),
        Resize(9, 9), SetPixel(0, 0, (1,)),
    )  # fmt: skip
    assert {type(each) for each in edits} == set(KINDS.values())
    for each in edits:
        tree = ast.parse(torch_code(answered(JPEG), (each,)))
        used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
        assert "__file__" not in used
        assert ("WEIGHTS" in used) == isinstance(each, KeepInk)


@pytest.mark.parametrize("network", PHOTO_NETWORKS)
def test_each_network_has_a_program_that_names_what_it_needs(network):
    card = PHOTO_NETWORKS[network]
    seen = PhotoInput(np.zeros((3, 224, 224), np.float32), 0, 0, 224)
    code = torch_code(photo_answer(network, seen, np.zeros(1000, np.float32)), (Invert(),))
    tree = ast.parse(code)
    assert max(map(len, code.splitlines())) <= 100
    defined = (each.name for each in tree.body if hasattr(each, "name"))
    assigned = (each.targets[0].id for each in tree.body if isinstance(each, ast.Assign)
                and isinstance(each.targets[0], ast.Name))  # fmt: skip
    assert set(collections.Counter([*defined, *assigned]).values()) == {1}
    told = ast.get_docstring(tree)
    packages = ("torch", "pillow", "timm" if card.is_offline else "torchvision")
    for package in packages:
        (asked,) = (line for line in requires("cnnviz") if line.startswith(f"{package}<"))
        assert f'"{package}>={asked.partition(">=")[2]},' in told
    if not card.is_offline:
        weights = torchvision.models.get_model_weights(card.builder)[card.weights]
        assert weights.url == card.url
        assert f'torchvision.models.{card.builder}(weights="{card.weights}")' in code
