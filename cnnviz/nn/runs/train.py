"""One run from its folder to its end: trained, watched for its owner's wishes, tested once."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, wait
from contextlib import closing
from pathlib import Path
from threading import Thread
from time import perf_counter

from torch import nn

from cnnviz.core.files import Unsaved
from cnnviz.core.messages import N_, Explained, Sentence
from cnnviz.core.records import TrainEvent
from cnnviz.core.training.records import RunState
from cnnviz.nn.data import ImageData, load_dataset
from cnnviz.nn.networks.build import build_network
from cnnviz.nn.networks.evaluation import evaluate, find_mistakes
from cnnviz.nn.networks.store import pack_weights
from cnnviz.nn.runs.epochs import EpochKeeper
from cnnviz.nn.runs.files import BY_HAND, asked
from cnnviz.nn.runs.writer import RunWriter
from cnnviz.nn.training import begin, follow, memory_explained
from cnnviz.nn.training.run import TrainingRun
from cnnviz.nn.training.snapshot import take_snapshot
from cnnviz.nn.training.trained import make_card

EPOCH_SNAPSHOT_S, SNAPSHOT_S = 2.0, 30.0
"""Seconds since the last snapshot after which the end of an epoch, or any event, brings one."""
LOOK_S = 0.25
"""Seconds between looks at the control files while there are no events."""

Judge = Callable[[TrainEvent], Sentence | None]
"""Hears of the end of every epoch, and says why the run is given up; None: it goes on."""

_data: dict[str, ImageData] = {}
"""The data set used last: reading a large one takes longer than many a training."""


def train_run(
    writer: RunWriter, *, judge: Judge = lambda event: None, most_minutes: float | None = None
) -> str:
    """Train a run to its end, or until its owner stops or pauses it.

    Args:
        writer: Entered; all that is kept goes through it.
        judge: A sentence makes the run "pruned".
        most_minutes: Training time after which the run is stopped, as its owner would.

    Returns:
        How it ended: "finished", "stopped", "pruned", "paused" or "failed", as its folder says.

    Raises:
        Unsaved: nothing can be saved now; whoever trains the run again goes on from its snapshot.
        LookupError: it was deleted.
    """
    try:
        with memory_explained(writer.config):
            return _train(writer, judge, most_minutes)
    except (Explained, LookupError, OSError) as error:
        if not writer.folder.is_dir():
            raise LookupError(f"no run {writer.folder.name!r}") from error
        if isinstance(error, OSError | Unsaved):
            raise
        if isinstance(error, Explained):
            writer.fail(Sentence(error.message, error.numbers))
        else:
            unknown = N_("This program knows no data set “{name}”.")
            writer.fail(Sentence(unknown, {"name": writer.plan.dataset}))
        return "failed"


def _train(writer: RunWriter, judge: Judge, most_minutes: float | None) -> str:
    data = _load(writer)
    if data is None:
        return _leave(writer, None)
    run = begin(writer.spec, data, writer.config, snapshot=writer.start())
    run.look = _listener(writer.folder)
    try:
        return _follow(writer, run, judge, most_minutes) or _test(writer, run, data)
    except _Stopped:
        return _leave(writer, run)


def _follow(
    writer: RunWriter, run: TrainingRun, judge: Judge, most_minutes: float | None
) -> str | None:
    """Train to the end, and keep what comes of it; return why it ended before, if it did."""
    keeper = EpochKeeper(writer.folder, run)
    kept = perf_counter()
    with closing(follow(run)) as events:
        for event in events:
            writer.add(event)
            is_over = event.step == event.total_steps
            if asked(writer.folder) is not None and not is_over:
                return _leave(writer, run)
            if most_minutes is not None and event.elapsed_s > 60 * most_minutes and not is_over:
                return _end(writer, run.network, "stopped", _late(most_minutes))
            ends_epoch = event.step % run.steps_an_epoch == 0
            if ends_epoch:
                keeper.keep(event.epoch)
            if ends_epoch and (why := judge(event)) and not is_over:
                return _end(writer, run.network, "pruned", why)
            if perf_counter() - kept > (EPOCH_SNAPSHOT_S if ends_epoch else SNAPSHOT_S) or is_over:
                writer.keep(take_snapshot(run))
                kept = perf_counter()
    return None


def _late(minutes: float) -> Sentence:
    message = N_("It was stopped after {minutes} minutes: no run may take longer here.")
    return Sentence(message, {"minutes": f"{minutes:g}"})


class _Stopped(Exception):
    """The owner has asked for the end in the middle of an evaluation."""


def _listener(folder: Path) -> Callable[[], None]:
    """Return what looks for the owner's stop every `LOOK_S` seconds; a pause can wait."""
    looked = perf_counter()

    def look() -> None:
        nonlocal looked
        if perf_counter() - looked < LOOK_S:
            return
        looked = perf_counter()
        if asked(folder) == "stop":
            raise _Stopped

    return look


def _load(writer: RunWriter) -> ImageData | None:
    """Return the run's data set; None as soon as its owner asks for anything meanwhile."""
    dataset = writer.plan.dataset
    if dataset in _data:
        return _data[dataset]
    future: Future[ImageData] = Future()

    def load() -> None:
        try:
            future.set_result(data_of(dataset))
        except BaseException as error:
            future.set_exception(error)

    Thread(target=load, daemon=True).start()
    while asked(writer.folder) is None:
        if wait([future], LOOK_S).done:
            return future.result()
    return None


def data_of(dataset: str) -> ImageData:
    """Return a data set, kept until another one is asked for; raises what `load_dataset` does."""
    if dataset not in _data:
        data = load_dataset(dataset)
        _data.clear()
        _data[dataset] = data
    return _data[dataset]


def _leave(writer: RunWriter, run: TrainingRun | None) -> str:
    """Do as the owner asks: stop for good with the network as it is, or pause."""
    if asked(writer.folder) == "stop":
        if run is not None:
            return _end(writer, run.network, "stopped", BY_HAND)
        writer.start()
        network = build_network(writer.spec, seed=writer.config.seed)
        return _end(writer, network, "stopped", BY_HAND)
    if run is not None:
        writer.keep(take_snapshot(run))
    writer.pause()
    return "paused"


def _end(writer: RunWriter, network: nn.Sequential, state: str, reason: Sentence) -> str:
    """Leave a network as it is, untested."""
    writer.finish(pack_weights(network), state=RunState(state, reason))
    return state


def _test(writer: RunWriter, run: TrainingRun, data: ImageData) -> str:
    """Touch the test pictures, once, and write everything down."""
    network = run.network
    tested = evaluate(network, data.test_images, data.test_labels, run.look)
    seconds = perf_counter() - run.start
    dataset, run_id = writer.plan.dataset, writer.folder.name
    card = make_card(run_id, dataset, writer.spec, data, run, tested, seconds)
    mistakes = find_mistakes(network, data, look=run.look)
    writer.finish(pack_weights(network), card=card, mistakes=mistakes)
    return "finished"
