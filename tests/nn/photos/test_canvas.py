"""A network run over a canvas: the same weights, the same answers, and digits where they are."""

import os

import numpy as np
import pytest
import torch
from torch import nn

from cnnviz.core.messages import Explained
from cnnviz.core.networks.layer_specs import (
    BatchNormLayer,
    ConvLayer,
    FlattenLayer,
    LinearLayer,
    PoolLayer,
)
from cnnviz.core.networks.network_spec import NetworkSpec
from cnnviz.core.pictures.digit_canvas import SCALES, digit_canvas
from cnnviz.core.pictures.digits import prepare_digit
from cnnviz.core.pictures.resampling import resized
from cnnviz.core.samples import SAMPLES, draw_sample
from cnnviz.nn import load_network
from cnnviz.nn.data import load_dataset
from cnnviz.nn.networks.build import build_network
from cnnviz.nn.photos.canvas import MARGIN, class_map, class_maps, convolutional, detect, found_on

DRAWN = [each.id for each in SAMPLES if each.kind == "digit"]


@pytest.fixture(scope="module")
def digits():
    images = [prepare_digit(draw_sample(name)).image for name in DRAWN]
    labels = [int(name.removeprefix("digit-")) for name in DRAWN]
    return (np.stack(images) * 255).round().astype(np.uint8), np.array(labels, np.uint8)


@pytest.fixture(scope="module")
def network():
    return convolutional(load_network("mnist"))


def test_on_its_own_size_it_is_the_network(network):
    images = torch.rand(4, 1, 28, 28, generator=torch.Generator().manual_seed(0))
    expected = load_network("mnist")(images)
    np.testing.assert_allclose(network(images)[:, :, 0, 0], expected, rtol=1e-4, atol=1e-4)
    assert not any(isinstance(layer, nn.Linear | nn.Flatten) for layer in network)


