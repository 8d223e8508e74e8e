"""A run that goes on from a snapshot: bit for bit the one that was never interrupted."""

from contextlib import closing

import pytest
import torch

from cnnviz.core.messages import Explained
from cnnviz.core.training.train_config import TrainConfig
from cnnviz.nn.networks.store import pack_weights
from cnnviz.nn.training import begin, follow, train
from cnnviz.nn.training import run as training_run
from cnnviz.nn.training.snapshot import Snapshot, pack_snapshot, take_snapshot, unpack_snapshot
from tests.nn.training.toys import SPEC, finish, toy


def config(**more):
    return TrainConfig(
        **{"epochs": 2, "batch_size": 32, "validation_share": 0.25, "device": "cpu", **more}
    )


def interrupted(settings, step):
    """The bytes of a snapshot after so many steps of a run that was then given up."""
    run = begin(SPEC, toy(), settings)
    with closing(follow(run)) as events:
        for event in events:
            if event.step == step:
                return pack_snapshot(take_snapshot(run))
    raise AssertionError


@pytest.mark.parametrize("optimizer", ["adamw", "sgd"])
@pytest.mark.parametrize("schedule", ["onecycle", "constant"])
@pytest.mark.parametrize("step", [1, 5, 6, 11, 12])  # 6 steps an epoch
def test_it_goes_on_bit_for_bit(monkeypatch, optimizer, schedule, step):
    monkeypatch.setattr(training_run, "TICK_S", 0.0)
    settings = config(optimizer=optimizer, schedule=schedule)
    events, whole = finish(train(SPEC, toy(), settings))
    snapshot = unpack_snapshot(interrupted(settings, step))
    assert snapshot.step == step
    rest, resumed = finish(follow(begin(SPEC, toy(), settings, snapshot=snapshot)))
    assert pack_weights(resumed) == pack_weights(whole)

    def curve(seen):
        return [
            (each.epoch, each.step, each.train_loss, each.validation_loss, each.accuracy)
            for each in seen
        ]

    assert curve(rest) == curve(events)[step:]
    assert all(each.elapsed_s > 0 for each in rest)


@pytest.mark.parametrize("more", [{"augment": "objects"}, {"start": "whitened"}])
def test_so_does_every_other_way_of_training(monkeypatch, more):
    monkeypatch.setattr(training_run, "TICK_S", 0.0)
    settings = config(label_smoothing=0.1, optimizer="sgd", **more)
    _, whole = finish(train(SPEC, toy(), settings))
    snapshot = unpack_snapshot(interrupted(settings, 5))
    _, resumed = finish(follow(begin(SPEC, toy(), settings, snapshot=snapshot)))
    assert pack_weights(resumed) == pack_weights(whole)


def test_time_and_pictures_are_counted_on(monkeypatch):
    monkeypatch.setattr(training_run, "TICK_S", 0.0)
    run = begin(SPEC, toy(), config(), snapshot=unpack_snapshot(interrupted(config(), 6)))
    assert (run.step, run.seen) == (6, 180)
    run.start -= 100
    assert next(follow(run)).elapsed_s > 100


def test_taking_one_changes_nothing_and_shares_nothing(monkeypatch):
    monkeypatch.setattr(training_run, "TICK_S", 0.0)
    _, whole = finish(train(SPEC, toy(), config()))
    run = begin(SPEC, toy(), config())
    events = follow(run)
    next(events)
    first = take_snapshot(run)
    packed = pack_snapshot(first)
    for _ in events:
        take_snapshot(run)
    assert pack_snapshot(first) == packed
    assert pack_weights(run.network) == pack_weights(whole)
    kept = {key for key in first.tensors if key.startswith("network.")}
    assert kept == {f"network.{key}" for key in whole.state_dict()}


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: data[:-1],
        lambda data: b"",
        lambda data: pack_snapshot(Snapshot({"progress": torch.zeros(3)})),
        lambda data: pack_snapshot(Snapshot({"step": torch.zeros(4)})),
        lambda data: pack_snapshot(Snapshot({"progress": torch.zeros(4)})),
    ],
)
def test_other_bytes_are_explained(monkeypatch, damage):
    monkeypatch.setattr(training_run, "TICK_S", 0.0)
    data = damage(interrupted(config(), 1))
    with pytest.raises(Explained, match="snapshot of the run is damaged"):
        begin(SPEC, toy(), config(), snapshot=unpack_snapshot(data))
