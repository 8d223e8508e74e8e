"""Training pictures changed by chance: no further than promised, and the same for a seed."""

import pytest
import torch

from cnnviz.core.training.train_config import AUGMENTATIONS
from cnnviz.nn.training.augment import SHIFT, vary


def seeded(seed):
    return torch.Generator().manual_seed(seed)


def pictures(*shape):
    return torch.rand(*shape, generator=seeded(1))


@pytest.mark.parametrize("kind", AUGMENTATIONS)
@pytest.mark.parametrize("shape", [(50, 1, 28, 28), (50, 3, 32, 30), (5, 1, 1, 4)])
def test_varied_pictures_stay_pictures_and_follow_the_generator(kind, shape):
    images = pictures(*shape)
    kept = images.clone()
    one, same = (vary(images, kind, seeded(2)) for _ in range(2))
    assert torch.equal(one, same)
    assert torch.equal(images, kept)
    assert one.shape == images.shape
    assert one.min() >= 0
    assert one.max() <= 1 + 1e-6
    assert torch.equal(one, images) == (kind == "none")


def test_a_dot_moves_no_further_than_promised():
    images = torch.zeros(500, 1, 29, 29)
    images[:, 0, 14, 14] = 1.0
    moved = vary(images, "handwriting", seeded(3))[:, 0]
    weight = moved.flatten(1).sum(1)
    places = torch.arange(29.0)
    rows, cols = (moved.sum(axis) @ places / weight - 14 for axis in (2, 1))
    assert rows.abs().max() <= 2.5  # two pixels, a tenth more by the scale, and resampling
    assert cols.abs().max() <= 2.5
    assert rows.std().item() == pytest.approx(2 / 3**0.5, rel=0.1)
    assert abs(rows.mean().item()) < 0.2


def test_objects_are_mirrored_or_not_and_shifted_by_whole_pixels_all_ways_alike():
    image = pictures(3, 9, 8)
    padded = torch.nn.functional.pad(image[None], (SHIFT,) * 4, mode="reflect")[0]
    ways = {}
    for is_mirrored in (False, True):
        whole = padded.flip(2) if is_mirrored else padded
        for top in range(2 * SHIFT + 1):
            for left in range(2 * SHIFT + 1):
                window = whole[:, top : top + 9, left : left + 8]
                ways[window.numpy().tobytes()] = (is_mirrored, top, left)
    assert len(ways) == 2 * (2 * SHIFT + 1) ** 2
    varied = vary(image.expand(5000, -1, -1, -1), "objects", seeded(4))
    found = [ways[each.contiguous().numpy().tobytes()] for each in varied]
    counts = [found.count(way) for way in set(found)]
    assert len(counts) == len(ways)  # every way occurs
    assert max(counts) < 2 * min(counts)
