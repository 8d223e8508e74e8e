"""The finder of digits: its network against PyTorch, and where it sees ink."""

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from cnnviz.core.messages import Explained
from cnnviz.core.pictures import ink_network
from cnnviz.core.pictures.edits import Crop, apply_edits
from cnnviz.core.pictures.finder import KeepInk, find_digit
from cnnviz.core.pictures.ink import Box
from cnnviz.core.pictures.ink_network import WEIGHTS, look
from cnnviz.core.pictures.resampling import resized
from cnnviz.core.samples import draw_sample


def page(value=4, top=20, left=60, side=60, size=(120, 160), ground=0.8, ink=0.2):
    """A flat page with one of the drawn digits, 28 cells in `side` pixels."""
    image = np.full((1, *size), ground, np.float32)
    mask = resized(draw_sample(f"digit-{value}"), side, side)
    image[:, top : top + side, left : left + side] += (ink - ground) * mask
    return image


def by_torch(values):
    """The network as `ink_network` tells it, layer by layer in PyTorch and float64."""
    with np.load(WEIGHTS) as stored:
        weights = {name: torch.from_numpy(stored[name].astype(float)) for name in stored.files}
    values = torch.from_numpy(values.astype(float))
    values = values - values.mean((1, 2), keepdim=True)
    values = (values / (values.square().mean().sqrt() + 0.02))[None]

    def convolved(values, name):
        kernels = weights[f"{name}.weight"].permute(2, 3, 0, 1)
        return F.conv2d(values, kernels, weights[f"{name}.bias"], padding=1).relu()

    kept = []
    for level in range(ink_network.LEVELS):
        values = F.max_pool2d(values, 2) if level else values
        values = convolved(convolved(values, f"down{level}.0"), f"down{level}.1")
        kept.append(values)
    pooled = torch.cat((values.amax((2, 3)), values.mean((2, 3))), 1)[0]
    count = weights["count.weight"] @ pooled + weights["count.bias"]
    for level, beside in enumerate(kept[-2::-1]):
        values = F.interpolate(values, scale_factor=2, mode="nearest")
        values = convolved(torch.cat((values, beside), 1), f"up{level}")
    ink = torch.einsum("c,nchw->hw", weights["ink.weight"], values) + weights["ink.bias"]
    return ink.sigmoid().numpy(), count.softmax(0).numpy()


@pytest.mark.parametrize("shape", [(96, 96), (64, 96), (96, 32)])
def test_the_network_is_what_pytorch_makes_of_its_weights(shape):
    image = np.random.default_rng(0).random((3, *shape), np.float32)
    image[:, 8:40, 10:14] = 0
    seen = look(image, max(shape))
    ink, count = by_torch(image)
    np.testing.assert_allclose(seen.ink, ink, atol=2e-5)
    np.testing.assert_allclose((seen.none, seen.several), count[[0, 2]], atol=2e-5)


def test_what_the_training_packs_is_what_was_trained(monkeypatch, tmp_path):
    from benchmarks.finder.network import Finder, packed

    torch.manual_seed(0)
    network = Finder()
    with torch.no_grad():
        network(torch.rand(8, 3, 64, 64))  # batch norms get means and spreads of their own
    network.eval()
    path = tmp_path / "finder.npz"
    path.write_bytes(packed(network))
    monkeypatch.setattr(ink_network, "WEIGHTS", path)
    ink_network._weights.cache_clear()
    image = np.random.default_rng(1).random((3, 96, 64), np.float32)
    seen = look(image, 96)
    ink_network._weights.cache_clear()
    with torch.no_grad():
        logits, count = network(torch.from_numpy(image)[None])
    np.testing.assert_allclose(seen.ink, logits[0].sigmoid(), atol=2e-3)
    np.testing.assert_allclose(seen.none, count[0].softmax(0)[0], atol=2e-3)


def test_the_weights_are_small():
    assert WEIGHTS.stat().st_size < 200_000


@pytest.mark.parametrize("shape", [(1, 1, 1), (3, 1, 40), (1, 50, 3), (3, 28, 28), (1, 200, 90)])
@pytest.mark.parametrize("level", [0.0, 0.5, 1.0])
def test_nothing_is_found_where_nothing_is(shape, level):
    image = np.full(shape, level, np.float32)
    before = image.copy()
    assert find_digit(image) is None
    np.testing.assert_array_equal(image, before)


@pytest.mark.parametrize("ink", [0.2, 0.6])
@pytest.mark.parametrize("value", range(10))
def test_a_digit_is_found_where_it_is(value, ink):
    image = page(value, ink=ink)
    found = find_digit(image)
    mask = resized(draw_sample(f"digit-{value}"), 60, 60)[0] > 0.5
    rows, cols = (np.flatnonzero(mask.any(axis=axis)) for axis in (1, 0))
    wanted = Box(20 + rows[0], 60 + cols[0], 21 + rows[-1], 61 + cols[-1])
    np.testing.assert_allclose(found.box, wanted, atol=3)
    assert not found.is_cut
    assert found.none < 0.5
    height, width = found.place.size
    assert 0 <= found.place.top < found.place.bottom <= image.shape[1]
    assert max(height, width) < 1.8 * max(found.box.size)


def test_the_largest_digit_is_found_and_the_other_noticed():
    image = page(7, left=10)
    image = np.minimum(image, page(2, top=40, left=90))
    assert find_digit(image).several > 0.5
    assert find_digit(page(7)).several < 0.5


def test_what_reaches_past_the_border_is_cut():
    image = page(8, size=(120, 160))[:, :, 85:]
    assert find_digit(image).is_cut


def test_the_step_keeps_the_ink_alone():
    image = page(3).repeat(3, axis=0)
    image[:, :, 140:] = (np.float32([0.3, 0.2, 0.1]))[:, None, None]
    image[:, 90:93] = 0.4
    before = image.copy()
    step = KeepInk()._apply(image)
    np.testing.assert_array_equal(image, before)
    assert step.image.shape == (1, 120, 160)
    assert step.image.dtype == np.float32
    assert 0 <= step.image.min() <= step.image.max() <= 1
    mask = resized(draw_sample("digit-3"), 60, 60)[0] > 0.5
    kept = step.image[0] > 0.5
    assert kept[20:80, 60:120][mask].mean() > 0.8
    kept[17:83, 57:123] = False
    assert not kept.any()


def test_the_step_refuses_a_picture_without_ink():
    with pytest.raises(Explained, match="Nothing in this picture looks like the ink of a digit"):
        apply_edits(np.full((3, 40, 40), 0.5, np.float32), [Crop(0, 0, 20, 20), KeepInk()])
