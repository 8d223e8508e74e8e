"""A run stops soon, whatever it is doing; and goes on when memory is short."""

import pytest
import torch
from torch import nn

from cnnviz.core.messages import Explained
from cnnviz.core.training.train_config import TrainConfig
from cnnviz.nn.networks import evaluation
from cnnviz.nn.runs import ask, read_run
from cnnviz.nn.runs import train as runs_train
from cnnviz.nn.training import train
from tests.nn.runs.toys import create, done
from tests.nn.training.toys import SPEC, finish, toy


@pytest.mark.parametrize("share", [0.25, 0.0])  # the stop comes in a validation, or in the test
@pytest.mark.parametrize("wish", ["stop", "pause"])
def test_a_stop_is_heard_between_two_batches_of_an_evaluation(monkeypatch, wish, share):
    config = TrainConfig(epochs=1, batch_size=128, device="cpu", validation_share=share)
    run_id, asked = create(config=config), []
    convert = evaluation.as_pixels

    def slowly(images):
        asked.append(len(images))
        if len(asked) == 3:
            ask(run_id, "ann", wish)
        return convert(images)

    monkeypatch.setattr(evaluation, "as_pixels", slowly)
    monkeypatch.setattr(evaluation, "_BATCH", 20)
    monkeypatch.setattr(runs_train, "LOOK_S", 0.0)
    done(run_id)
    run = read_run(run_id)
    if wish == "stop":
        assert (run.state, asked, run.card) == ("stopped", [20] * 3, None)
    else:  # this far, everything is kept anyway
        assert run.state == "finished"
        assert len(asked) > 30


class Hungry(nn.Module):
    """Takes no more than so many pictures at once."""

    def __init__(self, most):
        super().__init__()
        self.most = most

    def forward(self, images):
        if len(images) > self.most:
            raise torch.OutOfMemoryError("simulated")
        return images


def small(most):
    torch.manual_seed(3)
    return nn.Sequential(Hungry(most), nn.Flatten(), nn.Linear(64, 8), nn.ReLU(), nn.Linear(8, 2))


@pytest.mark.parametrize(("most", "parts"), [(64, 1), (40, 2), (8, 8), (1, 64)])
def test_a_batch_that_memory_does_not_hold_is_learnt_in_parts(most, parts):
    config = TrainConfig(
        epochs=2, batch_size=64, lr=0.01, validation_share=0, device="cpu", precision="fp32"
    )
    _, whole = finish(train(small(1000), toy(), config))
    events, network = finish(train(small(most), toy(), config))
    assert events[-1].parts == parts
    assert events[-1].step == events[-1].total_steps == 8
    for one, other in zip(network.parameters(), whole.parameters(), strict=True):
        torch.testing.assert_close(one, other, rtol=0, atol=2e-5)


class Late(nn.Module):
    """Takes the picture that is tried at first, and none while it learns."""

    def forward(self, images):
        if self.training:
            raise torch.OutOfMemoryError("simulated")
        return images


def test_where_no_single_picture_finds_memory_that_is_said():
    config = TrainConfig(epochs=1, batch_size=64, validation_share=0, device="cpu")
    with pytest.raises(Explained, match="too small for batches of 64 pictures"):
        finish(train(nn.Sequential(nn.Flatten(), Late(), nn.Linear(64, 2)), toy(), config))


def test_the_networks_of_specs_are_asked_in_parts_too(monkeypatch):
    whole = torch.nn.functional.cross_entropy

    def limited(logits, labels, **more):
        if len(logits) > 20:
            raise torch.OutOfMemoryError("simulated")
        return whole(logits, labels, **more)

    monkeypatch.setattr("cnnviz.nn.training.run.F.cross_entropy", limited)
    config = TrainConfig(epochs=1, batch_size=32, validation_share=0, device="cpu")
    events, network = finish(train(SPEC, toy(), config))
    assert events[-1].parts == 2
    assert not network.training


@pytest.mark.parametrize(
    "error",
    [MemoryError(), RuntimeError("x DefaultCPUAllocator: can't allocate memory: you tried to …")],
)
def test_a_run_for_which_memory_is_too_small_says_so_at_whatever_moment(monkeypatch, error):
    def refuse(*words, **more):
        raise error

    with monkeypatch.context() as patched:
        patched.setattr(runs_train, "evaluate", refuse)
        run = read_run(done())
    assert run.state == "failed"
    assert str(run.reason) == "The memory is too small for batches of 128 pictures: try fewer."


def test_another_error_is_no_lack_of_memory(monkeypatch):
    def refuse(*words, **more):
        raise RuntimeError("something else")

    monkeypatch.setattr(runs_train, "evaluate", refuse)
    with pytest.raises(RuntimeError, match="something else"):
        done()
