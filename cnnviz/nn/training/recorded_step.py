"""A training step recorded once on a CUDA device, and played back for every later batch.

A step of a small network is some hundred kernels of a few microseconds each: Python takes longer
to start them than they run. A CUDA graph starts all of them at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import torch
from torch import Tensor

WARM_UP = 3
"""Steps taken one by one before: libraries and the optimiser set up then what they need."""

Step = Callable[[Tensor], Tensor]
"""Takes the indices of a batch, (N,) int64, and returns the mean loss."""


class RecordedStep:
    """A step that is recorded for batches of one size; others are taken one by one.

    Attributes:
        is_recording: Now: nothing may be asked of the device then, only put on its list.
    """

    is_recording: bool = False

    def __init__(self, step: Step, size: int, generator: torch.Generator) -> None:
        """Record nothing yet.

        Args:
            step: Reads and writes tensors that stay where they are, and waits for none of them.
            size: Batch size.
            generator: On the device; all that the step draws comes from it.
        """
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
            with (
                _fastest_kernels(),
                torch.cuda.graph(graph, capture_error_mode="thread_local"),
            ):
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
