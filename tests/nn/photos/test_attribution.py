"""Maps equal to Captum's own, networks without a hook on them, threads that see only their own."""

import copy
from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import torch
from torch import nn

from cnnviz.core.messages import Explained
from cnnviz.core.networks.certainty import softmax
from cnnviz.core.photos.attributions import METHODS, Attribution, difference
from cnnviz.core.photos.input import photo_input
from cnnviz.core.photos.networks import photo_network
from cnnviz.core.samples import read_photograph
from cnnviz.nn.photos.attribution import attribute, conv_layers, own_copy
from cnnviz.nn.photos.classification import adversarial, photo_logits
from cnnviz.nn.photos.pretrained import NormalizeColour, PhotoModel, shared_photo_network


@pytest.fixture(scope="module")
def tiny():
    """Two convolutions, one of them nested and followed by a ReLU that writes in place."""
    generator = torch.Generator().manual_seed(3)
    model = nn.Sequential(
        nn.Conv2d(3, 4, 5, 4),
        nn.ReLU(inplace=True),
        nn.Sequential(nn.Conv2d(4, 6, 3, 2), nn.ReLU(inplace=True)),
        nn.AdaptiveAvgPool2d(3),
        nn.Flatten(),
        nn.Linear(54, 1000),
    )
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.normal_(0, 0.3, generator=generator)
    card = photo_network("lite0")
    layers = OrderedDict(normalize=NormalizeColour(card), model=model)
    return PhotoModel(card, nn.Sequential(layers).eval().requires_grad_(False))


def seen_of(seed):
    return np.random.default_rng(seed).random((3, 224, 224), np.float32)


def hooks(network):
    return sum(
        len(module._forward_hooks) + len(module._forward_pre_hooks) + len(module._backward_hooks)
        for module in network.modules()
    )


def directly(model, seen, class_idx, method, layer):
    """Captum as its manual has it, on a copy of everything."""
    from captum.attr import IntegratedGradients, LayerGradCam, Occlusion

    network = copy.deepcopy(model.network)
    image = torch.from_numpy(seen)[None].requires_grad_()
    grey = torch.full_like(image, 0.5)
    if method == "gradcam":
        cam = LayerGradCam(network, network.get_submodule(f"model.{layer}"))
        return cam.attribute(image, class_idx, relu_attributions=True)[0, 0].detach().numpy()
    if method == "integrated_gradients":
        values = IntegratedGradients(network).attribute(image, grey, class_idx, n_steps=64)
        return values[0].sum(0).detach().numpy()
    window, stride = (3, 32, 32), (3, 16, 16)
    occlusion = Occlusion(network).attribute
    with torch.no_grad():
        values = occlusion(image, window, stride, grey, class_idx, perturbations_per_eval=10)
    return values[0, 0].numpy()


@pytest.mark.parametrize(
    ("method", "layer"),
    [("gradcam", "0"), ("gradcam", "2.0"), ("integrated_gradients", None), ("occlusion", None)],
)
def test_maps_are_captums_own(tiny, method, layer):
    seen, told = seen_of(1), []
    result = attribute(
        tiny, seen, 7, method=method, layer=layer, progress=lambda *numbers: told.append(numbers)
    )
    expected = directly(tiny, seen, 7, method, layer)
    found = result.values if result.coarse is None else result.coarse
    scale = np.abs(expected).max()
    assert scale > 0
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-5 * scale)
    assert (result.method, result.class_idx, result.layer) == (method, 7, layer)
    assert result.values.shape == (224, 224)
    assert result.values.dtype == np.float32
    assert (result.low, result.high) == (result.values.min(), result.values.max())
    assert METHODS[method].is_slow == bool(told)
    assert told == sorted(told)
    assert not told or told[-1][0] == told[-1][1]


def test_maps_of_the_offline_network_are_captums_own():
    model = shared_photo_network("lite0")
    seen = photo_input(read_photograph("chelsea.png"), model.card).seen
    for layer in ("conv_head", "blocks.3.0.conv_dw"):
        result = attribute(model, seen, 282, layer=layer)
        expected = directly(model, seen, 282, "gradcam", layer)
        scale = np.abs(expected).max()
        np.testing.assert_allclose(result.coarse, expected, rtol=0, atol=1e-4 * scale)
    assert conv_layers(model)[0] == "conv_stem"
    assert attribute(model, seen, 282).layer == conv_layers(model)[-1] == "conv_head"


def test_integrated_gradients_add_up_to_the_difference_of_the_logits(tiny):
    seen = seen_of(2)
    result = attribute(tiny, seen, 3, method="integrated_gradients", background=0.0)
    expected = photo_logits(tiny, seen)[3] - photo_logits(tiny, np.zeros_like(seen))[3]
    assert result.values.sum() == pytest.approx(expected, rel=0.02)


@pytest.mark.parametrize("method", ["integrated_gradients", "occlusion"])
def test_slow_methods_can_be_stopped(tiny, method):
    told = []

    def stop(done, total):
        told.append(done)
        if len(told) == 3:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        attribute(tiny, seen_of(3), 3, method=method, progress=stop)
    assert len(told) == 3
    assert hooks(tiny.network) == 0


def test_the_copys_layer_is_its_own_and_all_else_is_shared(tiny):
    network = own_copy(tiny, "2.0")
    assert hooks(network) == 0
    network.get_submodule("model.2.0").register_forward_hook(lambda *_: 1 / 0)
    photo_logits(tiny, seen_of(4))
    assert hooks(tiny.network) == 0
    with pytest.raises(ZeroDivisionError):
        network(torch.from_numpy(seen_of(4))[None])
    assert network.get_submodule("model.0") is tiny.network.get_submodule("model.0")
    for one, other in zip(network.parameters(), tiny.network.parameters(), strict=True):
        assert one is other


