"""Training on toy pictures made here: it learns, repeats itself, stops, and refuses."""

import copy
import json
import os
import subprocess
import sys
import threading
import time
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional as F

from cnnviz.core.messages import Explained
from cnnviz.core.networks.models import MODELS
from cnnviz.core.training.cards import load_card, read_card
from cnnviz.core.training.train_config import TrainConfig
from cnnviz.nn.data import ImageData, dataset_reader
from cnnviz.nn.device import describe_device, pick_device, pick_precision
from cnnviz.nn.library import evaluate_network
from cnnviz.nn.networks.build import build_network
from cnnviz.nn.networks.evaluation import evaluate
from cnnviz.nn.networks.store import load_weights, pack_weights
from cnnviz.nn.training import run, train
from cnnviz.nn.training.__main__ import main
from cnnviz.nn.training.steps import learning_rate
from cnnviz.nn.training.trained import train_and_save
from tests.nn.training.toys import SPEC, bars, finish, toy

CONFIG = TrainConfig(epochs=3, batch_size=16, lr=0.02, validation_share=0.25, device="cpu")


def curve(events):
    """The ends of epochs; how many events come between them depends on the clock."""
    return [(each.validation_loss, each.accuracy) for each in events if each.accuracy is not None]


def same_weights(one, other):
    return pack_weights(one) == pack_weights(other)


def test_training_learns_what_can_be_learnt():
    data = toy()
    events, network = finish(train(SPEC, data, replace(CONFIG, epochs=6)))
    first, *_, last = [each for each in events if each.accuracy is not None]
    assert last.train_loss < 0.6 * first.train_loss  # sums depend on the number of threads
    assert last.validation_loss < 0.5 * np.log(2)
    assert evaluate(network, data.test_images, data.test_labels).accuracy > 0.9


def test_events_count_epochs_steps_and_time():
    events, _ = finish(train(SPEC, toy(), CONFIG))
    ends = [each for each in events if each.accuracy is not None]
    assert [each.epoch for each in ends] == [1, 2, 3]
    assert [each.step for each in ends] == [12, 24, 36]  # 180 training pictures, 16 a step
    assert {each.total_steps for each in events} == {36}
    elapsed = [each.elapsed_s for each in events]
    assert elapsed == sorted(elapsed)
    assert all(each.images_per_s > 0 for each in events)


def test_events_come_between_epochs_too(monkeypatch):
    monkeypatch.setattr(run, "TICK_S", 0.0)
    events, _ = finish(train(SPEC, toy(), CONFIG))
    assert [each.step for each in events] == list(range(1, 37))
    assert [each.step for each in events if each.accuracy is not None] == [12, 24, 36]


def test_the_loss_is_the_mean_over_pictures_since_the_last_event(monkeypatch):
    monkeypatch.setattr(run, "TICK_S", float("inf"))  # however slow: one event
    config = TrainConfig(
        epochs=1, batch_size=100, lr=1e-8, augment="none", validation_share=0, device="cpu"
    )
    network = nn.Sequential(nn.Flatten(), nn.Linear(64, 2))
    data = toy()
    images = torch.from_numpy(data.train_images) / 255
    expected = F.cross_entropy(network(images), torch.from_numpy(data.train_labels).long()).item()
    events, _ = finish(train(network, data, config))
    assert events[-1].train_loss == pytest.approx(expected, rel=1e-3)
    assert events[-1].accuracy is None


@pytest.mark.parametrize("optimizer", ["adamw", "sgd"])
def test_the_same_seed_gives_the_same_curve_and_leaves_the_global_generator_alone(optimizer):
    config = TrainConfig(epochs=2, batch_size=32, optimizer=optimizer, device="cpu", seed=4)
    before = torch.get_rng_state()
    one, first = finish(train(SPEC, toy(), config))
    torch.rand(7)
    torch.set_rng_state(before)
    other, second = finish(train(SPEC, toy(), config))
    assert torch.equal(torch.get_rng_state(), before)
    assert curve(one) == curve(other)
    assert same_weights(first, second)
    _, third = finish(train(SPEC, toy(), TrainConfig(**{**config_of(config), "seed": 5})))
    assert not same_weights(first, third)


