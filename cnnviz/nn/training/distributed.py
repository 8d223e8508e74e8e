"""One training shared by several processes, each with its part of every batch.

As `torchrun` starts them: `torchrun --nproc-per-node 2 -m cnnviz train mnist`. Gradients are
averaged by PyTorch's DistributedDataParallel; only the first process reports and saves. The
result is that of one process within rounding, but for dropout, which each draws for itself, and
batch normalisation, which knows the process's own pictures only.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch import Tensor, distributed, nn
from torch.nn.parallel import DistributedDataParallel

from cnnviz.nn.device import pick_device


@contextmanager
def joined(device: str) -> Iterator[bool]:
    """Join the processes that `torchrun` has started beside this one, if it has.

    Args:
        device: As in `TrainConfig`; on CUDA each process takes the device of its local rank.

    Yields:
        Whether this process is the first, the one that speaks; also where there is only one.

    Raises:
        Explained: CUDA is asked for, and there is none.
    """
    if int(os.environ.get("WORLD_SIZE", "1")) < 2:
        yield True
        return
    is_cuda = pick_device(device).type == "cuda"
    if is_cuda:
        torch.cuda.set_device(int(os.environ["LOCAL_RANK"]))
    distributed.init_process_group("nccl" if is_cuda else "gloo")
    try:
        yield is_first()
        distributed.barrier()
    finally:
        distributed.destroy_process_group()


def process_count() -> int:
    """Return how many processes train together."""
    is_shared = distributed.is_available() and distributed.is_initialized()
    return distributed.get_world_size() if is_shared else 1


def is_first() -> bool:
    """Return whether this process reports and saves."""
    return process_count() == 1 or distributed.get_rank() == 0


def averaging(network: nn.Module) -> nn.Module:
    """Return what computes the network and averages its gradients over all processes."""
    return network if process_count() == 1 else DistributedDataParallel(network)


def own_part(values: Tensor) -> Tensor:
    """Return this process's part of a batch, (n, ...): all of it where it does not go round."""
    if process_count() == 1 or len(values) < process_count():
        return values
    return values[distributed.get_rank() :: process_count()]


def share_of_mean(part: int, batch: int) -> float:
    """Return what the mean loss of so many of this process's pictures counts for in a batch.

    Averaged over the processes, the gradients are then that of the mean over the whole batch.
    """
    return part / batch if batch < process_count() else part * process_count() / batch
