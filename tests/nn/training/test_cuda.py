"""Training on a CUDA device: steps recorded and played back, and what happens without memory."""

import numpy as np
import pytest
import torch

from cnnviz.core.messages import Explained
from cnnviz.core.networks.layer_specs import (
    ActivationLayer,
    ConvLayer,
    FlattenLayer,
    LinearLayer,
    PoolLayer,
)
from cnnviz.core.networks.network_spec import NetworkSpec
from cnnviz.core.training.train_config import AUGMENTATIONS, TrainConfig
from cnnviz.nn.data import ImageData
from cnnviz.nn.training import begin, follow, steps, train
from cnnviz.nn.training import run as training_run
from cnnviz.nn.training.snapshot import pack_snapshot, take_snapshot, unpack_snapshot
from cnnviz.nn.training.steps import RecordedStep
from tests.nn.training.toys import SPEC, finish, toy

pytestmark = pytest.mark.gpu
SIDE = 128


def config(**more):
    return TrainConfig(
        **{"epochs": 4, "batch_size": 32, "lr": 0.01, "device": "cuda", "precision": "fp32", **more}
    )


def weights(network):
    """What the loss depends on: batch normalisation takes the biases in front of it away again."""
    state = network.state_dict()
    return torch.cat(
        [
            value.flatten().double()
            for key, value in state.items()
            if key != "conv1.bias" and not key.endswith("running_mean")
        ]
    )


def assert_alike(one, other):
    """Apart by less than a thousandth: the device adds up in another order every time.

    Gradients that are nothing but rounding, as those of the biases left out here, AdamW makes
    into steps as long as any.
    """
    one, other = weights(one), weights(other)
    assert (one - other).norm() < 1e-3 * other.norm()


def losses(events):
    return [each.train_loss for each in events if each.accuracy is not None]


@pytest.fixture
def recordings(monkeypatch):
    """How many steps were played back."""
    played = []
    replay = torch.cuda.CUDAGraph.replay
    monkeypatch.setattr(
        torch.cuda.CUDAGraph, "replay", lambda graph: (played.append(1), replay(graph))
    )
    return played


@pytest.mark.parametrize("optimizer", ["adamw", "sgd"])
@pytest.mark.parametrize("schedule", ["onecycle", "constant"])
@pytest.mark.parametrize("augment", AUGMENTATIONS)
def test_steps_played_back_are_the_steps_taken_one_by_one(
    monkeypatch, recordings, optimizer, schedule, augment
):
    monkeypatch.setattr(training_run, "TICK_S", np.inf)  # the loss is that since the last event
    settings = config(optimizer=optimizer, schedule=schedule, augment=augment)
    events, played = finish(train(SPEC, toy(), settings))
    whole = len(toy().train_images) * 9 // 10 // 32  # batches an epoch that are not cut off
    assert len(recordings) == 4 * whole - steps.WARM_UP > 10
    monkeypatch.setattr(steps, "WARM_UP", 10_000)
    before = len(recordings)
    plain_events, plain = finish(train(SPEC, toy(), settings))
    assert len(recordings) == before
    assert_alike(played, plain)
    assert losses(events) == pytest.approx(losses(plain_events), rel=1e-3)


def test_it_goes_on_from_a_snapshot(recordings):
    whole = begin(SPEC, toy(), config())
    kept = None
    for event in follow(whole):
        if event.step == whole.total_steps // 2:
            kept = pack_snapshot(take_snapshot(whole))
    rest = begin(SPEC, toy(), config(), snapshot=unpack_snapshot(kept))
    before = len(recordings)
    list(follow(rest))
    assert len(recordings) > before
    assert_alike(rest.network, whole.network)


WIDE = NetworkSpec(
    input_shape=(1, SIDE, SIDE),
    mean=(0.25,),
    std=(0.4,),
    layers=(
        *(
            ConvLayer(64, 3, padding=1),
            ActivationLayer("relu"),
            PoolLayer("maxpool", (8, 8), (8, 8)),
        ),
        *(FlattenLayer(), LinearLayer(2)),
    ),
)


@pytest.fixture
def leave_memory():
    """What leaves so many bytes of the device to this process."""

    def leave(count):
        torch.cuda.empty_cache()
        total = torch.cuda.get_device_properties(0).total_memory
        torch.cuda.set_per_process_memory_fraction(count / total)

    yield leave
    torch.cuda.set_per_process_memory_fraction(1.0)


def pictures(count):
    images = np.random.default_rng(0).integers(0, 256, (count, 1, SIDE, SIDE), np.uint8)
    labels = np.arange(count).astype(np.uint8) % 2
    images[labels == 1, :, : SIDE // 2] = 0
    return ImageData(images, labels, images, labels)


ALL_AT_ONCE = {"batch_size": 256, "validation_share": 0, "augment": "none", "epochs": 2}


def test_a_batch_too_large_for_the_memory_goes_in_parts(leave_memory):
    """A batch of 256 takes more than 2 GB."""
    leave_memory(0.4e9)
    events, network = finish(train(WIDE, pictures(512), config(**ALL_AT_ONCE)))
    assert events[-1].parts > 1
    assert not events[-1].is_moved
    assert {each.device.type for each in network.parameters()} == {"cpu"}


@pytest.mark.parametrize("optimizer", ["adamw", "sgd"])
def test_a_run_whose_memory_runs_out_goes_on_on_the_processor(leave_memory, optimizer):
    run = begin(WIDE, pictures(64), config(**ALL_AT_ONCE, device="auto", optimizer=optimizer))
    events = follow(run)
    assert not next(events).is_moved
    leave_memory(torch.cuda.memory_allocated())  # not enough for one picture more
    event = list(events)[-1]
    assert event.is_moved
    assert run.device.type == "cpu"
    assert event.step == event.total_steps == 2
    assert np.isfinite(event.train_loss)


def test_pictures_that_find_no_memory_are_learnt_from_on_the_processor(leave_memory):
    leave_memory(1e6)
    run = begin(WIDE, pictures(512), config(**ALL_AT_ONCE, device="auto"))
    assert run.is_moved
    assert run.device.type == "cpu"
    with pytest.raises(Explained, match="too small for batches of 256 pictures"):
        begin(WIDE, pictures(512), config(**ALL_AT_ONCE))


def test_where_recording_takes_too_much_steps_are_taken_one_by_one(monkeypatch, recordings):
    inner = RecordedStep._record

    def record(self, batch):
        step = self._step
        self._step = lambda some: (step(some), refuse_once(self))[0]
        inner(self, batch)
        self._step = step

    def refuse_once(step):
        if step.is_recording:
            raise torch.OutOfMemoryError

    monkeypatch.setattr(RecordedStep, "_record", record)
    events, _ = finish(train(SPEC, toy(), config()))
    assert not recordings
    assert events[-1].train_loss < events[0].train_loss