def in_threads(model, count, methods, layers):
    """Maps of eight pictures asked for by eight threads at once, against one after the other."""
    pictures = [seen_of(seed) for seed in range(8)]
    asked = [(n % 8, methods[n % len(methods)], layers[n % len(layers)]) for n in range(count)]

    def values(number, method, layer):
        layer = layer if method == "gradcam" else None
        return attribute(model, pictures[number], number, method=method, layer=layer).values

    alone = {each: values(*each) for each in set(asked)}
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(lambda each: values(*each), asked))
    for each, found in zip(asked, together, strict=True):
        scale = np.abs(alone[each]).max()
        np.testing.assert_allclose(found, alone[each], rtol=0, atol=1e-4 * scale)
    assert hooks(model.network) == 0


def test_eight_threads_see_no_foreign_map(tiny):
    in_threads(tiny, 160, ["gradcam"], ["0", "2.0", None])


@pytest.mark.slow
def test_eight_threads_see_no_foreign_map_in_a_thousand_calls():
    in_threads(shared_photo_network("lite0"), 1000, ["gradcam"], [None, "blocks.5.0.conv_pw"])


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"class_idx": 1000}, "from 0 to 999"),
        ({"class_idx": -1}, "from 0 to 999"),
        ({"method": "lime"}, "no method “lime”; there are gradcam, integrated_gradients, occl"),
        ({"layer": "normalize"}, "no convolution “normalize”"),
        ({"layer": "9.9"}, "EfficientNet-Lite0 has no convolution “9.9”"),
        ({"method": "occlusion", "layer": "0"}, "looks at no layer"),
        ({"background": 1.5}, "from 0 to 1"),
        ({"seen": np.zeros((1, 224, 224), np.float32)}, "not an array"),
    ],
)
def test_impossible_questions_are_refused(tiny, settings, sentence):
    with pytest.raises(Explained, match=sentence):
        attribute(tiny, **{"seen": seen_of(5), "class_idx": 0, **settings})


def test_constant_maps_and_nan_are_said_to_be_so():
    flat = Attribution("gradcam", "lite0", 0, np.zeros((4, 4), np.float32))
    assert (flat.low, flat.high) == (0, 0)
    assert "All values of this map are 0.0" in str(flat.note)
    values = np.array([[1, np.nan], [3, np.inf]], np.float32)
    broken = Attribution("gradcam", "lite0", 0, values)
    assert (broken.low, broken.high) == (1, 3)
    assert "not numbers" in str(broken.note)
    nothing = Attribution("gradcam", "lite0", 0, np.full((2, 2), np.nan, np.float32))
    assert (nothing.low, nothing.high) == (0, 0)
    assert "not numbers" in str(nothing.note)
    good = Attribution("gradcam", "lite0", 0, np.eye(2, dtype=np.float32))
    assert good.note is None


def test_two_classes_can_be_compared_and_two_methods_cannot(tiny):
    one, other = (attribute(tiny, seen_of(6), idx) for idx in (1, 2))
    np.testing.assert_array_equal(difference(one, other), one.values - other.values)
    with pytest.raises(Explained, match="same method"):
        difference(one, attribute(tiny, seen_of(6), 1, layer="0"))


@pytest.mark.parametrize("is_towards", [False, True])
def test_the_adversarial_step_is_captums_fgsm(tiny, is_towards):
    from captum.robust import FGSM

    seen = seen_of(7)
    step = adversarial(tiny, seen, 5, size=0.03, is_towards=is_towards)
    fgsm = FGSM(
        copy.deepcopy(tiny.network),
        nn.CrossEntropyLoss(reduction="none"),
        lower_bound=0,
        upper_bound=1,
    )
    fgsm.zero_thresh = 0  # Captum's own addition: pixels with tiny gradients stay
    image = torch.from_numpy(seen)[None].requires_grad_()
    expected = fgsm.perturb(image, 0.03, torch.tensor([5]), targeted=is_towards)[0]
    np.testing.assert_allclose(step.image, expected.detach().numpy(), rtol=0, atol=1e-6)
    np.testing.assert_array_equal(step.difference, step.image - seen)
    assert np.abs(step.difference).max() == pytest.approx(0.03, abs=1e-6)
    before, after = photo_logits(tiny, seen), photo_logits(tiny, step.image)
    rise = torch.log_softmax(torch.from_numpy(np.stack([before, after])), 1)[:, 5].diff()
    assert (rise > 0) == is_towards


def test_a_step_of_nothing_changes_nothing(tiny):
    step = adversarial(tiny, seen_of(8), 5, size=0)
    np.testing.assert_array_equal(step.image, seen_of(8))
    with pytest.raises(Explained, match="from 0 to 1"):
        adversarial(tiny, seen_of(8), 5, size=2)


def test_a_step_that_nobody_sees_makes_the_offline_network_doubt():
    """One step is not always enough: the cat becomes another, the coffee stays one."""
    model = shared_photo_network("lite0")
    answers = {}
    for name in ("chelsea.png", "coffee.png"):
        seen = photo_input(read_photograph(name), model.card).seen
        before = photo_logits(model, seen)
        step = adversarial(model, seen, int(before.argmax()))
        assert np.abs(step.difference).max() <= 2 / 255 + 1e-6
        after = photo_logits(model, step.image)
        assert softmax(after)[before.argmax()] < softmax(before)[before.argmax()]
        answers[name] = before.argmax() == after.argmax()
    assert answers == {"chelsea.png": False, "coffee.png": True}
