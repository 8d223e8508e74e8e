"""One training run: data resident on the device, batches by index, figures for the events."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from time import perf_counter

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from cnnviz.core.messages import Explained
from cnnviz.core.records import TrainEvent
from cnnviz.core.train_config import TrainConfig
from cnnviz.nn.augment import vary
from cnnviz.nn.datasets import ImageData
from cnnviz.nn.device import pick_precision
from cnnviz.nn.distributed import averaging, is_first, own_part, process_count, share_of_mean
from cnnviz.nn.evaluation import Evaluation, as_pixels, count_answers, keep_on
from cnnviz.nn.networks import SeededDropout

TICK_S = 0.25
"""Seconds between events; only then does the device have to report its loss."""

_RISE = 0.2
"""Share of the steps in which the one-cycle schedule raises the learning rate, along a line;
in the others it falls to 0, along a cosine. After Smith & Topin, arXiv:1708.07120."""

Labelled = tuple[Tensor, Tensor]
"""Images (N, C, H, W) uint8 and labels (N,) int64, on the device."""


class TrainingRun:
    """The optimiser, the data, and the figures since the last event.

    Attributes:
        learnt: The pictures to learn from.
        held: Those held out to measure with; may be none.
        step: Optimiser steps taken.
        order: Of the learnt pictures in the epoch that is going on; None between epochs.
        counted: Answers to the held-out pictures after the last epoch; None before the first.
        look: Called between the batches of a validation; may raise, to end the run there.
        parts: How many parts a batch is computed in: more than 1 where memory did not suffice.
    """

    order: Tensor | None = None
    counted: Evaluation | None = None
    look: Callable[[], None] = staticmethod(keep_on)
    parts: int = 1

    def __init__(
        self, network: nn.Sequential, config: TrainConfig, learnt: Labelled, held: Labelled
    ) -> None:
        self.network = _channels_last(network)
        self.answer = averaging(network)
        self.config, self.learnt, self.held = config, learnt, held
        self.device = learnt[0].device
        self.dtype = pick_precision(config.precision, self.device)
        self.generator = torch.Generator(self.device).manual_seed(config.seed)
        _seed_dropout(network, self.generator)
        self.steps_an_epoch = -(-len(learnt[0]) // config.batch_size)
        self.total_steps = config.epochs * self.steps_an_epoch
        self.optimizer, self.schedule = _optimizer(network, config, self.total_steps)
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

    def _learn(self, batch: Tensor) -> None:
        images, labels = as_pixels(self.learnt[0][batch]), self.learnt[1][batch]
        images = vary(images, self.config.augment, self.generator)
        images = images.contiguous(memory_format=torch.channels_last)
        loss = self._descend(own_part(images), own_part(labels), len(batch))
        if self.schedule is not None:
            self.schedule.step()
        self.loss_sum += loss * len(batch)
        self.loss_count += len(batch)
        self.seen += len(batch)
        self.step += 1

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
                    loss += self._backward(some, named, share_of_mean(len(some), batch))
                self.optimizer.step()
                return loss
            except torch.OutOfMemoryError:
                if (
                    self.parts >= len(images) or process_count() > 1
                ):  # others would wait for this one
                    raise
                self.parts *= 2
            torch.cuda.empty_cache()  # now that the error holds no tensors any more

    def _backward(self, images: Tensor, labels: Tensor, share: float) -> Tensor:
        with self._precision():
            logits = self.answer(images)
            loss = F.cross_entropy(logits, labels, label_smoothing=self.config.label_smoothing)
        (share * loss).backward()  # type: ignore[no-untyped-call]
        return share * loss.detach()

    def _precision(self) -> torch.autocast | nullcontext[None]:
        if self.dtype == torch.float32:
            return nullcontext()
        return torch.autocast(self.device.type, self.dtype)

    def _validate(self) -> Evaluation | None:
        if not len(self.held[0]) or not is_first():
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


def _optimizer(
    network: nn.Sequential, config: TrainConfig, total_steps: int
) -> tuple[torch.optim.Optimizer, torch.optim.lr_scheduler.LambdaLR | None]:
    parameters = [each for each in network.parameters() if each.requires_grad]
    if not parameters:
        raise Explained("The network is frozen: train a copy that has gradients.")
    decay = config.weight_decay
    optimizer: torch.optim.Optimizer = (
        torch.optim.AdamW(parameters, lr=config.lr, weight_decay=decay, fused=True)
        if config.optimizer == "adamw"
        else torch.optim.SGD(
            parameters, lr=config.lr, momentum=0.9, nesterov=True, weight_decay=decay, fused=True
        )
    )
    if config.schedule == "constant":
        return optimizer, None
    rise = max(1.0, _RISE * total_steps)

    def share(step: int) -> float:
        if step < rise:
            return (step + 1) / (rise + 1)
        return (1 + math.cos(math.pi * (step - rise) / max(total_steps - rise, 1))) / 2

    return optimizer, torch.optim.lr_scheduler.LambdaLR(optimizer, share)


def _seed_dropout(network: nn.Sequential, generator: torch.Generator | None) -> None:
    for layer in network.modules():
        if isinstance(layer, SeededDropout):
            layer.generator = generator


def _channels_last(network: nn.Sequential) -> nn.Sequential:
    """Lay convolution weights out as the images are: faster on processors and CUDA alike."""
    for parameter in network.parameters():
        if parameter.ndim == 4:
            parameter.data = parameter.data.contiguous(memory_format=torch.channels_last)
    return network


def settle(network: nn.Sequential) -> None:
    """Leave the network as others use it: on the CPU, contiguous, in evaluation mode."""
    _seed_dropout(network, None)
    network.to("cpu").eval()
    for parameter in network.parameters():
        parameter.data = parameter.data.contiguous()
        parameter.grad = None