def test_without_padding_every_window_is_the_network_on_it():
    layers = (ConvLayer(3, (5, 5)), BatchNormLayer(), PoolLayer(), FlattenLayer(), LinearLayer(4),
              LinearLayer(5))  # fmt: skip
    whole = build_network(NetworkSpec((1, 28, 28), (0.2,), (0.4,), layers), seed=2)
    before = [each.requires_grad for each in whole.parameters()]
    canvas = np.random.default_rng(0).random((1, 40, 33), np.float32)
    found = class_map(convolutional(whole), canvas)
    assert whole.training
    assert [each.requires_grad for each in whole.parameters()] == before
    padded = np.pad(canvas, ((0, 0), (MARGIN, MARGIN), (MARGIN, MARGIN)))
    assert (found.stride, found.corner, found.window) == (2, (-MARGIN, -MARGIN), 28)
    assert found.logits.shape == (5, (40 + 16 - 28) // 2 + 1, (33 + 16 - 28) // 2 + 1)
    np.testing.assert_allclose(found.probabilities.sum(axis=0), 1, rtol=1e-5)
    whole.eval()
    for row in range(found.logits.shape[1]):
        for col in range(found.logits.shape[2]):
            window = padded[:, 2 * row : 2 * row + 28, 2 * col : 2 * col + 28]
            expected = whole(torch.from_numpy(window.copy())[None])[0].detach().numpy()
            np.testing.assert_allclose(found.logits[:, row, col], expected, rtol=1e-4, atol=1e-4)


def test_drawn_digits_are_found_where_they_are(network, digits):
    for seed in range(20):
        canvas = digit_canvas(*digits, seed=seed)
        every = detect(network, canvas.image)
        found = every.kept(0.3, 0.3)
        assert len(every) > 3 * len(found)
        assert (np.diff(every.scores) <= 0).all()
        place = np.lexsort(found.boxes.T)
        truth = np.lexsort(canvas.boxes.T)
        np.testing.assert_array_equal(found.boxes[place], canvas.boxes[truth])
        np.testing.assert_array_equal(found.labels[place], canvas.labels[truth])


def test_a_box_is_the_window_or_the_ink_in_it(network, digits):
    canvas = digit_canvas(*digits, seed=3)
    said = class_map(network, canvas.image)
    windows, inks = said.detections(is_window=True), said.detections()
    np.testing.assert_array_equal(windows.scores, inks.scores)
    np.testing.assert_array_equal(windows.labels, inks.labels)
    assert windows.scores[0] == said.scores.max()
    rows, cols = (windows.boxes[:, :2] + MARGIN).T.astype(int) // said.stride
    np.testing.assert_array_equal(windows.scores, said.scores[rows, cols])
    np.testing.assert_array_equal(windows.labels, said.probabilities.argmax(axis=0)[rows, cols])
    assert (windows.boxes[:, 2:] - windows.boxes[:, :2] == said.window).all()
    assert (inks.boxes[:, :2] >= windows.boxes[:, :2]).all()
    assert (inks.boxes[:, 2:] <= windows.boxes[:, 2:]).all()


def test_thresholds_take_away(network, digits):
    every = detect(network, digit_canvas(*digits, seed=3).image)
    assert len(every.kept(0, 1)) == len(every)
    assert len(every.kept(1, 1)) == 0
    assert len(every.kept(0.3, 0.3)) <= len(every.kept(0.3, 0.9)) <= len(every.kept(0.1, 0.9))
    with pytest.raises(Explained, match="score_threshold"):
        every.kept(-1, 0.5)


def test_large_digits_are_found_on_a_smaller_canvas(network, digits):
    canvas = digit_canvas(*digits, seed=6)
    double = canvas.image.repeat(2, axis=1).repeat(2, axis=2)
    assert len(detect(network, double).kept(0.5, 0.3)) == 0
    found = detect(network, double, scales=(1.0, 0.5)).kept(0.3, 0.3)
    place, truth = np.lexsort(found.boxes.T), np.lexsort(canvas.boxes.T)
    np.testing.assert_allclose(found.boxes[place], 2 * canvas.boxes[truth], atol=2)
    np.testing.assert_array_equal(found.labels[place], canvas.labels[truth])


@pytest.mark.parametrize("longest", [12, 14, 16, 20, 24, 27, 34, 50, 60])
def test_digits_of_any_size_are_found_once_each(network, longest):
    """Measured with handwritten ones, too: at 12 to 27 pixels 24 to 29 canvases of 30 are right."""
    right = 0
    for pair in ((0, 7), (1, 4), (2, 5), (3, 8), (6, 9)):
        canvas = np.zeros((1, 96, 144), np.float32)
        for place, value in enumerate(pair):
            ink = closely(prepare_digit(draw_sample(f"digit-{value}")).image)
            scale = longest / max(ink.shape)
            ink = resized(ink, *(max(1, round(side * scale)) for side in ink.shape[1:]))
            row, col = (96 - longest) // 2, 6 + 70 * place
            canvas[:, row : row + ink.shape[1], col : col + ink.shape[2]] = ink
        maps = class_maps(network, canvas, SCALES)
        for is_window in (False, True):
            found = found_on(maps, is_window=is_window).kept(0.3, 0.3)
            right += sorted(found.labels.tolist()) == list(pair)
    assert right >= 8  # of 10


def closely(image):
    rows, cols = (np.flatnonzero(image[0].any(axis=axis)) for axis in (1, 0))
    return image[:, rows[0] : rows[-1] + 1, cols[0] : cols[-1] + 1]


@pytest.mark.parametrize("shape", [(1, 1, 1), (1, 5, 90), (1, 28, 28), (1, 61, 47)])
def test_an_empty_canvas_of_any_size_holds_nothing(network, shape):
    assert len(detect(network, np.zeros(shape, np.float32))) == 0


@pytest.mark.parametrize(
    ("image", "scales", "sentence"),
    [
        (np.zeros((3, 50, 50), np.float32), (1.0,), "one grey canvas"),
        (np.zeros((1, 0, 50), np.float32), (1.0,), "A picture is one array"),
        (np.zeros((1, 700, 700), np.float32), (1.0,), "490000 pixels at this size"),
        (np.zeros((1, 300, 300), np.float32), (1.0, 4.0), "1440000 pixels at this size"),
        (np.zeros((1, 50, 50), np.float32), (9.0,), "from 0.1 to 4"),
        (np.zeros((1, 50, 50), np.float32), (), "“scales” must be a list"),
    ],
)
def test_impossible_canvases_are_refused(network, image, scales, sentence):
    with pytest.raises(Explained, match=sentence):
        detect(network, image, scales=scales)


def test_other_networks_are_refused():
    small = NetworkSpec((1, 9, 9), (0.5,), (0.5,), (FlattenLayer(), LinearLayer(2)))
    for other in (build_network(small), nn.Sequential(nn.Flatten(), nn.Linear(784, 10))):
        with pytest.raises(Explained, match="28 × 28 pixels that ends in a linear layer"):
            convolutional(other)


@pytest.mark.skipif(not os.environ.get("CNNVIZ_DATA"), reason="needs MNIST's test pictures")
def test_mean_average_precision_on_two_hundred_canvases(network):
    from torchmetrics.detection import MeanAveragePrecision

    def entry(boxes, labels, **scores):
        corners = torch.from_numpy(boxes[:, [1, 0, 3, 2]].copy())
        return {"boxes": corners, "labels": torch.from_numpy(labels), **scores}

    data = load_dataset("mnist", download=False)
    metric = MeanAveragePrecision(iou_thresholds=[0.5])
    for seed in range(200):
        canvas = digit_canvas(data.test_images, data.test_labels, seed=seed)
        found = detect(network, canvas.image).kept(0.1, 0.3)
        scores = torch.from_numpy(found.scores)
        metric.update(
            [entry(found.boxes, found.labels, scores=scores)], [entry(canvas.boxes, canvas.labels)]
        )
    assert float(metric.compute()["map_50"]) >= 0.99