@pytest.mark.parametrize("precision", ["fp32", "bf16"])
def test_the_same_seed_gives_the_same_run_while_another_one_is_going(precision):
    config = replace(CONFIG, batch_size=32, precision=precision)
    alone, first = finish(train(SPEC, toy(), config))
    is_over, taken = threading.Event(), []

    def other():
        with closing(train(SPEC, toy(), replace(config, epochs=200, seed=9))) as events:
            while not is_over.is_set():
                taken.append(next(events).step)

    thread = threading.Thread(target=other)
    thread.start()
    try:
        while not taken:
            time.sleep(0.01)
        beside, second = finish(train(SPEC, toy(), config))
    finally:
        is_over.set()
        thread.join()
    assert len(taken) > 1
    assert curve(beside) == curve(alone)
    assert same_weights(first, second)


def config_of(config):
    return json.loads(config.to_json())


@pytest.mark.parametrize(
    "change",
    [
        {"lr": 1e-3},
        {"weight_decay": 0.5},
        {"optimizer": "sgd"},
        {"schedule": "constant"},
        {"augment": "none"},
        {"augment": "objects"},
        {"label_smoothing": 0.2},
        {"start": "whitened"},
        {"batch_size": 24},
        {"validation_share": 0.0},
        {"precision": "bf16"},
    ],
)
def test_every_setting_is_honoured(change):
    plain = TrainConfig(epochs=1, batch_size=32, precision="fp32", device="cpu")
    _, one = finish(train(SPEC, toy(), plain))
    _, other = finish(train(SPEC, toy(), TrainConfig(**{**config_of(plain), **change})))
    assert not same_weights(one, other)
    assert {value.dtype for value in other.parameters()} == {torch.float32}


@pytest.mark.parametrize("count", range(1, 12))
def test_runs_of_few_steps_are_runs_too(count):
    images, labels = bars(count)
    data = ImageData(images, labels, images, labels)
    config = TrainConfig(epochs=1, batch_size=1, validation_share=0, device="cpu")
    events, _ = finish(train(nn.Sequential(nn.Flatten(), nn.Linear(64, 2)), data, config))
    assert events[-1].step == events[-1].total_steps == count


def test_the_learning_rate_rises_for_a_fifth_and_falls_to_nothing():
    rates = [learning_rate(TrainConfig(lr=0.4), step, 100) for step in range(100)]
    assert rates[:20] == sorted(rates[:20])
    assert rates[20:] == sorted(rates[20:], reverse=True)
    assert max(rates) == rates[20] == pytest.approx(0.4)
    assert rates[60] == pytest.approx(0.2)
    assert rates[0] == pytest.approx(0.4 / 21)
    assert rates[-1] < 0.001


def test_only_the_training_part_is_touched_and_nothing_is_modified():
    data = toy()
    copies = [array.copy() for array in (data.train_images, data.train_labels)]
    hidden = ImageData(data.train_images, data.train_labels, None, None)
    finish(train(SPEC, hidden, CONFIG))
    np.testing.assert_array_equal(data.train_images, copies[0])
    np.testing.assert_array_equal(data.train_labels, copies[1])


def test_a_network_is_trained_in_place_from_its_own_weights():
    network = build_network(SPEC, seed=9)
    before = pack_weights(network)
    still = TrainConfig(epochs=1, lr=1e-8, validation_share=0, device="cpu")
    _, returned = finish(train(network, toy(), still))
    assert returned is network
    assert pack_weights(network) != before
    for key, value in build_network(SPEC, seed=9).state_dict().items():
        if "batchnorm" not in key:
            torch.testing.assert_close(network.state_dict()[key], value, atol=1e-5, rtol=0)


