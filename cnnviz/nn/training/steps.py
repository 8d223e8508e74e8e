"""The steps of a training run: optimiser, learning rate of each step, and steps played back.

A step of a small network is some hundred kernels of a few microseconds each: Python takes longer
to start them than they run. On a CUDA device a graph, recorded once, starts all of them at once.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import torch
from torch import Tensor, nn

from cnnviz.core.messages import Explained
from cnnviz.core.training.train_config import TrainConfig

WARM_UP = 3
"""Steps taken one by one before one is recorded: libraries and the optimiser set up in them."""
_RISE = 0.2
"""Share of the steps in which the one-cycle schedule raises the learning rate, along a line;
in the others it falls to 0, along a cosine. After Smith & Topin, arXiv:1708.07120."""

Step = Callable[[Tensor], Tensor]
"""Takes the indices of a batch, (N,) int64, and returns the mean loss."""


def make_optimizer(network: nn.Sequential, config: TrainConfig) -> torch.optim.Optimizer:
    """Return the optimiser that a config asks for, with the learning rate on a CUDA device there.

    Raises `Explained` where no parameter of the network can learn.
    """
    parameters = [each for each in network.parameters() if each.requires_grad]
    if not parameters:
        raise Explained("The network is frozen: train a copy that has gradients.")
    device, decay = parameters[0].device, config.weight_decay
    is_cuda = device.type == "cuda"
    lr = torch.tensor(config.lr, device=device) if is_cuda else config.lr
    if config.optimizer == "adamw":
        return torch.optim.AdamW(
            parameters, lr=lr, weight_decay=decay, fused=True, capturable=is_cuda
        )
    return torch.optim.SGD(
        parameters, lr=lr, momentum=0.9, nesterov=True, weight_decay=decay, fused=True
    )


def learning_rate(config: TrainConfig, step: int, total_steps: int) -> float:
    """Return the learning rate of a step, from 0 on."""
    if config.schedule == "constant":
        return config.lr
    rise = max(1.0, _RISE * total_steps)
    if step < rise:
        return config.lr * ((step + 1) / (rise + 1))
    return config.lr * ((1 + math.cos(math.pi * (step - rise) / max(total_steps - rise, 1))) / 2)


def move_optimizer(optimizer: torch.optim.Optimizer, device: torch.device) -> None:
    """Bring what an optimiser keeps to where its parameters went: to a processor."""
    for group in optimizer.param_groups:
        group["lr"] = float(group["lr"])
        if "capturable" in group:
            group["capturable"] = False
    for kept in optimizer.state.values():
        for key, value in kept.items():
            if isinstance(value, Tensor):
                kept[key] = value.to(device)


def set_learning_rate(optimizer: torch.optim.Optimizer, lr: float) -> None:
    """Set it in all groups; on a CUDA device without waiting for it."""
    for group in optimizer.param_groups:
        if isinstance(group["lr"], Tensor):
            group["lr"].fill_(lr)
        else:
            group["lr"] = lr


class RecordedStep:
    """A step that is recorded for batches of one size; others are taken one by one.

    Args:
        step: Reads and writes tensors that stay where they are, and waits for none of them.
        size: Batch size.
        generator: On the device; all that the step draws comes from it.

    Attributes:
        is_recording: Now: nothing may be asked of the device then, only put on its list.
    """

    is_recording: bool = False

    def __init__(self, step: Step, size: int, generator: torch.Generator) -> None:
        self._step, self._size, self._generator = step, size, generator
        self._taken = 0
        self._graph: torch.cuda.CUDAGraph | None = None

    def __call__(self, batch: Tensor) -> Tensor:
        """Take the step; the loss is good until the next one."""
        if len(batch) != self._size:
            return self._step(batch)
        self._taken += 1
        if self._taken <= WARM_UP:
            with _fastest_kernels():
                return self._step(batch)
        if self._taken == WARM_UP + 1:
            self._record(batch)
        if self._graph is None:
            return self._step(batch)
        self._batch.copy_(batch)
        self._graph.replay()
        return self._loss

    def _record(self, batch: Tensor) -> None:
        """Record the step, without taking it; where the memory does not suffice, go on without."""
        graph, self._batch = torch.cuda.CUDAGraph(), batch.clone()
        graph.register_generator_state(self._generator)
        self.is_recording = True
        try:
            with _fastest_kernels(), torch.cuda.graph(graph, capture_error_mode="thread_local"):
                self._loss = self._step(self._batch)
        except torch.OutOfMemoryError:
            return
        finally:
            self.is_recording = False
        self._graph = graph


@contextmanager
def _fastest_kernels() -> Iterator[None]:
    """Let cuDNN try its kernels for each new shape: seconds for a shape, a quarter of every step.

    Measured on an H100 with the network for CIFAR-10, so only what is recorded is worth it.
    """
    before = torch.backends.cudnn.benchmark
    torch.backends.cudnn.benchmark = True
    try:
        yield
    finally:
        torch.backends.cudnn.benchmark = before
