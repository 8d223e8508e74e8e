"""What notebooks pass for a picture: taken with its values, or refused with what to pass."""

from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from cnnviz.core import load_image, prepare_digit, propose_digit
from cnnviz.core.arrays import as_numbers, as_picture, as_planes
from cnnviz.core.lab.chain import EXAMPLE
from cnnviz.core.lab.pool_spec import PoolSpec
from cnnviz.core.lab.specs import ConvSpec
from cnnviz.core.messages import Explained
from cnnviz.core.pictures.disturbances import Disturbance, disturb
from cnnviz.core.pictures.edits import Grey, apply_edit, apply_edits
from cnnviz.core.pictures.images import to_grey
from cnnviz.core.pictures.network_inputs import prepare_picture
from cnnviz.nn import activate, capture, classify, convolve, load_network, pool, run_chain

GREY = np.linspace(0, 1, 28 * 28, dtype=np.float32).reshape(1, 28, 28)
TAKES_PICTURES = {
    "classify": lambda image: classify(image)[0].logit,
    "capture": lambda image: capture(load_network("mnist"), image)[-1].values,
    "apply_edit": lambda image: apply_edit(image, Grey()).image,
    "apply_edits": lambda image: apply_edits(image, [Grey()])[0].image,
    "disturb": lambda image: disturb(image, Disturbance()),
    "to_grey": to_grey,
    "prepare_picture": lambda image: prepare_picture(image, "cifar10", (3, 32, 32)).image,
    "convolve": lambda image: convolve(image, np.ones((1, 1, 2, 2)), ConvSpec(2)).output,
    "pool": lambda image: pool(image, PoolSpec()).output,
    "run_chain": lambda image: run_chain(image, EXAMPLE)[-1],
    "activate": lambda image: activate(image, "relu").reshape(-1),
}
SAME = {
    "grey without its channel": lambda: GREY[0],
    "float64": lambda: GREY.astype(np.float64),
    "nested lists": GREY.tolist,
    "a tensor": lambda: torch.from_numpy(GREY),
    "another layout": lambda: np.asfortranarray(GREY),
    "read-only": lambda: np.broadcast_to(GREY, GREY.shape),
}


@pytest.mark.parametrize("way", SAME)
@pytest.mark.parametrize("name", TAKES_PICTURES)
def test_a_picture_is_taken_in_every_form_that_it_has(name, way):
    compute, given = TAKES_PICTURES[name], SAME[way]()
    np.testing.assert_array_equal(compute(given), compute(GREY))


def test_a_mask_is_black_and_white():
    np.testing.assert_array_equal(as_picture(GREY > 0.5), (GREY > 0.5).astype(np.float32))


NO_PICTURES = {
    "a path": (Path("photo.jpg"), "is a file, not yet a picture"),
    "a name": ("photo.jpg", "photo.jpg is a file"),
    "the bytes of a file": (b"\x89PNG", r"load_image\(Path\(…\).read_bytes\(\)\)"),
    "nothing": (None, "needed here, not “NoneType”"),
    "words": ([["a"]], "array of numbers is needed here"),
    "rows of different lengths": ([[1, 2], [3]], "array of numbers is needed here"),
    "complex numbers": (GREY.astype(complex), "array of numbers is needed here"),
    "a tensor with gradients": (
        torch.ones(1, 9, 9, requires_grad=True),
        "array of numbers is needed here",
    ),
    "one number": (3, r"this one is \(\)"),
    "a batch": (GREY[None], r"this one is \(1, 1, 28, 28\)"),
    "no pixels": (GREY[:, :0], r"this one is \(1, 0, 28\)"),
    "channels last": (np.zeros((28, 28, 3)), r"pass np.moveaxis\(picture, -1, 0\)"),
    "grey, channel last": (np.zeros((28, 28, 1)), "channels of a picture come first"),
    "a Pillow picture": (Image.new("RGB", (28, 28)), "channels of a picture come first"),
    "not a number": (np.where(GREY > 0.9, np.nan, GREY), "79 values are no finite numbers"),
    "infinite": (np.full((1, 9, 9), -np.inf), "81 values are no finite numbers"),
    "beyond float32": (np.full((1, 9, 9), 1e300), "81 values are no finite numbers"),
}


@pytest.mark.parametrize(
    "name", ["convolve", "pool", "run_chain", "classify", "capture", "to_grey"]
)
@pytest.mark.parametrize("kind", NO_PICTURES)
def test_what_is_no_picture_is_refused_with_what_to_pass(name, kind):
    given, says = NO_PICTURES[kind]
    with pytest.raises(Explained, match=says):
        TAKES_PICTURES[name](given)


@pytest.mark.parametrize("take", [propose_digit, prepare_digit])
@pytest.mark.parametrize("kind", ["a path", "a batch", "channels last", "not a number"])
def test_so_is_a_digit(take, kind):
    given, says = NO_PICTURES[kind]
    with pytest.raises(Explained, match=says):
        take(given)


@pytest.mark.parametrize("name", ["classify", "capture", "to_grey", "apply_edit", "disturb"])
def test_levels_are_to_be_divided(name):
    with pytest.raises(Explained, match=r"from 0.0 to 255.0. Divide levels of 0 to 255 by 255"):
        TAKES_PICTURES[name](np.round(GREY * 255).astype(np.uint8))


def test_maps_may_have_any_range_and_any_number_of_channels():
    for shape in [(64, 7, 7), (6, 5, 3), (1, 100, 3), (3, 100, 4), (12, 1, 1), (512, 2, 3)]:
        maps = np.random.default_rng(0).normal(size=shape).astype(np.float32)
        assert as_planes(maps) is maps


def test_numbers_of_any_shape_are_taken_as_they_are():
    values = np.ones((2, 3, 4, 5), np.float32)
    assert as_numbers(values) is values
    assert as_numbers(2).shape == ()


def test_weights_and_biases_are_held_to_the_same():
    kernel = np.ones((1, 1, 3, 3))
    with pytest.raises(Explained, match="9 values are no finite numbers"):
        convolve(GREY, kernel * np.nan, ConvSpec())
    with pytest.raises(Explained, match="array of numbers is needed here"):
        convolve(GREY, "sobel-x", ConvSpec())
    one, row = (convolve(GREY, kernel, ConvSpec(), bias).output for bias in (0.5, np.array([0.5])))
    np.testing.assert_array_equal(one, row)


@pytest.mark.parametrize("form", [bytes, bytearray, memoryview])
def test_a_file_is_read_from_bytes_of_any_kind(form):
    from io import BytesIO

    Image.new("L", (3, 2), 51).save(file := BytesIO(), "PNG")
    np.testing.assert_array_equal(load_image(form(file.getvalue())), np.full((1, 2, 3), 0.2, "f4"))


@pytest.mark.parametrize("given", ["photo.jpg", Path("photo.jpg"), None, 3, GREY, [1, 2]])
def test_a_file_is_not_read_from_its_name(given):
    with pytest.raises(Explained, match=r"read from its bytes, which Path\(…\).read_bytes\(\)"):
        load_image(given)