def test_a_closed_run_leaves_a_network_that_can_be_used(monkeypatch):
    monkeypatch.setattr(run, "TICK_S", 0.0)
    network = build_network(SPEC)
    with closing(train(network, toy(), CONFIG)) as events:
        for event in events:
            if event.step == 5:
                break
    assert not any(layer.training for layer in network.modules())
    assert all(each.grad is None and each.is_contiguous() for each in network.parameters())
    half = pack_weights(network)
    copy.deepcopy(network)
    finish(train(network, toy(), CONFIG))
    assert pack_weights(network) != half


@pytest.mark.parametrize(
    ("network", "data", "sentence"),
    [
        (SPEC, lambda: toy(size=9), "takes pictures of 1 × 8 × 8 .* has 1 × 9 × 9"),
        (SPEC, lambda: toy(classes=5), "puts out 2 values a picture, but the data set has 5"),
        (nn.Sequential(nn.Conv2d(1, 2, 3)), toy, "puts out 2 × 6 × 6 values"),
        (build_network(SPEC).requires_grad_(False), toy, "frozen"),
    ],
)
def test_what_does_not_fit_is_explained(network, data, sentence):
    with pytest.raises(Explained, match=sentence):
        next(train(network, data(), CONFIG))


def test_a_loss_that_is_no_number_is_explained():
    wild = TrainConfig(epochs=30, lr=10, optimizer="sgd", schedule="constant", device="cpu")
    network = nn.Sequential(nn.Flatten(), nn.Linear(64, 64), nn.Linear(64, 64), nn.Linear(64, 2))
    with pytest.raises(Explained, match="no longer a number after"):
        finish(train(network, toy(), wild))


def test_devices_and_precisions():
    assert pick_device("cpu") == torch.device("cpu")
    assert pick_precision("auto", torch.device("cuda")) == torch.bfloat16
    assert pick_precision("bf16", torch.device("cpu")) == torch.bfloat16
    assert describe_device(torch.device("cpu")).startswith("cpu: ")
    if not torch.cuda.is_available():
        assert pick_device("auto") == torch.device("cpu")
        with pytest.raises(Explained, match="no CUDA device"):
            pick_device("cuda")


@pytest.mark.parametrize("precision", ["fp32", "bf16"])
def test_maps_are_laid_out_channels_last_while_training_and_weights_as_ever_after(precision):
    network, layouts = build_network(SPEC), []
    network.conv1.register_forward_hook(
        lambda layer, inputs, out: layouts.append((layer.training, out.stride()))
    )
    finish(train(network, toy(), replace(CONFIG, epochs=1, precision=precision)))
    assert {stride for was_training, stride in layouts if was_training} == {(4 * 64, 1, 4 * 8, 4)}
    assert network.conv1.weight.stride() == (9, 9, 3, 1)


@pytest.mark.parametrize(
    ("capabilities", "dtype"),
    [
        ({"amx_bf16": True, "avx512_bf16": True}, torch.bfloat16),
        ({"amx_bf16": False, "avx512_bf16": True}, torch.float32),
        ({"neon": True}, torch.float32),
    ],
)
def test_a_processor_computes_in_halves_where_that_is_faster(monkeypatch, capabilities, dtype):
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: capabilities)
    assert pick_precision("auto", torch.device("cpu")) == dtype
    assert pick_precision("fp32", torch.device("cpu")) == torch.float32


@pytest.mark.gpu
@pytest.mark.parametrize("precision", ["auto", "fp32", "bf16"])
def test_training_on_cuda_learns_and_comes_back_to_the_processor(precision):
    data, config = toy(), TrainConfig(epochs=10, lr=0.02, device="cuda", precision=precision)
    _, network = finish(train(SPEC, data, config))
    assert {each.device.type for each in network.parameters()} == {"cpu"}
    assert evaluate(network, data.test_images, data.test_labels).accuracy > 0.8
    assert evaluate(network.cuda(), data.test_images, data.test_labels).accuracy > 0.8


