"""One training run: data resident on the device, batches by index, figures for the events."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from time import perf_counter

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from cnnviz.core.messages import Explained
from cnnviz.core.records import TrainEvent
from cnnviz.core.training.train_config import TrainConfig
from cnnviz.nn.arrays import channels_last, contiguous
from cnnviz.nn.data import ImageData
from cnnviz.nn.device import pick_precision
from cnnviz.nn.networks.build import SeededDropout
from cnnviz.nn.networks.evaluation import Evaluation, as_pixels, count_answers, keep_on
from cnnviz.nn.training import distributed, steps
from cnnviz.nn.training.augment import vary
from cnnviz.nn.training.steps import RecordedStep, Step

TICK_S = 0.25
"""Seconds between events; only then does the device have to report its loss."""

Labelled = tuple[Tensor, Tensor]
"""Images (N, C, H, W) uint8 and labels (N,) int64, on the device."""


class TrainingRun:
    """The optimiser, the data, and the figures since the last event.

    Attributes:
        learnt: The training pictures.
        held: Those held out to measure with; may be none.
        step: Optimiser steps taken.
        order: Order of the training pictures in the current epoch; None between epochs.
        counted: Answers to the held-out pictures after the last epoch; None before the first.
        look: Called between the batches of a validation; may raise, to end the run there.
        parts: How many parts a batch is computed in: more than 1 where memory did not suffice.
        is_moved: It left the CUDA device, whose memory did not suffice for a single picture.
    """

    order: Tensor | None = None
    counted: Evaluation | None = None
    look: Callable[[], None] = staticmethod(keep_on)
    parts: int = 1
    is_moved: bool = False

    def __init__(
        self, network: nn.Sequential, config: TrainConfig, learnt: Labelled, held: Labelled
    ) -> None:
        self.network = channels_last(network, learnt[0].device)
        self.answer = distributed.averaging(network)
        self.config, self.learnt, self.held = config, learnt, held
        self.device = learnt[0].device
        self.dtype = pick_precision(config.precision, self.device)
        self.generator = torch.Generator(self.device).manual_seed(config.seed)
        _seed_dropout(network, self.generator)
        self.steps_an_epoch = -(-len(learnt[0]) // config.batch_size)
        self.total_steps = config.epochs * self.steps_an_epoch
        self.optimizer = steps.make_optimizer(network, config)
        self.recorded = self._recorded()
        self.step, self.seen, self.validation_s = 0, 0, 0.0
        self.start = self.last = perf_counter()
        self.loss_sum, self.loss_count = torch.zeros((), device=self.device), 0

    def events(self) -> Iterator[TrainEvent]:
        """Train from the step it is at to the last one."""
        for epoch in range(self.step // self.steps_an_epoch + 1, self.config.epochs + 1):
            yield from self._epoch(epoch)

    def _epoch(self, epoch: int) -> Iterator[TrainEvent]:
        """See every picture once, in a new order; the last event carries the validation."""
        self.network.train()
        if self.order is None:
            count = len(self.learnt[0])
            self.order = torch.randperm(count, generator=self.generator, device=self.device)
        batches = torch.split(self.order, self.config.batch_size)
        for batch in batches[self.step % self.steps_an_epoch :]:
            self._learn(batch)
            if perf_counter() - self.last >= TICK_S and self.step % self.steps_an_epoch:
                yield self._event(epoch, None)
        self.order = None
        self.counted = self._validate()
        yield self._event(epoch, self.counted)

    def _recorded(self) -> RecordedStep | None:
        """Return what records steps: one process with a CUDA device; others wait for each other."""
        if self.device.type != "cuda" or distributed.process_count() > 1:
            return None
        size = min(self.config.batch_size, len(self.learnt[0]))
        return RecordedStep(self._take_step, size, self.generator)

    def _learn(self, batch: Tensor) -> None:
        lr = steps.learning_rate(self.config, self.step, self.total_steps)
        steps.set_learning_rate(self.optimizer, lr)
        take_step: Step = self.recorded or self._take_step
        try:
            loss = take_step(batch)
        except torch.OutOfMemoryError:
            may_move = self.config.device == "auto" and self.device.type == "cuda"
            if not may_move or distributed.process_count() > 1:
                raise
            self._move()
            loss = self._take_step(batch)
        self.loss_sum += loss * len(batch)
        self.loss_count += len(batch)
        self.seen += len(batch)
        self.step += 1

    def _move(self) -> None:
        """Continue on the CPU from the current weights with a fresh random order."""
        self.is_moved, self.device, self.recorded, self.parts = True, torch.device("cpu"), None, 1
        self.dtype = pick_precision(self.config.precision, self.device)
        self.network.to(self.device)
        steps.move_optimizer(self.optimizer, self.device)
        self.learnt, self.held = _on(self.device, self.learnt), _on(self.device, self.held)
        self.loss_sum = self.loss_sum.to(self.device)
        self.generator = torch.Generator().manual_seed(self.config.seed + self.step)
        _seed_dropout(self.network, self.generator)

    def _take_step(self, batch: Tensor) -> Tensor:
        """Vary the pictures of a batch and learn from them; return the mean loss."""
        batch = batch.to(self.device)
        images, labels = as_pixels(self.learnt[0][batch]), self.learnt[1][batch]
        images = vary(images, self.config.augment, self.generator)
        images = images.contiguous(memory_format=torch.channels_last)
        return self._descend(distributed.own_part(images), distributed.own_part(labels), len(batch))

    def _descend(self, images: Tensor, labels: Tensor, batch: int) -> Tensor:
        """Take one step; return the mean loss. Without the memory, the batch goes in halves.

        The gradient of the parts is that of the whole but for rounding, and but for batch
        normalisation, which then knows the pictures of one part only.
        """
        while True:
            try:
                self.optimizer.zero_grad()
                loss = torch.zeros((), device=self.device)
                parts = zip(images.chunk(self.parts), labels.chunk(self.parts), strict=True)
                for some, named in parts:
                    loss += self._backward(some, named, distributed.share_of_mean(len(some), batch))
                self.optimizer.step()
                return loss
            except torch.OutOfMemoryError:
                is_recording = self.recorded is not None and self.recorded.is_recording
                if self.parts >= len(images) or is_recording or distributed.process_count() > 1:
                    raise  # a recording cannot begin anew, nor a step that other processes take
                self.parts *= 2
            torch.cuda.empty_cache()  # now that the error holds no tensors any more

    def _backward(self, images: Tensor, labels: Tensor, share: float) -> Tensor:
        is_half = self.dtype != torch.float32
        with torch.autocast(self.device.type, self.dtype, enabled=is_half):
            logits = self.answer(images)
            loss = F.cross_entropy(logits, labels, label_smoothing=self.config.label_smoothing)
        (share * loss).backward()  # type: ignore[no-untyped-call]
        return share * loss.detach()

    def _validate(self) -> Evaluation | None:
        if not len(self.held[0]) or not distributed.is_first():
            return None
        start = perf_counter()
        with torch.no_grad():
            counted = count_answers(self.network, *self.held, self.look)
        self.validation_s += perf_counter() - start
        return counted

    def _event(self, epoch: int, validation: Evaluation | None) -> TrainEvent:
        loss = self.loss_sum.item() / self.loss_count
        if loss != loss or loss == float("inf"):
            raise Explained(
                "The loss is no longer a number after {step} steps: a learning rate below {lr} "
                "may help.",
                step=self.step,
                lr=self.config.lr,
            )
        self.last = perf_counter()
        self.loss_sum.zero_()
        self.loss_count = 0
        elapsed_s = self.last - self.start
        return TrainEvent(
            epoch=epoch,
            step=self.step,
            total_steps=self.total_steps,
            train_loss=loss,
            validation_loss=None if validation is None else validation.loss,
            accuracy=None if validation is None else validation.accuracy,
            images_per_s=self.seen / max(elapsed_s - self.validation_s, 1e-9),
            elapsed_s=elapsed_s,
            parts=self.parts,
            is_moved=self.is_moved,
        )


def split(data: ImageData, config: TrainConfig, device: torch.device) -> tuple[Labelled, Labelled]:
    """Put the training part on the device, and hold a share of it out, chosen by the seed."""
    images = torch.from_numpy(data.train_images).to(device)
    labels = torch.from_numpy(data.train_labels).long().to(device)
    held = round(config.validation_share * len(images))
    if config.validation_share:
        held = min(max(held, 1), len(images) - 1)
    order = torch.randperm(len(images), generator=torch.Generator().manual_seed(config.seed))
    first, rest = order[:held].to(device), order[held:].to(device)
    return (images[rest], labels[rest]), (images[first], labels[first])


def _on(device: torch.device, labelled: Labelled) -> Labelled:
    return labelled[0].to(device), labelled[1].to(device)


def _seed_dropout(network: nn.Sequential, generator: torch.Generator | None) -> None:
    for layer in network.modules():
        if isinstance(layer, SeededDropout):
            layer.generator = generator


def settle(network: nn.Sequential) -> None:
    """Leave the network as others use it: on the CPU, contiguous, in evaluation mode."""
    _seed_dropout(network, None)
    network.to("cpu").eval()
    contiguous(network)
    for parameter in network.parameters():
        parameter.grad = None
