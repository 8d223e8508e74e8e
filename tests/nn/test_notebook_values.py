"""What a notebook passes where it is not a picture: taken, or refused in a sentence."""

import numpy as np
import pytest
import torch

from cnnviz import nn
from cnnviz.core import ConvSpec, Explained, PoolSpec, receptive_field
from cnnviz.core.strict import plain

CANVAS = np.zeros((1, 40, 48), np.float32)
CANVAS[0, 10:30, 20:23] = 1
BYTES = np.random.default_rng(3).integers(0, 256, (6, 1, 28, 28), np.uint8)
LABELS = np.array([0, 1, 2, 3, 4, 5], np.uint8)


@pytest.fixture(scope="module")
def network():
    return nn.load_network("mnist")


@pytest.fixture(scope="module")
def over_canvas(network):
    return nn.convolutional(network)


@pytest.mark.parametrize(
    "form",
    [CANVAS[0], CANVAS.astype(np.float64), CANVAS > 0.5, CANVAS.tolist(), torch.from_numpy(CANVAS)],
    ids=["without channel", "float64", "mask", "lists", "tensor"],
)
def test_a_canvas_is_taken_in_every_form_that_it_has(over_canvas, form):
    expected = nn.detect(over_canvas, CANVAS)
    found = nn.detect(over_canvas, form)
    assert len(expected.boxes) > 0
    np.testing.assert_array_equal(found.boxes, expected.boxes)
    np.testing.assert_array_equal(found.scores, expected.scores)


@pytest.mark.parametrize("ask", [nn.detect, nn.class_map])
@pytest.mark.parametrize(
    ("canvas", "said"),
    [
        ((CANVAS * 255).astype(np.uint8), "Divide levels of 0 to 255 by 255"),
        (CANVAS * np.nan, "no finite numbers"),
        (CANVAS[None], "this one is"),
        ("digits.png", "is a file, not yet a picture"),
        (np.zeros((3, 40, 48), np.float32), "one grey canvas"),
    ],
    ids=["levels", "nan", "batch", "path", "colour"],
)
def test_what_is_no_canvas_is_refused_with_what_to_pass(over_canvas, ask, canvas, said):
    with pytest.raises(Explained, match=said):
        ask(over_canvas, canvas)


@pytest.mark.parametrize("ask", [nn.detect, nn.class_map])
def test_a_network_with_linear_layers_is_not_run_over_a_canvas(network, ask):
    with pytest.raises(Explained, match=r"convolutional\(network\)"):
        ask(network, CANVAS)


@pytest.mark.parametrize("labels", [LABELS.tolist(), LABELS.astype(np.int32), torch.tensor(LABELS)])
def test_labels_and_pictures_may_be_lists_and_tensors(network, labels):
    expected = nn.evaluate(network, BYTES, LABELS)
    assert nn.evaluate(network, torch.from_numpy(BYTES), labels) == expected


@pytest.mark.parametrize(
    ("images", "labels", "said"),
    [
        (BYTES.astype(np.float32) / 255, LABELS, "Many pictures are bytes"),
        (BYTES[:, 0], LABELS, "Many pictures are bytes"),
        (BYTES[:0], LABELS[:0], "Many pictures are bytes"),
        (BYTES, LABELS[:3], "6 pictures need as many classes"),
        (BYTES, LABELS.astype(float), "6 pictures need as many classes"),
        (BYTES, LABELS.astype(int) - 1, "6 pictures need as many classes"),
        (BYTES, LABELS + 5, "10 classes, 0 to 9; there is a picture of class 10"),
    ],
)
def test_what_cannot_be_counted_is_refused(network, images, labels, said):
    with pytest.raises(Explained, match=said):
        nn.evaluate(network, images, labels)


def test_many_pictures_may_be_a_tensor(network):
    tensor = torch.from_numpy(BYTES)
    np.testing.assert_array_equal(
        nn.excite(network, "conv1", tensor, k=np.int64(2)).indices,
        nn.excite(network, "conv1", BYTES, k=2).indices,
    )
    np.testing.assert_array_equal(nn.embed(network, tensor).points, nn.embed(network, BYTES).points)
    for bad in (0, 1.5, "x"):
        with pytest.raises(Explained, match="“k” must be a whole number"):
            nn.excite(network, "conv1", BYTES, k=bad)


def test_a_computed_seed_is_as_good_as_a_written_one():
    weights = [
        nn.build_network(nn.load_card("mnist").spec, seed=seed).state_dict()
        for seed in (2, np.int64(2), torch.tensor(2))
    ]
    for name, value in weights[0].items():
        assert all(torch.equal(value, other[name]) for other in weights[1:])
    for bad in (None, 1.5, -1, "x"):
        with pytest.raises(Explained, match="“seed” must be a whole number"):
            nn.build_network(nn.load_card("mnist").spec, seed=bad)


@pytest.mark.parametrize("wrong", [None, 2, "max", (2, 2), np.ones((3, 3))])
def test_a_setting_of_another_kind_is_named(wrong):
    picture, weight = np.zeros((1, 8, 8)), np.ones((1, 1, 3, 3))
    for ask, wanted in (
        (lambda: nn.pool(picture, wrong), "PoolSpec"),
        (lambda: nn.convolve(picture, weight, wrong), "ConvSpec"),
        (lambda: nn.run_chain(picture, wrong), "Chain"),
        (lambda: nn.build_network(wrong), "NetworkSpec"),
        (lambda: receptive_field([wrong], 0, 0), "ConvSpec / PoolSpec"),
    ):
        with pytest.raises(Explained, match=f"must be a {wanted}, not "):
            ask()


def test_the_field_of_one_operation_needs_no_list():
    spec = ConvSpec(kernel_size=5, padding=2)
    assert receptive_field(spec, np.int64(4), 3) == receptive_field([spec], 4, 3) == (2, 1, 5, 5)
    for bad in (None, 1.5, "x"):
        with pytest.raises(Explained, match="“row” must be a whole number"):
            receptive_field(spec, bad, 0)


TABLE = np.ones((3, 3))


@pytest.mark.parametrize(
    "make",
    [
        lambda: ConvSpec(padding=TABLE),
        lambda: ConvSpec(padding_mode=TABLE),
        lambda: PoolSpec(kind=TABLE),
        lambda: PoolSpec(norm=TABLE),
        lambda: PoolSpec(output_size=TABLE),
        lambda: PoolSpec(count_include_pad=TABLE),
        lambda: nn.TrainConfig(optimizer=TABLE),
        lambda: nn.activate(TABLE, ["relu"]),
        lambda: nn.pick_device(TABLE),
        lambda: nn.pick_device("gpu"),
        lambda: nn.pick_precision("fp16", torch.device("cpu")),
        lambda: nn.use_threads(0),
        lambda: nn.use_threads(1.5),
    ],
)
def test_no_setting_is_a_table_or_of_another_kind(make):
    with pytest.raises(Explained):
        make()


def test_a_long_value_does_not_flood_its_refusal():
    with pytest.raises(Explained) as refusal:
        ConvSpec(stride=np.zeros((50, 50)))
    assert len(str(refusal.value)) < 200
    assert plain(np.arange(4).reshape(2, 2)) == ((0, 1), (2, 3))


@pytest.mark.parametrize("wrong", [None, 3, b"mnist"])
def test_no_network_has_an_id_that_is_no_text(wrong):
    with pytest.raises(LookupError):
        nn.load_network(wrong)
    with pytest.raises(LookupError):
        nn.load_card(wrong)