def test_answers_are_counted_by_truth_and_answer():
    network = nn.Sequential(nn.Flatten(), nn.Linear(1, 2))
    with torch.no_grad():
        network[1].weight.copy_(torch.tensor([[0.0], [1.0]]))
        network[1].bias.copy_(torch.tensor([0.5, 0.0]))  # answers 1 above half brightness
    images = np.array([0, 255, 200, 100], np.uint8).reshape(4, 1, 1, 1)
    result = evaluate(network, images, np.array([0, 1, 0, 1], np.uint8))
    assert result.confusion_matrix == ((1, 1), (1, 1))
    assert result.accuracy == 0.5
    logits = [(0.5, pixel / 255) for pixel in (0, 255, 200, 100)]
    terms = [
        np.log(sum(np.exp(pair))) - pair[truth]
        for pair, truth in zip(logits, (0, 1, 0, 1), strict=True)
    ]
    assert result.loss == pytest.approx(np.mean(terms), rel=1e-5)
    assert network.training


@pytest.fixture
def digits(monkeypatch):
    """A toy in the place of MNIST: 28 × 28, ten classes by name, two in truth."""
    data = toy(size=28)
    monkeypatch.setattr("cnnviz.nn.training.trained.load_dataset", lambda name: data)
    return data


def test_training_from_the_command_line_saves_what_the_card_says(digits, tmp_path, capsys):
    code = main(["mnist", "--epochs", "1", "--device", "cpu", "--output", str(tmp_path / "new")])
    assert code == 0
    out = capsys.readouterr().out
    assert "step 4 of 4" in out
    card = read_card(tmp_path / "new" / "mnist.json")
    assert (card.train_images, card.config.epochs) == (216, 1)
    assert f"{card.accuracy:.2%}" in out
    network = build_network(card.spec)
    load_weights(network, tmp_path / "new" / "mnist.safetensors", sha256=card.sha256)
    again = evaluate(network, digits.test_images, digits.test_labels)
    assert again.accuracy == card.accuracy
    assert again.confusion_matrix == card.confusion_matrix
    assert dict(card.versions)["torch"] == torch.__version__


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["cifar"], "no network for 'cifar'; there are mnist, fashion, cifar10, digits"),
        (["mnist", "--epochs", "0"], "“epochs” must be a whole number from 1 to 1000, not 0."),
    ],
)
def test_the_command_line_refuses_in_one_sentence(arguments, sentence, tmp_path, capsys):
    assert main([*arguments, "--output", str(tmp_path)]) == 1
    assert capsys.readouterr().err.strip() == sentence


def test_an_abandoned_training_saves_nothing(digits, tmp_path):
    with closing(train_and_save("mnist", CONFIG, tmp_path / "new")) as events:
        next(events)
    assert list((tmp_path / "new").iterdir()) == []


def test_the_module_trains_without_the_apps_packages(tmp_path):
    code = (
        "import sys\n"
        "gone = ['typer', 'rich', 'streamlit', 'plotly', 'babel', 'platformdirs', 'torchvision']\n"
        "sys.modules |= dict.fromkeys(gone)\n"
        "import runpy; sys.argv = ['training', 'mnist', '--epochs', '1']\n"
        "runpy.run_module('cnnviz.nn.training', run_name='__main__')\n"
    )
    places = {"CNNVIZ_DATA": "", "CNNVIZ_HOME": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        capture_output=True,
        text=True,
        cwd=Path(__file__).parents[3],
        env={**os.environ, **places},
    )
    assert done.returncode == 1
    assert done.stderr.startswith("The data set “mnist” is neither here nor could it be downloaded")
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    "name", ["mnist", "fashion", pytest.param("cifar10", marks=pytest.mark.slow)]
)
def test_the_shipped_network_is_as_good_as_its_card_says(name):
    if dataset_reader(name).find() is None:
        pytest.skip(f"the pictures of {name} are not here: set CNNVIZ_DATA to where they are")
    card, result = load_card(name), evaluate_network(name)
    assert result.accuracy == pytest.approx(card.accuracy, abs=3e-4)  # processors round apart
    counted, stated = np.array(result.confusion_matrix), np.array(card.confusion_matrix)
    assert np.abs(counted - stated).sum() <= 8
    assert MODELS[name] == card.spec
