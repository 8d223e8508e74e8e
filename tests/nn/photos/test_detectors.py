"""Detectors: the table is torchvision's, a stand-in is fetched and run, suppression is the same."""

import numpy as np
import pytest
import torch

from cnnviz.core.messages import Explained
from cnnviz.core.photos.class_names import coco_names
from cnnviz.core.photos.networks import PHOTO_DETECTORS
from cnnviz.nn.photos import detectors
from cnnviz.nn.photos.detectors import build_detector, detect_things, load_detector
from cnnviz.nn.photos.weight_files import has_weights


def torchvision_weights(card):
    import torchvision

    weights = torchvision.models.get_model_weights(card.builder)
    return next(each for each in weights if each.url == card.url)


@pytest.mark.parametrize("card", PHOTO_DETECTORS.values(), ids=PHOTO_DETECTORS)
def test_the_table_says_what_torchvision_says(card):
    meta = torchvision_weights(card).meta
    assert (card.parameters, card.size_mb) == (meta["num_params"], meta["_file_size"])
    assert card.precision == pytest.approx(meta["_metrics"]["COCO-val2017"]["box_map"] / 100)
    assert len(bytes.fromhex(card.sha256)) == 4
    told = [name if name not in ("__background__", "N/A") else "" for name in meta["categories"]]
    assert tuple(told) == coco_names()


def test_every_class_has_a_translation():
    english, portuguese = coco_names(), coco_names("pt_BR")
    assert [bool(name) for name in english] == [bool(name) for name in portuguese]
    assert len(set(filter(None, portuguese))) == 80
    assert portuguese[english.index("hot dog")] == "cachorro-quente"
    assert coco_names("xx") == english


@pytest.fixture(scope="module")
def image():
    from cnnviz.core.samples import draw_sample

    return draw_sample("cat")


def test_a_detector_is_fetched_and_its_boxes_lie_on_the_photograph(entered, image):
    before = torch.random.get_rng_state()
    told = []
    model = load_detector("ssdlite", progress=lambda *numbers: told.append(numbers))
    assert torch.equal(torch.random.get_rng_state(), before)
    assert has_weights(entered)
    assert told[-1][0] == told[-1][1]
    found = detect_things(model, image)
    assert len(found) > 10
    assert (np.diff(found.scores) <= 0).all()
    assert set(found.labels) <= set(range(1, 91))
    height, width = image.shape[1:]
    top, _left, bottom, right = found.boxes.T
    assert (top >= 0).all()
    assert (top <= bottom).all()
    assert (bottom <= height).all()
    assert (right <= width).all()
    assert (
        right.max() > height
    )  # the photograph is wider than high: rows and columns are told apart


def test_suppression_is_torchvisions(entered, image):
    """Greedy, within a class: the same boxes stay as in `torchvision.ops.batched_nms`."""
    from torchvision.ops import batched_nms

    found = detect_things(load_detector("ssdlite"), image)
    for iou in (0.2, 0.5):
        kept = found.kept(0.1, iou, by_class=True)
        good = found.scores >= 0.1
        order = [1, 0, 3, 2]
        expected = batched_nms(
            torch.from_numpy(found.boxes[good][:, order].copy()),
            torch.from_numpy(found.scores[good]),
            torch.from_numpy(found.labels[good]),
            iou,
        ).numpy()
        np.testing.assert_array_equal(kept.boxes, found.boxes[good][expected])
        np.testing.assert_array_equal(kept.labels, found.labels[good][expected])
    assert 0 < len(kept) < good.sum()


def test_detectors_are_built_as_described_with_nothing_suppressed():
    for card in PHOTO_DETECTORS.values():
        network = build_detector(card)
        assert sum(each.numel() for each in network.parameters()) == card.parameters
        part = network.roi_heads if card.id == "fasterrcnn" else network
        assert (part.nms_thresh, part.score_thresh) == (1.0, detectors.LEAST_SCORE)


def test_damage_is_refused_and_removed(entered, weights_folder):
    weights_folder.mkdir()
    (weights_folder / entered.file_name).write_bytes(b"GIF89a" + bytes(1000))
    with pytest.raises(Explained, match="damaged or those of something else"):
        load_detector("ssdlite")
    assert not has_weights(entered)


def test_what_is_no_photograph_or_no_detector_is_refused(entered):
    with pytest.raises(LookupError):
        load_detector("../ssdlite")
    model = load_detector("ssdlite")
    with pytest.raises(Explained, match="1 channel or 3"):
        detect_things(model, np.zeros((2, 8, 8), np.float32))


@pytest.mark.network
@pytest.mark.parametrize("name", PHOTO_DETECTORS)
def test_torchvisions_detectors_can_be_downloaded(weights_folder, name, image):
    found = detect_things(load_detector(name), image).kept(0.5, 0.5, by_class=True)
    assert "cat" in [coco_names()[label] for label in found.labels]
